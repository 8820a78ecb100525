"""Pages whose forms bring files."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from files.upload_limit import expect_large_upload
from orgs.actor import Actor
from orgs.pages import MemberView, member_page

P = ParamSpec("P")


def form_with_files(view: MemberView[P]) -> Callable[..., HttpResponseBase]:
    """Make a page of members whose form brings files larger than other forms may.

    The limit has to stand before anybody reads the body, and the check against forgery reads it: so that check comes
    after, and nowhere is it left out.
    """
    checked = csrf_protect(view)

    @wraps(view)
    def limited(request: HttpRequest, actor: Actor, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            expect_large_upload(request)
        return checked(request, actor, *args, **kwargs)

    return csrf_exempt(member_page(limited))
