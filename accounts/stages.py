"""When signing in asks for more than the code of the SMS."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from accounts.selectors import has_app


class SecondStep(AuthenticateStage):
    """Only for those who switched the codes of an app on; then a passkey will do as well.

    A passkey alone is a quicker door, not a second lock: a parent who loses the device still comes in by SMS.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        return super()._should_handle(request) and has_app(self.login.user)
