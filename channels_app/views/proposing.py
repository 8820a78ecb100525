"""Proposing a text, and what becomes of it (CHAN-2)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from channels_app import permissions
from channels_app.forms.writing import ProposalForm
from channels_app.models import Channel, Proposal, ProposalFile, ProposalState
from channels_app.selectors.channels import publishable_by
from channels_app.selectors.proposals import files_of, own_proposals, proposals_visible_to, queue_of
from channels_app.selectors.titles import title_of
from channels_app.services import proposals
from channels_app.views.cards import FileAddress
from channels_app.views.desk import Desk, Held, first_desk, is_ready, sent_desk, show_preview
from channels_app.views.tools import address, known_proposal, read_channel
from common import markup
from common.errors import DomainError, require
from common.notices import done, refused
from files.pages import form_with_files
from files.serving import respond
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page
from orgs.views.tools import page_of, render_parts

TEMPLATE = "channels/propose.html"
PARTS = {"preview": "channels/_preview.html"}
STATES = {
    ProposalState.SENT: ("info", "hourglass"),
    ProposalState.RETURNED: ("warn", "arrow-back-up"),
    ProposalState.ACCEPTED: ("good", "circle-check"),
    ProposalState.WITHDRAWN: ("", "x"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def propose(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """A new text for a channel where others publish."""
    channel = read_channel(actor, channel_id)
    require(permissions.can_propose(actor, channel))
    if request.method != "POST":
        desk = first_desk(actor, ProposalForm(initial=ProposalForm.values_of(None)), Held())
        return _page(request, actor, channel, desk)
    desk, is_asking = sent_desk(request, actor, ProposalForm, Held())
    if is_asking:
        return _asked(request, actor, channel, desk)
    if is_ready(desk):
        try:
            proposals.propose(actor=actor, channel=channel, draft=desk.form.draft())
        except DomainError as error:
            apply_domain_error(desk.form, _at_field(error))
        else:
            return _sent(request, actor)
    return _page(request, actor, channel, desk, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def change(request: HttpRequest, actor: Actor, proposal_id: int) -> HttpResponse:
    """Send one's own text again with other words: while it waits, or after it was returned."""
    proposal = known_proposal(actor, proposal_id)
    require(permissions.can_change_proposal(actor, proposal))
    before = Held([row.file for row in files_of(proposal)], file_address(actor, proposal))
    if request.method != "POST":
        desk = first_desk(actor, ProposalForm(initial=ProposalForm.values_of(proposal)), before)
        return _page(request, actor, proposal.channel, desk, proposal=proposal)
    desk, is_asking = sent_desk(request, actor, ProposalForm, before)
    if is_asking:
        return _asked(request, actor, proposal.channel, desk, proposal=proposal)
    if is_ready(desk):
        try:
            proposals.send_again(actor=actor, proposal=proposal, draft=desk.form.draft())
        except DomainError as error:
            apply_domain_error(desk.form, _at_field(error))
        else:
            return _sent(request, actor)
    return _page(request, actor, proposal.channel, desk, proposal=proposal, status=422)


def _at_field(error: DomainError) -> DomainError:
    """The wished time stands in a field of another name than the time of a post."""
    if "publish_at" in error.fields:
        fields = {"wanted_at": error.fields["publish_at"]}
        return DomainError(error.code, error.message, fields=fields, status=error.status)
    return error


def _sent(request: HttpRequest, actor: Actor) -> HttpResponse:
    done(request, _("The text is sent. You will be told what is decided about it."))
    return redirect(address(actor, "proposals"))


def _asked(
    request: HttpRequest, actor: Actor, channel: Channel, desk: Desk[ProposalForm], proposal: Proposal | None = None
) -> HttpResponse:
    if request.POST.get("do") == "preview":
        show_preview(actor, desk, channel, actor.person.full_name)
    return _page(request, actor, channel, desk, proposal=proposal)


def _page(
    request: HttpRequest,
    actor: Actor,
    channel: Channel,
    desk: Desk[ProposalForm],
    *,
    proposal: Proposal | None = None,
    status: int = 200,
) -> HttpResponse:
    key = f"{'again' if proposal else 'new'}-{proposal.pk if proposal else channel.pk}"
    context = {
        "channel": channel,
        "title": title_of(channel, actor.words),
        "desk": desk,
        "form": desk.form,
        "proposal": proposal,
        "draft_key": f"proposal-{actor.person.pk}-{key}",
    }
    response = render_parts(request, TEMPLATE, PARTS, context)
    response.status_code = status
    return response


@require_POST
@member_page
def withdraw(request: HttpRequest, actor: Actor, proposal_id: int) -> HttpResponse:
    """Take one's own text back; it can be sent again."""
    proposal = known_proposal(actor, proposal_id)
    require(permissions.can_change_proposal(actor, proposal))
    try:
        proposals.withdraw(actor=actor, proposal=proposal)
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("The text is withdrawn. It stays here and can be sent again."))
    return redirect(address(actor, "proposals"))


# --- Lists ------------------------------------------------------------------------------------------------------------
@require_safe
@member_page
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for the actor's decision, and the actor's own texts with what became of them."""
    is_editor = publishable_by(actor).exists()
    may_propose = actor.may(Capability.PROPOSE_POSTS)
    require(is_editor or may_propose)
    queue = [proposal_row(actor, proposal) for proposal in queue_of(actor)[:100]] if is_editor else []
    page = page_of(request, own_proposals(actor), 20)
    context = {
        "is_editor": is_editor,
        "may_propose": may_propose and not permissions.can_manage_channels(actor),
        "queue": queue,
        "page_obj": page,
        "own": [proposal_row(actor, proposal) for proposal in page.object_list],
    }
    return render(request, "channels/proposals.html", context)


def proposal_row(actor: Actor, proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as the lists show it."""
    tone, icon = STATES[ProposalState(proposal.state)]
    return {
        "proposal": proposal,
        "label": label_of_proposal(proposal),
        "title": title_of(proposal.channel, actor.words),
        "state": state_in_words(proposal),
        "tone": tone,
        "icon": icon,
        "can_change": permissions.can_change_proposal(actor, proposal),
    }


def state_in_words(proposal: Proposal) -> str:
    """Return what became of a proposal: «опубликовано», «появится по расписанию», «возвращено с замечаниями»."""
    if proposal.state != ProposalState.ACCEPTED:
        return str(ProposalState(proposal.state).label)
    post = proposal.post
    if post is None or post.deleted_at is not None:
        return _("was published, then removed")
    published = pgettext("a text", "published")
    return published if post.published_at is not None else _("accepted, will be published")


def label_of_proposal(proposal: Proposal) -> str:
    """Return a line by which people know the text."""
    words = proposal.title or markup.to_plain(proposal.text, one_line=True)
    if not words:
        return _("Files without a text")
    return Truncator(words).chars(80)


# --- Files ------------------------------------------------------------------------------------------------------------
def file_address(actor: Actor, proposal: Proposal) -> FileAddress:
    """Return how files of a proposal are addressed."""
    slug = actor.organization.slug
    return lambda file: reverse("channels:proposal_file", args=[slug, proposal.pk, file.pk])


@require_safe
@member_page
def file(request: HttpRequest, actor: Actor, proposal_id: int, file_id: int) -> HttpResponseBase:
    """A file of a proposed text, for its author and those who decide about it."""
    visible = proposals_visible_to(actor).filter(pk=proposal_id).order_by()
    rows = ProposalFile.objects.select_related("file")
    held = get_object_or_404(rows, proposal__in=visible.values("pk"), file=file_id)
    return respond(held.file, request=request, preview="preview" in request.GET, download="download" in request.GET)
