from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import hangs_from_record, own_clients_only, practice_rows, readable_by_worker, statements

ID = "2026-11-23T01:40:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep who waits for which time, and what was offered to whom"

FORWARDS = """
CREATE TABLE waiting_wish (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT waiting_wish_ref_key UNIQUE,
    tenant_id bigint NOT NULL,
    client_record_id bigint NOT NULL,
    service_id bigint NOT NULL,
    practitioner_id bigint,
    place_id bigint,
    weekdays smallint[] NOT NULL CHECK (cardinality(weekdays) BETWEEN 1 AND 7 AND weekdays <@ '{0,1,2,3,4,5,6}'),
    from_minute smallint NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    until_minute smallint NOT NULL CHECK (until_minute BETWEEN 1 AND 1440),
    first_day date NOT NULL,
    last_day date NOT NULL,
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL DEFAULT '' CHECK (length(created_by) <= 254),
    ended_at timestamptz,
    ended_why text CHECK (ended_why IN ('booked', 'withdrawn', 'removed', 'over', 'offered_enough')),
    CHECK (from_minute < until_minute AND first_day <= last_day),
    CHECK ((ended_at IS NULL) = (ended_why IS NULL)),
    CONSTRAINT waiting_wish_tenant_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, client_record_id) REFERENCES client_record (tenant_id, id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id),
    FOREIGN KEY (tenant_id, place_id) REFERENCES place (tenant_id, id)
);
CREATE INDEX waiting_wish_waiting ON waiting_wish (tenant_id, service_id, created_at) WHERE ended_at IS NULL;
CREATE INDEX waiting_wish_client ON waiting_wish (client_record_id);

-- One time, offered to one wish: `key` stands in its link. With `hold_id` it is kept until `expires_at`.
CREATE TABLE waiting_offer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT waiting_offer_ref_key UNIQUE,
    key text NOT NULL CONSTRAINT waiting_offer_key_key UNIQUE,
    tenant_id bigint NOT NULL,
    wish_id bigint NOT NULL,
    client_record_id bigint NOT NULL,
    practitioner_id bigint NOT NULL,
    place_id bigint NOT NULL,
    starts_at timestamptz NOT NULL,
    hold_id bigint,
    offered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    declined_at timestamptz,
    expired_at timestamptz,
    lost_at timestamptz,
    appointment_id bigint,
    CHECK (num_nonnulls(accepted_at, declined_at, expired_at, lost_at) <= 1),
    CHECK ((accepted_at IS NULL) = (appointment_id IS NULL)),
    CONSTRAINT waiting_offer_tenant_key UNIQUE (tenant_id, id),
    CONSTRAINT waiting_offer_once UNIQUE (wish_id, practitioner_id, starts_at),
    FOREIGN KEY (tenant_id, wish_id) REFERENCES waiting_wish (tenant_id, id),
    FOREIGN KEY (tenant_id, client_record_id) REFERENCES client_record (tenant_id, id),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id),
    FOREIGN KEY (tenant_id, place_id) REFERENCES place (tenant_id, id),
    FOREIGN KEY (tenant_id, appointment_id) REFERENCES appointment (tenant_id, id)
);
CREATE UNIQUE INDEX waiting_offer_open ON waiting_offer (wish_id)
    WHERE num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0;
CREATE INDEX waiting_offer_expiry ON waiting_offer (expires_at)
    WHERE num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0;
CREATE INDEX waiting_offer_client ON waiting_offer (client_record_id);

ALTER TABLE message
    ADD COLUMN offer_id bigint,
    DROP CONSTRAINT message_check,
    ADD CONSTRAINT message_check CHECK
        ((kind IN ('budget_low', 'budget_spent', 'offered')) = (appointment_id IS NULL)),
    ADD CONSTRAINT message_offer_check CHECK ((kind = 'offered') = (offer_id IS NOT NULL)),
    ADD FOREIGN KEY (tenant_id, offer_id) REFERENCES waiting_offer (tenant_id, id);
CREATE UNIQUE INDEX message_offer ON message (offer_id) WHERE offer_id IS NOT NULL;

-- Where a time may have come free, or somebody new waits: the worker looks there, and only there.
CREATE TABLE waiting_look (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id) ON DELETE CASCADE,
    since timestamptz NOT NULL,
    CONSTRAINT waiting_look_tenant_key UNIQUE (tenant_id)
);

CREATE FUNCTION look_for_waiting() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'practice' THEN
        INSERT INTO waiting_look (tenant_id, since) SELECT NEW.id, clock_timestamp()
        WHERE EXISTS (SELECT FROM waiting_wish WHERE tenant_id = NEW.id AND ended_at IS NULL)
        ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO waiting_look (tenant_id, since) SELECT NEW.tenant_id, clock_timestamp()
        WHERE EXISTS (SELECT FROM waiting_wish WHERE tenant_id = NEW.tenant_id AND ended_at IS NULL)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER appointment_frees_time
    AFTER UPDATE OF cancelled_at, practitioner_id, blocked_from, blocked_until ON appointment
    FOR EACH ROW WHEN (OLD.cancelled_at IS NULL) EXECUTE FUNCTION look_for_waiting();
CREATE TRIGGER practice_frees_time AFTER UPDATE OF plan_version ON practice
    FOR EACH ROW EXECUTE FUNCTION look_for_waiting();
CREATE TRIGGER waiting_wish_wants_time AFTER INSERT ON waiting_wish
    FOR EACH ROW EXECUTE FUNCTION look_for_waiting();

-- What a person waits for, and what was offered to them, is theirs to see.
GRANT SELECT ON waiting_wish, waiting_offer TO portal_person;
CREATE POLICY waiting_wish_person ON waiting_wish FOR SELECT TO portal_person
    USING (client_record_id = ANY (ARRAY(SELECT id FROM client_record)));
CREATE POLICY waiting_offer_person ON waiting_offer FOR SELECT TO portal_person
    USING (client_record_id = ANY (ARRAY(SELECT id FROM client_record)));
DROP POLICY message_person ON message;
CREATE POLICY message_person ON message FOR SELECT TO portal_person
    USING (audience = 'client' AND (
        appointment_id = ANY (ARRAY(SELECT id FROM appointment))
        OR offer_id = ANY (ARRAY(SELECT id FROM waiting_offer))
    ));

-- Whoever holds an offer's link learns whose it is; the practice's lens, opened for it, shows the rest.
CREATE FUNCTION behind_offer(shown text) RETURNS TABLE (slug text, offer_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT practice.slug, waiting_offer.id FROM waiting_offer JOIN practice ON practice.id = waiting_offer.tenant_id
    WHERE waiting_offer.key = shown;
END;
REVOKE EXECUTE ON FUNCTION behind_offer(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION behind_offer(text) TO portal_app;

GRANT INSERT, DELETE ON waiting_look TO portal_worker;
CREATE POLICY waiting_look_worker_writes ON waiting_look TO portal_worker USING (true) WITH CHECK (true);
"""

BACKWARDS = """
DROP FUNCTION behind_offer(text);
DROP POLICY message_person ON message;
CREATE POLICY message_person ON message FOR SELECT TO portal_person
    USING (audience = 'client' AND appointment_id = ANY (ARRAY(SELECT id FROM appointment)));
DROP TRIGGER practice_frees_time ON practice;
DROP TRIGGER appointment_frees_time ON appointment;
ALTER TABLE message
    DROP CONSTRAINT message_offer_check, DROP COLUMN offer_id, DROP CONSTRAINT message_check,
    ADD CONSTRAINT message_check CHECK ((kind IN ('budget_low', 'budget_spent')) = (appointment_id IS NULL));
DROP TABLE waiting_look, waiting_offer, waiting_wish;
DROP FUNCTION look_for_waiting();
"""


async def forwards() -> MigrationManager:
    owned = ("waiting_wish", "waiting_offer")
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS
        + practice_rows(*owned, "waiting_look")
        + readable_by_worker(*owned, "waiting_look")
        + own_clients_only(*owned)
        + hangs_from_record(*owned),
        backwards=BACKWARDS,
    )
