"""What «active» and «did something» mean on a person's day, said once for every figure and list (STAT-2)."""

from functools import reduce
from operator import or_

from django.db.models import Q

# Beyond opening and reading, and done by the person.
DEEDS = (
    "messages",
    "posts",
    "comments",
    "reactions",
    "confirmations",
    "votes",
    "files",
    "answers",
    "invitations",
    "actions",
)
# Who was at an event is noted by somebody else: it makes nobody active.
TRACES = (*DEEDS, "views", "watched")

ACTED: Q = reduce(or_, (Q(**{f"{name}__gt": 0}) for name in DEEDS))
ACTIVE: Q = reduce(or_, (Q(**{f"{name}__gt": 0}) for name in TRACES), Q(came=True))

# The role a person held on the day, by the beginning of a figure's key.
HELD = {"staff": "is_staff", "students": "is_student", "parents": "is_parent"}
