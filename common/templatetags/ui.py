"""Small helpers of the templates: icons, addresses with filters, dates as people say them."""

import datetime as dt
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """An icon of the sprite `static/icons.svg`; decorative, so hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css_class,
        static("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def query(context: template.RequestContext, **changes: Any) -> str:
    """The page's query string with `changes`; an empty value removes a parameter. Starts with «?»."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.filter
def spoken_date(value: dt.date | dt.datetime | None) -> str:
    """A date as people say it, in the active time zone: «сегодня в 10:05», «15 сентября», «3 мая 2025 г.»."""
    if value is None:
        return ""
    is_moment = isinstance(value, dt.datetime)
    local = timezone.localtime(value) if is_moment else value
    day = local.date() if isinstance(local, dt.datetime) else local
    clock = local.strftime("%H:%M") if isinstance(local, dt.datetime) else ""
    words = _near_day((day - timezone.localdate()).days)
    if words is None:
        pattern = "j E" if day.year == timezone.localdate().year else "j E Y"
        words = date_format(day, pattern)
    return _("%(day)s at %(time)s") % {"day": words, "time": clock} if is_moment else words


def _near_day(difference: int) -> str | None:
    return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get(difference)
