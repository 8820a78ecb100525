"""The operator reviews applications and sees which organizations are to be deleted (REG-2, REG-5)."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from accounts.models import User
from common.admin import ReadOnlyAdmin
from common.errors import DomainError
from registration.forms.deciding import ReasonForm, RemarksForm, title_of
from registration.models import Application, Deletion
from registration.permissions import can_decide_applications, can_see_applications
from registration.selectors.applications import (
    applications_like,
    duplicates_of,
    find_application,
    history_of,
    queue,
)
from registration.services import deciding
from registration.services.deciding import FIELDS
from registration.services.deleting import cancel_deletion
from registration.views.tools import download

PAGE, DECIDE = "admin/registration/application.html", "admin/registration/decide.html"
_NO_FIELDS: tuple[str, ...] = ()


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """The queue: what waits longest stands on top."""

    list_display = ("number", "short_name", "shown_state", "inn", "double", "region", "submitted_at", "reviewer")
    list_display_links = ("number", "short_name")
    list_filter = ("state", "kind")
    search_fields = ("search_name",)
    search_help_text = _("Any part of the name, the INN, the number")
    ordering = ("decided_at", "submitted_at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queue()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return queryset.filter(pk__in=applications_like(search_term).values("pk")), False

    @display(description="№", ordering="id")
    def number(self, application: Application) -> str:
        return f"№ {application.pk}"

    @display(
        description=_("state"),
        ordering="state",
        label={
            "submitted": "info",
            "on_review": "info",
            "returned": "warning",
            "approved": "success",
            "rejected": "danger",
        },
    )
    def shown_state(self, application: Application) -> tuple[str, str]:
        return application.state, application.get_state_display()

    @display(description=_("double?"), label={"yes": "warning"})
    def double(self, application: Any) -> tuple[str, Any] | str:
        return ("yes", _("the same INN")) if application.has_double else ""

    def get_urls(self) -> list[URLPattern]:
        steps: dict[str, Callable[..., HttpResponse]] = {
            "review": self.take_on_review,
            "approve": self.approve,
            "return": self.return_with_remarks,
            "reject": self.reject,
            "order": self.order,
        }
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"registration_application_{name}")
            for name, view in steps.items()
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Everything for the decision on one page: the application, its order, its doubles, its history."""
        application = self._application(request, int(object_id) if object_id.isdigit() else 0, can_see_applications)
        context = {
            **self._context(request, application),
            "doubles": duplicates_of(application) if application.is_open else [],
            "events": history_of(application),
            "rows": _rows_of(application),
            "decides": application.is_open and can_decide_applications(request.user),
            "can_approve": application.may_become("approved"),
            "can_return": application.may_become("returned"),
            "can_review": application.may_become("on_review"),
        }
        return render(request, PAGE, context)

    # --- The steps ----------------------------------------------------------------------------------------------------
    def take_on_review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """«Взять на рассмотрение»."""
        return self._step(request, pk, deciding.take_on_review, _("The applicant sees that you are looking at it."))

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """«Одобрить»: asked once more, for the space is made at once."""
        application = self._application(request, pk, can_decide_applications)
        if request.method != "POST":
            return self._ask(request, application, None, "approve")
        return self._step(request, pk, deciding.approve, _("The organization is made; its administrator is told."))

    def return_with_remarks(self, request: HttpRequest, pk: int) -> HttpResponse:
        """«Вернуть с замечаниями»."""
        return self._with_words(request, pk, "return")

    def reject(self, request: HttpRequest, pk: int) -> HttpResponse:
        """«Отклонить»."""
        return self._with_words(request, pk, "reject")

    def order(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The order, always as a file to be saved."""
        application = self._application(request, pk, can_see_applications)
        try:
            return download(application.order)
        except FileNotFoundError as error:
            raise Http404 from error

    def _application(self, request: HttpRequest, pk: int, allowed: Callable[[Any], bool]) -> Application:
        if not allowed(request.user):
            raise PermissionDenied
        application = find_application(pk)
        if application is None:
            raise Http404
        return application

    def _context(self, request: HttpRequest, application: Application) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": str(application),
            "opts": self.opts,
            "application": application,
        }

    def _ask(
        self, request: HttpRequest, application: Application, form: Any, step: str, status: int = 200
    ) -> HttpResponse:
        context = {**self._context(request, application), "form": form, "step": step}
        return render(request, DECIDE, context, status=status)

    def _with_words(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        application = self._application(request, pk, can_decide_applications)
        kind: type[ReasonForm | RemarksForm] = RemarksForm if step == "return" else ReasonForm
        form = kind(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return self._ask(request, application, form, step, 422 if form.is_bound else 200)
        text, names = form.cleaned_data["text"], form.cleaned_data.get("fields_to_correct", _NO_FIELDS)
        if step == "reject":
            return self._step(request, pk, deciding.reject, _("The application is rejected."), text=text)
        return self._step(
            request,
            pk,
            deciding.return_with_remarks,
            _("The applicant is asked to correct it."),
            text=text,
            fields=names,
        )

    def _step(
        self, request: HttpRequest, pk: int, service: Callable[..., Application], told: Any, **values: Any
    ) -> HttpResponse:
        """Do the step and come back to the application, with what was done or why it was not."""
        application = self._application(request, pk, can_decide_applications)
        if request.method == "POST":
            assert isinstance(request.user, User)  # noqa: S101 — the door of the tool has seen to it
            try:
                service(operator=request.user, application=application, revision=_revision(request), **values)
            except DomainError as error:
                self.message_user(request, error.message, messages.ERROR)
            else:
                self.message_user(request, told, messages.SUCCESS)
        return redirect(reverse("admin:registration_application_change", args=[pk]))


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _rows_of(application: Application) -> list[tuple[str, str]]:
    """The application's fields as they are read, but its order."""
    shown = {"kind": capfirst(application.get_kind_display()), "time_zone": application.time_zone}
    names = [name for name in FIELDS if name != "order"]
    return [(capfirst(title_of(name)), shown.get(name) or getattr(application, name)) for name in names]


class PendingFilter(admin.SimpleListFilter):
    """What waits for its day, what is over."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("pending", _("waits for its day")), ("cancelled", _("cancelled")), ("done", _("carried out"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted: dict[str, dict[str, Any]] = {
            "pending": {"cancelled_at": None, "done_at": None},
            "cancelled": {"cancelled_at__isnull": False},
            "done": {"done_at__isnull": False},
        }
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(Deletion)
class DeletionAdmin(ReadOnlyAdmin):
    """The registry of deletions: what is asked for, cancelled, done. The operator can cancel one."""

    list_display = ("short_name", "inn", "requested_name", "requested_at", "due_at", "cancelled_at", "done_at")
    list_filter = (PendingFilter,)
    search_fields = ("slug",)
    search_help_text = _("Address of the organization")
    ordering = ("-id",)
    fields = (
        "short_name",
        "name",
        "slug",
        "inn",
        "organization_number",
        "requested_name",
        "requested_at",
        "due_at",
        "cancelled_at",
        "cancelled_name",
        "done_at",
        "rows",
        "files",
    )
    actions = ("action_cancel",)

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registration.change_deletion")

    @admin.action(description=_("Cancel the deletion"), permissions=["cancel"])
    def action_cancel(self, request: HttpRequest, queryset: QuerySet[Deletion]) -> None:
        """The organizations stay; what is over is passed by."""
        count = 0
        for deletion in queryset.filter(cancelled_at=None, done_at=None).select_related("organization"):
            try:
                cancel_deletion(deletion=deletion, actor=None, name=str(request.user))
            except DomainError as error:
                self.message_user(request, error.message, messages.ERROR)
            else:
                count += 1
        text = ngettext("%(count)s deletion is cancelled.", "%(count)s deletions are cancelled.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
