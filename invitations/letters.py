"""Words of the letters about links and requests; made when they are sent, so no token waits in the database (INV-5,
INV-6, INV-11)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from invitations.addresses import code_of, code_page_url, join_url
from invitations.models import Invitation, JoinRequest, RequestState, State
from invitations.selectors.requests import waiting
from orgs.actor import actor_of
from orgs.models import Person
from orgs.telling import as_told
from orgs.vocabulary import vocabulary_of
from outbox.models import Channel
from outbox.rendering import Obsolete, Rendered

# Two SMS in Cyrillic: 67 characters in each part.
SMS_LENGTH = 134
MOST_LINES = 20


def invitation(context: dict[str, Any], secret: str) -> Rendered:
    """The letter or SMS with a link. `context`: `invitation`, `generation`, `channel` (for `sms` a short text).

    Raises `Obsolete` when the link was annulled, renewed, used up or has expired meanwhile.
    """
    with translation.override(settings.LANGUAGE_CODE):
        link = _working_link(context)
        if context.get("channel") == Channel.SMS:
            return Rendered("", _sms(link, _("Invitation. %(where)s: %(url)s until %(day)s")))
        return _link_letter(link, _("%(organization)s invites you"), "")


def invitation_reminder(context: dict[str, Any], secret: str) -> Rendered:
    """The same once more, before the link expires. Raises `Obsolete` like `invitation`."""
    with translation.override(settings.LANGUAGE_CODE):
        link = _working_link(context)
        if context.get("channel") == Channel.SMS:
            return Rendered("", _sms(link, _("Reminder. %(where)s: %(url)s until %(day)s")))
        days = (timezone.localdate(link.expires_at) - timezone.localdate()).days
        hurry = _("The link works for a few more days only.") if days else _("The link works today only.")
        return _link_letter(link, _("Reminder: %(organization)s invites you"), hurry)


def invitations_expired(context: dict[str, Any], secret: str) -> Rendered:
    """Tell the owner which links expired unclaimed. `context["invitations"]` holds their ids.

    Raises `Obsolete` when all of them were renewed, extended or annulled meanwhile.
    """
    expired = Invitation.objects.filter(pk__in=context["invitations"]).in_state(State.EXPIRED, timezone.now())
    links = list(expired.select_related("organization", "unit", "person", "student").order_by("id"))
    with translation.override(settings.LANGUAGE_CODE):
        if not links:
            raise Obsolete(_("These links work again or were annulled."))
        organization = links[0].organization
        address = settings.SITE_URL.rstrip("/") + reverse("invitations:list", args=[organization.slug])
        words = {
            "organization": organization,
            "lines": [_line(link) for link in links[:MOST_LINES]],
            "left_out": max(0, len(links) - MOST_LINES),
            "url": f"{address}?state={State.EXPIRED}",
        }
        return _rendered(_("Invitations have expired: %(count)s") % {"count": len(links)}, "expired", words)


def _working_link(context: dict[str, Any]) -> Invitation:
    links = Invitation.objects.select_related("organization", "unit", "person", "student")
    link = links.filter(pk=context["invitation"]).first()
    if link is None or link.generation != context["generation"]:
        raise Obsolete(_("The link was renewed meanwhile."))
    if link.state != State.ACTIVE:
        raise Obsolete(_("The link no longer works: %(state)s.") % {"state": link.state.label})
    return link


def _link_letter(link: Invitation, opening: str, hurry: str) -> Rendered:
    organization = link.organization
    subject = opening % {"organization": organization.short_name}
    words = {
        "link": link,
        "organization": organization,
        "role": vocabulary_of(organization).role(link.role),
        "child": link.student.polite_name if link.student else "",
        "url": join_url(link),
        "code": code_of(link),
        "code_page": code_page_url(),
        "until": _last_day(link),
        "hurry": hurry,
    }
    return _rendered(f"{subject}: {link.unit.name}", "invitation", words)


def _rendered(subject: str, template: str, words: dict[str, Any]) -> Rendered:
    subject = " ".join(subject.split())
    text = render_to_string(f"invitations/letters/{template}.txt", words).strip() + "\n"
    html = render_to_string(f"invitations/letters/{template}.html", {**words, "subject": subject})
    return Rendered(subject, text, html)


def _sms(link: Invitation, pattern: str) -> str:
    """Whatever is too long is the school's name: the address must stay whole."""
    where = f"{link.unit.name}, {link.organization.short_name}"
    day = date_format(link.expires_at.astimezone(link.organization.zone), "d.m")
    rest = pattern % {"where": "", "url": join_url(link), "day": day}
    room = max(12, SMS_LENGTH - len(rest))
    if len(where) > room:
        where = where[: room - 1].rstrip(" ,") + "…"
    return pattern % {"where": where, "url": join_url(link), "day": day}


def _line(link: Invitation) -> str:
    target = link.student or link.person
    values = {
        "unit": link.unit.name,
        "role": vocabulary_of(link.organization).role(link.role),
        "uses": link.uses,
        "most": link.max_uses,
    }
    if target is not None:
        return f"{target.full_name} · {values['unit']}"
    return _("%(unit)s, %(role)s: used %(uses)s of %(most)s") % values


def _last_day(link: Invitation) -> str:
    return date_format(link.expires_at.astimezone(link.organization.zone), "j E")


# --- Requests to join (INV-6) -----------------------------------------------------------------------------------------
def request_accepted(context: dict[str, Any], secret: str) -> Rendered:
    """«Вас приняли». `context`: `request`, `channel`. Raises `Obsolete` when the request is gone."""
    with translation.override(settings.LANGUAGE_CODE):
        request = _answered(context, RequestState.ACCEPTED)
        subject = _("%(organization)s has accepted your request") % {"organization": request.organization.short_name}
        path = reverse("orgs:home", args=[request.organization.slug])
        return _to_applicant(context, request, subject, _("You can come in now."), path)


def request_rejected(context: dict[str, Any], secret: str) -> Rendered:
    """The refusal with its reason; the request can be sent again. Raises `Obsolete` when it was sent again."""
    with translation.override(settings.LANGUAGE_CODE):
        request = _answered(context, RequestState.REJECTED)
        subject = _("%(organization)s has not accepted your request") % {
            "organization": request.organization.short_name
        }
        path = reverse("invitations:apply_status", args=[request.organization.slug])
        return _to_applicant(context, request, subject, _("Reason: %(reason)s") % {"reason": request.reason}, path)


def request_stale(context: dict[str, Any], secret: str) -> Rendered:
    """Nobody answered: the applicant may send again. Raises `Obsolete` when the request is gone."""
    with translation.override(settings.LANGUAGE_CODE):
        request = _answered(context, RequestState.STALE)
        subject = _("%(organization)s has not answered your request") % {
            "organization": request.organization.short_name
        }
        path = reverse("invitations:apply_status", args=[request.organization.slug])
        return _to_applicant(context, request, subject, _("You can send it again, or call."), path)


def requests_waiting(context: dict[str, Any], secret: str) -> Rendered:
    """People wait for an answer, told to those who decide. `context`: `organization`, `person`.

    Raises `Obsolete` when everything has been answered meanwhile.
    """
    with translation.override(settings.LANGUAGE_CODE):
        person = Person.objects.select_related("organization").filter(pk=context["person"], merged_into=None).first()
        found = waiting(actor_of(person)) if person is not None else None
        if person is None or found is None or not found.count:
            raise Obsolete(_("Every request has been answered."))
        organization = person.organization
        subject = _("Join requests wait for an answer: %(count)s") % {"count": found.count}
        text = _("%(organization)s: people ask to be let in. Please accept them or say why not.")
        path = reverse("invitations:requests", args=[organization.slug])
        values = {"organization": organization.short_name}
        return as_told(context, subject=subject, text=text % values, path=path, tag=f"requests-{organization.pk}")


def _answered(context: dict[str, Any], state: RequestState) -> JoinRequest:
    found = JoinRequest.objects.select_related("organization").filter(pk=context["request"], state=state).first()
    if found is None:
        raise Obsolete(_("The answer to this request has changed."))
    return found


def _to_applicant(context: dict[str, Any], request: JoinRequest, subject: str, text: str, path: str) -> Rendered:
    if context.get("channel") == Channel.SMS:
        return Rendered("", _fitting(subject, text, settings.SITE_URL.rstrip("/") + path))
    return as_told(context, subject=subject, text=text, path=path, tag=f"request-{request.pk}")


def _fitting(subject: str, text: str, url: str) -> str:
    """Whatever is too long for two SMS is the reason: it stands on the page as well."""
    whole = f"{subject}. {text}"
    room = max(30, SMS_LENGTH - len(url) - 1)
    return f"{whole if len(whole) <= room else whole[: room - 1].rstrip(' .,') + '…'} {url}"
