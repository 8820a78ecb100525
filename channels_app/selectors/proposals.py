"""Proposed posts: one's own, and those that wait for somebody who publishes (CHAN-2)."""

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from channels_app.models import Proposal, ProposalFile, ProposalState, ProposalTurn
from channels_app.selectors.channels import granted_to, publishable_by
from orgs.actor import Actor


def proposals_visible_to(actor: Actor) -> QuerySet[Proposal]:
    """Return the actor's own proposals and those for channels where the actor publishes, but not what another has
    withdrawn; each with `is_editor` (granted the right to publish in its channel)."""
    theirs = Q(channel__in=publishable_by(actor).values("pk")) & ~Q(state=ProposalState.WITHDRAWN)
    return (
        Proposal.objects.filter(Q(author=actor.person.pk) | theirs, organization=actor.organization.pk)
        .select_related("author", "channel__unit", "channel__organization", "decided_by", "post")
        .annotate(is_editor=Exists(granted_to(actor).filter(content_object=OuterRef("channel"))))
        .order_by("-changed_at", "-id")
    )


def queue_of(actor: Actor) -> QuerySet[Proposal]:
    """Return what waits for the actor's decision, the oldest first."""
    waiting = proposals_visible_to(actor).filter(
        channel__in=publishable_by(actor).values("pk"), state=ProposalState.SENT
    )
    return waiting.order_by("changed_at", "id")


def own_proposals(actor: Actor) -> QuerySet[Proposal]:
    """Return what the actor has proposed: returned ones first, for they wait for the author."""
    first = Case(When(state=ProposalState.RETURNED, then=0), When(state=ProposalState.SENT, then=1), default=2)
    return proposals_visible_to(actor).filter(author=actor.person.pk).order_by(first, "-changed_at", "-id")


def find_proposal(actor: Actor, pk: int) -> Proposal | None:
    """Return a proposal the actor may see, or None; its channel knows what `permissions.can_publish` asks."""
    proposal = proposals_visible_to(actor).filter(pk=pk).first()
    if proposal is not None:
        proposal.channel.is_editor = proposal.is_editor  # type: ignore[attr-defined]
    return proposal


def turns_of(proposal: Proposal) -> QuerySet[ProposalTurn]:
    """Return the turns between the author and the editors in their order."""
    return ProposalTurn.objects.filter(proposal=proposal.pk).select_related("person").order_by("id")


def files_of(proposal: Proposal) -> list[ProposalFile]:
    """Return the files of the proposal in their order."""
    rows = ProposalFile.objects.filter(proposal=proposal.pk)
    return list(rows.select_related("file").order_by("position"))
