"""Writing to the administrators, and the page of a request with its thread (SUP-1)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError, require
from common.notices import done
from files.models import StoredFile
from files.pages import form_with_files
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.selectors.organizations import today_in
from orgs.views.tools import invalid
from support.deadlines import due_here, due_of_operator
from support.forms.asking import AnswerForm, MessageForm, NoteForm, RequestForm
from support.models import HelpRequest, State
from support.permissions import can_answer, can_answer_requests, can_pass_on, can_reply, can_turn_to_operator
from support.selectors.requests import entries_of, find_attempt
from support.services.answering import answer
from support.services.asking import Question, ask, mark_seen, reply
from support.services.moving import REOPEN_FOR
from support.topics import topics_of
from support.views.tools import LOOKS, read_request, take_files, to

NEW, PAGE = "support/new.html", "support/request.html"


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form: a topic of a short list, the words, files; until when an answer comes stands beside it."""
    options: dict[str, Any] = {
        "topics": topics_of(actor),
        # Administrators have nobody above them here but the platform's support; the head chooses.
        "may_choose": can_turn_to_operator(actor) and not can_answer_requests(actor),
        "is_operators": can_answer_requests(actor),
    }
    if request.method != "POST":
        topic = request.GET.get("topic", "")
        form = RequestForm(initial={"attempt": uuid4(), "topic": topic, "to": "administrators"}, **options)
        return render(request, NEW, _about(actor, form, []))
    form = RequestForm(request.POST, **options)
    kept = take_files(request, actor, form)
    if form.is_valid():
        made = find_attempt(form.cleaned_data["attempt"])
        if made is not None and made.person_id == actor.person.pk:
            return to(actor, "request", pk=made.pk)
        try:
            made = _ask(actor, form, kept)
        except DomainError as error:
            apply_domain_error(form, _at_files(error))
        else:
            done(request, _("Sent. When the answer comes, you will be told."))
            return to(actor, "request", pk=made.pk)
    return invalid(request, NEW, _about(actor, form, kept))


def _ask(actor: Actor, form: RequestForm, kept: list[StoredFile]) -> HelpRequest:
    values = form.cleaned_data
    question = Question(
        topic=values["topic"],
        text=values["text"],
        file_ids=[stored.pk for stored in kept],
        to_operator=form.to_operator,
        attempt=values["attempt"],
    )
    return ask(actor=actor, question=question)


def _about(actor: Actor, form: RequestForm, kept: list[StoredFile]) -> dict[str, Any]:
    due = due_of_operator(actor.organization) if form.is_operators else due_here(actor.organization)
    return {"form": form, "kept": kept, "due": due}


def _at_files(error: DomainError) -> DomainError:
    """The field of the page is called `files`."""
    if "file_ids" in error.fields:
        error.fields["files"] = error.fields.pop("file_ids")
    return error


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def request_page(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The thread; below it the asker writes on, the administrator answers."""
    found = read_request(actor, pk)
    answers = can_answer(actor, found)
    if request.method == "POST":
        return _write(request, actor, found, answers=answers)
    if can_reply(actor, found):
        mark_seen(request=found)
    form = AnswerForm(initial={"revision": found.revision}) if answers else MessageForm()
    return render(request, PAGE, _shown(actor, found, form, []))


def _write(request: HttpRequest, actor: Actor, found: HelpRequest, *, answers: bool) -> HttpResponse:
    require(answers or can_reply(actor, found))
    form = AnswerForm(request.POST) if answers else MessageForm(request.POST)
    kept = take_files(request, actor, form)
    if form.is_valid():
        text, ids = form.cleaned_data["text"], [stored.pk for stored in kept]
        try:
            if answers:
                is_question = request.POST.get("do") == "question"
                revision = form.cleaned_data["revision"]
                answer(actor=actor, request=found, revision=revision, text=text, file_ids=ids, is_question=is_question)
            else:
                reply(actor=actor, request=found, text=text, file_ids=ids)
        except DomainError as error:
            apply_domain_error(form, _at_files(error))
        else:
            done(request, _("Sent."))
            return to(actor, "request", pk=found.pk)
    return invalid(request, PAGE, _shown(actor, read_request(actor, found.pk), form, kept))


def _shown(actor: Actor, found: HelpRequest, form: MessageForm, kept: list[StoredFile]) -> dict[str, Any]:
    tone, icon = LOOKS[State(found.state)]
    answers, replies = can_answer(actor, found), can_reply(actor, found)
    is_old = found.closed_at is not None and timezone.now() - found.closed_at > REOPEN_FOR
    # After a refusal the thread shows what has come; the next try is about that.
    return {
        "help": found,
        "entries": entries_of(found, for_asker=replies),
        "form": form,
        "kept": kept,
        "note_form": NoteForm(initial={"revision": found.revision}),
        "tone": tone,
        "icon": icon,
        "answers": answers and found.is_open,
        "replies": replies and not is_old,
        "can_take": answers and found.state == State.NEW,
        "can_pass_on": can_pass_on(actor, found),
        "can_close": (answers or replies) and found.is_open,
        "is_overdue": found.due_on is not None and found.due_on < today_in(actor.organization),
        "is_mine": replies,
        "may_answer": can_answer_requests(actor),
    }
