"""Rows of one organization cannot point into another."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [("readings", "0001_initial_tables")]

    operations = [
        same_organization("readings_reading", "created_by_id", "orgs_person"),
        same_organization("readings_reading", "replaced_by_id", "readings_reading"),
        same_organization("readings_readingaudience", "reading_id", "readings_reading"),
        same_organization("readings_readingaudience", "unit_id", "orgs_unit"),
        same_organization("readings_confirmation", "reading_id", "readings_reading"),
        same_organization("readings_confirmation", "person_id", "orgs_person"),
        same_organization("readings_confirmation", "noted_by_id", "orgs_person"),
        same_organization("readings_reminder", "reading_id", "readings_reading"),
    ]
