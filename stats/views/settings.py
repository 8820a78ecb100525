"""«Нормы и настройки»: which norms hold, the weekly letter, doubtful messages (STAT-5, STAT-6)."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError, require
from common.notices import done
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page
from orgs.views.tools import invalid
from stats.forms.rules import RulesForm
from stats.permissions import can_set_norms
from stats.selectors.rules import all_norms, rules_of
from stats.services.rules import set_norm, set_rules
from stats.views.tools import address

TEMPLATE = "stats/settings.html"


@member_page
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show and change the norms and the rules; a norm is off until it is switched on."""
    require(can_set_norms(actor))
    data = request.POST if request.method == "POST" else None
    form = RulesForm(data, rules=rules_of(actor.organization), norms=all_norms(actor.organization))
    if data is None:
        return render(request, TEMPLATE, _context(form))
    if form.is_valid():
        try:
            _save(actor, form)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Norms and settings are saved."))
            return redirect(address(actor, "settings"))
    return invalid(request, TEMPLATE, _context(form))


def _context(form: RulesForm) -> dict[str, Any]:
    return {"form": form, "norms": form.norm_rows()}


@transaction.atomic
def _save(actor: Actor, form: RulesForm) -> None:
    """All or nothing: what is refused leaves the page as it was sent."""
    set_rules(actor=actor, **form.rules())
    for figure, percent, is_on in form.changed_norms():
        set_norm(actor=actor, figure=figure, percent=percent, is_on=is_on)
