"""Taking one's data along, deleting the account, and «my account was hacked» (ACC-2, ACC-3)."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import DeleteForm
from accounts.holdings import places_held
from accounts.models import ExportState
from accounts.selectors import deletion_of, exports_of, has_app
from accounts.services.deletion import ask_deletion, call_off_deletion
from accounts.services.exporting import ask_export
from accounts.services.hacked import report_hacked
from accounts.views.account import me
from common.errors import DomainError
from common.notices import done, refused


@login_required
@never_cache
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """My archives, and the button for another one; a page that waits looks again by itself."""
    exports = list(exports_of(me(request))[:5])
    waits = any(export.state == ExportState.WAITING for export in exports)
    return render(request, "accounts/data.html", {"exports": exports, "waits": waits})


@login_required
@require_POST
def data_ask(request: HttpRequest) -> HttpResponse:
    """Begin an archive."""
    try:
        ask_export(me(request))
    except DomainError as error:
        refused(request, error.message)
    return redirect("account_data")


@login_required
@never_cache
@require_safe
def data_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Fetch an archive: its own person, as long as it is kept."""
    export = get_object_or_404(exports_of(me(request)), pk=pk, state=ExportState.READY)
    name = f"my-data-{timezone.localdate(export.ready_at):%Y-%m-%d}.zip"
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=name, content_type="application/zip")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """What becomes of everything, and the question; afterwards, until when it can be called off."""
    user = me(request)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_deletion(user)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("account_delete")
    context = {"form": form, "deletion": deletion_of(user), "places": places_held(user.pk)}
    return render(request, "accounts/delete.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def delete_cancel(request: HttpRequest) -> HttpResponse:
    """Keep the account after all."""
    try:
        call_off_deletion(me(request))
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("Your account stays."))
    return redirect("account_home")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hacked(request: HttpRequest) -> HttpResponse:
    """One button that ends whatever a stranger may hold; then what else to look at."""
    user = me(request)
    ended, error = None, None
    if request.method == "POST":
        try:
            ended = report_hacked(user, request.session.session_key)
        except DomainError as caught:
            error = caught
    context = {"ended": ended, "error": error, "has_app": has_app(user)}
    return render(request, "accounts/hacked.html", context, status=error.status if error else 200)
