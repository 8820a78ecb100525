"""Proposed posts: sent, returned with remarks, sent again, published in the proposer's name (CHAN-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_app.models import Channel, Post, Proposal, ProposalFile, ProposalState, ProposalTurn
from channels_app.selectors.proposals import files_of
from channels_app.services.posts import PostDraft, check_number_of_files, remove_files, words_of, write
from channels_app.services.publishing import check_time, plan, publish
from common.errors import DomainError
from common.jobs import enqueue
from common.text import clean_message
from files.services import claim
from orgs.actor import Actor
from orgs.audit import Action, Deed, record

MOST_REMARK = 1000


@dataclass(frozen=True)
class ProposalDraft:
    """What somebody proposes; `wanted_at`: when it should appear; `file_ids` as in `PostDraft`."""

    title: str = ""
    text: str = ""
    file_ids: Sequence[int] = ()
    wanted_at: datetime | None = None
    client_key: UUID | None = None


@transaction.atomic
def propose(*, actor: Actor, channel: Channel, draft: ProposalDraft) -> Proposal:
    """Propose a text for `channel` and return the proposal; those who publish there are told.

    Raises `DomainError`: those of `posts.words_of`, `files_many`, `file_not_yours`, `publish_at_past`,
    `publish_at_far` (400).
    """
    own = Proposal.objects.filter(author=actor.person, client_key=draft.client_key)
    if draft.client_key is not None and (found := own.first()):
        return found
    words = words_of(draft.title, draft.text, may_be_empty=bool(draft.file_ids))
    if draft.wanted_at is not None:
        check_time(draft.wanted_at)
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                organization=actor.organization,
                channel=channel,
                author=actor.person,
                title=words.title,
                text=words.text,
                wanted_at=draft.wanted_at,
                client_key=draft.client_key,
            )
    except IntegrityError:
        return own.get()
    _set_files(actor, proposal, draft.file_ids)
    _turn(actor, proposal)
    enqueue("channels_app.tasks.tell_editors", proposal_id=proposal.pk)
    return proposal


@transaction.atomic
def send_again(*, actor: Actor, proposal: Proposal, draft: ProposalDraft) -> Proposal:
    """Send one's proposal with other words: while it waits, after it was returned, or withdrawn; returns it.

    Raises `DomainError`: those of `propose`, `proposal_decided` (409) when it was accepted meanwhile.
    """
    row = _locked(proposal)
    if row.state == ProposalState.ACCEPTED:
        raise _decided()
    words = words_of(draft.title, draft.text, may_be_empty=bool(draft.file_ids))
    if draft.wanted_at is not None and draft.wanted_at != row.wanted_at:
        check_time(draft.wanted_at)
    _set_files(actor, row, draft.file_ids)
    row.title, row.text, row.wanted_at = words.title, words.text, draft.wanted_at
    row.state, row.remark, row.decided_by, row.decided_at = ProposalState.SENT, "", None, None
    row.revision += 1
    row.changed_at = timezone.now()
    row.save()
    _turn(actor, row)
    enqueue("channels_app.tasks.tell_editors", proposal_id=row.pk)
    return row


@transaction.atomic
def withdraw(*, actor: Actor, proposal: Proposal) -> Proposal:
    """Take one's proposal back; its words stay and can be sent again. Returns it; twice is once.

    Raises `DomainError("proposal_decided")` (409) when it was accepted meanwhile.
    """
    row = _locked(proposal)
    if row.state == ProposalState.ACCEPTED:
        raise _decided()
    if row.state != ProposalState.WITHDRAWN:
        row.state, row.changed_at = ProposalState.WITHDRAWN, timezone.now()
        row.save(update_fields=["state", "changed_at"])
        _turn(actor, row)
    return row


@transaction.atomic
def return_with_remark(*, actor: Actor, proposal: Proposal, revision: int, remark: str) -> Proposal:
    """Return a proposal to its author with what is to be changed, and return it; the author is told.

    `revision` is the one the editor has read. Raises `DomainError`: `remark_required` (400), `proposal_decided`,
    `proposal_changed` (409).
    """
    words = clean_message(remark, most=MOST_REMARK, allow_empty=True)
    if not words:
        message = _("Say what is to be changed: the author reads it.")
        raise DomainError("remark_required", message, fields={"remark": message}, status=400)
    row = _waiting(proposal, revision)
    _decide(actor, row, ProposalState.RETURNED, words)
    details = {"reason": words}
    record(actor.organization, actor, [Deed(Action.PROPOSAL_RETURNED, row.author, details=details)])
    return row


@transaction.atomic
def accept(
    *, actor: Actor, proposal: Proposal, revision: int, draft: PostDraft, publish_at: datetime | None = None
) -> Post:
    """Publish a proposal, as the editor has edited it, in its author's name: now, or at a set time. Returns the post.

    Two editors who accept at once make one post: the second gets `proposal_decided`. Raises `DomainError`:
    `proposal_decided`, `proposal_changed` (409), those of `posts.write` and `publishing.plan`.
    """
    row = _waiting(proposal, revision)
    own = {held.file_id for held in files_of(row)}
    post = write(actor=actor, channel=row.channel, draft=draft, author=row.author, in_use=own)
    row.post = post
    _decide(actor, row, ProposalState.ACCEPTED, "")
    if publish_at is not None:
        return plan(actor=actor, post=post, at=publish_at)
    return publish(actor=actor, post=post)


def _locked(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("author", "channel__unit", "channel__organization").get(pk=proposal.pk)


def _waiting(proposal: Proposal, revision: int) -> Proposal:
    row = _locked(proposal)
    if row.state != ProposalState.SENT:
        raise _decided()
    if row.revision != revision:
        raise DomainError("proposal_changed", _("The author has changed the text meanwhile. Please read it again."))
    return row


def _decided() -> DomainError:
    return DomainError("proposal_decided", _("Somebody has decided about this text meanwhile."))


def _decide(actor: Actor, row: Proposal, state: ProposalState, remark: str) -> None:
    row.state, row.remark, row.decided_by = state, remark, actor.person
    row.decided_at = row.changed_at = timezone.now()
    row.save()
    _turn(actor, row)
    enqueue("channels_app.tasks.tell_author", proposal_id=row.pk)


def _turn(actor: Actor, row: Proposal) -> None:
    ProposalTurn.objects.create(
        organization=actor.organization,
        proposal=row,
        state=row.state,
        person=actor.person,
        title=row.title,
        text=row.text,
        remark=row.remark,
    )


def _set_files(actor: Actor, proposal: Proposal, file_ids: Sequence[int]) -> None:
    wanted = list(dict.fromkeys(file_ids))
    check_number_of_files(wanted)
    held = {row.file_id: row.file for row in files_of(proposal)}
    if list(held) == wanted:
        return
    claim(actor=actor, ids=[key for key in wanted if key not in held])
    ProposalFile.objects.filter(proposal=proposal).delete()
    ProposalFile.objects.bulk_create(
        ProposalFile(organization=actor.organization, proposal=proposal, file_id=key, position=place)
        for place, key in enumerate(wanted)
    )
    remove_files([file for key, file in held.items() if key not in set(wanted)])
