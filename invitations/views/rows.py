"""How a link is shown in lists, on cards, on its own page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invitations.addresses import code_of, join_url
from invitations.models import Invitation, State
from invitations.services.sending import reference_of
from orgs.actor import Actor
from orgs.models import Person
from outbox.models import Status
from outbox.selectors import Delivery, delivery_of

TONES = {
    State.ACTIVE: ("good", "circle-check"),
    State.USED_UP: ("info", "users"),
    State.EXPIRED: ("warn", "hourglass"),
    State.REVOKED: ("bad", "ban"),
}
_TEMPLATES = ("invitation", "invitation_reminder")


@dataclass(frozen=True)
class Row:
    """One link as a line of the list or a card."""

    link: Invitation
    state: State
    role: str
    lifetime: str
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def tone(self) -> str:
        return TONES[self.state][0]

    @property
    def icon(self) -> str:
        return TONES[self.state][1]

    @property
    def is_active(self) -> bool:
        return self.state == State.ACTIVE

    @property
    def target(self) -> Person | None:
        """Whom a personal code or a family link is for."""
        return self.link.student or self.link.person

    @property
    def title(self) -> str:
        return f"{self.link.unit.name} · {self.role}"

    @property
    def uses(self) -> str:
        return _("%(uses)s of %(most)s") % {"uses": self.link.uses, "most": self.link.max_uses}

    @property
    def url(self) -> str:
        return join_url(self.link)

    @property
    def code(self) -> str:
        return code_of(self.link)

    @property
    def delivery(self) -> str:
        """How many messages went out with this link: «отправлено: 28, не доставлено: 1»."""
        sent = sum(1 for one in self.deliveries if one.status in (Status.SENT, Status.KEPT))
        waiting = sum(1 for one in self.deliveries if one.status == Status.QUEUED)
        words = [
            (sent, _("sent: %(count)s")),
            (waiting, _("on their way: %(count)s")),
            (self.failed, _("not delivered: %(count)s")),
        ]
        return ", ".join(text % {"count": count} for count, text in words if count)

    @property
    def failed(self) -> int:
        return sum(1 for one in self.deliveries if one.status == Status.FAILED)


def rows_of(actor: Actor, links: Sequence[Invitation]) -> list[Row]:
    """Return the lines for `links` (with their list columns loaded); one query for the delivery of all of them."""
    sent = delivery_of(reference_of(link) for link in links)
    now = timezone.now()
    return [
        Row(
            link=link,
            state=link.state_at(now),
            role=str(actor.words.role(link.role)),
            lifetime=lifetime_of(link),
            deliveries=_of_the_link(sent[reference_of(link)]),
        )
        for link in links
    ]


def _of_the_link(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Without the letters to the owner, which bear the same reference."""
    return [delivery for delivery in deliveries if delivery.template in _TEMPLATES]


def lifetime_of(link: Invitation) -> str:
    """Say how long the link lives, in the active time zone: «до 5 декабря, ещё 13 дней», «истекла 3 ноября»."""
    if link.revoked_at is not None:
        return _("annulled on %(day)s") % {"day": _day(link.revoked_at)}
    left = (timezone.localdate(link.expires_at) - timezone.localdate()).days
    values = {"day": _day(link.expires_at), "count": left}
    if link.expires_at <= timezone.now():
        return _("expired on %(day)s") % values
    if left == 0:
        return _("until tonight")
    return ngettext("until %(day)s, %(count)s more day", "until %(day)s, %(count)s more days", left) % values


def _day(moment: object) -> str:
    local = timezone.localtime(moment)  # type: ignore[arg-type]
    return date_format(local, "j E" if local.year == timezone.localdate().year else "j E Y")
