"""The writer's desk: the form of a text with its files, poll and circles, what was asked of it, how it will look."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from channels_app.forms.writing import MORE_OPTIONS, PostForm, WordsForm
from channels_app.models import Channel
from channels_app.selectors.titles import title_of
from channels_app.services.posts import words_of
from channels_app.views.attachments import Attachments, attachments_sent, held, with_files
from channels_app.views.cards import FileAddress, files_on_page, mark_of
from common.errors import DomainError
from files.models import StoredFile
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.forms.circles import Circles, circle_rows, rows_of, rows_sent
from orgs.models import Unit
from orgs.selectors.units import units_visible_to
from orgs.services.circles import Circle

F = TypeVar("F", bound=WordsForm)
_ASKING = ("preview", "more", "options", "up-", "down-", "remove-", "files")


@dataclass
class Desk(Generic[F]):
    """What the template of a written text shows."""

    form: F
    files: Attachments
    rows: Circles | None = None
    preview: dict[str, Any] | None = None
    answers: list[str] = field(default_factory=list)


@dataclass
class Held:
    """What the text has already: its files with their addresses, the circles that confirm it."""

    files: Sequence[StoredFile] = ()
    url: FileAddress | None = None
    circles: Sequence[Circle] = ()


def first_desk(actor: Actor, form: F, before: Held) -> Desk[F]:
    """Return the desk as it is found: empty, or with the text that is to be changed."""
    files = held(actor, before.files, before.url) if before.url is not None else Attachments([])
    desk = Desk(form, files)
    if isinstance(form, PostForm):
        desk.rows = circle_rows(actor, _units(actor), initial=rows_of(list(before.circles)))
        desk.answers = form.answers()
    return desk


def sent_desk(request: HttpRequest, actor: Actor, kind: type[F], before: Held) -> tuple[Desk[F], bool]:
    """Return the desk as it was sent, and whether only something is asked of the page (rows, order, a preview):
    nothing is judged then. Files that came along are kept in any case."""
    files = attachments_sent(request, actor, before.files, before.url)
    data = with_files(request.POST, files.ids)
    is_asking = data.get("do", "").startswith(_ASKING)
    has_rows = issubclass(kind, PostForm)
    if is_asking:
        desk = Desk(cast(F, kind.typed(data)), files)
        desk.rows = circle_rows(actor, _units(actor), initial=rows_sent(data)) if has_rows else None
    else:
        desk = Desk(kind(data), files)
        desk.rows = circle_rows(actor, _units(actor), data) if has_rows else None
    if isinstance(desk.form, PostForm):
        desk.answers = [*desk.form.answers(), *[""] * (MORE_OPTIONS if data.get("do") == "options" else 0)]
    return desk, is_asking


def _units(actor: Actor) -> list[Unit]:
    return list(units_visible_to(actor).active())


def is_ready(desk: Desk[Any]) -> bool:
    """Tell whether everything that was sent can be taken; what cannot says so at its field."""
    good = desk.form.is_valid()
    for error in desk.files.errors:
        desk.form.add_error("file_ids", error)
    if isinstance(desk.form, PostForm) and good and desk.form.cleaned_data["with_reading"]:
        _check_circles(desk)
    return not desk.form.errors


def _check_circles(desk: Desk[Any]) -> None:
    if desk.rows is None or desk.form.cleaned_data["reading_for"] != "circles":
        return
    if not desk.rows.is_valid():
        desk.form.add_error("reading_for", _("Check the circles of people."))
    elif not desk.rows.circles():
        desk.form.add_error("reading_for", _("Choose who confirms."))


# What the services call otherwise than the form.
_FIELDS = {"reading_circles": "reading_for", "circles": "reading_for", "file": "file_ids"}


def refuse(form: WordsForm, error: DomainError) -> None:
    """Show why a service refused, at the field of this form that it is about."""
    fields = {_FIELDS.get(name, name): text for name, text in error.fields.items()}
    apply_domain_error(form, DomainError(error.code, error.message, fields=fields, status=error.status))


def circles_chosen(desk: Desk[Any]) -> list[Circle]:
    """Return the circles of the rows; none where the channel's own are meant."""
    asked = desk.form.cleaned_data["with_reading"] and desk.form.cleaned_data["reading_for"] == "circles"
    return desk.rows.circles() if asked and desk.rows is not None else []


def show_preview(actor: Actor, desk: Desk[Any], channel: Channel, author: str) -> None:
    """Put on the desk how the text will be seen."""
    form = desk.form
    try:
        words = words_of(form["title"].value() or "", form["text"].value() or "", may_be_empty=True)
    except DomainError as error:
        desk.preview = {"error": error.message}
        return
    shown = [one.file for one in desk.files.files]
    urls = {one.file.pk: one.url for one in desk.files.files}
    desk.preview = {
        "title": words.title,
        "html": words.html,
        "channel": title_of(channel, actor.words),
        "mark": mark_of(title_of(channel, actor.words)),
        "author": author,
        "files": files_on_page(shown, lambda file: urls[file.pk]),
    }
    if isinstance(form, PostForm):
        desk.preview["question"] = (form["question"].value() or "") if form["with_poll"].value() else ""
        desk.preview["answers"] = [text for text in desk.answers if text.strip()]
        desk.preview["must_read"] = bool(form["with_reading"].value())
    desk.preview["is_empty"] = not (words.title or words.html or shown)
