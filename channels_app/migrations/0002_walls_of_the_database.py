"""Rows of one organization cannot point into another; search knows Russian word forms."""

from django.db import migrations

from common.db import on_postgresql, same_organization

SEARCH = """
CREATE INDEX post_words ON channels_app_post USING gin (to_tsvector('russian'::regconfig, COALESCE(search_text, '')));
"""


class Migration(migrations.Migration):
    dependencies = [("channels_app", "0001_initial_tables")]

    operations = [
        same_organization("channels_app_channel", "unit_id", "orgs_unit"),
        same_organization("channels_app_channel", "created_by_id", "orgs_person"),
        same_organization("channels_app_channelaudience", "channel_id", "channels_app_channel"),
        same_organization("channels_app_channelaudience", "unit_id", "orgs_unit"),
        same_organization("channels_app_readerstate", "channel_id", "channels_app_channel"),
        same_organization("channels_app_readerstate", "person_id", "orgs_person"),
        same_organization("channels_app_post", "channel_id", "channels_app_channel"),
        same_organization("channels_app_post", "author_id", "orgs_person"),
        same_organization("channels_app_post", "editor_id", "orgs_person"),
        same_organization("channels_app_post", "deleted_by_id", "orgs_person"),
        same_organization("channels_app_post", "poll_id", "polls_poll"),
        same_organization("channels_app_post", "reading_id", "readings_reading"),
        same_organization("channels_app_postfile", "post_id", "channels_app_post"),
        same_organization("channels_app_postfile", "file_id", "files_storedfile"),
        same_organization("channels_app_postversion", "post_id", "channels_app_post"),
        same_organization("channels_app_postversion", "changed_by_id", "orgs_person"),
        same_organization("channels_app_postview", "post_id", "channels_app_post"),
        same_organization("channels_app_postview", "person_id", "orgs_person"),
        same_organization("channels_app_reaction", "post_id", "channels_app_post"),
        same_organization("channels_app_reaction", "person_id", "orgs_person"),
        same_organization("channels_app_comment", "post_id", "channels_app_post"),
        same_organization("channels_app_comment", "author_id", "orgs_person"),
        same_organization("channels_app_comment", "deleted_by_id", "orgs_person"),
        same_organization("channels_app_proposal", "channel_id", "channels_app_channel"),
        same_organization("channels_app_proposal", "author_id", "orgs_person"),
        same_organization("channels_app_proposal", "decided_by_id", "orgs_person"),
        same_organization("channels_app_proposal", "post_id", "channels_app_post"),
        same_organization("channels_app_proposalfile", "proposal_id", "channels_app_proposal"),
        same_organization("channels_app_proposalfile", "file_id", "files_storedfile"),
        same_organization("channels_app_proposalturn", "proposal_id", "channels_app_proposal"),
        same_organization("channels_app_proposalturn", "person_id", "orgs_person"),
        on_postgresql(SEARCH, "DROP INDEX post_words"),
    ]
