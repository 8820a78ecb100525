"""The account of a person, for administrators: taken off, deleted, or saved from a stranger (ACC-2, ACC-3)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from common.errors import DomainError, require
from common.notices import done, refused
from orgs.actor import Actor
from orgs.models import Person
from orgs.pages import member_page
from orgs.selectors.people import people_visible_to
from orgs.services.accounts import report_hacked_for, sever_account
from orgs.views.tools import to


@member_page
def person_account(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """What an administrator may do with the account of a person, and what becomes of it."""
    get_object_or_404(people_visible_to(actor), pk=pk)
    require(actor.is_administrator)
    person = get_object_or_404(Person.objects.select_related("organization", "user"), pk=pk, user__isnull=False)
    if request.method != "POST":
        return render(request, "orgs/person_account.html", {"person": person, "is_me": person.pk == actor.person.pk})
    try:
        text = _carry_out(actor, person, request.POST.get("do", ""))
    except DomainError as error:
        refused(request, error.message)
        return to(actor, "person_account", pk=person.pk)
    done(request, text % {"person": person.full_name})
    return to(actor, "person", pk=person.pk)


def _carry_out(actor: Actor, person: Person, what: str) -> str:
    if what == "hacked":
        report_hacked_for(actor=actor, person=person)
        return _("%(person)s is signed out everywhere and signs in afresh.")
    if what == "delete":
        sever_account(actor=actor, person=person, delete=True)
        return _("The account is taken off %(person)s. If it is used nowhere else, it will be deleted in two weeks.")
    if what == "sever":
        sever_account(actor=actor, person=person)
        return _("The account is taken off %(person)s. A personal code lets the right person in.")
    raise DomainError("unknown_deed", _("Choose what to do."), status=400)
