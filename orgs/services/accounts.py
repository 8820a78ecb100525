"""What becomes of people of the roster when their account goes, is taken off or was broken into (ACC-2, ACC-3)."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import address_of
from accounts.services import end_other_sessions
from accounts.services.deletion import ask_deletion
from accounts.services.hacked import Ended, report_hacked
from common.errors import DomainError
from common.events import publish
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import OrganizationUserObjectPermission, Person, Role, RoleAssignment, UnitUserObjectPermission
from orgs.selectors.people import administrators_of
from orgs.services.people import end_role
from orgs.telling import tell
from outbox.services import queue


def release_people(user: User) -> None:
    """Listener of `accounts.account_closing`: rows of the roster stay as the school's records, without the account.

    What was written under it is shown without a name from now on (`Person.author_name`). Raises
    `DomainError("last_administrator")`.
    """
    now = timezone.now()
    for person in _people_of(user):
        _let_go(person)
        Person.objects.filter(pk=person.pk).update(user=None, joined_at=None, account_deleted_at=now)
        record(person.organization, None, [Deed(Action.ACCOUNT_DELETED, person)])


def _people_of(user: User) -> list[Person]:
    # Locked in the order of organizations: two accounts that go at once wait for each other in one direction only.
    return list(Person.objects.filter(user=user).select_related("organization").order_by("organization_id", "pk"))


def _let_go(person: Person) -> None:
    """Duties of an account end: administration, rights granted, links and chats that somebody must answer for."""
    if RoleAssignment.objects.filter(person=person, role=Role.ADMINISTRATOR, until=None).exists():
        end_role(actor=None, person=person, role=Role.ADMINISTRATOR)
    held = {"user": person.user_id}
    UnitUserObjectPermission.objects.filter(**held, content_object__organization=person.organization_id).delete()
    OrganizationUserObjectPermission.objects.filter(**held, content_object=person.organization_id).delete()
    publish("orgs.account_leaves", person=person)
    publish("orgs.membership_changed", person=person)


@transaction.atomic
def sever_account(*, actor: Actor, person: Person, delete: bool = False) -> None:
    """Take an account off a person of `actor`'s organization (ACC-2); what was written keeps the school's name.

    `delete`: the account itself is deleted after its delay when it is nobody elsewhere; other places are neither told
    about nor touched. Raises `DomainError`: `no_account`, `own_account`, `last_administrator`.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("organization", "user").get(pk=person.pk)
    user = person.user
    if user is None:
        raise DomainError("no_account", _("This person has no account."))
    if user.pk == actor.user_id:
        raise DomainError("own_account", _("Your own account is deleted under «My account»."))
    _let_go(person)
    Person.objects.filter(pk=person.pk).update(user=None, joined_at=None)
    record(person.organization, actor, [Deed(Action.ACCOUNT_SEVERED, person)])
    end_other_sessions(user, None)
    _tell_severed(user)
    if delete and not user.is_staff and not Person.objects.filter(user=user).exists():
        _delete_if_nobody(user)


def _tell_severed(user: User) -> None:
    channel, recipient = address_of(user)
    event = {"event": "accounts/severed"}
    queue(channel=channel, recipient=recipient, template="security_notice", context=event, reference=f"user:{user.pk}")


def _delete_if_nobody(user: User) -> None:
    try:
        with transaction.atomic():
            ask_deletion(user)
    except DomainError:
        # Asked for by the person already.
        return


def report_hacked_for(*, actor: Actor, person: Person) -> Ended:
    """End everything of an account that a stranger got hold of (ACC-3); the person signs in afresh.

    Raises `DomainError`: `no_account`, `too_often`.
    """
    if person.user is None:
        raise DomainError("no_account", _("This person has no account."))
    return report_hacked(person.user, None, by=actor)


def tell_hacked(user: User, by: Any) -> None:
    """Listener of `accounts.account_hacked`: the journal of each organization, and its administrators."""
    for person in _people_of(user):
        own = isinstance(by, Actor) and by.organization.pk == person.organization_id
        record(person.organization, by if own else person, [Deed(Action.ACCOUNT_HACKED, person)])
        tell(
            organization=person.organization,
            people=administrators_of(person.organization_id).exclude(pk=person.pk).select_related("user"),
            template="account_hacked",
            context={"hacked": person.pk},
            key=f"hacked:{person.pk}:{timezone.now():%Y%m%d%H%M%S}",
            is_urgent=True,
        )
