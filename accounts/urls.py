"""Pages of sign-in and of the own account. Of allauth's views only those that are used have an address."""

from allauth.account import views as password
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.views.generic import RedirectView

from accounts.views import account, closing, door, notifications, parent_door, profile, rules, second_factor

urlpatterns = [
    path("signin/", door.sign_in, name="account_login"),
    # A name that allauth's templates' context asks for.
    path("signin/", door.sign_in, name="account_request_login_code"),
    path("signin/code/", door.confirm_code, name="account_confirm_login_code"),
    path("signin/child/", parent_door.ask_email, name="account_parent_email"),
    path("signin/child/code/", parent_door.confirm_code, name="account_parent_code"),
    path("signin/child/who/", parent_door.choose, name="account_parent_choose"),
    path("signin/second/", mfa.authenticate, name="mfa_authenticate"),
    path("signin/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("signin/closed/", door.inactive, name="account_inactive"),
    path("signout/", door.sign_out, name="account_logout"),
    path("rules/", rules.rules, name="rules"),
    path("rules/personal-data/", rules.personal_data, name="rules_personal_data"),
    path("rules/accept/", rules.accept, name="rules_accept"),
    path("account/", account.home, name="account_home"),
    path("account/profile/", profile.profile, name="account_profile"),
    path("account/profile/code/", profile.confirm, name="account_profile_code"),
    path("account/data/", closing.data, name="account_data"),
    path("account/data/ask/", closing.data_ask, name="account_data_ask"),
    path("account/data/<int:pk>/", closing.data_file, name="account_data_file"),
    path("account/delete/", closing.delete, name="account_delete"),
    path("account/delete/cancel/", closing.delete_cancel, name="account_delete_cancel"),
    path("account/hacked/", closing.hacked, name="account_hacked"),
    path("account/sessions/", account.sessions, name="usersessions_list"),
    path("account/sessions/end-others/", account.end_other_sessions, name="usersessions_end_others"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="usersessions_end"),
    path("account/keys/", account.keys, name="account_keys"),
    path("account/keys/<int:pk>/revoke/", account.revoke_key, name="account_key_revoke"),
    path("account/notifications/", notifications.notifications, name="account_notifications"),
    path("account/notifications/<int:pk>/off/", notifications.remove_device, name="account_device_off"),
    path("account/notifications/<int:pk>/try/", notifications.try_device, name="account_device_try"),
    path("account/security/", mfa.index, name="mfa_index"),
    path("account/security/app/", second_factor.EnrolAppView.as_view(), name="mfa_activate_totp"),
    path("account/security/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/security/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/security/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/security/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/security/passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("account/security/passkeys/add/", second_factor.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("account/security/passkeys/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/security/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/confirm/password/", password.reauthenticate, name="account_reauthenticate"),
]
