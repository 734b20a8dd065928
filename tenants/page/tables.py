from piccolo.columns import BigSerial, Bytea, Text, Timestamptz

from tenants.scope import OwnedByTenant


class FormerSlug(OwnedByTenant, tablename="former_slug"):
    """An address that a practice's page had before; it leads to the present one, and to no other practice."""

    id = BigSerial(primary_key=True)
    slug = Text()
    left_at = Timestamptz()


class PracticeText(OwnedByTenant, tablename="practice_text"):
    """What a practice says of itself in a language other than its first."""

    id = BigSerial(primary_key=True)
    language = Text()
    about = Text()


class PracticeLogo(OwnedByTenant, tablename="practice_logo"):
    """PNG of at most 512 and 128 pixels a side."""

    id = BigSerial(primary_key=True)
    large = Bytea()
    small = Bytea()
    kept_at = Timestamptz()
