"""A chat from outside: what it is, who is in it, what I want to hear of it; its name and rules (CHAT-1, CHAT-9)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chats import permissions
from chats.addresses import link_url
from chats.forms.changing import ChatForm, NotifyForm, kept_in_words, slow_in_words
from chats.models import Chat, ChatMember
from chats.selectors.chats import find_chat, moderators_of
from chats.selectors.overview import count_older
from chats.selectors.people import Listed, describe, find_members
from chats.selectors.rules import retention_of, rules_of
from chats.selectors.safety import link_into, looks_into, mutes_in
from chats.selectors.titles import title_of
from chats.services.chats import archive_chat, change_chat, restore_chat
from chats.services.members import leave
from chats.services.reading import set_notify
from chats.views.tools import address, known_chat, read_chat, to
from common.errors import DomainError, require
from common.notices import done, refused
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page
from orgs.selectors.circles import circles_in_words
from orgs.selectors.people import people_visible_to
from orgs.views.tools import back_or, invalid, is_fragment, page_of, render_results

MOST_LOOKS = 20
MOST_LABELS = 3


@member_page
def info(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Show a chat's purpose, rules and people to whoever may read it or keeps the registry."""
    chat = known_chat(actor, chat_id)
    text = request.GET.get("q", "")
    page = page_of(request, find_members(chat, text))
    is_readable = find_chat(actor, chat_id) is not None
    context = {
        **_rights(actor, chat, is_readable=is_readable),
        "chat": chat,
        "title": title_of(chat, actor.words),
        "page_obj": page,
        "rows": _rows(actor, chat, describe(actor, chat, list(page.object_list))),
        "q": text,
        "is_readable": is_readable,
    }
    if not is_fragment(request, "results"):
        context |= _about(actor, chat)
    return render_results(request, "chats/info.html", "chats/_members.html", context)


def _rights(actor: Actor, chat: Chat, *, is_readable: bool) -> dict[str, bool]:
    # Whoever is meant by a chat that was switched off is not in it today.
    is_member = is_readable and bool(chat.is_member)  # type: ignore[attr-defined]
    return {
        "is_member": is_member,
        "can_change": permissions.can_change_chat(actor, chat),
        "can_change_members": permissions.can_change_members(actor, chat),
        "can_make_link": permissions.can_make_link(actor, chat),
        "can_moderate": is_readable and permissions.can_moderate(actor, chat),
        "can_archive": permissions.can_archive(actor, chat),
        "can_leave": permissions.can_leave(actor, chat),
        "can_inspect": permissions.can_inspect(actor) and not is_member and not chat.is_personal,
        "keeps_registry": permissions.can_manage_chats(actor),
    }


def _about(actor: Actor, chat: Chat) -> dict[str, Any]:
    """What stands beside the list of members; three to six queries."""
    rules = rules_of(chat.organization)
    link = link_into(chat) if permissions.can_make_link(actor, chat) else None
    return {
        "moderators": [person.full_name for person in moderators_of(chat)] if chat.has_member_list else [],
        "circles": circles_in_words(chat.audiences.select_related("unit").order_by("pk"), actor.words),
        "slow": slow_in_words(chat.slow_seconds),
        "kept": kept_in_words(retention_of(chat, rules)),
        "notify_form": NotifyForm(initial={"notify": chat.notify}),  # type: ignore[attr-defined]
        "link": link,
        "link_url": link_url(link, actor.organization.slug) if link is not None else "",
        "mutes": list(mutes_in(chat)) if permissions.can_moderate(actor, chat) else [],
        "looks": list(looks_into(chat)[:MOST_LOOKS]),
    }


def _rows(actor: Actor, chat: Chat, listed: list[Listed]) -> list[dict[str, Any]]:
    """The members of a page with what can be done about each; three queries for any number of them."""
    ids = [row.person.pk for row in listed]
    chosen = ChatMember.objects.filter(chat=chat, person__in=ids, until=None) if chat.has_member_list else []
    is_moderator = {member.person_id: member.is_moderator for member in chosen}
    visible = set(people_visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    muted = dict(mutes_in(chat).filter(person__in=ids).values_list("person_id", "until"))
    return [
        {
            "person": row.person,
            "labels": _few(row.labels),
            "is_moderator": row.is_moderator,
            "is_owner": row.person.pk == chat.owner_id,
            "is_me": row.person.pk == actor.person.pk,
            "is_chosen": row.person.pk in is_moderator,
            "is_named": is_moderator.get(row.person.pk, False),
            "is_visible": row.person.pk in visible,
            "muted_until": muted.get(row.person.pk),
        }
        for row in listed
    ]


def _few(labels: list[str]) -> str:
    """The first labels: who leads a dozen units fills no page."""
    left = len(labels) - MOST_LABELS
    text = ", ".join(labels[:MOST_LABELS])
    return text if left <= 0 else _("%(names)s and %(count)s more") % {"names": text, "count": left}


@member_page
def change(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Change the name, the purpose and the rules of a chat (CHAT-9); a shorter retention asks first."""
    chat = known_chat(actor, chat_id)
    require(permissions.can_change_chat(actor, chat))
    rules = rules_of(chat.organization)
    data = request.POST if request.method == "POST" else None
    keeps = permissions.can_change_retention(actor, chat)
    form = ChatForm(data, chat=chat, keeps_registry=keeps, usual=rules.retention_days)
    context = {"chat": chat, "title": title_of(chat, actor.words), "form": form}
    if data is None:
        return render(request, "chats/change.html", context)
    if form.is_valid():
        days = form.cleaned_data.get("retention_days", chat.retention_days or 0) or rules.retention_days
        doomed = count_older(actor.organization, days, chat) if days != retention_of(chat, rules) else 0
        if doomed and not data.get("confirmed"):
            return render(
                request, "chats/change_confirm.html", {**context, "doomed": doomed, "days": days, "sent": data}
            )
        try:
            change_chat(actor=actor, chat=chat, changes=form.changes())
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Saved."))
            return to(actor, "info", chat_id=chat.pk)
    return invalid(request, "chats/change.html", context)


@require_POST
@member_page
def notify(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Choose what to be notified of in this chat."""
    chat = read_chat(actor, chat_id)
    require(bool(chat.is_member))  # type: ignore[attr-defined]
    before = chat.notify  # type: ignore[attr-defined]
    set_notify(actor=actor, chat=chat, notify=request.POST.get("notify") or request.GET.get("notify", ""))
    undo = f"{address(actor, 'notify', chat_id=chat.pk)}?notify={before}"
    done(request, _("Your notifications of this chat are saved."), undo=undo)
    return back_or(request, address(actor, "info", chat_id=chat.pk))


@member_page
def archive(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Put a chat into the archive; GET says what will happen."""
    chat = known_chat(actor, chat_id)
    require(permissions.can_archive(actor, chat))
    if request.method != "POST":
        context = {"chat": chat, "title": title_of(chat, actor.words)}
        return render(request, "chats/archive.html", context)
    archive_chat(actor=actor, chat=chat)
    text = _("The chat «%(title)s» is in the archive.") % {"title": title_of(chat, actor.words)}
    done(request, text, undo=address(actor, "restore", chat_id=chat.pk))
    return to(actor, "info", chat_id=chat.pk)


@require_POST
@member_page
def restore(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Bring a chat back from the archive."""
    chat = known_chat(actor, chat_id)
    require(permissions.can_archive(actor, chat))
    restore_chat(actor=actor, chat=chat)
    done(request, _("The chat «%(title)s» is back from the archive.") % {"title": title_of(chat, actor.words)})
    return back_or(request, address(actor, "info", chat_id=chat.pk))


@member_page
def leave_chat(request: HttpRequest, actor: Actor, chat_id: int) -> HttpResponse:
    """Leave a chat oneself; GET says what is lost."""
    chat = read_chat(actor, chat_id)
    if chat.owner_id == actor.person.pk:
        refused(request, _("You answer for this chat: name another owner first."))
        return to(actor, "info", chat_id=chat.pk)
    require(permissions.can_leave(actor, chat))
    if request.method != "POST":
        return render(request, "chats/leave.html", {"chat": chat, "title": title_of(chat, actor.words)})
    leave(actor=actor, chat=chat)
    done(request, _("You have left the chat «%(title)s».") % {"title": title_of(chat, actor.words)})
    return to(actor, "list")
