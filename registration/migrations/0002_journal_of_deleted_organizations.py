"""The journal of an organization that is there stays append-only; that of one that is gone may go after it.

It is full of names of people: personal data are kept no longer than what they were kept for.
"""

from django.db import migrations

from common.db import on_postgresql, on_sqlite

_FUNCTION = """
CREATE OR REPLACE FUNCTION orgs_auditevent_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {exception}
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
_OF_NOBODY = """
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM orgs_organization WHERE id = OLD.organization_id) THEN
        RETURN OLD;
    END IF;
"""
_TRIGGER = (
    "CREATE TRIGGER orgs_auditevent_no_delete BEFORE DELETE ON orgs_auditevent {condition} "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
)
_DROP = "DROP TRIGGER orgs_auditevent_no_delete"
_OF_SOMEBODY = "WHEN EXISTS (SELECT 1 FROM orgs_organization WHERE id = OLD.organization_id)"


class Migration(migrations.Migration):
    dependencies = [("registration", "0001_initial_tables"), ("orgs", "0002_walls_of_the_database")]

    operations = [
        on_postgresql(_FUNCTION.format(exception=_OF_NOBODY), _FUNCTION.format(exception="")),
        on_sqlite(_DROP, _TRIGGER.format(condition="")),
        on_sqlite(_TRIGGER.format(condition=_OF_SOMEBODY), _DROP),
    ]
