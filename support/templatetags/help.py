"""The «?» of a page: the way to the chapter that explains it (SUP-2)."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.templatetags.ui import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def help(context: dict[str, Any], guide: str, anchor: str) -> SafeString:
    """A link to the chapter `anchor` of `guide`, in the actor's organization where there is one."""
    actor = context.get("actor")
    if actor is not None:
        address = reverse("support:guide", args=[actor.organization.slug, guide])
    else:
        address = reverse("support:guest_guide", args=[guide])
    label = _("How it works: the instruction")
    html = '<a class="btn btn-ghost help-link" href="{}#{}" aria-label="{}" title="{}">{}</a>'
    return format_html(html, address, anchor, label, label, icon("help"))
