"""Deleting the own account: asked for, called off, carried out after its delay (ACC-2).

What upper floors hold of the account they give back themselves: `accounts.account_closing` is published before the user
goes, in the same transaction, and a listener that refuses (the last administrator) keeps the account.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.holdings import places_held
from accounts.models import AccountDeletion, DataExport, PushDevice, User
from accounts.selectors import address_of
from accounts.services import end_other_sessions
from common.errors import DomainError
from common.events import publish
from outbox.models import Channel, Message
from outbox.services import queue

# Longer than any request lives: whoever was coming in while the account was closed has come in or was turned away.
SETTLES = timedelta(minutes=5)
# When the person has become somebody's last administrator meanwhile: asked again after a week.
TRY_AGAIN = timedelta(days=7)


@transaction.atomic
def ask_deletion(user: User) -> AccountDeletion:
    """Let the account be deleted in `ACCOUNT_DELETION_DAYS` days (ACC-2); the person is told where codes go.

    Raises `DomainError`: `last_administrator` (hand the duty over first), `operator`, `deletion_pending`.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if user.is_staff:
        raise DomainError("operator", _("An operator's account is closed by another operator."))
    for place in places_held(user.pk):
        if place.is_last_administrator:
            text = _("You are the only administrator of %(organization)s. Hand the duty over first.")
            raise DomainError("last_administrator", text % {"organization": place.organization})
    now = timezone.now()
    due_at = now + timedelta(days=settings.ACCOUNT_DELETION_DAYS)
    deletion, is_new = AccountDeletion.objects.get_or_create(user=user, defaults={"asked_at": now, "due_at": due_at})
    if not is_new:
        raise DomainError("deletion_pending", _("The deletion of this account has been asked for already."))
    _tell(user, "accounts/deletion_asked")
    return deletion


@transaction.atomic
def call_off_deletion(user: User) -> None:
    """Let the account stay (ACC-2). Raises `DomainError("deletion_over")` when nothing waits any more."""
    gone, _by_model = AccountDeletion.objects.filter(user=user, closed_at=None).delete()
    if not gone:
        raise DomainError("deletion_over", _("Nothing waits to be called off any more."))
    _tell(user, "accounts/deletion_called_off")


def _tell(user: User, event: str) -> None:
    channel, recipient = address_of(user)
    queue(
        channel=channel,
        recipient=recipient,
        template="security_notice",
        context={"event": event},
        reference=f"user:{user.pk}",
    )


def delete_due_accounts(now: datetime) -> int:
    """Close the accounts whose delay is over, and delete those closed a while ago; returns how many are gone.

    May run twice, and twice at once: each account is taken by one run.
    """
    for pk in list(AccountDeletion.objects.filter(closed_at=None, due_at__lte=now).values_list("pk", flat=True)[:500]):
        _close(pk, now)
    closed = AccountDeletion.objects.filter(closed_at__lte=now - SETTLES)
    return sum(_delete(pk, now) for pk in list(closed.values_list("pk", flat=True)[:500]))


@transaction.atomic
def _close(pk: int, now: datetime) -> None:
    row = AccountDeletion.objects.select_for_update(skip_locked=True).filter(pk=pk, closed_at=None).first()
    if row is None:
        return
    user = User.objects.select_for_update().get(pk=row.user_id)
    AccountDeletion.objects.filter(pk=pk).update(closed_at=now)
    User.objects.filter(pk=user.pk).update(is_active=False)
    end_other_sessions(user, None)


@transaction.atomic
def _delete(pk: int, now: datetime) -> int:
    row = AccountDeletion.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if row is None:
        return 0
    user = User.objects.select_for_update().get(pk=row.user_id)
    try:
        with transaction.atomic():
            publish("accounts.account_closing", user=user)
    except DomainError:
        # The last administrator of an organization by now: the account opens again, and the wish waits.
        User.objects.filter(pk=user.pk).update(is_active=True)
        AccountDeletion.objects.filter(pk=pk).update(closed_at=None, due_at=now + TRY_AGAIN)
        _tell(user, "accounts/deletion_put_off")
        return 0
    _forget(user)
    user.delete()
    return 1


def _forget(user: User) -> None:
    """What holds the person's addresses or bytes without hanging on the user's row."""
    end_other_sessions(user, None)
    devices = [str(pk) for pk in PushDevice.objects.filter(user=user).values_list("pk", flat=True)]
    theirs = Q(channel=Channel.PUSH, recipient__in=devices)
    if user.phone:
        theirs |= Q(recipient=user.phone)
    if user.email:
        theirs |= Q(recipient=user.email)
    # The e-mail of a parent may be that of brothers and sisters: their letters stay.
    if user.parent_email and not User.objects.filter(parent_email=user.parent_email).exclude(pk=user.pk).exists():
        theirs |= Q(recipient=user.parent_email)
    Message.objects.filter(theirs | Q(reference=f"user:{user.pk}")).delete()
    for export in DataExport.objects.filter(user=user).exclude(file=""):
        transaction.on_commit(lambda name=export.file.name: DataExport._meta.get_field("file").storage.delete(name))  # type: ignore[misc]
