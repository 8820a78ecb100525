"""The database's own walls: rows of one organization cannot point into another, the journal cannot be changed."""

from django.db import migrations

from common.db import on_postgresql, on_sqlite, same_organization

FORBID_ON_POSTGRESQL = """
CREATE FUNCTION orgs_auditevent_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER orgs_auditevent_append_only BEFORE UPDATE OR DELETE ON orgs_auditevent
FOR EACH ROW EXECUTE FUNCTION orgs_auditevent_is_append_only();
"""

ALLOW_ON_POSTGRESQL = """
DROP TRIGGER orgs_auditevent_append_only ON orgs_auditevent;
DROP FUNCTION orgs_auditevent_is_append_only();
"""


def forbid_on_sqlite(operation: str) -> migrations.RunPython:
    name = f"orgs_auditevent_no_{operation.lower()}"
    return on_sqlite(
        f"CREATE TRIGGER {name} BEFORE {operation} ON orgs_auditevent "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        f"DROP TRIGGER {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial_tables")]

    operations = [
        same_organization("orgs_unit", "academic_year_id", "orgs_academicyear"),
        same_organization("orgs_roleassignment", "person_id", "orgs_person"),
        same_organization("orgs_enrolment", "person_id", "orgs_person"),
        same_organization("orgs_enrolment", "unit_id", "orgs_unit"),
        same_organization("orgs_guardianship", "parent_id", "orgs_person"),
        same_organization("orgs_guardianship", "child_id", "orgs_person"),
        same_organization("orgs_handoveroffer", "from_person_id", "orgs_person"),
        same_organization("orgs_handoveroffer", "to_person_id", "orgs_person"),
        same_organization("orgs_person", "merged_into_id", "orgs_person"),
        on_postgresql(FORBID_ON_POSTGRESQL, ALLOW_ON_POSTGRESQL),
        forbid_on_sqlite("UPDATE"),
        forbid_on_sqlite("DELETE"),
    ]
