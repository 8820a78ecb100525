"""The family's own link (INV-8)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import require
from invitations.addresses import join_url
from invitations.permissions import can_see_family_link
from invitations.qr import qr_data_uri
from invitations.selectors import family_link_of
from invitations.services import create_family_link
from invitations.views.rows import rows_of
from orgs.actor import Actor
from orgs.models import Guardianship, Person
from orgs.pages import member_page
from orgs.selectors.people import people_visible_to


@member_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def family(request: HttpRequest, actor: Actor, child_id: int) -> HttpResponse:
    """The link by which parents of a child join: for the child, the parents and the leader; POST makes it.

    The page works on the device where the child is signed in: the link itself offers to change the account there.
    """
    child: Person = get_object_or_404(people_visible_to(actor).select_related("organization"), pk=child_id)
    require(can_see_family_link(actor, child))
    if request.method == "POST":
        create_family_link(actor=actor, child=child)
        return redirect(reverse("invitations:family", args=[actor.organization.slug, child.pk]))
    link = family_link_of(child)
    ties = Guardianship.objects.filter(child=child, until=None).select_related("parent")
    context = {
        "child": child,
        "is_self": child.pk == actor.person.pk,
        "row": rows_of(actor, [link])[0] if link else None,
        "qr": qr_data_uri(join_url(link)) if link else "",
        "parents": [tie.parent for tie in ties.order_by("parent__search_name")],
    }
    return render(request, "invitations/family.html", context)
