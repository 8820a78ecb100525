"""An editor's table: a proposed text is published as it was edited, or goes back with a remark (CHAN-2)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from channels_app import permissions
from channels_app.forms.writing import DecisionForm, PostForm
from channels_app.models import Proposal, ProposalState
from channels_app.selectors.channels import find_channel
from channels_app.selectors.proposals import files_of, find_proposal, turns_of
from channels_app.selectors.titles import title_of
from channels_app.services import proposals
from channels_app.services.publishing import check_time
from channels_app.views.cards import files_on_page
from channels_app.views.desk import Desk, Held, circles_chosen, first_desk, is_ready, refuse, sent_desk, show_preview
from channels_app.views.proposing import file_address, label_of_proposal, proposal_row
from channels_app.views.tools import address, known_proposal
from common import markup
from common.errors import DomainError, require
from common.notices import done
from files.pages import form_with_files
from orgs.actor import Actor
from orgs.views.tools import render_parts

PARTS = {"preview": "channels/_preview.html"}


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def proposal(request: HttpRequest, actor: Actor, proposal_id: int) -> HttpResponse:
    """The text with its history; for those who publish in its channel, while it waits, the table to decide at."""
    found = known_proposal(actor, proposal_id)
    channel = find_channel(actor, found.channel_id)
    if channel is not None:
        found.channel = channel  # the rules ask it whether the right was granted
    is_mine_to_decide = permissions.can_decide(actor, found)
    if request.method != "POST":
        desk = _first(actor, found) if is_mine_to_decide else None
        return _page(request, actor, found, desk)
    if found.state != ProposalState.SENT and permissions.can_publish(actor, found.channel):
        return _too_late(request, actor, found)
    require(is_mine_to_decide)
    desk, is_asking = sent_desk(request, actor, DecisionForm, _held(actor, found))
    if is_asking:
        if request.POST.get("do") == "preview":
            show_preview(actor, desk, found.channel, found.author.author_name)
        return _page(request, actor, found, desk)
    return _decide(request, actor, found, desk)


def _held(actor: Actor, found: Proposal) -> Held:
    return Held([row.file for row in files_of(found)], file_address(actor, found))


def _first(actor: Actor, found: Proposal) -> Desk[DecisionForm]:
    values = {
        **PostForm.values_of(None),
        "title": found.title,
        "text": found.text,
        "publish_at": found.wanted_at,
        "revision": found.revision,
    }
    return first_desk(actor, DecisionForm(initial=values), _held(actor, found))


def _decide(request: HttpRequest, actor: Actor, found: Proposal, desk: Desk[DecisionForm]) -> HttpResponse:
    do = request.POST.get("do", "")
    if is_ready(desk):
        try:
            text, name, values = _decided(actor, found, desk, do)
        except DomainError as error:
            if error.code == "proposal_changed":
                return _changed_meanwhile(request, actor, found, desk, error)
            refuse(desk.form, error)
        else:
            done(request, text)
            return redirect(address(actor, name, **values))
    return _page(request, actor, found, desk, status=422)


def _decided(actor: Actor, found: Proposal, desk: Desk[DecisionForm], do: str) -> tuple[str, str, dict[str, Any]]:
    """Do what the button says, and return what to tell and where to go."""
    clean = desk.form.cleaned_data
    revision = clean["revision"] or 0
    if do == "return":
        remark = clean["remark"]
        proposals.return_with_remark(actor=actor, proposal=found, revision=revision, remark=remark)
        return _("The text went back to its author."), "proposals", {}
    at = clean["publish_at"] if do == "plan" else None
    if do == "plan":
        if at is None:
            message = _("Choose the day and the time.")
            raise DomainError("publish_at_required", message, fields={"publish_at": message}, status=400)
        check_time(at)
    draft = desk.form.draft(circles_chosen(desk))
    post = proposals.accept(actor=actor, proposal=found, revision=revision, draft=draft, publish_at=at)
    if at is not None:
        return _("The post is planned."), "drafts", {}
    return _("The post is published."), "post", {"post_id": post.pk}


def _changed_meanwhile(
    request: HttpRequest, actor: Actor, found: Proposal, desk: Desk[DecisionForm], error: DomainError
) -> HttpResponse:
    """The author sent other words while the editor was reading: both are shown, nothing is lost."""
    fresh = find_proposal(actor, found.pk) or found
    data = QueryDict(mutable=True)
    data.update(desk.form.data)
    data["revision"] = str(fresh.revision)
    desk.form = DecisionForm(data)
    desk.form.is_valid()
    desk.form.add_error(None, error.message)
    fresh.channel = found.channel
    return _page(request, actor, fresh, desk, theirs=fresh, status=422)


def _too_late(request: HttpRequest, actor: Actor, found: Proposal) -> HttpResponse:
    """Another editor was quicker: the page says what was decided, and keeps what was typed readable."""
    typed = {"title": request.POST.get("title", ""), "text": request.POST.get("text", "")}
    typed["remark"] = request.POST.get("remark", "")
    return _page(request, actor, found, None, typed=typed, status=409)


def _page(
    request: HttpRequest,
    actor: Actor,
    found: Proposal,
    desk: Desk[DecisionForm] | None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    files = [row.file for row in files_of(found)]
    context = {
        "proposal": found,
        "row": proposal_row(actor, found),
        "label": label_of_proposal(found),
        "title": title_of(found.channel, actor.words),
        "html": markup.to_html(found.text),
        "files": files_on_page(files, file_address(actor, found)),
        "turns": list(turns_of(found)),
        "is_own": found.author_id == actor.person.pk,
        "desk": desk,
        "form": desk.form if desk else None,
        "rows": desk.rows if desk else None,
        "draft_key": f"decision-{actor.person.pk}-{found.pk}-{found.revision}",
        **more,
    }
    response = render_parts(request, "channels/proposal.html", PARTS, context)
    response.status_code = status
    return response
