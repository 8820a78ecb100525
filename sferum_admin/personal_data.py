"""What the tables of the packages hold about people, and what lies in no table."""

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import SESSIONS_GO
from common.personal_data import (
    EVERYBODY,
    OPERATING,
    SIGNING_IN,
    WITH_ACCOUNT,
    Basis,
    Held,
    Nothing,
    Outside,
    Term,
    Whose,
)

_WHO = (*EVERYBODY, Whose.APPLICANTS, Whose.OPERATORS)
LOG_GOES = Term(
    _("what operators did in their tool"),
    "sferum_admin.tasks.forget_operators_log",
    "KEEP_OPERATOR_LOG_DAYS",
    _("after it was done"),
)
CACHE_GOES = Term(
    _("limits on guessing and other short notes, where the cache is a table"),
    "sferum_admin.tasks.clear_cache",
    when=_("when their time is over, within an hour at most"),
)
_NOT_USED = _("not used: rights on things stand in tables of their own")

TABLES = [
    Held(
        "admin.LogEntry",
        title=_("what operators did in their tool"),
        data=_("operator, what was changed, when"),
        personal=("user", "object_repr", "change_message"),
        plain=("object_id",),
        whose=(Whose.OPERATORS,),
        why=OPERATING,
        basis=Basis.INTEREST,
        kept="",
        owners=("user",),
        withheld=("object_repr", "change_message"),
        ends=(LOG_GOES,),
    ),
    Nothing("auth.Permission", because=_("names of rights"), plain=("name", "codename")),
    Nothing("auth.Group", because=_("groups of operators"), plain=("name",)),
    Nothing("auth.Group_permissions", because=_("groups of operators")),
    Nothing("contenttypes.ContentType", because=_("names of tables"), plain=("app_label", "model")),
    Held(
        "sessions.Session",
        title=_("sessions"),
        data=_("who is signed in, and what the pages remember until signing out"),
        personal=("session_data",),
        plain=("session_key",),
        whose=_WHO,
        why=SIGNING_IN,
        basis=Basis.AGREEMENT,
        kept=_("60 days after the last visit, until signing out at the latest"),
        ends=(SESSIONS_GO,),
    ),
    Held(
        "usersessions.UserSession",
        title=_("list of sessions"),
        data=_("person, network address, browser"),
        personal=("user", "ip", "user_agent"),
        plain=("session_key", "data"),
        whose=_WHO,
        why=SIGNING_IN,
        basis=Basis.AGREEMENT,
        kept=_("60 days after the last visit, until signing out at the latest"),
        owners=("user",),
        ends=(SESSIONS_GO,),
    ),
    Held(
        "account.EmailAddress",
        personal=("user", "email"),
        whose=_WHO,
        why=SIGNING_IN,
        basis=Basis.AGREEMENT,
        kept=WITH_ACCOUNT,
        owners=("user",),
    ),
    Nothing("account.EmailConfirmation", because=_("not used: nobody signs in by e-mail"), plain=("key",)),
    Held(
        "mfa.Authenticator",
        title=_("passkeys and second factors"),
        data=_("person, name of the passkey, its public key, secret of the second factor"),
        # Names of passkeys, and secrets beside them.
        personal=("user", "data"),
        whose=_WHO,
        why=SIGNING_IN,
        basis=Basis.AGREEMENT,
        kept=_("until the passkey or the second factor is removed, or the account is deleted"),
        owners=("user",),
        withheld=("data",),
    ),
    Nothing("guardian.UserObjectPermission", because=_NOT_USED, plain=("object_pk", "user")),
    Nothing("guardian.GroupObjectPermission", because=_NOT_USED, plain=("object_pk",)),
]

OUTSIDE = [
    Outside(
        _("the cache (a table or Redis)"),
        what=_("counters of failures and of codes by phone and by address, as checksums"),
        whose=_WHO,
        why=SIGNING_IN,
        basis=Basis.INTEREST,
        kept=_("for a day at most"),
        ends=(CACHE_GOES,),
    ),
    Outside(
        _("the store of files"),
        what=_("bytes of the files that rows name, under names made of chance"),
        whose=_WHO,
        why=_("files of messages, posts, documents and applications"),
        basis=Basis.AGREEMENT,
        kept=_("as long as their rows"),
    ),
    Outside(
        _("backups"),
        what=_("everything that this register names"),
        whose=_WHO,
        why=_("getting back what was lost"),
        basis=Basis.INTEREST,
        kept=_("as the operator's order says; no longer than 30 days is advised"),
    ),
]
