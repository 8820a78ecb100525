"""The person's own name, e-mail and phone (ACC-2). A new address counts once a code sent to it was typed back."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import address_of
from common.errors import DomainError
from common.text import clean
from outbox.models import Channel
from outbox.services import queue


def set_display_name(user: User, name: str) -> None:
    """Say how the account is called before an organization knows the person."""
    User.objects.filter(pk=user.pk).update(display_name=clean(name)[:200])


@transaction.atomic
def set_email(user: User, email: str) -> None:
    """Let letters go to `email` (confirmed by a code, or empty); the person is told where codes go."""
    User.objects.filter(pk=user.pk).update(email=email)
    user.email = email
    channel, recipient = address_of(user)
    _tell(user, "accounts/email_changed", channel, recipient)


@transaction.atomic
def change_phone(user: User, phone: str) -> None:
    """Let the user sign in with `phone` (E.164, confirmed by a code) from now on; the old number is told, and free.

    Raises `DomainError("phone_taken")` also when somebody else takes the number at the same moment, `phone_same`,
    `by_parent` for a pupil who signs in by a parent's e-mail.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    if not row.phone:
        raise DomainError(
            "by_parent", _("You sign in by a parent's e-mail. Ask the administrator for a phone of your own.")
        )
    if row.phone == phone:
        raise DomainError("phone_same", _("This is your number already."))
    old = row.phone
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(phone=phone)
    except IntegrityError:  # the number is unique
        text = _("Somebody else signs in with this number. Check it, or ask the administrator whose it is.")
        raise DomainError("phone_taken", text, fields={"phone": text}) from None
    user.phone = phone
    _tell(user, "accounts/phone_changed", Channel.SMS, old)


def _tell(user: User, event: str, channel: Channel, recipient: str) -> None:
    context = {"event": event}
    queue(
        channel=channel, recipient=recipient, template="security_notice", context=context, reference=f"user:{user.pk}"
    )
