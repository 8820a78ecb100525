"""Rows of one organization cannot point into another."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [("works", "0001_initial_tables")]

    operations = [
        same_organization("works_work", "started_by_id", "orgs_person"),
        same_organization("works_work", "undone_by_id", "orgs_person"),
    ]
