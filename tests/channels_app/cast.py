"""Short ways to have channels and posts in a school of the world."""

from __future__ import annotations

from typing import Any

from channels_app.models import Channel, ChannelKind, Post, Proposal
from channels_app.selectors.channels import find_channel, list_of
from channels_app.selectors.posts import find_post
from channels_app.selectors.proposals import find_proposal
from channels_app.services import channels, proposals, publishing
from channels_app.services.posts import PostDraft, write
from files.models import FileKind, StoredFile
from tests.world import School


def general(school: School) -> Channel:
    """The channel of the organization."""
    return Channel.objects.get(organization=school.organization, kind=ChannelKind.ORGANIZATION)


def of_staff(school: School) -> Channel:
    return Channel.objects.get(organization=school.organization, kind=ChannelKind.STAFF)


def of_unit(school: School, unit: str = "5А") -> Channel:
    """The channel of a unit, opened if there is none."""
    return channels.open_unit_channel(actor=school.actor("administrator"), unit=school.units[unit])


def free(school: School, *circles: tuple[str, str | None], title: str = "Кружки", **more: Any) -> Channel:
    """A further channel for circles of people; units by name."""
    rows = [(audience, school.units[unit].pk if unit else None) for audience, unit in circles or [("everyone", None)]]
    data = channels.ChannelData(title, circles=rows, **more)
    return channels.create_channel(actor=school.actor("administrator"), data=data)


def seen(school: School, name: str, channel: Channel) -> Channel:
    """The channel as `name` sees it, with everything the rules ask about."""
    found = find_channel(school.actor(name), channel.pk)
    assert found is not None, f"{name} does not see the channel"
    return found


def titles_of(school: School, name: str) -> list[str]:
    """What the list of channels shows to `name`."""
    from channels_app.selectors.titles import title_of

    actor = school.actor(name)
    return [title_of(channel, actor.words) for channel in list_of(actor)]


def publish(
    school: School, channel: Channel, text: str = "Здравствуйте!", by: str = "administrator", **more: Any
) -> Post:
    """Let `by` publish a post."""
    draft = PostDraft(text=text, **more)
    return publishing.publish_now(actor=school.actor(by), channel=seen(school, by, channel), draft=draft)


def draft(school: School, channel: Channel, text: str = "Черновик", by: str = "administrator", **more: Any) -> Post:
    """A post nobody reads yet."""
    return write(actor=school.actor(by), channel=seen(school, by, channel), draft=PostDraft(text=text, **more))


def read(school: School, name: str, post: Post) -> Post | None:
    """The post as `name` sees it, or None."""
    return find_post(school.actor(name), post.pk)


def opened(school: School, name: str, post: Post) -> Post:
    found = read(school, name, post)
    assert found is not None, f"{name} does not see the post"
    return found


def propose(school: School, channel: Channel, text: str = "Приходите!", by: str = "teacher", **more: Any) -> Proposal:
    """Let `by` propose a text."""
    data = proposals.ProposalDraft(text=text, **more)
    return proposals.propose(actor=school.actor(by), channel=seen(school, by, channel), draft=data)


def proposal(school: School, name: str, row: Proposal) -> Proposal:
    """The proposal as `name` sees it."""
    found = find_proposal(school.actor(name), row.pk)
    assert found is not None, f"{name} does not see the proposal"
    return found


def upload(
    school: School, who: str = "administrator", kind: str = FileKind.DOCUMENT, name: str = "план.pdf"
) -> StoredFile:
    """A file that `who` has uploaded and hung on nothing yet; its bytes are nowhere."""
    size = {"width": 1200, "height": 800, "preview": "preview.webp"} if kind == FileKind.PICTURE else {}
    return StoredFile.objects.create(
        organization=school.organization,
        kind=kind,
        content=name,
        original_name=name,
        content_type="application/pdf",
        size=1024,
        sha256="0" * 64,
        uploaded_by=school.people[who],
        **size,  # type: ignore[arg-type]
    )
