"""What somebody who means harm would type, put into every field of text that the school's pages show."""

from __future__ import annotations

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import Value
from django.db.models.functions import Cast, Concat

from common.markup import to_html

APPS = (
    "accounts",
    "channels_app",
    "chats",
    "documents",
    "files",
    "invitations",
    "meetings",
    "movement",
    "orgs",
    "polls",
    "readings",
    "registration",
    "roster",
    "stats",
    "support",
    "works",
)
# The longest that fits is taken. «evil» is what the pages are searched for afterwards.
PAYLOADS = (
    "'\"></textarea></title></script><evil onclick=evil()><img src=x onerror=evil()><script>evil()</script>"
    "<a href=javascript:evil()>{{evil}}&lt;evil&gt;",
    "'\"></script><evil onclick=evil()>",
    "'\"><evil x='",
    '"><evil>',
)
# Written by machines, or with a shape of their own that the database checks; what they show is made of other fields.
MACHINE = {
    *("recipient", "template", "secret", "reference", "dedupe_key", "password", "phone", "parent_email", "email"),
    *("prefix", "key_hash", "session_key", "endpoint", "p256dh", "auth", "slug", "inn", "time_zone", "sort_key"),
    *("search_name", "search_text", "content_type", "sha256", "path", "content_hash", "kind", "error_code", "step"),
    *("model", "pair", "rrule", "number_key", "basis", "figure", "key", "group", "field", "encoding", "delimiter"),
    *("action", "rules_version", "letter", "html", "site", "diary_url", "link"),
}


def text_fields(model: type[models.Model]) -> list[models.Field]:
    """The fields of `model` that hold words of people."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
        and not (field.choices or field.unique or field.name in MACHINE)
    ]


def payload_for(field: models.Field, payloads: tuple[str, ...] = PAYLOADS) -> str:
    """The longest payload that fits with the row's number after it."""
    room = (field.max_length or 10_000) - 8
    return next((payload for payload in payloads if len(payload) <= room), "")


def poison(payloads: tuple[str, ...] = PAYLOADS) -> set[str]:
    """Write a payload and the row's number into every field of text, past the services; return the fields reached.

    Past the services on purpose: what they clean today may come in by another door tomorrow, and a page must stand it.
    What an append-only table or a constraint refuses is left as it is.
    """
    reached = set()
    for model in apps.get_models():
        if model._meta.app_label not in APPS:
            continue
        for field in text_fields(model):
            payload = payload_for(field, payloads)
            if payload and _write(model, field.name, payload):
                reached.add(f"{model._meta.label}.{field.name}")
        if "html" in {field.name for field in model._meta.concrete_fields}:
            model._default_manager.exclude(html="").update(html=to_html(payloads[0]))
    return reached


def _write(model: type[models.Model], name: str, payload: str) -> int:
    value = Concat(Value(payload), Cast("pk", models.CharField()), output_field=models.TextField())
    everything = model._default_manager.all()
    # Some fields are empty for a reason that a constraint knows.
    for rows in (everything, everything.exclude(**{name: ""})):
        try:
            with transaction.atomic():
                return rows.update(**{name: value})
        except DatabaseError:
            continue
    return 0
