"""Children who join with a parent's e-mail (INV-7)."""

from accounts.models import User
from accounts.selectors import pupils_of_parent
from invitations.models import Invitation
from invitations.selectors.newcomers import is_same_human
from orgs.models import Guardianship, Person


def parents_emails(child: Person) -> frozenset[str]:
    """Return the e-mails of the child's parents as the roster knows them, in the form in which e-mails are stored."""
    found = Guardianship.objects.filter(child=child, until=None, parent__merged_into=None).exclude(parent__email="")
    return frozenset(email.strip().lower() for email in found.values_list("parent__email", flat=True))


def is_email_expected(invitation: Invitation, email: str) -> bool:
    """Tell whether `email` may confirm by this link: of a personal code, one of the child's parents when the roster
    knows any; else every e-mail."""
    if invitation.person is None:
        return True
    known = parents_emails(invitation.person)
    return not known or email in known


def account_of_child(child: Person, email: str) -> User | None:
    """Return the account that this child has already among those of a parent's `email`, here or elsewhere."""
    users = {user.pk: user for user in pupils_of_parent(email)}
    people = Person.objects.filter(user__in=users, merged_into=None).order_by("pk")
    same = [person for person in people if person.pk == child.pk or is_same_human(person, child)]
    return users[same[0].user_id or 0] if same else None
