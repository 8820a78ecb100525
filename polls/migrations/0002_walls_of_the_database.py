"""Votes point at answers and people of their own organization."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [("polls", "0001_initial_tables")]

    operations = [
        same_organization("polls_poll", "created_by_id", "orgs_person"),
        same_organization("polls_polloption", "poll_id", "polls_poll"),
        same_organization("polls_pollvote", "poll_id", "polls_poll"),
        same_organization("polls_pollvote", "option_id", "polls_polloption"),
        same_organization("polls_pollvote", "person_id", "orgs_person"),
        same_organization("polls_pollballot", "poll_id", "polls_poll"),
        same_organization("polls_pollballot", "person_id", "orgs_person"),
    ]
