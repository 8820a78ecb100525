"""What the applicant does: sends, corrects and withdraws an application (REG-1, REG-2)."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from common.inn import read_inn
from common.text import clean, normalise
from outbox.models import Channel
from outbox.services import queue
from registration.models import Application, ApplicationEvent, OrderFile, State
from registration.regions import zone_of
from registration.services.moving import move
from registration.services.orders import remove_orders


@dataclass(frozen=True)
class ApplicationData:
    """The анкета (REG-1): `phone` in E.164; an empty `time_zone` is the region's."""

    kind: str
    name: str
    short_name: str
    inn: str
    region: str
    municipality: str
    address: str
    last_name: str
    first_name: str
    position: str
    email: str
    phone: str
    patronymic: str = ""
    time_zone: str = ""
    site: str = ""
    diary_url: str = ""


def submit(*, data: ApplicationData, order_id: int, attempt: UUID) -> Application:
    """Take in an application with its order and send its address to the applicant (REG-1, REG-2).

    The same `attempt` again (a double click) gives the application that it made. Raises `DomainError`: `inn_invalid`,
    `name_required`, `order_missing` when the order was tidied away or belongs to another application.
    """
    values = _values(data)
    try:
        with transaction.atomic():
            return _create(values, order_id, attempt)
    except (IntegrityError, DomainError) as refusal:
        # The first click may have come through while this one waited for the order.
        made = Application.objects.filter(attempt=attempt).first()
        if made is not None:
            return made
        raise refusal if isinstance(refusal, DomainError) else _no_order() from None


def _create(values: dict[str, str], order_id: int, attempt: UUID) -> Application:
    made = Application.objects.filter(attempt=attempt).first()
    if made is not None:
        return made
    order = _unused_order(order_id)
    application = Application.objects.create(
        **values, order=order, attempt=attempt, rules_version=settings.RULES_VERSION
    )
    ApplicationEvent.objects.create(application=application, state=State.SUBMITTED)
    _tell(application, "application_received")
    tell_operators(application)
    return application


def _values(data: ApplicationData) -> dict[str, str]:
    values = {name: clean(value) for name, value in asdict(data).items()}
    needed = ("name", "short_name", "region", "municipality", "address", "last_name", "first_name", "position")
    missing = {name: _("Please fill this in.") for name in (*needed, "email", "phone") if not values[name]}
    if missing:
        raise DomainError("name_required", _("Please check the form"), fields=missing, status=400)
    values["inn"] = read_inn(values["inn"])
    values["time_zone"] = values["time_zone"] or zone_of(values["region"])
    values["search_name"] = normalise(f"{values['short_name']} {values['name']}")[:600]
    return values


def _unused_order(order_id: int) -> OrderFile:
    # Locked, so that the tidying does not take it away meanwhile.
    order = OrderFile.objects.select_for_update(of=("self",)).filter(pk=order_id, application=None).first()
    if order is None:
        raise _no_order()
    return order


def _no_order() -> DomainError:
    message = _("The order is not here any more. Please attach it again.")
    return DomainError("order_missing", message, fields={"order": message}, status=400)


@transaction.atomic
@transaction.atomic
def correct(
    *, application: Application, revision: int, data: ApplicationData, order_id: int | None = None
) -> Application:
    """Send a returned application again, corrected (REG-2); with `order_id`, another order in place of the old one.

    Raises `DomainError` like `submit`, and `application_changed` when it is no longer returned.
    """
    values: dict[str, Any] = {**_values(data), "submitted_at": timezone.now()}
    old = application.order
    if order_id is not None:
        values["order"] = _unused_order(order_id)
    moved = move(application, State.SUBMITTED, revision=revision, **values)
    if order_id is not None:
        remove_orders([old])
    tell_operators(moved)
    return moved


def withdraw(*, application: Application, revision: int) -> Application:
    """Take an application back (REG-2). Raises `DomainError("application_changed")` when it is decided."""
    return move(application, State.WITHDRAWN, revision=revision)


def tell_operators(application: Application) -> None:
    """Write to the platform's operators, as far as they have an e-mail, that an application waits for them (REG-2)."""
    operators = User.objects.filter(is_active=True, is_staff=True, is_superuser=True).exclude(email="")
    for address in operators.order_by("email").values_list("email", flat=True).distinct():
        queue(
            channel=Channel.EMAIL,
            recipient=address,
            template="application_came",
            context={"application": application.pk, "revision": application.revision},
            # A corrected application comes anew: once for each of its revisions.
            dedupe_key=f"application-came:{application.pk}:{application.revision}:{address}"[:120],
            reference=f"application:{application.pk}",
        )


def _tell(application: Application, template: str) -> None:
    queue(
        channel=Channel.EMAIL,
        recipient=application.email,
        template=template,
        context={"application": application.pk},
        reference=f"application:{application.pk}",
    )
