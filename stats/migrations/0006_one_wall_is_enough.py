"""Half of the foreign keys said what a second one says better: every row was looked up twice."""

from django.db import migrations

from common.db import one_wall_is_enough


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_rules_of_use_accepted"),
        ("orgs", "0006_quick_filters_of_the_journal"),
        ("files", "0003_same_organization"),
        ("polls", "0003_time_of_votes"),
        ("readings", "0002_walls_of_the_database"),
        ("works", "0004_indexes_of_walls"),
        ("chats", "0003_fingerprints_of_messages"),
        ("channels_app", "0004_time_of_reactions"),
        ("meetings", "0002_walls_of_the_database"),
        ("documents", "0002_walls_of_the_database"),
        ("registration", "0002_journal_of_deleted_organizations"),
        ("roster", "0002_walls_of_the_database"),
        ("movement", "0003_years"),
        ("invitations", "0006_walls_of_requests"),
        ("stats", "0005_changes_of_users_are_noted_again"),
    ]

    operations = [one_wall_is_enough()]
