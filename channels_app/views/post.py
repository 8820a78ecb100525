"""One post: read, reacted to, voted on, commented (CHAN-3)."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from channels_app import permissions
from channels_app.forms.reading import CommentForm
from channels_app.models import Channel, Comment, Post, PostFile
from channels_app.selectors.posts import channel_of, comments_of, posts_visible_to, viewers_of
from channels_app.selectors.titles import title_of
from channels_app.services import reading
from channels_app.services.posts import label_of
from channels_app.views.cards import card_of
from channels_app.views.tools import address, read_post, read_published
from common.errors import DomainError, require
from common.notices import done, refused
from files.serving import respond
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.pages import member_page
from orgs.views.tools import invalid, is_fragment, page_of

MOST_COMMENTS = 200


@require_safe
@member_page
def post(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Show a post with its comments; those who publish see drafts and removed ones, and say what is to be done."""
    found = read_post(actor, post_id)
    form = CommentForm(initial={"client_key": uuid4()})
    return render(request, "channels/post.html", _context(actor, found, form))


def _context(actor: Actor, found: Post, form: CommentForm) -> dict[str, Any]:
    channel = channel_of(actor, found)
    comments = list(comments_of(found)) if found.comment_count or channel.has_comments else []
    return {
        "card": card_of(actor, found, channel),
        "channel": channel,
        "title": title_of(channel, actor.words),
        "label": label_of(found),
        "comments": [_comment(actor, channel, comment) for comment in comments[-MOST_COMMENTS:]],
        "older_comments": max(0, len(comments) - MOST_COMMENTS),
        "can_comment": permissions.can_comment(actor, channel, found),
        "form": form,
    }


def _comment(actor: Actor, channel: Channel, comment: Comment) -> dict[str, Any]:
    return {"comment": comment, "can_delete": permissions.can_delete_comment(actor, channel, comment)}


@require_safe
@member_page
def file(request: HttpRequest, actor: Actor, post_id: int, file_id: int) -> HttpResponseBase:
    """A file of a post, for those who may read the post."""
    visible = posts_visible_to(actor).filter(pk=post_id)
    held = get_object_or_404(PostFile.objects.select_related("file"), post__in=visible, file=file_id)
    return respond(held.file, request=request, preview="preview" in request.GET, download="download" in request.GET)


@require_POST
@member_page
def react(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Give a reaction or take it back; htmx gets the row of reactions, others the post."""
    found = read_published(actor, post_id)
    try:
        reading.react(actor=actor, post=found, kind=request.POST.get("kind", ""))
    except DomainError as error:
        refused(request, error.message)
    return _answer(request, actor, found, "channels/_reactions.html", f"reactions-{post_id}")


@require_POST
@member_page
def vote(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Vote in the poll of a post; none chosen takes the vote back."""
    found = read_published(actor, post_id)
    error = _tried(lambda: reading.vote(actor=actor, post=found, option_ids=ids_of(request.POST.getlist("options"))))
    return _answer(request, actor, found, "channels/_poll.html", f"poll-{post_id}", error)


@require_POST
@member_page
def close_poll(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Take no more votes."""
    found = read_published(actor, post_id)
    require(permissions.can_publish(actor, channel_of(actor, found)))
    error = _tried(lambda: reading.close_poll(actor=actor, post=found))
    return _answer(request, actor, found, "channels/_poll.html", f"poll-{post_id}", error)


def _tried(what: Any) -> str:
    """Do `what`, and return why it was refused."""
    try:
        what()
    except DomainError as error:
        return error.message
    return ""


def _answer(
    request: HttpRequest, actor: Actor, found: Post, template: str, target: str, error: str = ""
) -> HttpResponse:
    """Answer with the fragment as it stands now, or lead back to the post."""
    if not is_fragment(request, target):
        if error:
            refused(request, error)
        return redirect(f"{address(actor, 'post', post_id=found.pk)}#{target}")
    fresh = read_published(actor, found.pk)
    context = {"card": card_of(actor, fresh, channel_of(actor, fresh)), "error": error, "actor": actor}
    return render(request, template, context)


# --- Comments ---------------------------------------------------------------------------------------------------------
@require_POST
@member_page
def comment(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Write a comment; what was refused stays in the field."""
    found = read_published(actor, post_id)
    require(permissions.can_comment(actor, channel_of(actor, found), found))
    form = CommentForm(request.POST)
    if form.is_valid():
        key: UUID | None = form.cleaned_data["client_key"]
        try:
            made = reading.comment(actor=actor, post=found, text=form.cleaned_data["text"], client_key=key)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            return redirect(f"{address(actor, 'post', post_id=found.pk)}#comment-{made.pk}")
    return invalid(request, "channels/post.html", _context(actor, read_published(actor, post_id), form))


@require_POST
@member_page
def delete_comment(request: HttpRequest, actor: Actor, comment_id: int) -> HttpResponse:
    """Delete a comment: one's own, or any in a channel where one publishes."""
    found = get_object_or_404(
        Comment.objects.select_related("author"), pk=comment_id, post__in=posts_visible_to(actor).values("pk")
    )
    post = read_published(actor, found.post_id)
    if found.deleted_at is None:
        require(permissions.can_delete_comment(actor, channel_of(actor, post), found))
        reading.delete_comment(actor=actor, comment=found)
        done(request, _("The comment was deleted."))
    return redirect(f"{address(actor, 'post', post_id=post.pk)}#comments")


# --- For those who publish --------------------------------------------------------------------------------------------
@require_safe
@member_page
def viewers(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Who has seen the post, by name."""
    found = read_post(actor, post_id)
    require(permissions.can_see_viewers(actor, channel_of(actor, found)))
    if found.published_at is None:
        raise Http404
    context = {"post": found, "label": label_of(found), "page_obj": page_of(request, viewers_of(found))}
    return render(request, "channels/viewers.html", context)
