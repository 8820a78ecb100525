"""Thousands of people are removed at once when a file that was brought in is undone."""

from django.db import migrations

from common.db import index_for_wall


class Migration(migrations.Migration):
    dependencies = [
        ("works", "0003_undoing_in_the_background"),
        ("orgs", "0006_quick_filters_of_the_journal"),
    ]

    operations = [
        index_for_wall("orgs_roleassignment", "person_id"),
        index_for_wall("orgs_enrolment", "person_id"),
        index_for_wall("orgs_guardianship", "parent_id"),
        index_for_wall("orgs_guardianship", "child_id"),
        index_for_wall("orgs_person", "merged_into_id", is_rare=True),
    ]
