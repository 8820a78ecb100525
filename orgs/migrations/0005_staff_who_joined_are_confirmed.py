"""Whoever had joined as staff before there was a confirmation was let in by the administrator: that is one."""

from django.db import migrations

from common.db import same_organization

CONFIRM = """
UPDATE orgs_person SET verification = 'confirmed', verified_at = joined_at
WHERE user_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM orgs_roleassignment role
    WHERE role.person_id = orgs_person.id AND role.until IS NULL
    AND role.role IN ('administrator', 'head', 'teacher')
)
"""


class Migration(migrations.Migration):
    dependencies = [("orgs", "0004_personal_files_and_verification")]

    operations = [
        migrations.RunSQL(CONFIRM, migrations.RunSQL.noop),
        same_organization("orgs_unit", "continues_id", "orgs_unit"),
    ]
