"""Telling people who have no page open: of new posts, of proposals that wait, of what was decided about them."""

from django.db.models import Exists, OuterRef, Q

from channels_app.models import ChannelAudience, Post, Proposal, ProposalState
from channels_app.selectors.channels import people_to_tell
from channels_app.selectors.editors import editors_of
from orgs.models import Audience, Person, Role, RoleAssignment
from orgs.selectors.audiences import people_in
from orgs.telling import tell


def notify(post_id: int) -> int:
    """Queue a push for each reader of a new post who wants one, and return how many; who has no device reads of it in
    the daily letter. Who must confirm the post is told by that. Safe to run twice; a constant number of statements
    for each 500 readers.
    """
    posts = Post.objects.filter(pk=post_id, published_at__isnull=False, deleted_at=None)
    post = posts.select_related("channel__organization", "reading").first()
    if post is None:
        return 0
    people = people_to_tell(post.channel).exclude(pk__in=[key for key in (post.author_id, post.editor_id) if key])
    if post.reading is not None and post.reading.is_open:
        asked = people_in(post.organization_id, post.reading.audiences.all())
        people = people.exclude(pk__in=asked.values("pk"))
    return tell(
        organization=post.channel.organization,
        people=people,
        template="channel_post",
        context={"post": post.pk},
        key=f"post:{post.pk}:new",
        letters=False,
    )


def tell_editors(proposal_id: int) -> int:
    """Tell those who publish in the channel that a proposed text waits; returns how many messages. May run twice."""
    proposals = Proposal.objects.select_related("channel__organization", "channel__unit")
    proposal = proposals.filter(pk=proposal_id, state=ProposalState.SENT).first()
    if proposal is None:
        return 0
    return tell(
        organization=proposal.channel.organization,
        people=_publishers(proposal),
        template="proposal_sent",
        context={"proposal": proposal.pk},
        key=f"proposal:{proposal.pk}:{proposal.revision}",
    )


def _publishers(proposal: Proposal) -> list[Person]:
    """Whom the right was granted and the unit's leaders; the administrators where there is nobody else."""
    channel = proposal.channel
    wanted = Q(pk__in=[person.pk for person in editors_of(channel)])
    if channel.unit_id is not None:
        led = people_in(channel.organization_id, [ChannelAudience(audience=Audience.LEADERS, unit_id=channel.unit_id)])
        wanted |= Q(pk__in=led.values("pk"))
    held = RoleAssignment.objects.filter(person=OuterRef("pk"), until=None)
    people = Person.objects.filter(Exists(held), organization=channel.organization_id, user__isnull=False)
    others = people.exclude(pk=proposal.author_id).select_related("user")
    named = list(others.filter(wanted))
    return named or list(others.filter(Exists(held.filter(role=Role.ADMINISTRATOR))))


def tell_author(proposal_id: int) -> int:
    """Tell the author of a proposed text what was decided; returns how many messages. Safe to run twice."""
    proposals = Proposal.objects.select_related("channel__organization", "author__user")
    proposal = proposals.filter(pk=proposal_id, decided_at__isnull=False).first()
    if proposal is None:
        return 0
    return tell(
        organization=proposal.channel.organization,
        people=[proposal.author],
        template="proposal_decided",
        context={"proposal": proposal.pk},
        key=f"proposal:{proposal.pk}:{proposal.state}:{proposal.revision}",
    )
