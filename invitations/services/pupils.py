"""Joining of children who have no phone (INV-7)."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.parents import masked_email
from common.errors import DomainError
from invitations.models import Invitation
from invitations.selectors.pupils import parents_emails
from orgs.audit import Action, Deed
from orgs.models import Person, Role


def refuse_without_phone(user: User, invitation: Invitation) -> None:
    """Raise `DomainError("phone_needed")` when a pupil without a phone uses a link for adults.

    Brothers and sisters share the parent's e-mail, so nobody's duty may hang on such an account.
    """
    if user.phone is None and invitation.role != Role.STUDENT:
        raise DomainError("phone_needed", _("Sign in with a phone of your own: this link is for adults."), status=403)


def joined_deed(user: User, invitation: Invitation, person: Person) -> Deed:
    """Return the line of the journal; of a child without a phone it says whose e-mail confirmed, and whether the
    roster knew it. One query for such a child, none for everybody else."""
    if user.phone is not None:
        return Deed(Action.PERSON_JOINED, person, invitation.unit, details={"number": invitation.pk})
    is_known = user.parent_email in parents_emails(person)
    action = Action.PUPIL_JOINED if is_known else Action.PUPIL_JOINED_BY_UNKNOWN_EMAIL
    details = {"number": invitation.pk, "email": masked_email(user.parent_email)}
    return Deed(action, person, invitation.unit, details=details)
