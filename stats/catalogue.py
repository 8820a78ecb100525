"""The catalogue of figures (STAT-5): what each is, in words, before anybody counts.

Pages, exports, the API, the weekly letter and the guide for the head read their words here, so none can say another
formula than the one that is counted (`stats.selectors.figures` has one function for each key).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from stats.figure import GROUP_NAMES, Better, Circle, Figure, Group, Measure, Moment

__all__ = [
    "BY_KEY",
    "COMPARED",
    "FIGURES",
    "GROUP_NAMES",
    "HIDDEN",
    "NORM_TEMPLATES",
    "SILENT_DAYS",
    "SMALLEST_CELL",
    "WITHOUT_DOUBTFUL",
    "Better",
    "Circle",
    "Figure",
    "Group",
    "Measure",
    "Moment",
]

_ROSTER = _("Those without a role today, and rows of the roster merged into others, are left out.")
_OPENED = _(
    "Use through an integration's key and what others noted for a person do not count. Whoever left in the period "
    "counts too, but never more people than the roster has."
)
_NO_TEXT = _("Deleted messages and notices of the platform are left out. No text is read.")

FIGURES: tuple[Figure, ...] = (
    Figure(
        "staff_joined",
        Group.CONNECTION,
        Measure.SHARE,
        _("Staff connected"),
        _("Staff with a confirmed account, divided by all staff of the roster, on the last day of the period."),
        _("staff of the roster who have joined and confirmed their phone"),
        _("all staff of the roster"),
        _ROSTER,
        Moment.END,
        by_unit=True,
        people=Circle.STAFF,
        can_remind=True,
    ),
    Figure(
        "students_joined",
        Group.CONNECTION,
        Measure.SHARE,
        _("Students connected"),
        _("Students with a confirmed account, divided by all students of the roster, on the last day of the period."),
        _("students of the roster who have joined"),
        _("all students of the roster"),
        _ROSTER,
        Moment.END,
        by_unit=True,
        people=Circle.STUDENTS,
    ),
    Figure(
        "families_joined",
        Group.CONNECTION,
        Measure.SHARE,
        _("Families connected"),
        _(
            "Students at least one of whose parents has a confirmed account, divided by all students of the roster, "
            "on the last day of the period."
        ),
        _("students with at least one connected parent"),
        _("all students of the roster: each is one family"),
        _ROSTER,
        Moment.END,
        by_unit=True,
        people=Circle.FAMILIES,
        can_remind=True,
    ),
    Figure(
        "staff_active",
        Group.ACTIVITY,
        Measure.SHARE,
        _("Staff active"),
        _("Staff who opened the platform or did something in the period, each once, divided by all staff."),
        _("staff who came at least once"),
        _("all staff of the roster on the last day of the period"),
        _OPENED,
        by_unit=True,
        people=Circle.STAFF,
        can_remind=True,
    ),
    Figure(
        "staff_acted",
        Group.ACTIVITY,
        Measure.SHARE,
        _("Staff who did something"),
        _(
            "Staff who wrote, published, confirmed, voted, answered, added files, invited or administered in the "
            "period, each once, divided by all staff."
        ),
        _("staff who did something beyond opening and reading"),
        _("all staff of the roster on the last day of the period"),
        _OPENED,
        people=Circle.STAFF,
        can_remind=True,
    ),
    Figure(
        "students_active",
        Group.ACTIVITY,
        Measure.SHARE,
        _("Students active"),
        _("Students who opened the platform or did something in the period, each once, divided by all students."),
        _("students who came at least once"),
        _("all students of the roster on the last day of the period"),
        _OPENED,
        by_unit=True,
    ),
    Figure(
        "parents_active",
        Group.ACTIVITY,
        Measure.SHARE,
        _("Parents active"),
        _("Parents who opened the platform or did something in the period, each once, divided by all parents."),
        _("parents who came at least once"),
        _("all parents of the roster on the last day of the period"),
        _OPENED,
        by_unit=True,
        people=Circle.PARENTS,
        can_remind=True,
    ),
    Figure(
        "messages",
        Group.COMMUNICATION,
        Measure.COUNT,
        _("Messages"),
        _("Messages written in chats in the period."),
        _("messages in all chats"),
        left_out=_NO_TEXT,
        by_unit=True,
    ),
    Figure(
        "quiet_messages",
        Group.COMMUNICATION,
        Measure.SHARE,
        _("Messages in quiet hours"),
        _("Messages written in the organization's quiet hours, divided by all messages of the period."),
        _("messages in quiet hours"),
        _("all messages of the period"),
        _NO_TEXT,
        better=Better.LOWER,
        by_unit=True,
        people=Circle.STAFF,
    ),
    Figure(
        "doubtful_messages",
        Group.COMMUNICATION,
        Measure.SHARE,
        _("Doubtful messages"),
        _(
            "Messages written more than ten a minute, the same more than three times a day, or in a chat with nobody "
            "else, divided by all messages of the period."
        ),
        _("messages in bursts, repeated, or to oneself"),
        _("all messages of the period"),
        _(
            "Repetitions are found by fingerprints made when a message is sent; messages under 20 characters are never "
            "called repeated."
        ),
        better=Better.LOWER,
        by_unit=True,
        people=Circle.STAFF,
    ),
    Figure(
        "chats_alive",
        Group.COMMUNICATION,
        Measure.COUNT,
        _("Chats alive"),
        _("Chats in which at least one message was written in the period."),
        _("chats with a message"),
        left_out=_(
            "Deleted messages and notices of the platform are left out. Counted for a day, a week and a month; for "
            "other periods it is not kept which chats these were."
        ),
    ),
    Figure(
        "silent_units",
        Group.COMMUNICATION,
        Measure.SHARE,
        _("Silent units"),
        _("Units in whose chats and channel nothing was written in the last 14 days, divided by all units."),
        _("units without a message and without a post for 14 days"),
        _("all units but the staff's"),
        _("Units in the archive are left out. A unit that has not been there for 14 days is not silent yet."),
        Moment.END,
        better=Better.LOWER,
    ),
    Figure(
        "answer_time",
        Group.COMMUNICATION,
        Measure.SECONDS,
        _("Answer of staff to parents"),
        _("Median time from a parent's first unanswered message in a personal chat to the answer of staff."),
        _("answers given in the period"),
        left_out=_("Messages nobody has answered yet, and answers in chats of several people, are left out."),
        better=Better.LOWER,
        people=Circle.STAFF,
    ),
    Figure(
        "posts",
        Group.COMMUNICATION,
        Measure.COUNT,
        _("Posts"),
        _("Posts published in channels in the period."),
        _("posts in all channels"),
        left_out=_("Drafts, planned and removed posts are left out."),
        by_unit=True,
    ),
    Figure(
        "feedback",
        Group.COMMUNICATION,
        Measure.COUNT,
        _("Reactions and comments"),
        _("Reactions given and comments written in the period."),
        _("reactions and comments"),
        left_out=_("Reactions taken back and deleted comments are left out."),
    ),
    Figure(
        "files",
        Group.COMMUNICATION,
        Measure.COUNT,
        _("Files"),
        _("Files added in the period to messages, posts and documents."),
        _("files in use"),
        left_out=_("Files that hang on nothing are left out."),
    ),
    Figure(
        "reading_reach",
        Group.READING,
        Measure.SHARE,
        _("Required reading confirmed"),
        _("Confirmations of what was given out in the period, divided by all who were asked."),
        _("confirmations, also on paper"),
        _("people asked; of a family one, where one parent suffices"),
        _("What was closed or replaced by a new version is left out."),
    ),
    Figure(
        "reading_time",
        Group.READING,
        Measure.SECONDS,
        _("Time to read"),
        _(
            "For each required reading given out in the period the median time from giving out to confirmation; of "
            "these times the median."
        ),
        _("required reading that somebody has confirmed"),
        left_out=_("Signatures on paper, and those who have not confirmed yet, are left out."),
        better=Better.LOWER,
    ),
    Figure(
        "post_reach",
        Group.READING,
        Measure.SHARE,
        _("Reach of posts"),
        _("Readers who have seen a post, divided by all readers of its channel, over the posts of the period."),
        _("views, one for each person and post"),
        _("connected readers of the channels at the time of counting"),
        _("Visitors of a public page are left out."),
    ),
    Figure(
        "poll_turnout",
        Group.READING,
        Measure.SHARE,
        _("Turnout of polls"),
        _("People who voted, divided by all who could, over the polls of the period."),
        _("people who voted"),
        _("connected members of the chat or readers of the channel at the time of counting"),
        _("Anonymous polls count who voted, never what."),
    ),
    Figure(
        "events",
        Group.EVENTS,
        Measure.COUNT,
        _("Events held"),
        _("Events and broadcasts that began in the period."),
        _("events"),
        left_out=_("Cancelled events are left out."),
        better=Better.NEITHER,
    ),
    Figure(
        "attendance",
        Group.EVENTS,
        Measure.SHARE,
        _("Attendance"),
        _("People marked as present, divided by all invited, over the events of the period with marked attendance."),
        _("people who were there"),
        _("people invited to events with marked attendance"),
        _("Cancelled events and those without marks are left out."),
    ),
    Figure(
        "broadcast_views",
        Group.EVENTS,
        Measure.COUNT,
        _("Broadcasts opened"),
        _("People who opened a broadcast in the period, once for each broadcast."),
        _("openings of broadcasts"),
    ),
    Figure(
        "invitations_delivered",
        Group.INVITATIONS,
        Measure.SHARE,
        _("Invitations delivered"),
        _("Invitations of the period that were sent by letter or SMS and arrived, divided by all made."),
        _("invitations delivered by the platform"),
        _("invitations made in the period"),
        _("Links handed over on paper or copied are not known to the platform as delivered."),
        better=Better.NEITHER,
    ),
    Figure(
        "invitations_opened",
        Group.INVITATIONS,
        Measure.SHARE,
        _("Invitations opened"),
        _("Invitations of the period whose page was opened at least once, divided by all made."),
        _("invitations opened"),
        _("invitations made in the period"),
    ),
    Figure(
        "invitations_joined",
        Group.INVITATIONS,
        Measure.SHARE,
        _("Invitations used"),
        _("Invitations of the period by which at least one person joined, divided by all made."),
        _("invitations by which somebody joined"),
        _("invitations made in the period"),
    ),
    Figure(
        "invitations_expired",
        Group.INVITATIONS,
        Measure.SHARE,
        _("Invitations expired"),
        _("Invitations of the period whose time ran out before they were used up, divided by all made."),
        _("invitations expired"),
        _("invitations made in the period"),
        better=Better.LOWER,
    ),
    Figure(
        "invitations_annulled",
        Group.INVITATIONS,
        Measure.SHARE,
        _("Invitations annulled"),
        _("Invitations of the period that were annulled, divided by all made."),
        _("invitations annulled"),
        _("invitations made in the period"),
        better=Better.LOWER,
    ),
    Figure(
        "people_joined",
        Group.INVITATIONS,
        Measure.COUNT,
        _("People who joined"),
        _("People who joined by an invitation in the period."),
        _("people"),
    ),
)

BY_KEY: Mapping[str, Figure] = {figure.key: figure for figure in FIGURES}

# Regional norms, off until an organization switches them on and sets its own per cent (STAT-5).
NORM_TEMPLATES: Mapping[str, int] = {
    "staff_active": 75,
    "staff_joined": 95,
    "families_joined": 80,
    "students_joined": 60,
    "parents_active": 50,
    "reading_reach": 90,
}

# What holds for every figure; the guide says it once.
COMPARED = _(
    "A period that has not ended is compared with as many days of the period before. Where the days before were not "
    "counted from the first to the last, nothing is compared."
)
HIDDEN = _("Figures that would speak of one to four people are hidden from those who may not see persons.")
WITHOUT_DOUBTFUL = _(
    "Doubtful messages are left out. How many of them were written in quiet hours is not known: of quiet messages "
    "never more are counted than messages are left."
)

# In lists of people and cells of tables fewer than this tell who it was (STAT-5).
SMALLEST_CELL = 5
# In a circle up to the size of a class also those who are missing are known to everybody.
SMALL_CIRCLE = 35
# A unit is silent after so many days.
SILENT_DAYS = 14
