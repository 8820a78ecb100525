"""What the tables of an organization hold, to be compared before and after."""

from typing import Any

from django.apps import apps

APPS = ("orgs", "invitations", "chats", "channels_app")
# What happened stays written.
KEPT = {"orgs.auditevent"}


def rows_of(*labels: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables of the apps `labels` (those above by default)."""
    found = {}
    for label in labels or APPS:
        for model in apps.get_app_config(label).get_models():
            if model._meta.label_lower not in KEPT:
                names = [field.attname for field in model._meta.concrete_fields]
                found[model._meta.label_lower] = sorted(model._default_manager.values_list(*names), key=repr)
    return found
