"""What the tables of chats hold about people."""

from django.utils.translation import gettext_lazy as _

from common.personal_data import (
    EVERYBODY,
    GROWN_UPS,
    MESSAGES_GO,
    ORDER,
    ORGANIZATION_GOES,
    TALKING,
    WITH_CHAT,
    WITH_ORGANIZATION,
    Basis,
    Held,
    Nothing,
    Term,
)

_ENDS = (MESSAGES_GO, ORGANIZATION_GOES)
_JOB = "chats.tasks.forget_old"
REPORTS_GO = Term(
    _("the words of reported messages, and comments on them"),
    _JOB,
    "KEEP_REPORTED_WORDS_DAYS",
    _("after the moderator's decision"),
)
MUTES_GO = Term(
    _("mutes and looks into chats (the journal remembers them)"),
    _JOB,
    "KEEP_REPORTED_WORDS_DAYS",
    _("after they were over"),
)
STATES_GO = Term(
    _("how far those who have left had read"),
    _JOB,
    "KEEP_MEMBER_STATES_DAYS",
    _("after the last role in the organization ended"),
)

TABLES = [
    Nothing("chats.ChatRules", because=_("rules of the organization"), plain=("switched_on", "contacts")),
    Held(
        "chats.Chat",
        personal=("owner", "pair"),
        plain=("title", "purpose"),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept=WITH_ORGANIZATION,
        owners=("owner__user",),
        withheld=("pair",),
        ends=(ORGANIZATION_GOES,),
    ),
    Nothing("chats.ChatAudience", because=_("circles of people, no person")),
    Held(
        "chats.ChatMember",
        personal=("person",),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept=WITH_ORGANIZATION,
        owners=("person__user",),
        ends=(ORGANIZATION_GOES,),
    ),
    Held(
        "chats.MemberState",
        personal=("person", "notify"),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept="",
        owners=("person__user",),
        ends=(STATES_GO, ORGANIZATION_GOES),
    ),
    Held(
        "chats.ChatLink",
        personal=("created_by",),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept=WITH_ORGANIZATION,
        owners=("created_by__user",),
        ends=(ORGANIZATION_GOES,),
    ),
    Held(
        "chats.Message",
        # A notice names others: who was let in, who was muted.
        personal=("author", "text", "html", "search_text", "notice", "deleted_by"),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept=WITH_CHAT,
        owners=("author__user",),
        withheld=("notice", "deleted_by"),
        ends=_ENDS,
    ),
    Held(
        "chats.MessageFile",
        personal=("file",),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept=WITH_CHAT,
        owners=("message__author__user",),
        ends=_ENDS,
    ),
    Held(
        "chats.Mention",
        personal=("person",),
        whose=EVERYBODY,
        why=TALKING,
        basis=Basis.AGREEMENT,
        kept=WITH_CHAT,
        owners=("person__user",),
        ends=_ENDS,
    ),
    # The one who reported takes the report along, without the words of the other.
    Held(
        "chats.Report",
        personal=("reporter", "comment", "reported_text", "decided_by", "answer"),
        whose=EVERYBODY,
        why=ORDER,
        basis=Basis.INTEREST,
        kept=WITH_CHAT,
        owners=("reporter__user",),
        withheld=("reported_text", "decided_by"),
        ends=(REPORTS_GO, *_ENDS),
    ),
    Held(
        "chats.Mute",
        personal=("person", "reason", "created_by"),
        whose=EVERYBODY,
        why=ORDER,
        basis=Basis.INTEREST,
        kept="",
        owners=("person__user",),
        withheld=("created_by",),
        ends=(MUTES_GO, ORGANIZATION_GOES),
    ),
    Held(
        "chats.Inspection",
        personal=("person", "reason"),
        whose=GROWN_UPS,
        why=ORDER,
        basis=Basis.INTEREST,
        kept="",
        owners=("person__user",),
        # The reason may name those whom it was about.
        withheld=("reason",),
        ends=(MUTES_GO, ORGANIZATION_GOES),
    ),
]
