"""Rows of one organization cannot point into another; an answer stays in its chat; search knows Russian word forms."""

from django.db import migrations

from common.db import on_postgresql, same_organization

# An answer to another chat's message would carry its words out of there.
ANSWER_IN_CHAT = """
ALTER TABLE chats_message ADD CONSTRAINT message_in_chat UNIQUE (chat_id, id);
ALTER TABLE chats_message ADD CONSTRAINT message_answer_same_chat FOREIGN KEY (chat_id, reply_to_id)
    REFERENCES chats_message (chat_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
ANSWER_ANYWHERE = """
ALTER TABLE chats_message DROP CONSTRAINT message_answer_same_chat;
ALTER TABLE chats_message DROP CONSTRAINT message_in_chat;
"""
SEARCH = """
CREATE INDEX message_words ON chats_message USING gin (to_tsvector('russian'::regconfig, COALESCE(search_text, '')));
"""


class Migration(migrations.Migration):
    dependencies = [("chats", "0001_initial_tables")]

    operations = [
        same_organization("chats_chat", "unit_id", "orgs_unit"),
        same_organization("chats_chat", "owner_id", "orgs_person"),
        same_organization("chats_chataudience", "chat_id", "chats_chat"),
        same_organization("chats_chataudience", "unit_id", "orgs_unit"),
        same_organization("chats_chatmember", "chat_id", "chats_chat"),
        same_organization("chats_chatmember", "person_id", "orgs_person"),
        same_organization("chats_memberstate", "chat_id", "chats_chat"),
        same_organization("chats_memberstate", "person_id", "orgs_person"),
        same_organization("chats_chatlink", "chat_id", "chats_chat"),
        same_organization("chats_chatlink", "created_by_id", "orgs_person"),
        same_organization("chats_message", "chat_id", "chats_chat"),
        same_organization("chats_message", "author_id", "orgs_person"),
        same_organization("chats_message", "deleted_by_id", "orgs_person"),
        same_organization("chats_message", "poll_id", "polls_poll"),
        same_organization("chats_messagefile", "chat_id", "chats_chat"),
        same_organization("chats_messagefile", "message_id", "chats_message"),
        same_organization("chats_messagefile", "file_id", "files_storedfile"),
        same_organization("chats_mention", "chat_id", "chats_chat"),
        same_organization("chats_mention", "message_id", "chats_message"),
        same_organization("chats_mention", "person_id", "orgs_person"),
        same_organization("chats_report", "chat_id", "chats_chat"),
        same_organization("chats_report", "message_id", "chats_message"),
        same_organization("chats_report", "reporter_id", "orgs_person"),
        same_organization("chats_report", "decided_by_id", "orgs_person"),
        same_organization("chats_mute", "chat_id", "chats_chat"),
        same_organization("chats_mute", "person_id", "orgs_person"),
        same_organization("chats_mute", "created_by_id", "orgs_person"),
        same_organization("chats_inspection", "chat_id", "chats_chat"),
        same_organization("chats_inspection", "person_id", "orgs_person"),
        same_organization("chats_inspection", "report_id", "chats_report"),
        on_postgresql(ANSWER_IN_CHAT, ANSWER_ANYWHERE),
        on_postgresql(SEARCH, "DROP INDEX message_words"),
    ]
