"""Words of notifications and letters about posts, made when they leave."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from channels_app.models import Notify, Post, Proposal, ProposalState, ReaderState
from channels_app.selectors.posts import find_post
from channels_app.selectors.proposals import find_proposal
from channels_app.selectors.titles import title_of
from channels_app.services.posts import label_of
from common import markup
from orgs.actor import Actor, actor_of
from orgs.models import Person
from orgs.telling import as_told
from outbox.rendering import Obsolete, Rendered

MOST_TEXT = 160


def channel_post(context: dict[str, Any], secret: str) -> Rendered:
    """The push of a new post. `context`: `post`, `person`.

    Raises `Obsolete` when it was seen or removed meanwhile, the person may not read it any more, or wants no pushes of
    the channel by now.
    """
    with translation.override(settings.LANGUAGE_CODE):
        actor = _actor(context)
        post = find_post(actor, context["post"])
        if post is None or not post.is_published:
            raise Obsolete(_("The post is gone, or not for this person any more."))
        if post.is_seen:  # type: ignore[attr-defined]
            raise Obsolete(_("The post has been seen."))
        state = ReaderState.objects.filter(channel=post.channel_id, person=actor.person.pk).first()
        if state is not None and state.seen_until is not None and state.seen_until >= post.published_at:  # type: ignore[operator]
            raise Obsolete(_("The post has been seen."))
        if state is not None and state.notify == Notify.NONE:
            raise Obsolete(_("This person wants no notifications of the channel."))
        return as_told(
            context,
            subject=title_of(post.channel, actor.words),
            text=_snippet(post),
            path=reverse("channels:post", args=[actor.organization.slug, post.pk]),
            tag=f"post-{post.pk}",
        )


def _snippet(post: Post) -> str:
    words = post.title or markup.to_plain(post.text, one_line=True) or label_of(post)
    return Truncator(words).chars(MOST_TEXT)


def _actor(context: dict[str, Any]) -> Actor:
    person = Person.objects.select_related("organization").filter(pk=context["person"], merged_into=None).first()
    actor = actor_of(person) if person is not None else None
    if actor is None or not actor.roles:
        raise Obsolete(_("This person is no longer in the organization."))
    return actor


def proposal_sent(context: dict[str, Any], secret: str) -> Rendered:
    """Tell somebody who publishes that a text waits. `context`: `proposal`, `person`.

    Raises `Obsolete` when it was decided or withdrawn meanwhile.
    """
    with translation.override(settings.LANGUAGE_CODE):
        actor = _actor(context)
        proposal = find_proposal(actor, context["proposal"])
        if proposal is None or proposal.state != ProposalState.SENT:
            raise Obsolete(_("The text does not wait any more."))
        text = _("%(author)s proposes for the channel «%(channel)s»: %(title)s") % {
            "author": proposal.author.author_name,
            "channel": title_of(proposal.channel, actor.words),
            "title": _name(proposal),
        }
        return as_told(
            context, subject=_("A proposed post waits"), text=text, path=_path(proposal), tag=f"proposal-{proposal.pk}"
        )


def proposal_decided(context: dict[str, Any], secret: str) -> Rendered:
    """Tell the author what became of a text. `context`: `proposal`, `person`.

    Raises `Obsolete` when it waits again, or was withdrawn.
    """
    with translation.override(settings.LANGUAGE_CODE):
        actor = _actor(context)
        proposal = find_proposal(actor, context["proposal"])
        if proposal is None or proposal.state not in (ProposalState.ACCEPTED, ProposalState.RETURNED):
            raise Obsolete(_("The text does not wait any more."))
        if proposal.state == ProposalState.RETURNED:
            subject, text = _("Your text was returned"), f"{_name(proposal)}\n\n{proposal.remark}"
        elif proposal.post is not None and proposal.post.is_planned:
            subject, text = _("Your text was accepted and will be published"), _name(proposal)
        else:
            subject, text = _("Your text was published"), _name(proposal)
        return as_told(context, subject=subject, text=text, path=_path(proposal), tag=f"proposal-{proposal.pk}")


def _name(proposal: Proposal) -> str:
    words = proposal.title or markup.to_plain(proposal.text, one_line=True)
    return Truncator(words).chars(MOST_TEXT)


def _path(proposal: Proposal) -> str:
    return reverse("channels:proposal", args=[proposal.channel.organization.slug, proposal.pk])
