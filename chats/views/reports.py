"""The moderators' queue: what was reported, what stands there now, what is decided (CHAT-9)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chats import permissions
from chats.forms.safety import DecisionForm
from chats.models import Chat, Message, Report
from chats.selectors.chats import find_chat, seen_by
from chats.selectors.messages import following, latest
from chats.selectors.safety import moderated_by, reports_visible_to
from chats.selectors.titles import title_of
from chats.services.safety import decide, inspect
from chats.shapes import words_of
from chats.views.tools import address, to
from common.errors import DomainError, require
from common.markup import mentioned_ids, to_plain
from common.notices import done
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.models import Person
from orgs.pages import member_page
from orgs.views.tools import invalid, page_of

AROUND = 5


@member_page
def reports(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the reports the actor may decide: the oldest open ones first, the decided ones by the latest decision."""
    require(_may_see_queue(actor))
    show = "decided" if request.GET.get("show") == "decided" else ""
    visible = reports_visible_to(actor)
    found = visible.exclude(decision="").order_by("-decided_at") if show else visible.filter(decision="").order_by("pk")
    page = page_of(request, found)
    context = {
        "page_obj": page,
        "rows": [{"report": report, "chat_title": title_of(report.chat, actor.words)} for report in page.object_list],
        "chips": [
            {"value": "", "title": _("Waiting"), "is_active": not show, "count": visible.filter(decision="").count()},
            {"value": "decided", "title": _("Decided"), "is_active": bool(show)},
        ],
        "show": show,
        "keeps_registry": permissions.can_manage_chats(actor),
    }
    return render(request, "chats/reports.html", context)


def _may_see_queue(actor: Actor) -> bool:
    return permissions.can_handle_reports(actor) or moderated_by(actor).exists()


@member_page
def report(request: HttpRequest, actor: Actor, report_id: int) -> HttpResponse:
    """Show one report with the messages around it, as far as the actor may read the chat; POST decides."""
    row = get_object_or_404(reports_visible_to(actor), pk=report_id)
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, has_author=row.message.author is not None)
    if data is not None and form.is_valid():
        try:
            decide(actor=actor, report=row, verdict=form.verdict())
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            return _next(request, actor)
    context = {"report": row, "form": form, **_words(row), **_around(actor, row)}
    return (
        invalid(request, "chats/report.html", context) if form.errors else render(request, "chats/report.html", context)
    )


def _words(row: Report) -> dict[str, str]:
    """What stood there and what stands there now, with names in place of mentions."""
    texts = {"then": row.reported_text, "now": row.message.text}
    ids = {person for text in texts.values() for person in mentioned_ids(text)}
    names = {person.pk: person.full_name for person in Person.objects.filter(pk__in=ids)} if ids else {}
    return {key: to_plain(text, mentions=names) for key, text in texts.items()}


def _around(actor: Actor, row: Report) -> dict[str, Any]:
    """The messages before and after the reported one, for those who may read the chat; else nothing."""
    chat = find_chat(actor, row.chat_id)
    others = Report.objects.filter(message=row.message_id, decision="").exclude(pk=row.pk).count()
    context: dict[str, Any] = {
        "chat_title": title_of(chat or row.chat, actor.words),
        "others": others,
        "is_readable": chat is not None,
        "can_look": permissions.can_inspect(actor),
    }
    if chat is not None:
        number = row.message.number
        lines = latest(chat, before=number, limit=AROUND) + following(chat, after=number - 1, limit=AROUND + 1)
        context["around"] = [_line(message, row) for message in lines]
        context["chat_url"] = f"{address(actor, 'chat', chat_id=chat.pk)}#m{number}"
    return context


def _line(message: Message, row: Report) -> dict[str, Any]:
    return {
        "author": message.author.author_name if message.author is not None else "",
        "at": message.created_at,
        "text": words_of(message),
        "is_reported": message.pk == row.message_id,
    }


def _next(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The next report comes up; after the last one the queue says that nothing waits."""
    row = reports_visible_to(actor).filter(decision="").order_by("pk").first()
    if row is None:
        done(request, _("Decided. Nothing else waits."))
        return to(actor, "reports")
    done(request, _("Decided. Here is the next report."))
    return to(actor, "report_detail", report_id=row.pk)


@require_POST
@member_page
def look(request: HttpRequest, actor: Actor, report_id: int) -> HttpResponse:
    """Open the reported message's chat for an hour: the report is the reason, the chat and the journal keep it."""
    row = get_object_or_404(reports_visible_to(actor), pk=report_id)
    require(permissions.can_inspect(actor))
    if find_chat(actor, row.chat_id) is None:
        chat = get_object_or_404(seen_by(actor, Chat.objects.filter(pk=row.chat_id)))
        inspect(actor=actor, chat=chat, reason="", report=row)
        done(request, _("The chat is open to you for an hour. Its members see that you are looking and why."))
    return to(actor, "report_detail", report_id=row.pk)
