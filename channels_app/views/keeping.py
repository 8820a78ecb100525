"""Drafts and planned posts, what was removed, how a post read before (CHAN-3)."""

from difflib import SequenceMatcher
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from channels_app.forms.writing import MomentForm
from channels_app.models import Post
from channels_app.selectors.channels import publishable_by
from channels_app.selectors.posts import removed_of, unpublished_of, versions_of
from channels_app.selectors.titles import title_of
from channels_app.services import publishing as services
from channels_app.services.posts import label_of
from channels_app.services.publishing import KEPT_DAYS
from channels_app.views.tools import address, edited_post
from common.errors import DomainError, require
from common.notices import done, refused
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page
from orgs.views.tools import back_or, invalid

MOST_ROWS = 200
# Longer texts are compared by lines: by words it would take seconds.
MOST_WORDS = 3000


@require_safe
@member_page
def drafts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Planned posts, drafts, and what was removed in the last 30 days, of the channels the actor publishes in."""
    require(publishable_by(actor).exists())
    return render(request, "channels/drafts.html", _drafts_context(actor))


def _drafts_context(actor: Actor, form: MomentForm | None = None, at: int | None = None) -> dict[str, Any]:
    waiting = [_row(actor, post) for post in unpublished_of(actor)[:MOST_ROWS]]
    for row in waiting:
        own = form if form is not None and at == row["post"].pk else None
        row["form"] = own or MomentForm(
            initial={"publish_at": row["post"].publish_at}, auto_id=f"id_{row['post'].pk}_%s"
        )
        row["is_open"] = own is not None
    return {
        "planned": [row for row in waiting if row["post"].is_planned],
        "drafts": [row for row in waiting if not row["post"].is_planned],
        "removed": [_row(actor, post) for post in removed_of(actor)[:MOST_ROWS]],
        "kept_days": KEPT_DAYS,
    }


def _row(actor: Actor, post: Post) -> dict[str, Any]:
    return {"post": post, "label": label_of(post), "title": title_of(post.channel, actor.words)}


@require_POST
@member_page
def publish(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Let a draft or a planned post appear now."""
    post, _channel = edited_post(actor, post_id)
    try:
        services.publish(actor=actor, post=post)
    except DomainError as error:
        refused(request, error.message)
        return redirect(address(actor, "drafts"))
    done(request, _("The post is published."))
    return redirect(address(actor, "post", post_id=post.pk))


@require_POST
@member_page
def plan(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Set the time at which a draft appears, or another one."""
    post, _channel = edited_post(actor, post_id)
    form = MomentForm(request.POST, auto_id=f"id_{post.pk}_%s")
    if form.is_valid():
        try:
            services.plan(actor=actor, post=post, at=form.cleaned_data["publish_at"])
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("The post is planned."))
            return redirect(address(actor, "drafts"))
    return invalid(request, "channels/drafts.html", _drafts_context(actor, form, post.pk))


@require_POST
@member_page
def unplan(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Make a planned post a draft again."""
    post, _channel = edited_post(actor, post_id)
    try:
        services.unplan(actor=actor, post=post)
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("The post is a draft again: it will not appear by itself."))
    return redirect(address(actor, "drafts"))


@require_POST
@member_page
def pin(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Pin a post to the top of its channel."""
    return _pinned(request, actor, post_id, pinned=True)


@require_POST
@member_page
def unpin(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Let a pinned post stand among the others."""
    return _pinned(request, actor, post_id, pinned=False)


def _pinned(request: HttpRequest, actor: Actor, post_id: int, *, pinned: bool) -> HttpResponse:
    post, channel = edited_post(actor, post_id)
    try:
        services.pin(actor=actor, post=post, pinned=pinned)
    except DomainError as error:
        refused(request, error.message)
    else:
        undo = address(actor, "unpin" if pinned else "pin", post_id=post.pk)
        done(request, _("The post is pinned.") if pinned else _("The post is not pinned any more."), undo=undo)
    return back_or(request, address(actor, "channel", channel_id=channel.pk))


@require_POST
@member_page
def delete(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Remove a post or a draft; can be undone for 30 days."""
    post, channel = edited_post(actor, post_id)
    services.delete(actor=actor, post=post)
    text = _("The post was removed.") if post.published_at else _("The draft was removed.")
    done(request, text, undo=address(actor, "restore", post_id=post.pk))
    name, values = ("channel", {"channel_id": channel.pk}) if post.published_at else ("drafts", {})
    return redirect(address(actor, name, **values))


@require_POST
@member_page
def restore(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """Bring a removed post back where it stood."""
    post, _channel = edited_post(actor, post_id)
    try:
        row = services.restore(actor=actor, post=post)
    except DomainError as error:
        refused(request, error.message)
        return redirect(address(actor, "drafts"))
    done(request, _("The post is back."))
    return redirect(address(actor, "post", post_id=row.pk) if row.published_at else address(actor, "drafts"))


# --- How it read before ----------------------------------------------------------------------------------------------
@require_safe
@member_page
def history(request: HttpRequest, actor: Actor, post_id: int) -> HttpResponse:
    """The versions of a post, each with what was changed in it, for those who publish: what was taken out (a number
    by mistake) is not shown to readers again."""
    post, channel = edited_post(actor, post_id)
    steps = _steps(post)
    context = {
        "post": post,
        "label": label_of(post),
        "title": title_of(channel, actor.words),
        "steps": steps,
    }
    return render(request, "channels/history.html", context)


def _steps(post: Post) -> list[dict[str, Any]]:
    """Each edit, the latest first: what the words were and what they became."""
    steps = []
    title, text = post.title, post.text
    names = [row.file.original_name for row in post.files.select_related("file").order_by("position")]
    for version in versions_of(post):
        steps.append(
            {
                "version": version,
                "title": difference(version.title, title),
                "text": difference(version.text, text),
                "files_gone": [name for name in version.file_names if name not in names],
                "files_new": [name for name in names if name not in version.file_names],
            }
        )
        title, text, names = version.title, version.text, version.file_names
    return steps


def difference(before: str, after: str) -> SafeString:
    """Return `after` with what was taken out of `before` struck through and what came in marked."""
    old, new = _pieces(before), _pieces(after)
    if len(old) + len(new) > MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    parts = []
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        gone, came = "".join(old[start:end]), "".join(new[new_start:new_end])
        if kind == "equal":
            parts.append(format_html("{}", came))
            continue
        if gone:
            parts.append(format_html("<del>{}</del>", gone))
        if came:
            parts.append(format_html("<ins>{}</ins>", came))
    return format_html_join("", "{}", ((part,) for part in parts))


def _pieces(text: str) -> list[str]:
    """Words with the white space that follows, so that joined they are the text."""
    pieces, word = [], ""
    for char in text:
        if word and word[-1].isspace() and not char.isspace():
            pieces.append(word)
            word = ""
        word += char
    return [*pieces, word] if word else pieces
