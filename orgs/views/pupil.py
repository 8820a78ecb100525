"""How a pupil without a phone signs in (INV-7)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from common.errors import DomainError, require
from common.notices import done
from orgs import permissions
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.forms.pupils import OwnPhoneForm, ParentsEmailForm
from orgs.models import Person
from orgs.pages import member_page
from orgs.selectors.people import people_visible_to
from orgs.services.pupils import change_parent_email, give_own_phone
from orgs.views.tools import invalid, to


@member_page
def person_sign_in(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Another e-mail of the parents, or an own phone; whoever signs in with a phone already has no such page."""
    person = get_object_or_404(people_visible_to(actor).select_related("organization", "user"), pk=pk)
    require(permissions.can_change_person(actor, person))
    person = get_object_or_404(
        Person.objects.select_related("organization", "user"), pk=pk, user__phone=None, user__isnull=False
    )
    way = request.POST.get("way", "")
    email = ParentsEmailForm(request.POST if way == "email" else None)
    phone = OwnPhoneForm(request.POST if way == "phone" else None)
    context = {"person": person, "title": person.full_name, "email_form": email, "phone_form": phone}
    if request.method != "POST":
        return render(request, "orgs/person_sign_in.html", context)
    form = phone if way == "phone" else email
    if form.is_valid():
        try:
            _change(request, actor, person, form)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            return to(actor, "person", pk=person.pk)
    return invalid(request, "orgs/person_sign_in.html", context)


def _change(request: HttpRequest, actor: Actor, person: Person, form: ParentsEmailForm | OwnPhoneForm) -> None:
    if isinstance(form, OwnPhoneForm):
        give_own_phone(actor=actor, person=person, phone=form.cleaned_data["phone"])
        text = _("%(person)s now signs in with the own phone. The account was signed out everywhere.")
    else:
        change_parent_email(actor=actor, person=person, email=form.cleaned_data["email"])
        text = _("Codes of %(person)s now go to the new e-mail. The account was signed out everywhere.")
    done(request, text % {"person": person.full_name})
