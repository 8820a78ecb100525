"""What the tables of accounts hold about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import EVERYBODY, OPERATING, SIGNING_IN, WITH_ACCOUNT, Basis, Held, Term, Whose

_WHO = (*EVERYBODY, Whose.APPLICANTS, Whose.OPERATORS)
SESSIONS_GO = Term(
    _("sessions that are over, with the list of them and their devices with notifications"),
    "accounts.tasks.clear_sessions",
    when=_("60 days after the last visit, at once after signing out"),
)
UNCONFIRMED_GO = Term(
    _("sign-ups whose code was never typed"), "accounts.tasks.remove_unconfirmed_users", when=_("after a day")
)
FAILING_DEVICES_GO = Term(
    _("devices that no notification reaches"),
    "accounts.tasks.remove_failing_devices",
    "KEEP_FAILING_DEVICES_DAYS",
    _("after the first failure in a row"),
)
ACCOUNTS_GO = Term(
    _("accounts whose owner asked for it"),
    "accounts.tasks.delete_due_accounts",
    "ACCOUNT_DELETION_DAYS",
    _("after the person has asked for it"),
)
EXPORTS_GO = Term(
    _("archives of one's data"), "accounts.tasks.remove_expired_exports", "EXPORT_KEPT_DAYS", _("after they were made")
)

TABLES = [
    Held(
        "accounts.RulesAcceptance",
        personal=("user",),
        plain=("version",),
        whose=_WHO,
        why=_("proof that the rules of use were accepted"),
        basis=Basis.AGREEMENT,
        kept=WITH_ACCOUNT,
        owners=("user",),
        ends=(ACCOUNTS_GO,),
    ),
    Held(
        "accounts.AccountDeletion",
        personal=("user",),
        whose=_WHO,
        why=_("the wish to delete the account"),
        basis=Basis.AGREEMENT,
        kept=WITH_ACCOUNT,
        owners=("user",),
        ends=(ACCOUNTS_GO,),
    ),
    Held(
        "accounts.DataExport",
        personal=("user", "file"),
        whose=_WHO,
        why=_("archives of one's own data"),
        basis=Basis.AGREEMENT,
        kept=_("for a week after they were made"),
        owners=("user",),
        # An archive in the archive.
        withheld=("file",),
        ends=(EXPORTS_GO,),
    ),
    Held(
        "accounts.User",
        personal=("phone", "parent_email", "email", "display_name"),
        plain=("password", "rules_version"),
        whose=_WHO,
        why=SIGNING_IN,
        basis=Basis.AGREEMENT,
        kept=_("until the account is deleted; sign-ups that were never confirmed, for a day"),
        owners=("pk",),
        ends=(UNCONFIRMED_GO,),
    ),
    Held(
        "accounts.User_groups",
        title=_("groups of operators"),
        data=_("person, group"),
        personal=("user",),
        whose=(Whose.OPERATORS,),
        why=OPERATING,
        basis=Basis.INTEREST,
        kept=WITH_ACCOUNT,
        owners=("user",),
    ),
    Held(
        "accounts.User_user_permissions",
        title=_("rights of operators"),
        data=_("person, right"),
        personal=("user",),
        whose=(Whose.OPERATORS,),
        why=OPERATING,
        basis=Basis.INTEREST,
        kept=WITH_ACCOUNT,
        owners=("user",),
    ),
    Held(
        "accounts.ApiKey",
        personal=("user", "name"),
        plain=("prefix", "key_hash"),
        whose=(Whose.STAFF,),
        why=_("integrations that act for their owner"),
        basis=Basis.AGREEMENT,
        kept=WITH_ACCOUNT,
        owners=("user",),
    ),
    Held(
        "accounts.PushDevice",
        personal=("user", "endpoint", "user_agent"),
        plain=("session_key", "p256dh", "auth"),
        whose=_WHO,
        why=_("notifications on devices where they were switched on"),
        basis=Basis.CONSENT,
        kept=_("until notifications are switched off, or the browser signs out"),
        owners=("user",),
        # Whoever knows it knows where to knock.
        withheld=("endpoint",),
        ends=(SESSIONS_GO, FAILING_DEVICES_GO),
    ),
]
