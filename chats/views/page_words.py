"""Every sentence the scripts of the chat page say, in the reader's language: `say("key", {…})` in static/js/chat."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

Forms = dict[str, str]
Words = dict[str, str | Forms]


def page_words() -> Words:
    """Return the sentences by key; those that count have a form for each way of counting (Intl.PluralRules)."""
    return {
        **_of_page(),
        **_of_connection(),
        **_of_list(),
        **_of_message(),
        **_of_actions(),
        **_of_polls(),
        **_of_box(),
        **_of_files(),
    }


def _forms(sentence: Callable[[int], str]) -> Forms:
    """One, few and many by numbers that stand for them; in English the last two are the same."""
    return {"one": sentence(1), "few": sentence(2), "many": sentence(5)}


def _of_page() -> Words:
    return {
        "about_chat": _("About the chat"),
        "back_to_list": _("Back to the chats"),
        "cancel": _("Cancel"),
        "cannot_write": _("One cannot write here now"),
        "chat_actions": _("What to do with the chat"),
        "chat_is_gone": _("This chat is no longer yours"),
        "chat_is_gone_hint": _("You are not in it any more, or it has been closed. Your other chats are in the list."),
        "close": _("Close"),
        "day": _("Day"),
        "day_at_time": _("%(day)s at %(time)s"),
        "is_online": pgettext("a person", "online"),
        "jump_to_date": _("Jump to a date"),
        "loading": _("Loading…"),
        "members_and_online": "%(members)s, %(online)s",
        "members_count": _forms(lambda n: ngettext("%(count)s member", "%(count)s members", n)),
        "new_messages": _("New messages"),
        "notifications": _("Notifications"),
        "notify_all": _("Every message"),
        "notify_mentions": _("Only when I am mentioned"),
        "notify_none": _("Nothing"),
        "notify_of": _("Notify me of…"),
        "older_were_removed": _("Older messages have been removed: their time was over."),
        "one_types": _("%(name)s is typing…"),
        "online_count": _forms(lambda n: ngettext("%(count)s online", "%(count)s online", n)),
        "personal_messages": _("Personal messages"),
        "several_type": _forms(lambda n: ngettext("%(count)s person is typing…", "%(count)s people are typing…", n)),
        "show": _("Show"),
        "show_more": _("Show more"),
        "start_of_chat": _("The chat begins here"),
        "to_the_end": _("To the latest messages"),
        "to_the_end_new": _forms(
            lambda n: ngettext(
                "To the latest messages: %(count)s new one", "To the latest messages: %(count)s new ones", n
            )
        ),
        "to_the_list": _("To the list of chats"),
        "today": _("today"),
        "two_type": _("%(first)s and %(second)s are typing…"),
        "types": _("is typing…"),
        "yesterday": _("yesterday"),
        "you_look_into": _("You are looking into this chat; its members see that."),
    }


def _of_connection() -> Words:
    return {
        "connection_is_back": _("The connection is back."),
        "connection_lost": _("No connection, restoring it…"),
        "device_is_offline": _("This device is offline. Messages will leave by themselves."),
        "next_try": _("Next try in %(seconds)s s."),
        "no_connection_try_again": _("There is no connection. Please try again."),
        "try_now": pgettext("connect", "Now"),
        "updates_by_asking": _("The network here lets no live updates through: new messages come every few seconds."),
    }


def _of_list() -> Words:
    return {
        "archive_is_empty": _("The archive is empty"),
        "draft": _("Draft"),
        "mentions_you": _("you are mentioned"),
        "messages": _("Messages"),
        "no_messages_yet": _("There are no messages here yet"),
        "nothing_found": _("Nothing was found. Try other words."),
        "search": _("Search"),
        "search_hint": _("At least two letters. Word forms do not matter."),
        "search_in_chat": _("Search in this chat"),
        "searching": _("Looking…"),
        "unread_word": pgettext("messages", "unread"),
        "you": pgettext("who wrote", "You"),
    }


def _of_message() -> Words:
    return {
        "announced": _("%(author)s writes: %(text)s"),
        "edited": pgettext("message", "edited"),
        "in_answer_to": _("In answer to:"),
        "message": _("Message"),
        "message_deleted": _("Message deleted"),
        "message_of": _("%(author)s: %(text)s, %(time)s"),
        "nobody": _("Former member"),
        "not_sent": _("Not sent"),
        "pinned": pgettext("message", "pinned"),
        "pinned_message": _("Pinned message"),
        "pinned_of": _("Pinned message %(number)s of %(all)s"),
        "read_by_others": _("Sent and read"),
        "removed_by_moderator": _("A moderator removed this message"),
        "sending": _("Sending…"),
        "sent_to_chat": _("Sent"),
        "urgent": _("Urgent"),
        "waits_for_connection": _("Waits for the connection"),
        "who_read": _("Who has read it"),
    }


def _of_actions() -> Words:
    return {
        "change_it": _("Change"),
        "comment_optional": _("Comment (optional)"),
        "copy_failed": _("It could not be copied. Please select the text and copy it yourself."),
        "copy_link": _("Copy the link"),
        "copy_text": _("Copy the text"),
        "delete": _("Delete"),
        "delete_message_hint": _("A mark that a message was here stays in the chat. There is no way back."),
        "delete_message_title": _("Delete the message?"),
        "edit": _("Edit"),
        "link_copied": _("The link is copied. It opens for members of this chat only."),
        "message_actions": _("What to do with the message"),
        "nobody_read_yet": _("Nobody has read it yet"),
        "nobody_yet": _("Nobody yet"),
        "pin": _("Pin"),
        "remove": pgettext("a message", "Remove"),
        "remove_message_title": _("Remove the message as a moderator?"),
        "reply": _("Reply"),
        "report": pgettext("a message", "Report"),
        "report_hint": _("The moderators see the message and your name; the author does not learn who reported it."),
        "report_sent": _("Thank you. The moderators will look at it."),
        "report_title": _("Report the message"),
        "send_report": _("Send the report"),
        "text_copied": _("The text is copied."),
        "throw_away": _("Do not send"),
        "try_again": _("Try again"),
        "unpin": _("Unpin"),
        "what_is_wrong": _("What is wrong?"),
        "why_removed": _("Why is it removed?"),
        "why_removed_hint": _("The chat and the author will read this; it stays in the journal."),
    }


def _of_polls() -> Words:
    return {
        "back_to_voting": _("Back to voting"),
        "change_vote": _("Change my vote"),
        "close_poll": _("Close the poll"),
        "keep_vote": _("Keep as it was"),
        "make_poll": _("Poll"),
        "new_poll": _("New poll"),
        "poll_about": _("Poll: %(question)s"),
        "poll_anonymous": _("Anonymous poll"),
        "poll_answer": _("Answer %(number)s"),
        "poll_answers": _("Answers"),
        "poll_closed": _("closed"),
        "poll_closes": _("Closes (optional)"),
        "poll_closes_hint": _("Left empty, it is open until you close it."),
        "poll_is_anonymous": _("Anonymous"),
        "poll_is_anonymous_hint": _("Nobody sees who chose what, and nobody can change the vote."),
        "poll_no_votes": _("Nobody has voted yet"),
        "poll_open": _("Open poll"),
        "poll_question": _("Question"),
        "poll_several": _("several answers"),
        "poll_several_allowed": _("Several answers may be chosen"),
        "poll_turnout": _forms(
            lambda n: ngettext("%(count)s of %(all)s has voted", "%(count)s of %(all)s have voted", n)
        ),
        "poll_until": _("until %(moment)s"),
        "poll_vote_is_final": _("An anonymous vote cannot be changed."),
        "remove_answer": _("Remove the answer"),
        "send_poll": _("Send the poll"),
        "show_results": _("Results"),
        "take_vote_back": _("Take my vote back"),
        "vote": _("Vote"),
        "votes_count": _forms(lambda n: ngettext("%(count)s vote", "%(count)s votes", n)),
        "who_chose_this": _("Who chose this"),
        "your_choice": _("Your choice:"),
    }


def _of_box() -> Words:
    return {
        "answer_to": _("Answer to %(author)s"),
        "attach": pgettext("to a message", "Attach"),
        "editing": _("Editing the message"),
        "empty_chat": _("Greet everybody, ask a question, attach a timetable: all members of the chat will see it."),
        "empty_personal": _("Only the two of you see what is written here."),
        "everybody_in_chat": _("Everybody in the chat"),
        "everybody_word": pgettext("mention", "all"),
        "mark_urgent": _("Mark as urgent"),
        "not_saved_try_again": _("There is no connection: the change is not saved yet. Try again in a moment."),
        "not_urgent": _("Not urgent"),
        "people_to_mention": _("People to mention"),
        "save": _("Save"),
        "send": _("Send"),
        "text_too_long": _("The message is longer than %(most)s characters. Please divide it in two."),
        "urgent_hint": _("Everybody is notified, in quiet hours too"),
        "write_message": _("Write a message"),
    }


def _of_files() -> Words:
    return {
        "all_files": _("All"),
        "attach_files": _("Files and photos"),
        "attached_files": _("Attached files"),
        "documents": _("Documents"),
        "download": _("Download"),
        "drop_files_here": _("Drop the files here"),
        "file": _("File"),
        "file_too_large": _("The file is larger than %(size)s."),
        "kind_of_file": _("Kind of file"),
        "materials": _("Materials"),
        "next_picture": _("Next picture"),
        "no_materials": _("Files sent to this chat will stand here: timetables, announcements, photos."),
        "picture": _("Picture"),
        "pictures": _("Pictures"),
        "previous_picture": _("Previous picture"),
        "remove_file": _("Remove the file «%(name)s»"),
        "sends_when_uploaded": _("The message leaves as soon as the files are uploaded."),
        "some_files_failed": _("Some files could not be uploaded: try again or remove them."),
        "sounds": _("Sound"),
        "to_message": _("To the message"),
        "too_many_files": _forms(
            lambda n: ngettext("At most %(count)s file in one message.", "At most %(count)s files in one message.", n)
        ),
        "unit_b": _("B"),
        "unit_gb": _("GB"),
        "unit_kb": _("KB"),
        "unit_mb": _("MB"),
        "uploading_file": _("Uploading «%(name)s»"),
        "videos": _("Video"),
    }
