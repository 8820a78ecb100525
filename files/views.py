"""The logo: shown to members, changed by administrators (REG-5)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError, require
from common.notices import done
from files import permissions, services
from files.forms import LogoForm
from files.selectors import logo_visible_to
from orgs.actor import Actor
from orgs.pages import member_page


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def logo_upload(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose another logo or take it away; the organization's details are one step back."""
    require(permissions.can_change_logo(actor))
    if request.method == "POST" and "remove" in request.POST:
        services.remove_logo(actor=actor)
        done(request, _("The logo was removed."))
        return redirect("files:logo_upload", slug=actor.organization.slug)
    form = LogoForm(request.POST, request.FILES) if request.method == "POST" else LogoForm()
    if form.is_valid():
        try:
            services.set_logo(actor=actor, upload=form.cleaned_data["file"])
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            done(request, _("The new logo is in place."))
            return redirect("files:logo_upload", slug=actor.organization.slug)
    return render(request, "files/logo.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@member_page
def logo(request: HttpRequest, actor: Actor, version: int) -> HttpResponse:
    """The logo's bytes, for members only; the address changes with the picture, so a browser may keep it."""
    stored = logo_visible_to(actor, version)
    if stored is None:
        raise Http404
    # At most 512 pixels: small enough to be read at once, so the file is closed before the answer leaves.
    with stored.content.open("rb") as picture:
        response = HttpResponse(picture.read(), content_type=stored.content_type)
    response["Content-Disposition"] = 'inline; filename="logo.png"'
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    # Opened by itself, the file is nothing but a picture: it runs no script and has no origin.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
