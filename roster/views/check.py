"""The dry run: what each row does; bringing it in, or a corrected file in its place (ORG-8)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.notices import refused
from common.spreadsheets import xlsx_response
from files.pages import form_with_files
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page
from orgs.views.tools import is_fragment, page_of, render_parts, render_results
from roster.forms import BringInForm, UploadForm
from roster.models import Load, Outcome
from roster.selectors import OPEN_STATES, LoadState, rows_of, state_of
from roster.services import loads as services
from roster.services.replacing import replace as replace_file
from roster.sheets import errors_xlsx
from roster.views import telling
from roster.views.tools import address, find_load, refuse, steps_of, to, to_work, uploaded
from works.kinds import kind_of

PAGE, ROWS = "roster/check.html", "roster/_rows.html"


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def check(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Show how far the check is, then what each row does; posting checks again (ORG-8)."""
    load = find_load(actor, pk)
    if request.method == "POST":
        return _check(request, actor, load)
    state = state_of(load)
    if state == LoadState.IMPORTING and load.import_work is not None:
        return to_work(actor, load.import_work)
    if state == LoadState.CHECKING:
        return _checking(request, actor, load)
    if is_fragment(request, "checking"):
        # The check is over: the page as a whole has another face now.
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    if load.checked_at is None:
        return to(actor, "load", pk=pk)
    return _show(request, actor, load)


def _check(request: HttpRequest, actor: Actor, load: Load) -> HttpResponse:
    try:
        services.check(actor=actor, load=load)
    except DomainError as error:
        refused(request, error.message)
    return to(actor, "check", pk=load.pk)


def _checking(request: HttpRequest, actor: Actor, load: Load) -> HttpResponse:
    work = load.check_work
    context = {
        "load": load,
        "steps": steps_of(actor, load),
        "is_checking": True,
        "work": work,
        "step": kind_of(work.kind).steps.get(work.step, "") if work is not None else "",
    }
    return render_parts(request, PAGE, {"checking": "roster/_checking.html"}, context)


def _show(
    request: HttpRequest,
    actor: Actor,
    load: Load,
    *,
    form: BringInForm | None = None,
    upload_form: UploadForm | None = None,
) -> HttpResponse:
    get = request.GET
    show, text = get.get("show", ""), get.get("q", "")
    page = page_of(request, rows_of(load, outcome=show, text=text))
    is_open = state_of(load) in OPEN_STATES
    context: dict[str, Any] = {
        "load": load,
        "steps": steps_of(actor, load),
        "page_obj": page,
        "rows": [telling.told_row(row, actor.words) for row in page.object_list],
        "q": text,
        "is_filtered": bool(show or text),
        "tiles": telling.tiles(load, show, address(actor, "check", pk=load.pk)),
        "notice": telling.notice(actor, load),
        "check_url": address(actor, "check", pk=load.pk),
    }
    if is_open and not load.is_check_outdated:
        context |= _go_context(actor, load, form, upload_form)
    response = render_results(request, PAGE, ROWS, context)
    if form is not None or upload_form is not None:
        response.status_code = 422
    return response


def _go_context(actor: Actor, load: Load, form: BringInForm | None, upload_form: UploadForm | None) -> dict[str, Any]:
    initial = {
        "skip_errors": load.skip_errors,
        "order_number": load.order_number,
        "order_date": load.order_date,
    }
    urls = ("load", "discard", "bring_in", "replace", "missing", "errors")
    return {
        "form": form if form is not None else BringInForm(initial=initial, load=load),
        "upload_form": upload_form if upload_form is not None else UploadForm(),
        **{f"{name}_url": address(actor, name, pk=load.pk) for name in urls},
        **telling.what_will_happen(actor, load),
    }


@require_POST
@member_page
def missing(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Say whether those who are not in the file leave; the file is checked again, so that one sees who they are."""
    load = find_load(actor, pk)
    try:
        with transaction.atomic():
            services.set_options(actor=actor, load=load, removes_missing=request.POST.get("remove") == "yes")
            services.check(actor=actor, load=load)
    except DomainError as error:
        refused(request, error.message)
    return to(actor, "check", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def bring_in(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Begin to bring the file in; what must be said first is asked at its field."""
    load = find_load(actor, pk)
    if request.method != "POST" or load.checked_at is None:
        return to(actor, "check", pk=pk)
    form = BringInForm(request.POST, load=load)
    if form.is_valid():
        try:
            with transaction.atomic():
                services.set_options(actor=actor, load=load, **form.options())
                work = services.bring_in(actor=actor, load=load)
        except DomainError as error:
            if state_of(load) not in OPEN_STATES:
                refused(request, error.message)
                return to(actor, "check", pk=pk)
            apply_domain_error(form, error)
        else:
            return to_work(actor, work)
    return _show(request, actor, load, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def replace(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Take the corrected file in place of this one; what was said about columns stays, and it is checked at once."""
    load = find_load(actor, pk, with_content=True)
    if request.method != "POST":
        return to(actor, "check", pk=pk)
    form, name, content = uploaded(request)
    if form.is_valid():
        try:
            made = replace_file(actor=actor, load=load, file_name=name, content=content)
        except DomainError as error:
            refuse(form, error)
        else:
            return _checked_at_once(actor, made)
    if load.checked_at is None:
        refused(request, " ".join(map(str, form.errors.get("file", []))))
        return to(actor, "check", pk=pk)
    return _show(request, actor, load, upload_form=form)


def _checked_at_once(actor: Actor, made: Load) -> HttpResponse:
    """Without a word where nothing has to be said; else the page of the columns asks."""
    try:
        services.check(actor=actor, load=made)
    except DomainError:
        return to(actor, "load", pk=made.pk)
    return to(actor, "check", pk=made.pk)


@never_cache
@require_safe
@member_page
def errors(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The rows that could not be taken, as a table: where each mistake is and what is wrong."""
    load = find_load(actor, pk)
    rows = rows_of(load, outcome=Outcome.ERROR).iterator(chunk_size=2000)
    content = errors_xlsx(rows, capfirst(str(actor.words["unit"])))
    name = _("Errors — %(file)s") % {"file": load.file_name.rsplit(".", 1)[0]}
    return xlsx_response(content, name)
