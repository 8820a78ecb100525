"""«Правила чатов»: which exist by themselves, who writes to whom, quiet hours, retention (CHAT-1, CHAT-3, CHAT-9)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from chats import permissions
from chats.forms.rules import RulesForm, sent_values
from chats.models import ChatRules
from chats.selectors.overview import count_older
from chats.selectors.rules import rules_of
from chats.services.system import change_rules
from chats.views.tools import address, to
from chats.words import READERS, WRITERS, groups_here
from common.errors import DomainError, require
from common.notices import done
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.models.organization import TIME_ZONES
from orgs.pages import member_page
from orgs.views.tools import invalid

TEMPLATE = "chats/rules.html"


@member_page
def rules(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show and change the organization's rules; saving can be undone, removing old messages asks first."""
    require(permissions.can_manage_chats(actor))
    now = rules_of(actor.organization)
    data = _sent(request)
    form = RulesForm(data, rules=now, words=actor.words)
    context = {"form": form, **_table(actor, form)}
    if data is None:
        return render(request, TEMPLATE, context)
    if form.is_valid():
        values = form.values()
        doomed = _doomed(actor, now, values["retention_days"])
        if doomed and not data.get("confirmed"):
            days = values["retention_days"]
            return render(
                request, "chats/rules_confirm.html", {**context, "doomed": doomed, "days": days, "sent": data}
            )
        undo = f"{address(actor, 'rules')}?{urlencode({'undo': '1', **sent_values(now)}, doseq=True)}"
        try:
            change_rules(actor=actor, rules=values)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("The rules of the chats are saved."), undo=undo if "undo" not in request.GET else "")
            return to(actor, "rules")
    return invalid(request, TEMPLATE, context)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent: by the form, or in the address by «Отменить», whose button has nothing else."""
    if request.method != "POST":
        return None
    return request.GET if "undo" in request.GET else request.POST


def _doomed(actor: Actor, now: ChatRules, days: int | None) -> int:
    """How many messages the next night would remove because of a shorter retention."""
    is_shorter = days is not None and (now.retention_days is None or days < now.retention_days)
    return count_older(actor.organization, days) if is_shorter else 0


def _table(actor: Actor, form: RulesForm) -> dict[str, Any]:
    """The matrix of contacts with the names of its rows and columns."""
    rows = [
        {
            "source": row["source"],
            "title": WRITERS[row["source"]],
            "cells": [{**cell, "title": READERS[cell["target"]]} for cell in row["cells"]],
        }
        for row in form.matrix()
    ]
    zone = actor.organization.time_zone
    readers = [(group.value, READERS[group]) for group in groups_here(actor.words)]
    return {"matrix": rows, "readers": readers, "clock": dict(TIME_ZONES).get(zone, zone)}
