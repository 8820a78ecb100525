"""Writes of invitations; the names that `settings.DOMAIN_LISTENERS` and the tasks call."""

from invitations.services.lifecycle import (
    annul_beyond_rights,
    annul_of_unit,
    extend,
    note_opening,
    record_expired,
    renew,
    revoke,
    revoke_unclaimed,
    take_over,
)
from invitations.services.making import (
    create_family_link,
    create_links,
    create_staff_codes,
    ensure_codes,
)
from invitations.services.redemption import JoinAnswers, Joined, come_in, redeem
from invitations.services.sending import Recipient, remind_before_expiry, send_codes, send_link
from invitations.services.terms import LinkTerms

__all__ = [
    "JoinAnswers",
    "Joined",
    "LinkTerms",
    "Recipient",
    "annul_beyond_rights",
    "annul_of_unit",
    "come_in",
    "create_family_link",
    "create_links",
    "create_staff_codes",
    "ensure_codes",
    "extend",
    "note_opening",
    "record_expired",
    "redeem",
    "remind_before_expiry",
    "renew",
    "revoke",
    "revoke_unclaimed",
    "send_codes",
    "send_link",
    "take_over",
]
