"""How allauth and our users fit together: a phone and nothing else."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.forms import PhoneField
from accounts.letters import knows_notice
from accounts.middleware import SEEN_AT
from accounts.models import User
from accounts.phones import spoken_phone
from accounts.selectors import active_user_by_phone, address_of, deletion_of, has_app
from accounts.sign_in import MAY_JOIN
from accounts.sockets import tell_ended
from common.network import client_address
from common.sealing import seal, unseal
from outbox.services import queue

logger = logging.getLogger("security")


class AccountAdapter(DefaultAccountAdapter):
    """Phone sign-in through the outbox."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This code does not fit. Please look again."),
        "incorrect_password": _("This password does not fit."),
        "too_many_login_attempts": _("Too many tries. Please wait a few minutes."),
        "rate_limited": _("Too many tries. Please wait a few minutes."),
    }

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.is_confirmed) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """Phones change through the administrator (a later issue), never through allauth."""
        raise PermissionError

    def set_phone_verified(self, user: User, phone: str) -> None:
        services.confirm_phone(user)

    def get_user_by_phone(self, phone: str) -> User | None:
        return active_user_by_phone(phone)

    def send_verification_code_sms(self, user: AbstractBaseUser, phone: str, code: str, **kwargs: Any) -> None:
        """Codes leave through `accounts.sign_in`, the only process that is routed."""
        raise PermissionError

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """An unknown number costs no SMS."""

    def send_account_already_exists_sms(self, phone: str) -> None:
        """There is no separate sign-up that could meet an account."""

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        return PhoneField(**kwargs)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(request.session.get(MAY_JOIN))

    def get_login_stages(self) -> list[str]:
        # Phones are confirmed by the code itself and there is no e-mail to confirm: two stages less, two queries less.
        return ["allauth.account.stages.LoginByCodeStage", "accounts.stages.SecondStep"]

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Without an app there are no codes to ask for: the spare ones were never shown."""
        methods = super().get_reauthentication_methods(user)
        if any(method["id"] == "mfa_reauthenticate" for method in methods) and not has_app(user):
            methods = [method for method in methods if method["id"] != "mfa_reauthenticate"]
        return methods

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        request.session[SEEN_AT] = timezone.now().timestamp()
        logger.info("signed in: user %s", user.pk)
        if isinstance(user, User) and deletion_of(user) is not None:
            messages.warning(request, _("Your account is going to be deleted. Keep it: «My account»."))

    def logout(self, request: HttpRequest) -> None:
        key = request.session.session_key
        super().logout(request)
        if key is not None:
            tell_ended([key])

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Signing in and out is seen without being told; what was changed is worth a word."""
        if message_template and not message_template.startswith("mfa/"):
            return
        super().add_message(request, level, message_template, message_context, extra_tags, message)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Changes of the second factor are told where codes go: the one address that is known to be the person's
        own, or of a pupil's parent."""
        if knows_notice(template_prefix):
            channel, recipient = address_of(user)
            queue(
                channel=channel,
                recipient=recipient,
                template="security_notice",
                context={"event": template_prefix},
                reference=f"user:{user.pk}",
            )


class MfaAdapter(DefaultMFAAdapter):
    """Second factor: secrets are encrypted, labels say whose they are."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("It does not fit. Please try again."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, keys=_keys(), purpose="second factor")

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, keys=_keys(), purpose="second factor")

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        # Children of one e-mail are told apart by their names.
        phone = user.phone if isinstance(user, User) else None
        return spoken_phone(phone) if phone else str(user)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
