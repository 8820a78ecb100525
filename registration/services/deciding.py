"""What the platform's operator does with an application (REG-2, REG-3, REG-4)."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from common.text import clean_message
from orgs.services.organization import OrganizationData, create_organization
from orgs.services.people import PersonData
from outbox.models import Channel
from outbox.services import queue
from registration.models import Application, State
from registration.services.moving import move

TEXT_LENGTH = 2000
# What remarks may be about: every field of the form, and the order.
FIELDS = (
    "kind",
    "name",
    "short_name",
    "inn",
    "region",
    "municipality",
    "address",
    "time_zone",
    "site",
    "diary_url",
    "last_name",
    "first_name",
    "patronymic",
    "position",
    "email",
    "phone",
    "order",
)


def take_on_review(*, operator: User, application: Application, revision: int) -> Application:
    """Say that somebody looks at it (REG-2): the applicant sees it, other operators see who.

    Raises `DomainError("application_changed")`.
    """
    return move(application, State.ON_REVIEW, revision=revision, operator=operator, reviewer=operator)


@transaction.atomic
def approve(*, operator: User, application: Application, revision: int) -> Application:
    """Make the closed space; its administrator signs in with the phone of the application (REG-3, REG-4).

    Raises `DomainError("application_changed")` when another operator was quicker or the applicant changed something.
    """
    # Locked first: the space is made before the state may say so, and of two operators only one may make it.
    current = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if current.revision != revision or not current.may_become(State.APPROVED):
        raise DomainError(
            "application_changed",
            _("The application has changed meanwhile. Please look at it again before you decide."),
        )
    organization = create_organization(data=_organization_of(current), administrator=_administrator_of(current))
    moved = move(
        current, State.APPROVED, revision=revision, operator=operator, reviewer=operator, organization=organization
    )
    _tell(moved, "application_approved")
    return moved


def _organization_of(application: Application) -> OrganizationData:
    names = ("kind", "name", "short_name", "inn", "region", "municipality", "address", "time_zone", "site", "diary_url")
    return OrganizationData(**{name: getattr(application, name) for name in names})


def _administrator_of(application: Application) -> PersonData:
    names = ("last_name", "first_name", "patronymic", "phone", "email", "position")
    return PersonData(**{name: getattr(application, name) for name in names})


@transaction.atomic
def return_with_remarks(
    *, operator: User, application: Application, revision: int, text: str, fields: Sequence[str] = ()
) -> Application:
    """Give the application back to be corrected: what is wrong, and in which fields (REG-2).

    Raises `DomainError`: `text_empty`, `text_too_long`, `application_changed`.
    """
    remarks = clean_message(text, most=TEXT_LENGTH)
    marked = [name for name in FIELDS if name in fields]
    moved = move(
        application,
        State.RETURNED,
        revision=revision,
        operator=operator,
        text=remarks,
        fields=marked,
        reviewer=operator,
    )
    _tell(moved, "application_returned")
    return moved


@transaction.atomic
def reject(*, operator: User, application: Application, revision: int, text: str) -> Application:
    """Refuse the application with a reason (REG-2).

    Raises `DomainError`: `text_empty`, `text_too_long`, `application_changed`.
    """
    reason = clean_message(text, most=TEXT_LENGTH)
    moved = move(application, State.REJECTED, revision=revision, operator=operator, text=reason, reviewer=operator)
    _tell(moved, "application_rejected")
    return moved


def _tell(application: Application, template: str) -> None:
    queue(
        channel=Channel.EMAIL,
        recipient=application.email,
        template=template,
        context={"application": application.pk, "revision": application.revision},
        reference=f"application:{application.pk}",
    )
