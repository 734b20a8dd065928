"""A migration told as SQL, since constraints, roles and row-level security are the rules here."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

from portal.database import Transaction


def statements(
    app_name: str, migration_id: str, description: str, *, forwards: str, backwards: str
) -> MigrationManager:
    """Both texts may hold several statements; each runs in one transaction with Piccolo's own record of it."""
    manager = MigrationManager(migration_id=migration_id, app_name=app_name, description=description)

    async def run(sql: str) -> None:
        engine = engine_finder()
        assert engine is not None
        transaction = engine.current_transaction.get()
        assert isinstance(transaction, Transaction)
        await (await transaction.begun()).execute(sql)

    async def run_forwards() -> None:
        await run(forwards)

    async def run_backwards() -> None:
        await run(backwards)

    manager.add_raw(run_forwards)
    manager.add_raw_backwards(run_backwards)
    return manager


def practice_rows(*tables: str) -> str:
    """Row-level security for tables of one practice: its lens reads and writes its own rows, nobody else anything."""
    return "\n".join(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO portal_practice;
        CREATE POLICY {table}_practice ON {table} TO portal_practice
            USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
        """
        for table in tables
    )


def readable_by_worker(*tables: str) -> str:
    return "\n".join(
        f"GRANT SELECT ON {table} TO portal_worker; "
        f"CREATE POLICY {table}_worker ON {table} FOR SELECT TO portal_worker USING (true);"
        for table in tables
    )


def hangs_from_record(*tables: str) -> str:
    """For tables with a `client_record_id`: what is written for a merged record follows to the one that is kept.

    Name the tables in `tenants/merge/hanging.py`, too.
    """
    return "\n".join(
        f"CREATE TRIGGER {table}_follows BEFORE INSERT OR UPDATE OF client_record_id ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION follow_merged();"
        for table in tables
    )


def own_clients_only(*tables: str) -> str:
    """For tables with a `client_record_id`: a professional who does not see all clients sees their own ones' rows.

    Hashed once for each statement: as an array each row would look through all of it.
    """
    return "\n".join(
        f"CREATE POLICY {table}_own ON {table} AS RESTRICTIVE TO portal_professional "
        "USING (client_record_id IN (SELECT unnest(own_clients())));"
        for table in tables
    )


def changes_plan(*tables: str) -> str:
    """For tables that decide when something can begin, or what is said of it: their changes number the plan anew."""
    return "\n".join(
        f"CREATE TRIGGER {table}_changes_plan AFTER INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION raise_plan_version();"
        for table in tables
    )


def told_in_audit(*tables: str, values: bool = True) -> str:
    """Each change at a desk becomes a line of the audit log; without `values` it names the fields alone."""
    said = "values" if values else "fields"
    return "\n".join(
        f"CREATE TRIGGER {table}_audited AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW WHEN (current_by() <> '') EXECUTE FUNCTION tell_audit('{said}');"
        for table in tables
    )
