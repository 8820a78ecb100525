"""Choosing people into a chat and out of it, moderators, the owner, pauses (CHAT-2, CHAT-9)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from chats import permissions
from chats.forms.changing import OwnerForm
from chats.forms.safety import MuteForm
from chats.models import Chat
from chats.selectors.chats import members_of
from chats.selectors.safety import listed_in
from chats.selectors.titles import title_of
from chats.services.members import add_members, remove_member, set_moderator, set_owner
from chats.services.safety import mute, unmute
from chats.views.picking import pick
from chats.views.tools import address, known_chat, read_chat, to
from common.errors import DomainError, require
from common.notices import done, refused
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.models import Person
from orgs.pages import member_page
from orgs.selectors.people import joined_staff_of
from orgs.views.tools import back_or, invalid, is_fragment


def _with_list(actor: Actor, chat_id: int) -> Chat:
    """The chat whose members the actor may choose."""
    chat = known_chat(actor, chat_id)
    require(permissions.can_change_members(actor, chat))
    return chat


@member_page
def add(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Choose more people into a chat: found by name, ticked, added together."""
    chat = _with_list(actor, chat_id)
    inside = set(listed_in(chat).values_list("person_id", flat=True))
    picked = pick(request, actor, left_out=inside)
    if is_fragment(request, "picked"):
        return render(request, "chats/_picked.html", {"picked": picked})
    context = {"chat": chat, "title": title_of(chat, actor.words), "picked": picked}
    is_asking = request.POST.get("do") == "find" and picked.was_asked
    if request.method != "POST" or is_asking:
        return render(request, "chats/members_add.html", context)
    if not picked.chosen:
        return invalid(request, "chats/members_add.html", {**context, "refusal": _("Choose somebody: tick the boxes.")})
    try:
        count = add_members(actor=actor, chat=chat, people=picked.chosen)
    except DomainError as error:
        return invalid(request, "chats/members_add.html", {**context, "refusal": error.message})
    text = ngettext("%(count)s person is now in the chat.", "%(count)s people are now in the chat.", count)
    done(request, text % {"count": count})
    return to(actor, "info", chat_id=chat.pk)


@require_POST
@member_page
def add_one(request: HttpRequest, actor: Actor, chat_id: int, person_id: int) -> HttpResponse:
    """Take somebody back into the chat: what «Отменить» after a removal does."""
    chat = _with_list(actor, chat_id)
    person = get_object_or_404(
        Person.objects.filter(chat_memberships__chat=chat, merged_into=None).distinct(), pk=person_id
    )
    add_members(actor=actor, chat=chat, people=[person])
    done(request, _("%(person)s is in the chat again.") % {"person": person.full_name})
    return to(actor, "info", chat_id=chat.pk)


@require_POST
@member_page
def remove(request: HttpRequest, actor: Actor, chat_id: int, person_id: int) -> HttpResponse:
    """Take somebody out of the chat's list; can be undone."""
    chat = _with_list(actor, chat_id)
    person = get_object_or_404(members_of(chat), pk=person_id)
    try:
        remove_member(actor=actor, chat=chat, person=person)
    except DomainError as error:
        refused(request, error.message)
    else:
        undo = address(actor, "member_add", chat_id=chat.pk, person_id=person.pk)
        done(request, _("%(person)s is no longer in the chat.") % {"person": person.full_name}, undo=undo)
    return _where(request, actor, chat)


@require_POST
@member_page
def moderator(request: HttpRequest, actor: Actor, chat_id: int, person_id: int) -> HttpResponse:
    """Name a member of the list a moderator, or (`moderates=no`) take that back."""
    chat = _with_list(actor, chat_id)
    person = get_object_or_404(members_of(chat), pk=person_id)
    wanted = (request.POST.get("moderates") or request.GET.get("moderates")) != "no"
    try:
        set_moderator(actor=actor, chat=chat, person=person, moderates=wanted)
    except DomainError as error:
        refused(request, error.message)
    else:
        text = _("%(person)s moderates the chat now.") if wanted else _("%(person)s no longer moderates the chat.")
        back = address(actor, "member_moderator", chat_id=chat.pk, person_id=person.pk)
        undo = f"{back}?moderates={'no' if wanted else 'yes'}"
        done(request, text % {"person": person.full_name}, undo=undo)
    return _where(request, actor, chat)


def _where(request: HttpRequest, actor: Actor, chat: Chat) -> HttpResponse:
    return back_or(request, address(actor, "info", chat_id=chat.pk))


@member_page
def owner(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Let somebody of the staff answer for the chat from now on."""
    chat = _with_list(actor, chat_id)
    data = request.POST if request.method == "POST" else None
    # Nobody makes a way into a chat for oneself: that would be a look without a reason.
    left_out = {chat.owner_id or 0} if chat.is_member else {chat.owner_id or 0, actor.person.pk}  # type: ignore[attr-defined]
    people = joined_staff_of(actor.organization.pk).exclude(pk__in=left_out)
    form = OwnerForm(data, people=people)
    context = {"chat": chat, "title": title_of(chat, actor.words), "form": form}
    if data is None:
        return render(request, "chats/owner.html", context)
    if form.is_valid():
        try:
            set_owner(actor=actor, chat=chat, person=form.cleaned_data["person"])
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            text = _("%(person)s answers for the chat now.") % {"person": form.cleaned_data["person"].full_name}
            done(request, text)
            return to(actor, "info", chat_id=chat.pk)
    return invalid(request, "chats/owner.html", context)


@member_page
def pause(request: HttpRequest, actor: Actor, chat_id: int, person_id: int) -> HttpResponse:
    """Let somebody only read the chat for a while: for how long and why (CHAT-9)."""
    chat = read_chat(actor, chat_id)
    require(permissions.can_moderate(actor, chat))
    person = get_object_or_404(members_of(chat).exclude(pk=actor.person.pk), pk=person_id)
    data = request.POST if request.method == "POST" else None
    form = MuteForm(data)
    context = {"chat": chat, "title": title_of(chat, actor.words), "form": form, "person": person}
    if data is None:
        return render(request, "chats/mute.html", context)
    if form.is_valid():
        try:
            mute(actor=actor, chat=chat, person=person, **_mute_values(form))
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            undo = address(actor, "member_unmute", chat_id=chat.pk, person_id=person.pk)
            done(request, _("%(person)s only reads the chat for now.") % {"person": person.full_name}, undo=undo)
            return to(actor, "info", chat_id=chat.pk)
    return invalid(request, "chats/mute.html", context)


def _mute_values(form: MuteForm) -> dict[str, Any]:
    return {"hours": form.cleaned_data["mute_hours"], "reason": form.cleaned_data["reason"]}


@require_POST
@member_page
def lift(request: HttpRequest, actor: Actor, chat_id: int, person_id: int) -> HttpResponse:
    """Let somebody write again before the time."""
    chat = read_chat(actor, chat_id)
    require(permissions.can_moderate(actor, chat))
    person = get_object_or_404(Person.objects.filter(organization=actor.organization), pk=person_id)
    unmute(actor=actor, chat=chat, person=person)
    done(request, _("%(person)s can write in the chat again.") % {"person": person.full_name})
    return _where(request, actor, chat)
