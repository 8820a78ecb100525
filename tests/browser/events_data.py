"""What stories of channels, required reading and events find, and how time passes for them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone


def schools_channel(slug: str) -> int:
    """The id of the organization's channel."""
    from channels_app.models import Channel, ChannelKind

    return Channel.objects.get(organization__slug=slug, kind=ChannelKind.ORGANIZATION).pk


def the_hour_comes(slug: str) -> int:
    """Move what is planned in the channels of the organization to a minute ago and let the job look; how many appeared.

    The clock of the running platform cannot be moved, so the plan is.
    """
    from channels_app.models import Post
    from channels_app.services.publishing import publish_due

    planned = Post.objects.filter(organization__slug=slug, publish_at__isnull=False, published_at=None)
    planned.update(publish_at=timezone.now() - timedelta(minutes=1))
    return publish_due()


def third_colleague(slug: str) -> dict[str, Any]:
    """One more teacher, and the head."""
    from tests.browser import data

    return {
        "colleague": data.person(slug, "Демидова Ирина Олеговна", ["teacher"])["phone"],
        "head": data.person(slug, "Лебедев Сергей Павлович", ["head"], position="Директор")["phone"],
    }


def begins_now(slug: str, title: str) -> None:
    """Let the event of that title begin a minute ago."""
    from meetings.models import Event

    event = Event.objects.get(organization__slug=slug, title=title)
    lasts = event.ends_at - event.starts_at
    event.starts_at = timezone.now() - timedelta(minutes=1)
    event.ends_at = event.starts_at + lasts
    event.save(update_fields=["starts_at", "ends_at"])


def many_posts(slug: str, count: int) -> None:
    """Fill the organization's channel with short posts."""
    from channels_app.models import Channel, Post

    channel = Channel.objects.get(pk=schools_channel(slug))
    now = timezone.now()
    Post.objects.bulk_create(
        Post(
            organization=channel.organization,
            channel=channel,
            title=f"Новость {number}",
            html=f"Текст {number}",
            text=f"Текст {number}",
            search_text=f"новость {number} текст {number}",
            published_at=now - timedelta(minutes=count - number),
        )
        for number in range(count)
    )
