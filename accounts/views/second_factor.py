"""allauth's pages of the second factor where they differ for us."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class EnrolAppView(ActivateTOTPView):
    """Switch on the codes of an app, and go on to the spare ones, which matter from now on."""

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes")

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        _was_just_proven(self.request, "totp")
        return response


class AddPasskeyView(AddWebAuthnView):
    """Add a passkey. The door by SMS stays open, so spare codes need no mention."""

    def get_success_url(self) -> str:
        return reverse("mfa_index")

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        _was_just_proven(self.request, "webauthn")
        return response


def _was_just_proven(request: HttpRequest, kind: str) -> None:
    """Who has this moment used the new factor is not asked for it again on the very next page."""
    record_authentication(request, request.user, "mfa", type=kind, reauthenticated=True)
