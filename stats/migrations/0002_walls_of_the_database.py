"""Rows of one organization cannot point into another."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [("stats", "0001_initial_tables")]

    operations = [
        same_organization("stats_presence", "person_id", "orgs_person"),
        same_organization("stats_personday", "person_id", "orgs_person"),
        same_organization("stats_unitday", "unit_id", "orgs_unit"),
        same_organization("stats_period", "unit_id", "orgs_unit"),
        same_organization("stats_staffanswer", "person_id", "orgs_person"),
    ]
