"""Who missed posts of the last day, for a whole organization at once."""

from collections import Counter, defaultdict
from datetime import datetime

from channels_app.models import Channel, Post, PostView, ReaderState
from channels_app.selectors.channels import people_to_tell
from orgs.models import Organization


def readers_who_missed(organization: Organization, since: datetime) -> Counter[int]:
    """Return {person: posts} of the readers with an account who want to hear of the channels, and have not seen what
    was published there after `since`. Five queries and one for each channel with new posts; none for each person."""
    posts = _posts_since(organization, since)
    seen = {
        (post_id, person_id)
        for post_id, person_id in PostView.objects.filter(post__in=[post.pk for post in _flat(posts)]).values_list(
            "post_id", "person_id"
        )
    }
    states = ReaderState.objects.filter(channel__in=posts, seen_until__isnull=False)
    until = {(row[0], row[1]): row[2] for row in states.values_list("channel_id", "person_id", "seen_until")}
    missed: Counter[int] = Counter()
    for channel in Channel.objects.filter(pk__in=posts).prefetch_related("audiences"):
        for person_id, joined_at in people_to_tell(channel).values_list("pk", "joined_at"):
            begins = max(filter(None, (since, joined_at, until.get((channel.pk, person_id)))))
            missed[person_id] += sum(
                post.published_at > begins  # type: ignore[operator]
                and person_id not in (post.author_id, post.editor_id)
                and (post.pk, person_id) not in seen
                for post in posts[channel.pk]
            )
    return +missed


def _posts_since(organization: Organization, since: datetime) -> dict[int, list[Post]]:
    """The posts that readers see, by channel; of channels in use."""
    posts = Post.objects.filter(
        organization=organization, published_at__gt=since, deleted_at=None, channel__archived_at=None
    ).exclude(channel__unit__archived_at__isnull=False)
    found: dict[int, list[Post]] = defaultdict(list)
    for post in posts.only("channel_id", "published_at", "author_id", "editor_id"):
        found[post.channel_id].append(post)
    return found


def _flat(posts: dict[int, list[Post]]) -> list[Post]:
    return [post for group in posts.values() for post in group]
