"""Writing a post and changing one (CHAN-3, CHAN-4)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from channels_app.forms.writing import PostForm
from channels_app.models import Channel, Post
from channels_app.selectors.posts import find_post
from channels_app.selectors.titles import title_of
from channels_app.services import posts, publishing
from channels_app.services.posts import terms_of
from channels_app.views.cards import card_of
from channels_app.views.desk import Desk, Held, circles_chosen, first_desk, is_ready, refuse, sent_desk, show_preview
from channels_app.views.tools import address, edited_post, published_channel
from common.errors import DomainError
from common.notices import done
from files.pages import form_with_files
from orgs.actor import Actor
from orgs.views.tools import render_parts

TEMPLATE = "channels/write.html"
PARTS = {"preview": "channels/_preview.html"}


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def write(request: HttpRequest, actor: Actor, channel_id: int) -> HttpResponse:
    """A new post: published now, at a set time, or kept as a draft."""
    channel = published_channel(actor, channel_id)
    if request.method != "POST":
        desk = first_desk(actor, PostForm(initial=PostForm.values_of(None)), Held())
        return _page(request, actor, channel, desk)
    desk, is_asking = sent_desk(request, actor, PostForm, Held())
    if is_asking:
        return _asked(request, actor, channel, desk, actor.person.full_name)
    if is_ready(desk):
        try:
            post = _written(actor, channel, desk, request.POST.get("do", ""))
        except DomainError as error:
            refuse(desk.form, error)
        else:
            return _sent(request, actor, post)
    return _page(request, actor, channel, desk, status=422)


def _written(actor: Actor, channel: Channel, desk: Desk[PostForm], do: str) -> Post:
    draft = desk.form.draft(circles_chosen(desk))
    if do == "plan":
        at = _planned_at(desk.form)
        post = posts.write(actor=actor, channel=channel, draft=draft)
        return publishing.plan(actor=actor, post=post, at=at)
    if do == "draft":
        return posts.write(actor=actor, channel=channel, draft=draft)
    return publishing.publish_now(actor=actor, channel=channel, draft=draft)


def _planned_at(form: PostForm) -> Any:
    """Return the time that was chosen, checked before anything is written."""
    at = form.cleaned_data["publish_at"]
    if at is None:
        message = _("Choose the day and the time.")
        raise DomainError("publish_at_required", message, fields={"publish_at": message}, status=400)
    publishing.check_time(at)
    return at


def _sent(request: HttpRequest, actor: Actor, post: Post) -> HttpResponse:
    if post.published_at is not None:
        done(request, _("The post is published."))
        return redirect(address(actor, "post", post_id=post.pk))
    done(request, _("The post is planned.") if post.is_planned else _("The draft is kept."))
    return redirect(address(actor, "drafts"))


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def edit(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Change a post: a draft is overwritten, of a published one the earlier words are kept."""
    post, channel = edited_post(actor, post_id)
    if post.deleted_at is not None:
        return redirect(address(actor, "post", post_id=post.pk))
    before = _held(actor, post, channel)
    if request.method != "POST":
        values = PostForm.values_of(post)
        if set(before.circles) == set(_circles_of(channel)):
            values["reading_for"] = "channel"
        return _page(request, actor, channel, first_desk(actor, PostForm(initial=values), before), post=post)
    desk, is_asking = sent_desk(request, actor, PostForm, before)
    author = post.author.author_name if post.author is not None else title_of(channel, actor.words)
    if is_asking:
        return _asked(request, actor, channel, desk, author, post=post)
    if is_ready(desk):
        try:
            changed = _changed(actor, post, desk, request.POST.get("do", ""))
        except DomainError as error:
            if error.code == "post_changed_meanwhile":
                return _conflict(request, actor, channel, desk, post, error)
            refuse(desk.form, error)
        else:
            return _saved(request, actor, post, changed)
    return _page(request, actor, channel, desk, post=post, status=422)


def _held(actor: Actor, post: Post, channel: Channel) -> Held:
    files = card_of(actor, post, channel).files
    shown = {one.file.pk: one for one in [*files.pictures, *files.others]}
    rows = post.files.select_related("file").order_by("position")
    terms = terms_of(post.reading)
    circles = terms.circles if terms is not None else []
    return Held([row.file for row in rows], lambda file: shown[file.pk].url, circles)


def _circles_of(channel: Channel) -> list[tuple[str, int | None]]:
    return [(rule.audience, rule.unit_id) for rule in channel.audiences.all()]


def _changed(actor: Actor, post: Post, desk: Desk[PostForm], do: str) -> Post:
    revision = desk.form.cleaned_data["revision"] or 0
    at = _planned_at(desk.form) if do == "plan" and post.published_at is None else None
    changed = posts.change(actor=actor, post=post, draft=desk.form.draft(circles_chosen(desk)), revision=revision)
    if changed.published_at is not None:
        return changed
    if at is not None:
        return publishing.plan(actor=actor, post=changed, at=at)
    if do == "now":
        return publishing.publish(actor=actor, post=changed)
    if do == "draft" and changed.publish_at is not None:
        return publishing.unplan(actor=actor, post=changed)
    return changed


def _saved(request: HttpRequest, actor: Actor, before: Post, post: Post) -> HttpResponse:
    if before.published_at is None:
        return _sent(request, actor, post)
    done(request, _("The changes are saved."))
    return redirect(address(actor, "post", post_id=post.pk))


def _conflict(
    request: HttpRequest, actor: Actor, channel: Channel, desk: Desk[PostForm], post: Post, error: DomainError
) -> HttpResponse:
    """Somebody was quicker: both texts are shown, and saving again takes this one."""
    theirs = find_post(actor, post.pk) or post
    data = QueryDict(mutable=True)
    data.update(desk.form.data)
    data["revision"] = str(theirs.revision)
    desk.form = PostForm(data)
    desk.form.is_valid()
    desk.form.add_error(None, error.message)
    return _page(request, actor, channel, desk, post=theirs, theirs=theirs, status=422)


def _asked(
    request: HttpRequest, actor: Actor, channel: Channel, desk: Desk[PostForm], author: str, post: Post | None = None
) -> HttpResponse:
    if request.POST.get("do") == "preview":
        show_preview(actor, desk, channel, author)
    return _page(request, actor, channel, desk, post=post)


def _page(
    request: HttpRequest,
    actor: Actor,
    channel: Channel,
    desk: Desk[PostForm],
    *,
    post: Post | None = None,
    theirs: Post | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "channel": channel,
        "title": title_of(channel, actor.words),
        "desk": desk,
        "form": desk.form,
        "rows": desk.rows,
        "post": post,
        "theirs": theirs,
        "is_published": post is not None and post.published_at is not None,
        "draft_key": f"post-{actor.person.pk}-{'edit' if post else 'new'}-{post.pk if post else channel.pk}",
    }
    response = render_parts(request, TEMPLATE, PARTS, context)
    response.status_code = status
    return response
