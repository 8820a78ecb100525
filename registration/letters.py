"""Words of the letters of registration, made when they leave (REG-2, REG-5)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.phones import spoken_phone
from orgs.telling import as_told
from outbox.rendering import Obsolete, Rendered
from registration.models import Application, Deletion, State
from registration.selectors.applications import find_application, last_word
from registration.tokens import status_path


def application_received(context: dict[str, Any], secret: str) -> Rendered:
    """The address of the application's page, right after it was sent. `context`: `application`."""
    with translation.override(settings.LANGUAGE_CODE):
        application = _application(context)
        subject = _("Application № %(number)s is received: %(name)s")
        lines = [
            _("We have received your application and will look at it within a few working days."),
            _("Where it stands is always seen by this address; keep it and give it to nobody:"),
        ]
        return _letter(application, subject, lines, button=_("Open the application"))


def application_came(context: dict[str, Any], secret: str) -> Rendered:
    """To the platform's operators: an application waits. `context`: `application`, `revision`.

    Raises `Obsolete` when it was looked at or taken back meanwhile. Names of people stay inside the operator's tool.
    """
    with translation.override(settings.LANGUAGE_CODE):
        application = _in_state(context, State.SUBMITTED)
        subject = _("Application № %(number)s waits: %(name)s")
        values = {"name": application.short_name, "region": application.region}
        lines = [_("An organization asks to be registered: %(name)s, %(region)s.") % values]
        url = settings.SITE_URL.rstrip("/") + reverse("admin:registration_application_change", args=[application.pk])
        return _letter(application, subject, lines, button=_("Open the application"), url=url, name="")


def application_returned(context: dict[str, Any], secret: str) -> Rendered:
    """The remarks, and where to correct. `context`: `application`, `revision`.

    Raises `Obsolete` when it is corrected meanwhile.
    """
    with translation.override(settings.LANGUAGE_CODE):
        application = _in_state(context, State.RETURNED)
        subject = _("Please correct application № %(number)s: %(name)s")
        lines = [_("The application has come back with remarks:"), _words(application)]
        lines.append(_("Everything you typed is kept: correct what is asked for and send it again."))
        return _letter(application, subject, lines, button=_("Correct the application"))


def application_approved(context: dict[str, Any], secret: str) -> Rendered:
    """How the administrator signs in. `context`: `application`, `revision`."""
    with translation.override(settings.LANGUAGE_CODE):
        application = _in_state(context, State.APPROVED)
        subject = _("Application № %(number)s is approved: %(name)s")
        phone = {"phone": spoken_phone(application.phone)}
        lines = [
            _("The space of your organization is open, and nobody else can look into it."),
            _("Sign in with the very number of the application, %(phone)s: a code comes by SMS.") % phone,
            _("You are its administrator: enter the structure, the staff, invite parents and students."),
        ]
        url = settings.SITE_URL.rstrip("/") + reverse("account_login")
        return _letter(application, subject, lines, button=_("Sign in"), url=url)


def application_rejected(context: dict[str, Any], secret: str) -> Rendered:
    """The reason. `context`: `application`, `revision`."""
    with translation.override(settings.LANGUAGE_CODE):
        application = _in_state(context, State.REJECTED)
        subject = _("Application № %(number)s is rejected: %(name)s")
        lines = [_("The application is rejected. The reason:"), _words(application)]
        lines.append(_("If the reason no longer holds, send a new application."))
        return _letter(application, subject, lines, button=_("Open the application"))


def _application(context: dict[str, Any]) -> Application:
    application = find_application(context["application"])
    if application is None:
        raise Obsolete(_("The application is not there any more."))
    return application


def _in_state(context: dict[str, Any], state: str) -> Application:
    application = _application(context)
    if application.state != state or application.revision != context["revision"]:
        raise Obsolete(_("The application has changed meanwhile."))
    return application


def _words(application: Application) -> str:
    event = last_word(application)
    return event.text if event is not None else ""


def _letter(
    application: Application, subject: str, lines: list[str], *, button: str, url: str = "", name: str | None = None
) -> Rendered:
    subject = " ".join((subject % {"number": application.pk, "name": application.short_name}).split())
    words = {
        "subject": subject,
        "name": " ".join(filter(None, (application.first_name, application.patronymic))) if name is None else name,
        "lines": lines,
        "button": button,
        "url": url or settings.SITE_URL.rstrip("/") + status_path(application.pk),
    }
    text = render_to_string("registration/letters/letter.txt", words).strip() + "\n"
    return Rendered(subject, text, render_to_string("registration/letters/letter.html", words))


# --- Deletion ---------------------------------------------------------------------------------------------------------
def deletion_planned(context: dict[str, Any], secret: str) -> Rendered:
    """When the organization will be deleted, and how to stop it. `context`: `deletion`, `person`, `letter`.

    Raises `Obsolete` when it is cancelled meanwhile.
    """
    with translation.override(settings.LANGUAGE_CODE):
        deletion = _deletion(context)
        organization = deletion.organization
        if organization is None or not deletion.is_pending:
            raise Obsolete(_("The deletion is cancelled or carried out."))
        day = date_format(timezone.localtime(deletion.due_at, organization.zone), "j E Y")
        values = {"name": deletion.short_name, "day": day, "who": deletion.requested_name}
        subject = _("%(name)s will be deleted on %(day)s") % values
        text = _(
            "%(who)s has asked to delete the organization from the platform. On %(day)s all people, chats, documents "
            "and files will be removed for good. Until then any administrator may cancel it."
        )
        path = reverse("registration:delete", args=[deletion.slug])
        return as_told(context, subject=subject, text=text % values, path=path, tag=f"deletion-{deletion.pk}")


def deletion_cancelled(context: dict[str, Any], secret: str) -> Rendered:
    """The organization stays. `context`: `deletion`, `person`, `letter`. Raises `Obsolete` when it is gone."""
    with translation.override(settings.LANGUAGE_CODE):
        deletion = _deletion(context)
        if deletion.organization is None:
            raise Obsolete(_("The deletion is cancelled or carried out."))
        values = {"name": deletion.short_name, "who": deletion.cancelled_name}
        subject = _("%(name)s stays on the platform") % values
        text = _("%(who)s has cancelled the deletion. Nothing was removed.") % values
        path = reverse("orgs:home", args=[deletion.slug])
        return as_told(context, subject=subject, text=text, path=path, tag=f"deletion-{deletion.pk}")


def _deletion(context: dict[str, Any]) -> Deletion:
    deletion = Deletion.objects.select_related("organization").filter(pk=context["deletion"]).first()
    if deletion is None:
        raise Obsolete(_("The deletion is cancelled or carried out."))
    return deletion
