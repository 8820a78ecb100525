"""Words of the letters about movement; made when they are sent."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from movement.models import Notice, NoticeState
from movement.selectors.notices import with_people
from movement.services.describing import sentence_of_notice
from orgs.telling import as_told
from outbox.rendering import Obsolete, Rendered


def notice_sent(context: dict[str, Any], secret: str) -> Rendered:
    """Tell an administrator that a notice waits (ORG-6). `context`: `notice`. Raises `Obsolete` when it was decided."""
    notice = _notice(context)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(notice.organization.zone):
        if notice.state != NoticeState.SENT:
            raise Obsolete(_("The notice does not wait any more."))
        reporter = notice.reported_by.full_name if notice.reported_by else ""
        text = f"{sentence_of_notice(notice)}\n{reporter}\n{notice.remark}".strip()
        return _told(context, notice, _("A notice of movement waits"), text)


def notice_decided(context: dict[str, Any], secret: str) -> Rendered:
    """Tell whoever reported it what became of a notice. Raises `Obsolete` when it waits again or was withdrawn."""
    notice = _notice(context)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(notice.organization.zone):
        if notice.state not in (NoticeState.DONE, NoticeState.RETURNED):
            raise Obsolete(_("The notice does not wait any more."))
        returned = notice.state == NoticeState.RETURNED
        subject = _("Your notice was returned") if returned else _("Your notice was carried out")
        return _told(context, notice, subject, f"{sentence_of_notice(notice)}\n{notice.answer}".strip())


def _notice(context: dict[str, Any]) -> Notice:
    notice = with_people(Notice.objects.filter(pk=context["notice"])).first()
    if notice is None:
        raise Obsolete(_("The notice does not wait any more."))
    return notice


def _told(context: dict[str, Any], notice: Notice, subject: str, text: str) -> Rendered:
    path = reverse("movement:notice", args=[notice.organization.slug, notice.pk])
    return as_told(context, subject=subject, text=text, path=path, tag=f"notice-{notice.pk}")
