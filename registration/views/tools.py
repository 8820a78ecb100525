"""What the applicant's pages share: how they are sent, and the order that is kept between two attempts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from common.errors import DomainError
from common.network import client_address
from orgs.forms.base import apply_domain_error
from registration.forms.applying import ApplicationForm
from registration.limits import check_order
from registration.models import OrderFile
from registration.selectors.applications import unused_order
from registration.services.orders import discard, take_order

# Where the session remembers an order whose form was not sent yet.
KEPT_ORDER = "registration_order"

View = Callable[..., HttpResponse]


def applicants_page(view: View) -> View:
    """A page whose address is a secret: not kept by browsers, not told to other pages, not found by searches.

    `strict-origin` and not `no-referrer`: with the latter browsers send «Origin: null» with the page's own forms,
    which the protection against forged requests has to refuse.
    """

    @wraps(view)
    @never_cache
    def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = view(request, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


def kept_order(request: HttpRequest) -> OrderFile | None:
    """Return the order that an earlier attempt of this session brought."""
    return unused_order(request.session.get(KEPT_ORDER))


def forget_order(request: HttpRequest) -> None:
    """The order belongs to an application now."""
    request.session.pop(KEPT_ORDER, None)


def bring_order(request: HttpRequest, form: ApplicationForm, *, is_needed: bool) -> OrderFile | None:
    """Take in the order that was chosen now, else the kept one; what is wrong with it is shown at its field.

    Must be called after `form.is_valid()`.
    """
    order, chosen = kept_order(request), request.FILES.get("order")
    if chosen is not None:
        order = _taken(request, form, chosen, order)
    elif order is None and is_needed:
        form.add_error("order", _("Attach the order."))
    form.need_order(is_needed=is_needed and order is None)
    return order


def _taken(
    request: HttpRequest, form: ApplicationForm, chosen: UploadedFile, kept: OrderFile | None
) -> OrderFile | None:
    try:
        check_order(client_address(request))
        order = take_order(chosen)
    except DomainError as error:
        apply_domain_error(form, error)
        return kept
    if kept is not None:
        discard(kept.pk)
    request.session[KEPT_ORDER] = order.pk
    return order


def download(order: OrderFile) -> HttpResponse:
    """Answer with the order's bytes, to be saved and never shown: somebody from outside has made them."""
    with order.content.open("rb") as file:
        response = HttpResponse(file.read(), content_type=order.content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, order.original_name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
