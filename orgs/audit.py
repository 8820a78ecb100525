"""Writing the journal (ORG-12): ids and names as values, in the transaction of the deed."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.actor import Actor
from orgs.models import AuditEvent, Organization, Person, Unit
from orgs.vocabulary import Vocabulary

RIGHT_NAMES = {
    "invite_into_unit": _("Invite into the unit"),
    "moderate_chats": _("Moderate the chats of the unit"),
    "view_statistics": _("See the statistics"),
    # Given and taken back where the channel is run.
    "publish_in_channel": _("Publish in the channel"),
}


class Action(models.TextChoices):
    """What can happen, with the sentence people read; names in it are values of the event."""

    ORGANIZATION_CREATED = "organization.created", _("the organization was created")
    ORGANIZATION_CHANGED = "organization.changed", _("changed the organization's details: %(fields)s")
    YEAR_BEGUN = (
        "organization.year_begun",
        _("passed to the school year %(year)s: units — %(units)s, people — %(people)s"),
    )
    YEAR_UNDONE = "organization.year_undone", _("undid the passing to the school year %(year)s")
    LOGO_CHANGED = "organization.logo_changed", _("changed the logo")
    DELETION_PLANNED = "organization.deletion_planned", _("asked to delete the organization on %(day)s")
    DELETION_CANCELLED = "organization.deletion_cancelled", _("cancelled the deletion of the organization")
    UNIT_CREATED = "unit.created", _("created %(unit)s")
    UNIT_CHANGED = "unit.changed", _("changed %(unit)s: %(fields)s")
    UNIT_ARCHIVED = "unit.archived", _("archived %(unit)s")
    UNIT_RESTORED = "unit.restored", _("restored %(unit)s")
    PERSON_ADDED = "person.added", _("added %(person)s to the roster")
    PERSON_CHANGED = "person.changed", _("changed the data of %(person)s: %(fields)s")
    PERSON_JOINED = "person.joined", _("%(person)s joined by an invitation")
    PUPIL_JOINED = "person.pupil_joined", _("%(person)s joined with the parent’s e-mail %(email)s")
    PUPIL_JOINED_BY_UNKNOWN_EMAIL = (
        "person.pupil_joined_by_unknown_email",
        _("%(person)s joined with the parent’s e-mail %(email)s, which the roster does not know"),
    )
    PARENT_EMAIL_CHANGED = "person.parent_email_changed", _("codes of %(person)s now go to the e-mail %(email)s")
    PHONE_GIVEN = "person.phone_given", _("%(person)s now signs in with the own phone %(phone)s")
    PERSON_RECOGNISED = "person.recognised", _("%(person)s was recognised as %(other)s of the roster")
    PERSON_MERGED = "person.merged", _("merged %(other)s into %(person)s: one and the same person")
    PERSON_UNMERGED = "person.unmerged", _("undid the merging: %(other)s and %(person)s are two people again")
    ACCOUNT_DELETED = "account.deleted", _("the account of %(person)s was deleted; the record of the roster stays")
    ACCOUNT_SEVERED = "account.severed", _("took the account off %(person)s; the record of the roster stays")
    ACCOUNT_HACKED = "account.hacked", _("the account of %(person)s was reported as broken into: signed out everywhere")
    ROLE_GRANTED = "person.role_granted", _("gave %(person)s the role «%(role)s»")
    ROLE_ENDED = "person.role_ended", _("took the role «%(role)s» from %(person)s")
    ENROLLED = "person.enrolled", _("enrolled %(person)s: %(unit)s, %(part)s")
    ENROLMENT_ENDED = "person.enrolment_ended", _("ended for %(person)s: %(unit)s, %(part)s")
    ENROLMENT_REOPENED = "person.enrolment_reopened", _("the leaving was undone: %(person)s — %(unit)s, %(part)s")
    PASSED_ON = "person.passed_on", _("passed to the next school year: %(person)s — %(unit)s, %(part)s")
    PASSED_ON_CONDITIONALLY = (
        "person.passed_on_conditionally",
        _("passed to the next school year conditionally: %(person)s — %(unit)s"),
    )
    HELD_BACK = "person.held_back", _("stays for a second year: %(person)s — %(unit)s")
    GRADUATED = "person.graduated", _("graduated: %(person)s — %(unit)s")
    LEFT_WITH_THE_YEAR = "person.left_with_the_year", _("left at the end of the school year: %(person)s — %(unit)s")
    DEBTS_SETTLED = "person.debts_settled", _("the conditional transfer is settled: %(person)s — %(unit)s")
    TRANSFERRED = "person.transferred", _("transferred %(person)s from %(from)s to %(unit)s, %(part)s")
    LEFT = "person.left", _("%(person)s left: %(units)s")
    RETURNED = "person.returned", _("%(person)s came back: %(units)s")
    MOVEMENT_UNDONE = "movement.undone", _("undid the movement: %(movement)s")
    PARENT_TIED = "person.parent_tied", _("tied %(person)s to the child %(other)s")
    PARENT_UNTIED = "person.parent_untied", _("untied %(person)s from the child %(other)s")
    RIGHT_GRANTED = "right.granted", _("gave %(person)s the right «%(right)s»")
    RIGHT_REVOKED = "right.revoked", _("took the right «%(right)s» from %(person)s")
    STATISTICS_OF_ADMINISTRATORS = "right.statistics_by_role", _("administrators see the statistics by their role")
    NO_STATISTICS_OF_ADMINISTRATORS = (
        "right.no_statistics_by_role",
        _("administrators see the statistics only by a granted right"),
    )
    CURATOR_APPOINTED = (
        "right.curator_appointed",
        _("opened aggregate figures to the curator %(curator)s, %(authority)s"),
    )
    CURATOR_ENDED = "right.curator_ended", _("closed aggregate figures to the curator %(curator)s, %(authority)s")
    NOTICE_SENT = "notice.sent", _("reported a movement № %(number)s: %(movement)s")
    NOTICE_DONE = "notice.done", _("carried out the notice № %(number)s: %(movement)s")
    NOTICE_RETURNED = "notice.returned", _("returned the notice № %(number)s: %(reason)s")
    NOTICE_WITHDRAWN = "notice.withdrawn", _("withdrew the notice № %(number)s")
    CONSENT_RECORDED = "consent.recorded", _("recorded for the child %(person)s: %(decision)s")
    CONSENTS_RECORDED = "consent.recorded_many", _("recorded consents, %(unit)s: %(count)s")
    CONSENT_GIVEN = "consent.given", _("decided about the child %(person)s: %(decision)s")
    CONSENT_WITHDRAWN = "consent.withdrawn", _("took back the record about the child %(person)s")
    HANDOVER_OFFERED = "handover.offered", _("offered %(person)s the administrator's duty")
    HANDOVER_ACCEPTED = "handover.accepted", _("%(person)s accepted the administrator's duty")
    HANDOVER_DECLINED = "handover.declined", _("%(person)s declined the administrator's duty")
    HANDOVER_WITHDRAWN = "handover.withdrawn", _("withdrew the offer of the administrator's duty to %(person)s")
    INVITATION_CREATED = "invitation.created", _("created the link № %(number)s: %(unit)s, %(role)s")
    INVITATION_RENEWED = "invitation.renewed", _("renewed the link № %(number)s; the old one no longer works")
    INVITATION_EXTENDED = "invitation.extended", _("extended the link № %(number)s")
    INVITATION_REVOKED = "invitation.revoked", _("annulled the link № %(number)s")
    INVITATIONS_REVOKED = "invitation.revoked_many", _("annulled unclaimed links: %(count)s")
    INVITATIONS_SENT = "invitation.sent", _("sent invitations: %(count)s")
    INVITATION_EXPIRED = "invitation.expired", _("the link № %(number)s expired")
    INVITATION_TAKEN_OVER = "invitation.taken_over", _("took over links: %(count)s")
    REQUEST_SENT = "request.sent", _("%(name)s asked to be let in: %(role)s")
    REQUEST_WITHDRAWN = "request.withdrawn", _("%(name)s took the request back: %(role)s")
    REQUEST_ACCEPTED = "request.accepted", _("accepted the request of %(name)s: %(role)s")
    REQUEST_REJECTED = "request.rejected", _("rejected the request of %(name)s: %(role)s. Reason: %(reason)s")
    REQUEST_STALE = "request.stale", _("nobody answered the request of %(name)s: %(role)s")
    JOIN_RULES_CHANGED = "request.rules_changed", _("changed the rules of joining: %(fields)s")
    CONFIRMATION_WITHDRAWN = (
        "person.confirmation_withdrawn",
        _("withdrew the confirmation of %(person)s as a member of staff: %(reason)s"),
    )
    CONFIRMATION_GIVEN_AGAIN = (
        "person.confirmation_given_again",
        _("confirmed %(person)s as a member of staff again"),
    )
    CHATS_SETTINGS_CHANGED = "chat.settings_changed", _("changed the rules of the chats: %(rules)s")
    CHAT_CREATED = "chat.created", _("created the chat «%(chat)s»")
    CHAT_CHANGED = "chat.changed", _("changed the chat «%(chat)s»: %(rules)s")
    CHAT_ARCHIVED = "chat.archived", _("archived the chat «%(chat)s»")
    CHAT_RESTORED = "chat.restored", _("restored the chat «%(chat)s»")
    CHAT_MEMBER_ADDED = "chat.member_added", _("added %(person)s to the chat «%(chat)s»")
    CHAT_MEMBER_REMOVED = "chat.member_removed", _("removed %(person)s from the chat «%(chat)s»")
    CHAT_MODERATOR_SET = "chat.moderator_set", _("made %(person)s a moderator of the chat «%(chat)s»")
    CHAT_MODERATOR_UNSET = "chat.moderator_unset", _("%(person)s is no longer a moderator of the chat «%(chat)s»")
    CHAT_OWNER_CHANGED = "chat.owner_changed", _("%(person)s now answers for the chat «%(chat)s»")
    CHAT_LINK_CREATED = "chat.link_created", _("created a link into the chat «%(chat)s»")
    CHAT_LINK_REVOKED = "chat.link_revoked", _("annulled the link into the chat «%(chat)s»")
    MESSAGE_REMOVED = "chat.message_removed", _("removed a message of %(person)s in the chat «%(chat)s»: %(reason)s")
    MESSAGE_REPORTED = "chat.message_reported", _("reported a message in the chat «%(chat)s»: %(reason)s")
    REPORT_DISMISSED = (
        "chat.report_dismissed",
        _("left the reported message in the chat «%(chat)s» in place: %(reason)s"),
    )
    PERSON_WARNED = "chat.person_warned", _("warned %(person)s in the chat «%(chat)s»: %(reason)s")
    PERSON_MUTED = "chat.person_muted", _("muted %(person)s in the chat «%(chat)s» until %(until)s: %(reason)s")
    PERSON_UNMUTED = "chat.person_unmuted", _("let %(person)s write in the chat «%(chat)s» again")
    CHAT_INSPECTED = "chat.inspected", _("looked into the chat «%(chat)s»: %(reason)s")
    CHANNEL_CREATED = "channel.created", _("created the channel «%(channel)s»")
    CHANNEL_CHANGED = "channel.changed", _("changed the channel «%(channel)s»: %(rules)s")
    CHANNEL_ARCHIVED = "channel.archived", _("archived the channel «%(channel)s»")
    CHANNEL_RESTORED = "channel.restored", _("restored the channel «%(channel)s»")
    CHANNEL_OPENED = "channel.opened", _("opened the channel «%(channel)s» to everybody")
    CHANNEL_CLOSED = "channel.closed", _("closed the channel «%(channel)s» to strangers")
    CHANNELS_OF_UNITS = "channel.of_units", _("gave each unit a channel of its own")
    NO_CHANNELS_OF_UNITS = "channel.not_of_units", _("units have no channels of their own from now on")
    EDITOR_SET = "channel.editor_set", _("let %(person)s publish in the channel «%(channel)s»")
    EDITOR_UNSET = "channel.editor_unset", _("%(person)s no longer publishes in the channel «%(channel)s»")
    POST_PUBLISHED = "channel.post_published", _("published in the channel «%(channel)s»: %(post)s")
    POST_EDITED = "channel.post_edited", _("changed a post of the channel «%(channel)s»: %(post)s")
    POST_REMOVED = "channel.post_removed", _("removed a post of the channel «%(channel)s»: %(post)s")
    POST_RESTORED = "channel.post_restored", _("brought back a post of the channel «%(channel)s»: %(post)s")
    COMMENT_REMOVED = "channel.comment_removed", _("removed a comment of %(person)s in the channel «%(channel)s»")
    PROPOSAL_RETURNED = "channel.proposal_returned", _("returned a proposed post to %(person)s: %(reason)s")
    HELP_ASKED = "help.asked", _("asked for help, request № %(number)s")
    HELP_TAKEN = "help.taken", _("took the request for help № %(number)s into work")
    HELP_ANSWERED = "help.answered", _("answered the request for help № %(number)s")
    HELP_ANSWERED_BY_OPERATOR = (
        "help.answered_by_operator",
        _("the platform’s support answered the request for help № %(number)s"),
    )
    HELP_PASSED_ON = "help.passed_on", _("passed the request for help № %(number)s on to the platform’s support")
    HELP_GIVEN_BACK = "help.given_back", _("the platform’s support gave the request for help № %(number)s back")
    HELP_CLOSED = "help.closed", _("closed the request for help № %(number)s")
    HELP_RULES_CHANGED = "help.rules_changed", _("requests for help are answered within working days: %(count)s")
    READING_OPENED = "reading.opened", _("gave out for reading: «%(reading)s», version %(version)s")
    READING_CLOSED = "reading.closed", _("took back what had to be read: «%(reading)s»")
    READING_CHANGED = "reading.changed", _("changed the deadline of «%(reading)s»: %(day)s")
    READING_PEOPLE_CHANGED = "reading.people_changed", _("changed who has to read «%(reading)s»")
    READING_REMINDED = "reading.reminded", _("reminded of «%(reading)s»: %(count)s")
    READING_ON_PAPER = "reading.on_paper", _("noted that %(person)s signed on paper: «%(reading)s»")
    READING_NOT_ON_PAPER = "reading.not_on_paper", _("took back the note about %(person)s: «%(reading)s»")
    DOCUMENT_PUBLISHED = "document.published", _("published %(document)s, version %(version)s")
    DOCUMENT_CHANGED = "document.changed", _("changed %(document)s: %(changes)s")
    DOCUMENT_ANNULLED = "document.annulled", _("annulled %(document)s: %(reason)s")
    DOCUMENT_REMOVED = "document.removed", _("removed the draft of %(document)s")
    EVENT_CREATED = "event.created", _("planned «%(event)s», %(day)s")
    EVENT_CHANGED = "event.changed", _("changed «%(event)s», %(day)s")
    EVENT_CANCELLED = "event.cancelled", _("cancelled «%(event)s», %(day)s: %(reason)s")
    EVENT_ATTENDANCE = "event.attendance", _("marked who came to «%(event)s», %(day)s: %(count)s")
    STATISTICS_REMINDED = "statistics.reminded", _("reminded those missing in «%(figure)s»: %(count)s")
    STATISTICS_RULES_CHANGED = "statistics.rules_changed", _("changed the settings of the statistics: %(rules)s")
    NORM_SET = "statistics.norm_set", _("set the norm «%(figure)s»: at least %(percent)s per cent")
    NORM_SWITCHED_OFF = "statistics.norm_switched_off", _("switched off the norm «%(figure)s»")
    ROSTER_BROUGHT_IN = (
        "roster.brought_in",
        _("loaded the file «%(file)s» into the roster: new — %(new)s, changed — %(changed)s, left — %(left)s"),
    )
    ROSTER_UNDONE = "roster.undone", _("undid the loading of the file «%(file)s»")
    ROSTER_EXPORTED = "roster.exported", _("exported the roster: %(table)s")


@dataclass(frozen=True)
class Order:
    """The order (приказ) by which something was done."""

    number: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Deed:
    """One event before it is written."""

    action: Action
    person: Person | None = None
    unit: Unit | None = None
    order: Order = field(default_factory=Order)
    details: dict[str, Any] = field(default_factory=dict)


def record(organization: Organization, actor: Actor | Person | None, deeds: list[Deed]) -> None:
    """Write `deeds` of `actor` (None: the platform itself) into the journal in one statement."""
    person = actor.person if isinstance(actor, Actor) else actor
    AuditEvent.objects.bulk_create(event_of(organization, person, deed) for deed in deeds)


def event_of(organization: Organization, actor: Person | None, deed: Deed) -> AuditEvent:
    """Return the unsaved event of `deed`: names are copied, so that later changes cannot touch them."""
    return AuditEvent(
        organization_id=organization.pk,
        actor_id=actor.pk if actor else None,
        actor_name=actor.full_name if actor else "",
        action=deed.action,
        person_id=deed.person.pk if deed.person else None,
        person_name=deed.person.full_name if deed.person else "",
        unit_id=deed.unit.pk if deed.unit else None,
        unit_name=deed.unit.name if deed.unit else "",
        order_number=deed.order.number,
        order_date=deed.order.day,
        details=deed.details,
    )


def sentence_of(event: AuditEvent, words: Vocabulary) -> str:
    """Return what happened as a sentence in the reader's language and the organization's words.

    An action this version does not know is shown by its name: nothing of the journal is ever hidden.
    """
    if event.action not in Action.values:
        return event.action
    values = {name: _shown(name, value, words) for name, value in event.details.items()}
    try:
        return str(Action(event.action).label) % {**values, "person": event.person_name, "unit": event.unit_name}
    except KeyError:
        return event.action


def title_of(action: Action) -> str:
    """Return the sentence of an action for a list of all actions: «…» for what it names, left out at the end."""
    return _DOTS_AT_THE_END.sub("", str(action.label) % _Dots())


_DOTS_AT_THE_END = re.compile(r"[\s…«»:;,—()№]+$")


class _Dots(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def _shown(name: str, value: Any, words: Vocabulary) -> Any:
    if name == "role":
        return words.role(value)
    if name == "part":
        return words.part(value)
    if name == "right":
        return RIGHT_NAMES.get(value, value)
    if name == "fields":
        return ", ".join(_field_name(field_name) for field_name in value)
    return value


def _field_name(name: str) -> str:
    for model in (Person, Unit, Organization):
        if name in {model_field.name for model_field in model._meta.get_fields()}:
            return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return name
