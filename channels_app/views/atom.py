"""An open channel as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.xmlutils import SimplerXMLGenerator

from channels_app.views.cards import Card, Shown


@dataclass(frozen=True)
class Entry:
    """A post in the feed; `name` is whose it is."""

    path: str
    title: str
    card: Card
    name: str


class _Feed(Atom1Feed):
    """The whole post as the entry's content: readers of feeds need not come for the rest."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", str(item["content"]), {"type": "html"})


def atom_of(title: str, about: str, path: str, own_path: str, entries: Sequence[Entry]) -> str:
    """Return the feed as XML. Addresses are absolute (`settings.SITE_URL`); ids never change, whatever is edited."""
    feed = _Feed(
        title=title,
        link=absolute(path),
        description=None,
        subtitle=about or None,
        feed_url=absolute(own_path),
        language=settings.LANGUAGE_CODE,
    )
    for entry in entries:
        post = entry.card.post
        feed.add_item(
            title=entry.title,
            link=absolute(entry.path),
            description=None,  # type: ignore[arg-type]
            unique_id=f"tag:{urlsplit(settings.SITE_URL).hostname},{post.created_at:%Y-%m-%d}:post-{post.pk}",
            pubdate=post.published_at,
            updateddate=post.edited_at or post.published_at,
            author_name=entry.name,
            content=_content(entry.card),
        )
    return feed.writeString("utf-8")


def _content(card: Card) -> SafeString:
    text = mark_safe(card.post.html)  # noqa: S308 - made by common.markup
    pictures = format_html_join("", '<p><img src="{}" alt="{}"></p>', (_of(one) for one in card.files.pictures))
    others = format_html_join("", '<p><a href="{}">{}</a></p>', (_of(one) for one in card.files.others))
    return format_html("{}{}{}", text, pictures, others)


def _of(shown: Shown) -> tuple[str, str]:
    return absolute(shown.url), shown.file.original_name


def absolute(path: str) -> str:
    """Return an address of ours as it is for somebody elsewhere."""
    return settings.SITE_URL.rstrip("/") + path
