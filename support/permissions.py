"""Who answers requests for help, and who may do what with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.selectors.organizations import today_in
from support.models import OWED_HERE, HelpRequest, State

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def can_answer_requests(actor: Actor) -> bool:
    """Read and answer the requests of the organization (SUP-1): the administrators."""
    return actor.may(Capability.ANSWER_HELP)


def can_see_counts(actor: Actor) -> bool:
    """How many wait and how many are late, without a word of them: also the head."""
    return can_answer_requests(actor) or actor.is_head


def can_turn_to_operator(actor: Actor) -> bool:
    """Write to the platform's support at once (SUP-1): administrators and the head, who have nobody above them here."""
    return can_answer_requests(actor) or actor.is_head


def can_answer(actor: Actor, request: HelpRequest) -> bool:
    """Answer this request: an administrator, but nobody answers himself."""
    return can_answer_requests(actor) and request.person_id != actor.person.pk


def can_reply(actor: Actor, request: HelpRequest) -> bool:
    """Go on with the own request."""
    return request.person_id is not None and request.person_id == actor.person.pk


def can_pass_on(actor: Actor, request: HelpRequest) -> bool:
    """Hand a request to the platform's support: an administrator; the asker when the answer is late (S0 3.3)."""
    if request.state in (State.PASSED_ON, State.CLOSED):
        return False
    if can_answer(actor, request):
        return True
    is_late = request.due_on is not None and request.due_on < today_in(actor.organization)
    return can_reply(actor, request) and request.state in OWED_HERE and is_late


def can_see_operators_requests(user: User | AnonymousUser) -> bool:
    """The platform's operator, and a helper whom the operator let look."""
    return bool(user.is_active and user.is_staff and user.has_perm("support.view_helprequest"))


def can_answer_as_operator(user: User | AnonymousUser) -> bool:
    """The platform's operator, and a helper with the right to change requests for help."""
    return bool(user.is_active and user.is_staff and user.has_perm("support.change_helprequest"))
