"""What one opens a chat for: the templates of the head and of leaders, and the free one (CHAT-2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chats.models import Template
from orgs.actor import Actor
from orgs.models import Audience, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise
else:
    StrOrPromise = str


@dataclass(frozen=True)
class Occasion:
    """A way to begin: what the chat is called at first, what for, whom it is for.

    `audience` is gathered whole (of the organization, or of the unit one came from); `role` is where the search for
    people starts. `is_for_head` ones are offered to the head and to administrators.
    """

    template: Template
    title: StrOrPromise
    about: StrOrPromise
    icon: str = "messages"
    purpose: StrOrPromise = ""
    audience: str = ""
    role: str = ""
    is_for_head: bool = True
    is_for_students: bool = False


# By the word in the address.
OCCASIONS: Mapping[str, Occasion] = {
    "deputies": Occasion(
        Template.DEPUTIES,
        _("Head and deputies"),
        _("You choose the deputies; the day's questions are settled here."),
        icon="briefcase",
        purpose=_("Questions of the administration"),
        role=Role.TEACHER,
    ),
    "staff": Occasion(
        Template.ALL_STAFF,
        _("All staff"),
        _("Everybody who works here, newcomers too; who leaves the staff leaves the chat."),
        icon="id-badge",
        purpose=_("News and questions of the staff"),
        audience=Audience.STAFF,
    ),
    "parents-council": Occasion(
        Template.PARENTS_COUNCIL,
        _("Parents' council"),
        _("You choose the parents of the council."),
        icon="users-group",
        purpose=_("Work of the parents' council"),
        role=Role.PARENT,
    ),
    "students-council": Occasion(
        Template.STUDENTS_COUNCIL,
        _("Students' council"),
        _("You choose the students; you are in the chat with them."),
        icon="speakerphone",
        purpose=_("Work of the students' council"),
        role=Role.STUDENT,
        is_for_students=True,
    ),
    "free": Occasion(
        Template.FREE,
        "",
        _("People of your choice, or everybody of a unit: a working group, a trip, a parents' meeting."),
        icon="message-circle",
        is_for_head=False,
    ),
}


def occasions_for(actor: Actor) -> dict[str, Occasion]:
    """Return what the actor may begin, by the word in the address."""
    is_head = actor.is_head or actor.is_administrator
    return {
        key: occasion
        for key, occasion in OCCASIONS.items()
        if (is_head or not occasion.is_for_head) and (actor.words.students_join or not occasion.is_for_students)
    }


# What a leader opens for the own unit; each exists by itself where the organization has switched it on.
UNIT_CIRCLES: Mapping[str, Template] = {
    Audience.STUDENTS: Template.UNIT_STUDENTS,
    Audience.PARENTS: Template.UNIT_PARENTS,
    Audience.STAFF: Template.UNIT_STAFF,
}


def unit_circles_for(actor: Actor) -> dict[str, Template]:
    """Return the circles of a unit that have chats in this organization: the little ones have no accounts."""
    return {
        audience: template
        for audience, template in UNIT_CIRCLES.items()
        if audience != Audience.STUDENTS or actor.words.students_join
    }
