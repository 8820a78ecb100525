"""Proposed texts: sent, changed, withdrawn; returned with remarks or published (CHAN-2)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from channels_app import permissions
from channels_app.api.base import ChannelsView, poll_of, terms_from
from channels_app.api.inputs import Acceptance, NewProposal, ProposalFields, ProposalsQuery, Remark
from channels_app.api.serializers import PostShape, ProposalDetail, ProposalShape
from channels_app.models import Proposal, ProposalFile
from channels_app.selectors.proposals import files_of, own_proposals, queue_of
from channels_app.services import proposals as services
from channels_app.services.posts import PostDraft
from channels_app.shapes import Shape, proposal_shape
from common.errors import require
from files import formats
from files.api.views import HowToSend
from files.serving import respond
from orgs.actor import Actor
from orgs.api.base import NewestFirst


class ProposalView(ChannelsView):
    """`/o/<slug>/channels/proposals/`."""

    serializer_class = ProposalDetail
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="channel_proposals_create",
        tags=["proposals"],
        request=NewProposal,
        responses={201: ProposalDetail},
    )
    def create(self, request: Request, slug: str, pk: int) -> Response:
        """Propose a text for a channel; those who publish there are told (CHAN-2)."""
        channel = self.get_channel(pk)
        require(permissions.can_propose(self.actor, channel))
        draft = services.ProposalDraft(**self.read(NewProposal))
        return self.answer_proposal(services.propose(actor=self.actor, channel=channel, draft=draft).pk, status=201)

    @extend_schema(
        operation_id="channel_proposals_list",
        tags=["proposals"],
        parameters=[ProposalsQuery],
        responses=ProposalShape(many=True),
    )
    def list(self, request: Request, slug: str) -> Response:
        """Texts I have proposed, or those that wait for my decision; the newest first."""
        is_queue = self.read_query(ProposalsQuery)["scope"] == "queue"
        rows = queue_of(self.actor) if is_queue else own_proposals(self.actor)
        return self.shaped_page(rows, partial(proposal_shapes, self.actor))

    @extend_schema(operation_id="channel_proposals_get", tags=["proposals"])
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One proposed text with its files and everything that was said about it."""
        return self.answer_proposal(pk)

    @extend_schema(operation_id="channel_proposals_change", tags=["proposals"], request=ProposalFields)
    def partial_update(self, request: Request, slug: str, pk: int) -> Response:
        """Send my text with other words: while it waits, after it was returned, or withdrawn.

        409 `proposal_decided` when it was accepted meanwhile.
        """
        proposal = self.get_proposal(pk)
        require(proposal.author_id == self.actor.person.pk)
        data = self.read(ProposalFields)
        draft = services.ProposalDraft(
            title=data.get("title", proposal.title),
            text=data.get("text", proposal.text),
            file_ids=data.get("file_ids", [row.file_id for row in files_of(proposal)]),
            wanted_at=data.get("wanted_at", proposal.wanted_at),
        )
        services.send_again(actor=self.actor, proposal=proposal, draft=draft)
        return self.answer_proposal(pk)

    @extend_schema(operation_id="channel_proposals_withdraw", tags=["proposals"], request=None)
    def withdraw(self, request: Request, slug: str, pk: int) -> Response:
        """Take my text back; its words stay and can be sent again. 409 `proposal_decided`."""
        proposal = self.get_proposal(pk)
        require(proposal.author_id == self.actor.person.pk)
        services.withdraw(actor=self.actor, proposal=proposal)
        return self.answer_proposal(pk)

    def get_for_decision(self, pk: int) -> Proposal:
        """Return a proposal in whose channel the actor publishes; 404 or 403. What was decided is the service's."""
        proposal = self.get_proposal(pk)
        require(permissions.can_publish(self.actor, proposal.channel))
        return proposal

    @extend_schema(operation_id="channel_proposals_return", tags=["proposals"], request=Remark)
    def give_back(self, request: Request, slug: str, pk: int) -> Response:
        """Return a text to its author with what is to be changed. 409 `proposal_decided`, `proposal_changed`."""
        proposal = self.get_for_decision(pk)
        services.return_with_remark(actor=self.actor, proposal=proposal, **self.read(Remark))
        return self.answer_proposal(pk)

    @extend_schema(
        operation_id="channel_proposals_accept", tags=["proposals"], request=Acceptance, responses={201: PostShape}
    )
    def accept(self, request: Request, slug: str, pk: int) -> Response:
        """Publish a text, as edited here, in its author's name: now, or at a set time.

        Two editors at once make one post: the second gets 409 `proposal_decided`. 409 `proposal_changed`: the author
        has changed it since `revision`.
        """
        proposal = self.get_for_decision(pk)
        data = self.read(Acceptance)
        draft = PostDraft(
            title=data.get("title", proposal.title),
            text=data.get("text", proposal.text),
            file_ids=data.get("file_ids", [row.file_id for row in files_of(proposal)]),
            poll=poll_of(data["poll"]),
            reading=terms_from(data["reading"]),
            client_key=data["client_key"],
        )
        post = services.accept(
            actor=self.actor,
            proposal=proposal,
            revision=data["revision"],
            draft=draft,
            publish_at=data["publish_at"],
        )
        return self.answer_anew(post.pk, status=201)


def proposal_shapes(actor: Actor, proposals: Sequence[Proposal]) -> list[Shape]:
    """Return a page of proposed texts. No query."""
    return [proposal_shape(actor, proposal) for proposal in proposals]


class ProposalFileView(ChannelsView):
    """`/o/<slug>/channels/proposals/<id>/files/<file>/`."""

    serializer_class = ProposalDetail
    pagination_class = None

    @extend_schema(
        operation_id="channel_proposals_file",
        tags=["proposals"],
        parameters=[HowToSend],
        responses={
            **{(200, content_type): OpenApiTypes.BINARY for content_type in formats.CONTENT_TYPES},
            **{(206, content_type): OpenApiTypes.BINARY for content_type in formats.CONTENT_TYPES},
            304: OpenApiResponse(description="The browser has it (If-None-Match)"),
            416: OpenApiResponse(description="No such part (Range)"),
        },
    )
    def content(self, request: Request, slug: str, pk: int, file: int) -> HttpResponseBase:
        """The bytes of a file of a proposed text, whole or in part (`Range`)."""
        rows = ProposalFile.objects.filter(proposal=self.get_proposal(pk).pk).select_related("file")
        stored = get_object_or_404(rows, file=file).file
        return respond(stored, request=request, **self.read_query(HowToSend))

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """A picture on a page asks for pictures, not for JSON."""
        return super().perform_content_negotiation(request, force=True)
