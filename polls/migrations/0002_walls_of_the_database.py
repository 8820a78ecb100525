"""Votes point at answers and people of their own organization, and at answers of their own poll."""

from django.db import migrations

from common.db import on_postgresql, same_organization

# A vote for another poll's answer would be counted there and shown here.
ANSWER_OF_THE_POLL = """
ALTER TABLE polls_polloption ADD CONSTRAINT poll_option_in_poll UNIQUE (poll_id, id);
ALTER TABLE polls_pollvote ADD CONSTRAINT poll_vote_same_poll FOREIGN KEY (poll_id, option_id)
    REFERENCES polls_polloption (poll_id, id) DEFERRABLE INITIALLY IMMEDIATE;
"""
ANY_ANSWER = """
ALTER TABLE polls_pollvote DROP CONSTRAINT poll_vote_same_poll;
ALTER TABLE polls_polloption DROP CONSTRAINT poll_option_in_poll;
"""


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
        on_postgresql(ANSWER_OF_THE_POLL, ANY_ANSWER),
    ]
