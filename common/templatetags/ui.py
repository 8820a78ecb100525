"""Small helpers of the templates: icons, addresses with filters, dates as people say them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput
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
    return _icon(name, css_class, static("icons.svg"))


# A list of thirty people holds three hundred icons.
@lru_cache(maxsize=1024)
def _icon(name: str, css_class: str, sprite: str) -> SafeString:
    shape = '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    return format_html(shape, css_class, sprite, name)


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """Round initials in a colour of the name's own; decorative (the name stands beside). `size`: «sm», «lg» or none."""
    kind = f" avatar-{size}" if size else ""
    shape = '<span class="avatar{} tone-{}" aria-hidden="true">{}</span>'
    return format_html(shape, kind, tone(name), initials(name))


@register.simple_tag
def state(text: str, tone: str = "", icon_name: str = "") -> SafeString:
    """A state in words, colour and icon (never colour alone). `tone`: «good», «warn», «bad», «info», «accent»."""
    kind = f" state-{tone}" if tone else ""
    return format_html('<span class="state{}">{}{}</span>', kind, icon(icon_name) if icon_name else "", text)


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
    if not isinstance(value, dt.datetime):
        return _spoken_day(value)
    local = timezone.localtime(value)
    return _("%(day)s at %(time)s") % {"day": _spoken_day(local.date()), "time": local.strftime("%H:%M")}


@register.filter
def calendar_day(value: dt.date | dt.datetime | None) -> str:
    """The day by its number, for what follows «с»: «с 21 ноября» is said, «с сегодня» is not."""
    if value is None:
        return ""
    day = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    return date_format(day, "j E" if day.year == timezone.localdate().year else "j E Y")


def _spoken_day(day: dt.date) -> str:
    return _near_day((day - timezone.localdate()).days) or calendar_day(day)


def _near_day(difference: int) -> str | None:
    return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get(difference)


@register.filter
def initials(name: str) -> str:
    """What stands for a name: «Иванова Анна» → «ИА»; of numbered ones the number, «Школа № 44» → «44»."""
    words = [word for word in name.replace("«", " ").replace("»", " ").split() if word[0].isalnum()]
    if len(words) > 1 and words[1].isdigit() and len(words[1]) <= 3:
        return words[1]
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def tone(name: str) -> int:
    """One of six colours, always the same for the same name."""
    return crc32(name.encode()) % 6


@register.filter
def undo_url(message: Message) -> str:
    """The address that undoes what the message tells of, or «» (see `common.notices.done`)."""
    extra = message.extra_tags or ""
    return extra.removeprefix("undo:") if extra.startswith("undo:") else ""


@register.simple_tag
def tab_entries(menu_main: Sequence[Any], menu_more: Sequence[Any], limit: int = 5) -> dict[str, Any]:
    """The phone's tab bar: at most `limit` entries, and «More» for what is left over: behind them when the main ones
    are so few, in place of the last when they are more."""
    entries = [*menu_main, *(menu_more or ())]
    shown = entries[: limit if len(menu_main) <= limit else limit - 1]
    hidden = entries[len(shown) :]
    return {"shown": shown, "hidden": hidden, "hidden_is_active": any(entry.is_active for entry in hidden)}


@register.simple_tag
def page_numbers(page: Page) -> list[int]:
    """The page numbers to show: first, last and the neighbours; 0 stands for a gap."""
    return list(_with_gaps(page.number, page.paginator.num_pages))


def _with_gaps(current: int, last: int) -> Iterator[int]:
    before = 0
    for number in sorted({1, last, *range(max(1, current - 1), min(last, current + 1) + 1)}):
        if number - before == 2:
            yield before + 1
        elif number - before > 2:
            yield 0
        yield number
        before = number


@register.simple_tag(takes_context=True)
def kept_parameters(context: template.RequestContext, *without: str) -> list[tuple[str, str]]:
    """The address's parameters but `without` and the page: hidden fields of a GET form that keeps the filters."""
    request: HttpRequest = context["request"]
    dropped = {"page", *without}
    return [(name, value) for name, values in request.GET.lists() if name not in dropped for value in values]


@register.filter
def control_kind(field: BoundField) -> str:
    """How the field's template lays the control out: «hidden», «checkbox» or «plain»."""
    if field.is_hidden:
        return "hidden"
    return "checkbox" if isinstance(field.field.widget, CheckboxInput) else "plain"


@register.filter
def error_target(field: BoundField) -> str:
    """The id to which a line of the error summary leads."""
    if not field.use_fieldset:
        return str(field.id_for_label)
    return f"{field.auto_id}_0" if hasattr(field.field.widget, "option_template_name") else f"{field.auto_id}_group"


@register.simple_tag(takes_context=True)
def chip_query(context: template.RequestContext, name: str, value: Any) -> str:
    """The page's address with one filter set, or taken off when `value` is empty; always back to the first page."""
    return query(context, **{name: value, "page": ""})
