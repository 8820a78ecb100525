"""The administrator's part: the register of channels, opening, changing, archiving, showing to everybody (CHAN-1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from channels_app import permissions
from channels_app.forms.channels import ChannelForm
from channels_app.models import Channel, ChannelKind, Notify
from channels_app.selectors.channels import find_channel, gives_units_channels, list_of, people_of
from channels_app.selectors.editors import editors_of
from channels_app.selectors.posts import published
from channels_app.selectors.titles import title_of
from channels_app.services import channels as service
from channels_app.services.channels import ChannelData
from channels_app.services.system import give_units_channels
from channels_app.views.tools import address, managed_channel, read_channel, to
from common.errors import DomainError, require
from common.notices import done, refused
from common.text import normalise
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.forms.circles import Circles, circle_rows, rows_of, rows_sent
from orgs.pages import member_page
from orgs.selectors.circles import circles_in_words
from orgs.selectors.units import units_visible_to
from orgs.views.tools import invalid, page_of, render_results


@require_safe
@member_page
def manage(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The register of channels: whom each is for, when it was last written in, what is open to everybody."""
    require(permissions.can_manage_channels(actor))
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = list_of(actor, archived=state == "archived").prefetch_related("audiences__unit")
    if state == "public":
        rows = rows.filter(is_public=True)
    wanted = normalise(text).split()
    named = [(channel, title_of(channel, actor.words)) for channel in rows]
    found = [pair for pair in named if all(word in normalise(pair[1]) for word in wanted)]
    page = page_of(request, found)
    context = {
        "page_obj": page,
        "rows": [_row(actor, channel, title) for channel, title in page.object_list],
        "q": text,
        "states": [
            {"value": value, "title": title, "is_active": value == state}
            for value, title in (
                ("", _("In use")),
                ("public", _("Open to everybody")),
                ("archived", _("In the archive")),
            )
        ],
        "is_filtered": bool(text or state),
        "gives_units": gives_units_channels(actor.organization),
    }
    return render_results(request, "channels/manage.html", "channels/_manage.html", context)


def _states() -> list[tuple[str, str]]:
    return [("", _("In use")), ("public", _("Open to everybody")), ("archived", _("In the archive"))]


def _row(actor: Actor, channel: Channel, title: str) -> dict[str, Any]:
    return {
        "channel": channel,
        "title": title,
        "kind": capfirst(str(ChannelKind(channel.kind).label)),
        "circles": circles_in_words(channel.audiences.all(), actor.words),
        "is_archived": channel.archived_at is not None,
    }


@require_safe
@member_page
def about(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """«О канале»: whom it is for, who publishes, what I am told of; the way to its settings."""
    channel = read_channel(actor, channel_id)
    context = {
        "channel": channel,
        "title": title_of(channel, actor.words),
        "circles": circles_in_words(channel.audiences.select_related("unit"), actor.words),
        "editors": _editors_in_words(actor, channel),
        "is_notified": channel.notify == Notify.ALL,  # type: ignore[attr-defined]
        "can_manage": permissions.can_manage_channels(actor),
        "can_publish": permissions.can_publish(actor, channel),
        "public_url": public_url(request, actor, channel) if channel.is_public else "",
    }
    if context["can_publish"]:
        context["people"] = people_of(channel).count()
    return render(request, "channels/about.html", context)


def public_url(request: HttpRequest, actor: Actor, channel: Channel) -> str:
    """Return the address at which strangers read the channel."""
    return request.build_absolute_uri(address(actor, "public_channel", channel_id=channel.pk))


def _editors_in_words(actor: Actor, channel: Channel) -> list[str]:
    words = [_("the administrators")]
    if channel.unit is not None:
        words.append(str(actor.words["leader"]))
    return [*words, *(person.full_name for person in editors_of(channel))]


# --- New and changed -------------------------------------------------------------------------------------------------
@member_page
def new_channel(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A further channel: its name, what it is about, whom it is for."""
    require(permissions.can_manage_channels(actor))
    units = list(units_visible_to(actor).active())
    context: dict[str, Any] = {"channel": None}
    if request.method != "POST":
        return render(
            request, "channels/form.html", {**context, "form": ChannelForm(), "rows": circle_rows(actor, units)}
        )
    if request.POST.get("do") == "more":
        return render(request, "channels/form.html", {**context, **_more_rows(request, actor, units)})
    form, rows = ChannelForm(request.POST), circle_rows(actor, units, request.POST)
    if form.is_valid() and _good(form, rows):
        try:
            channel = service.create_channel(actor=actor, data=ChannelData(circles=rows.circles(), **form.cleaned_data))
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("The channel «%(title)s» is open.") % {"title": channel.title})
            return to(actor, "channel", channel_id=channel.pk)
    return invalid(request, "channels/form.html", {**context, "form": form, "rows": rows})


def _more_rows(request: HttpRequest, actor: Actor, units: list[Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in ChannelForm.base_fields}
    values["has_comments"] = "has_comments" in request.POST
    return {"form": ChannelForm(initial=values), "rows": circle_rows(actor, units, initial=rows_sent(request.POST))}


def _good(form: ChannelForm, rows: Circles) -> bool:
    if not rows.is_valid():
        form.add_error(None, _("Check the circles of people."))
    return not form.errors


@member_page
def change(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """Change a channel; whom a channel of the system or of a unit is for follows from what it is."""
    channel = managed_channel(actor, channel_id)
    is_free = channel.kind == ChannelKind.FREE
    units = list(units_visible_to(actor).active()) if is_free else []
    circles = [(rule.audience, rule.unit_id) for rule in channel.audiences.order_by("pk")]
    usual = _usual_title(actor, channel)
    context = {"channel": channel, "title": title_of(channel, actor.words), "is_free": is_free}
    if request.method != "POST":
        form = ChannelForm(initial=ChannelForm.values_of(channel))
        form.let_name_be_empty(channel, usual)
        rows = circle_rows(actor, units, initial=rows_of(circles)) if is_free else None
        return render(request, "channels/form.html", {**context, "form": form, "rows": rows})
    if request.POST.get("do") == "more" and is_free:
        return render(request, "channels/form.html", {**context, **_more_rows(request, actor, units)})
    form, sent = ChannelForm(request.POST), circle_rows(actor, units, request.POST) if is_free else None
    form.let_name_be_empty(channel, usual)
    if form.is_valid() and (sent is None or _good(form, sent)):
        changes = dict(form.cleaned_data)
        if sent is not None:
            changes["circles"] = sent.circles()
        try:
            service.change_channel(actor=actor, channel=channel, changes=changes)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Saved."))
            return to(actor, "about", channel_id=channel.pk)
    return invalid(request, "channels/form.html", {**context, "form": form, "rows": sent})


def _usual_title(actor: Actor, channel: Channel) -> str:
    own, channel.title = channel.title, ""
    try:
        return title_of(channel, actor.words) if channel.kind != ChannelKind.FREE else own
    finally:
        channel.title = own


# --- Archive, openness -----------------------------------------------------------------------------------------------
@require_POST
@member_page
def archive(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """Put a channel into the archive; can be undone."""
    channel = managed_channel(actor, channel_id)
    try:
        service.archive(actor=actor, channel=channel)
    except DomainError as error:
        refused(request, error.message)
        return to(actor, "about", channel_id=channel.pk)
    text = _("The channel «%(title)s» is in the archive.") % {"title": title_of(channel, actor.words)}
    done(request, text, undo=address(actor, "restore_channel", channel_id=channel.pk))
    return to(actor, "manage")


@require_POST
@member_page
def restore(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """Take a channel out of the archive."""
    channel = managed_channel(actor, channel_id)
    service.restore(actor=actor, channel=channel)
    text = _("The channel «%(title)s» is in use again.") % {"title": title_of(channel, actor.words)}
    done(request, text, undo=address(actor, "archive", channel_id=channel.pk))
    return to(actor, "about", channel_id=channel.pk)


@member_page
def public(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """Says what it means that a channel is open to everybody, and opens it."""
    channel = managed_channel(actor, channel_id)
    title = title_of(channel, actor.words)
    if channel.is_public or channel.kind == ChannelKind.STAFF or channel.archived_at is not None:
        if channel.kind == ChannelKind.STAFF:
            refused(request, _("The channel of the staff is never open to everybody."))
        return to(actor, "about", channel_id=channel.pk)
    if request.method == "POST":
        service.set_public(actor=actor, channel=channel, is_public=True)
        undo = address(actor, "close", channel_id=channel.pk)
        done(request, _("The channel «%(title)s» is open to everybody.") % {"title": title}, undo=undo)
        return to(actor, "about", channel_id=channel.pk)
    context = {"channel": channel, "title": title, "post_count": published(channel.posts.all()).count()}
    return render(request, "channels/public_on.html", {**context, "public_url": public_url(request, actor, channel)})


@require_POST
@member_page
def close(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """Let only its readers read the channel again."""
    channel = managed_channel(actor, channel_id)
    service.set_public(actor=actor, channel=channel, is_public=False)
    text = _("The channel «%(title)s» is read by its readers only.") % {"title": title_of(channel, actor.words)}
    done(request, text)
    return to(actor, "about", channel_id=channel.pk)


# --- Channels of units -----------------------------------------------------------------------------------------------
@require_POST
@member_page
def units(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The switch «a channel for each unit»; can be undone (channels that exist stay)."""
    require(permissions.can_manage_channels(actor))
    wanted = (request.POST.get("wanted") or request.GET.get("wanted", "")) == "1"
    give_units_channels(actor=actor, wanted=wanted)
    on = _("Each unit has a channel of its own now, new ones from the start.")
    off = _("New units get no channel by themselves; the channels that exist stay.")
    undo = f"{address(actor, 'units')}?wanted={0 if wanted else 1}"
    done(request, on if wanted else off, undo=undo)
    return to(actor, "manage")


@require_POST
@member_page
def open_unit(request: HttpRequest, actor: Actor, unit_id: int) -> HttpResponse:
    """Open the channel of one unit: the administrator, or who leads it."""
    unit = get_object_or_404(units_visible_to(actor).active().teaching(), pk=unit_id)
    require(permissions.can_open_unit_channel(actor, unit.pk))
    channel = service.open_unit_channel(actor=actor, unit=unit)
    done(request, _("The channel «%(title)s» is open.") % {"title": unit.name})
    return to(actor, "channel", channel_id=channel.pk)


@require_safe
@member_page
def unit_panel(request: HttpRequest, actor: Actor, unit_id: int) -> HttpResponse:
    """The unit's channel, for the unit's page: the way into it, or the button that opens it."""
    unit = get_object_or_404(units_visible_to(actor), pk=unit_id)
    found = Channel.objects.filter(unit=unit.pk, archived_at=None).first()
    mine = find_channel(actor, found.pk) if found is not None else None
    can_open = found is None and unit.archived_at is None and not unit.is_staff_unit
    if not getattr(request, "htmx", False):
        return (
            to(actor, "channel", channel_id=mine.pk)
            if mine is not None
            else redirect("orgs:unit", actor.organization.slug, unit.pk)
        )
    context = {
        "unit": unit,
        "channel": mine,
        "can_open": can_open and permissions.can_open_unit_channel(actor, unit.pk),
    }
    return render(request, "channels/_unit_panel.html", context)
