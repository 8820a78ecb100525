"""The operator answers what was passed on, and who cannot get in (SUP-1)."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from accounts.phones import spoken_phone
from common.admin import ReadOnlyAdmin
from common.errors import DomainError
from files.serving import respond
from support.forms.operating import OperatorAnswerForm
from support.models import HelpRequest, State
from support.permissions import can_answer_as_operator, can_see_operators_requests
from support.selectors.requests import entries_of, filter_requests, find_file, find_for_operator, operators_requests
from support.services import operating

PAGE = "admin/support/request.html"


@admin.register(HelpRequest)
class HelpRequestAdmin(ReadOnlyAdmin):
    """The queue: what an answer is owed to stands on top, the nearest deadline first."""

    list_display = ("number", "topic", "shown_state", "asker", "organization", "due", "created_at")
    list_display_links = ("number", "topic")
    list_filter = ("state", "topic")
    search_fields = ("search_text",)
    search_help_text = _("Words of the request, the name, the number")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("urgency", "due_on", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return operators_requests()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found = filter_requests(HelpRequest.objects.all(), text=search_term)
        return queryset.filter(pk__in=found.order_by().values("pk")), False

    @display(description="№", ordering="id")
    def number(self, row: HelpRequest) -> str:
        return f"№ {row.pk}"

    @display(
        description=_("state"),
        ordering="state",
        label={"passed_on": "warning", "answered": "success", "waiting": "info", "in_work": "info", "new": "info"},
    )
    def shown_state(self, row: HelpRequest) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description=_("who asks"))
    def asker(self, row: HelpRequest) -> str:
        return row.asker_name

    @display(description=_("answer until"), ordering="due_on", label={"late": "danger", "due": "info"})
    def due(self, row: HelpRequest) -> tuple[str, str] | str:
        if row.due_on is None:
            return ""
        return ("late" if row.due_on < timezone.localdate() else "due"), f"{row.due_on:%d.%m.%Y}"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/answer/", self.admin_site.admin_view(self.answer), name="support_helprequest_answer"),
            path("<int:pk>/close/", self.admin_site.admin_view(self.close), name="support_helprequest_close"),
            path(
                "<int:pk>/files/<int:file_id>/",
                self.admin_site.admin_view(self.file),
                name="support_helprequest_file",
            ),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The request, its thread, the answer."""
        found = self._found(request, int(object_id) if object_id.isdigit() else 0, can_see_operators_requests)
        return self._page(request, found, OperatorAnswerForm())

    def _page(
        self, request: HttpRequest, found: HelpRequest, form: OperatorAnswerForm, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": str(found),
            "opts": self.opts,
            "help": found,
            "rows": _rows_of(found),
            "entries": entries_of(found, for_asker=False),
            "form": form,
            "answers": found.is_open and can_answer_as_operator(request.user),
            "can_give_back": found.organization_id is not None and found.state == State.PASSED_ON,
        }
        return render(request, PAGE, context, status=status)

    # --- The steps ----------------------------------------------------------------------------------------------------
    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """«Отправить ответ», «Уточнить», «Вернуть администраторам»."""
        found = self._found(request, pk, can_answer_as_operator)
        if request.method != "POST":
            return self._back(pk)
        form = OperatorAnswerForm(request.POST)
        if not form.is_valid():
            return self._page(request, found, form, 422)
        try:
            self._carry_out(request, found, form.cleaned_data["text"])
        except DomainError as error:
            form.add_error(None, error.message)
            self.message_user(request, error.message, messages.ERROR)
            return self._page(request, self._found(request, pk, can_answer_as_operator), form, error.status)
        return self._back(pk)

    def _carry_out(self, request: HttpRequest, found: HelpRequest, text: str) -> None:
        assert isinstance(request.user, User)  # noqa: S101 — the door of the tool has seen to it
        step, revision = request.POST.get("do", ""), _revision(request)
        if step == "give_back":
            operating.give_back(operator=request.user, request=found, revision=revision, text=text)
            self.message_user(request, _("The administrators have it back."), messages.SUCCESS)
            return
        operating.answer_as_operator(
            operator=request.user, request=found, revision=revision, text=text, is_question=step == "question"
        )
        self.message_user(request, _("Sent."), messages.SUCCESS)

    def close(self, request: HttpRequest, pk: int) -> HttpResponse:
        """«Закрыть без ответа»."""
        found = self._found(request, pk, can_answer_as_operator)
        if request.method == "POST":
            assert isinstance(request.user, User)  # noqa: S101
            try:
                operating.close_as_operator(operator=request.user, request=found, revision=_revision(request))
            except DomainError as error:
                self.message_user(request, error.message, messages.ERROR)
        return self._back(pk)

    def file(self, request: HttpRequest, pk: int, file_id: int) -> HttpResponseBase:
        """A file of the thread, always to be saved."""
        stored = find_file(self._found(request, pk, can_see_operators_requests), file_id)
        if stored is None:
            raise Http404
        return respond(stored, request=request, download=True)

    def _back(self, pk: int) -> HttpResponse:
        """To the request, or to the queue when it went back to its school."""
        if find_for_operator(pk) is None:
            return redirect(reverse("admin:support_helprequest_changelist"))
        return redirect(reverse("admin:support_helprequest_change", args=[pk]))

    def _found(self, request: HttpRequest, pk: int, allowed: Callable[[Any], bool]) -> HelpRequest:
        if not allowed(request.user):
            raise PermissionDenied
        found = find_for_operator(pk)
        if found is None:
            raise Http404
        return found


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _rows_of(found: HelpRequest) -> list[tuple[Any, str]]:
    """Who asks: a member by name, somebody outside by everything they left."""
    rows: list[tuple[Any, str]] = [(_("Who asks"), found.asker_name)]
    if found.person is None:
        rows.append((_("Phone"), spoken_phone(found.phone) if found.phone else "—"))
        rows += [(_("E-mail"), found.email or "—"), (_("School"), found.school or "—")]
    return rows
