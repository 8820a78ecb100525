"""Rows of one organization cannot point into another."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [("roster", "0001_initial_tables")]

    operations = [
        same_organization("roster_load", "created_by_id", "orgs_person"),
        same_organization("roster_load", "check_work_id", "works_work"),
        same_organization("roster_load", "import_work_id", "works_work"),
        same_organization("roster_loadrow", "load_id", "roster_load"),
        same_organization("roster_loadrow", "person_id", "orgs_person"),
    ]
