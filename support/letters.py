"""Words of letters and pushes about requests for help, made when they leave (SUP-1).

Pushes and letters to members say that something came, not what: the words are read where one is signed in. Who cannot
sign in gets the words.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orgs.telling import as_told
from outbox.rendering import Obsolete, Rendered
from support.models import OWED_HERE, HelpEntry, HelpRequest, State, Step


def help_came(context: dict[str, Any], secret: str) -> Rendered:
    """To administrators: somebody asks, or asks on. `context`: `request`, `revision`, `person`, `letter`."""
    with translation.override(settings.LANGUAGE_CODE):
        row = _request(context, OWED_HERE)
        values = {"number": row.pk, "name": row.asker_name, "topic": row.get_topic_display(), "day": _day(row)}
        subject = _("Request № %(number)s: %(topic)s") % values
        text = _("%(name)s asks for help. Please answer until %(day)s.") % values
        return _told(context, row, subject, text)


def help_due(context: dict[str, Any], secret: str) -> Rendered:
    """To administrators: the answer is due or late. `context`: `request`, `person`, `letter`."""
    with translation.override(settings.LANGUAGE_CODE):
        row = _request(context, OWED_HERE)
        values = {"number": row.pk, "name": row.asker_name, "topic": row.get_topic_display(), "day": _day(row)}
        if row.reminded == "after":
            subject = _("Request № %(number)s waits longer than it should") % values
        else:
            subject = _("Request № %(number)s: today is the last day for the answer") % values
        text = _("%(name)s, %(topic)s. The answer was promised until %(day)s.") % values
        return _told(context, row, subject, text)


def help_told(context: dict[str, Any], secret: str) -> Rendered:
    """To the asker: what came. `context`: `request`, `entry`, `person`, `letter`."""
    with translation.override(settings.LANGUAGE_CODE):
        entry = _entry(context)
        values = {"number": entry.request_id}
        texts = {
            Step.QUESTION: _("Your request № %(number)s has a question for you"),
            Step.PASSED_ON: _("Your request № %(number)s was passed on to the platform’s support"),
        }
        subject = texts.get(Step(entry.step), _("Your request № %(number)s is answered")) % values
        return _told(context, entry.request, subject, entry.request.get_topic_display())


def help_outside(context: dict[str, Any], secret: str) -> Rendered:
    """To who cannot get in: the answer itself. `context`: `request`, `entry`."""
    with translation.override(settings.LANGUAGE_CODE):
        entry = _entry(context)
        row, url = entry.request, settings.SITE_URL.rstrip("/") + reverse("support:cannot_sign_in")
        values = {"number": row.pk, "name": row.name}
        if entry.step == Step.PASSED_ON:
            words = _("Your letter was passed on to the platform’s support: the answer comes from there.")
        else:
            words = entry.text
        hello = _("Good day, %(name)s!") % values
        again = _("Nobody reads answers to this letter. If the question remains, write once more: %(url)s") % {
            "url": url
        }
        subject = _("Answer to your request № %(number)s") % values
        return Rendered(subject, f"{hello}\n\n{words}\n\n{again}\n")


def help_for_operator(context: dict[str, Any], secret: str) -> Rendered:
    """To the mailbox of the platform's support: a request waits. `context`: `request`."""
    with translation.override(settings.LANGUAGE_CODE):
        row = _request(context, [State.PASSED_ON])
        return _to_operator(row, _("Request № %(number)s waits for the platform’s support"))


def help_due_operator(context: dict[str, Any], secret: str) -> Rendered:
    """To the same: the answer is due or late. `context`: `request`."""
    with translation.override(settings.LANGUAGE_CODE):
        row = _request(context, [State.PASSED_ON])
        if row.reminded == "after":
            return _to_operator(row, _("Request № %(number)s waits longer than it should"))
        return _to_operator(row, _("Request № %(number)s: today is the last day for the answer"))


def _to_operator(row: HelpRequest, subject: str) -> Rendered:
    url = settings.SITE_URL.rstrip("/") + reverse("admin:support_helprequest_change", args=[row.pk])
    where = row.organization.short_name if row.organization is not None else row.school or _("no organization")
    return Rendered(subject % {"number": row.pk}, f"{row.get_topic_display()}, {where}\n\n{url}\n")


def _request(context: dict[str, Any], states: Any) -> HelpRequest:
    rows = HelpRequest.objects.select_related("organization", "person")
    row = rows.filter(pk=context["request"], state__in=states).first()
    if row is None:
        raise Obsolete(_("The request is answered meanwhile."))
    return row


def _entry(context: dict[str, Any]) -> HelpEntry:
    entries = HelpEntry.objects.select_related("request__organization", "request__person")
    entry = entries.filter(pk=context["entry"]).first()
    if entry is None:
        raise Obsolete(_("The request is not there any more."))
    return entry


def _day(row: HelpRequest) -> str:
    return date_format(row.due_on, "j E") if row.due_on is not None else "—"


def _told(context: dict[str, Any], row: HelpRequest, subject: str, text: str) -> Rendered:
    slug = row.organization.slug if row.organization is not None else ""
    path = reverse("support:request", args=[slug, row.pk])
    return as_told(context, subject=subject, text=text, path=path, tag=f"help-{row.pk}")
