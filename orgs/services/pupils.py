"""How a pupil without a phone signs in: another e-mail of the parents, or a phone at last (INV-7)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.models import User
from accounts.parents import masked_email
from accounts.phones import spoken_phone
from common.errors import DomainError
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Person


@transaction.atomic
def change_parent_email(*, actor: Actor, person: Person, email: str) -> None:
    """Let the codes of a pupil go to another e-mail of the parents; the pupil is signed out everywhere, and the old
    e-mail is told.

    Raises `DomainError`: `email_invalid`, `no_parent_email` for whoever has a phone or no account, and
    `account_elsewhere` when the pupil is somebody in another organization too: whoever sets the e-mail could read
    there what is none of this organization's business.
    """
    user = _account_of(person)
    accounts.set_parent_email(user, email)
    details = {"email": masked_email(user.parent_email)}
    record(person.organization, actor, [Deed(Action.PARENT_EMAIL_CHANGED, person, details=details)])


@transaction.atomic
def give_own_phone(*, actor: Actor, person: Person, phone: str) -> None:
    """Let a pupil sign in with an own phone from now on; the roster holds the number too.

    Raises `DomainError`: `phone_invalid`, `phone_taken`, and what `change_parent_email` does.
    """
    user = _account_of(person)
    accounts.give_phone(user, phone)
    person.phone = user.phone or ""
    Person.objects.filter(pk=person.pk).update(phone=person.phone)
    details = {"phone": spoken_phone(user.phone)}
    record(person.organization, actor, [Deed(Action.PHONE_GIVEN, person, details=details)])


def _account_of(person: Person) -> User:
    user = User.objects.select_for_update().filter(pk=person.user_id or 0, phone=None).first()
    if user is None:
        raise DomainError("no_parent_email", _("This person does not sign in by a parent’s e-mail."))
    elsewhere = Person.objects.filter(user=user, roles__until=None).exclude(organization_id=person.organization_id)
    if elsewhere.exists():
        text = _("This child learns in another organization too. Ask the operator of the platform to change it.")
        raise DomainError("account_elsewhere", text)
    return user
