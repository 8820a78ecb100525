"""Where the figures of a day come from: one small SELECT per source, in SQL both databases speak (STAT-4).

`stats_days w` are the days being counted. The texts of messages are not read: `fingerprint` was made when they were
sent.
"""

# Names of tables and columns are put together here; values never are.
# ruff: noqa: S608
from __future__ import annotations

from collections.abc import Iterator

from stats.selectors.conditions import DEEDS, TRACES

STAFF = "('administrator', 'head', 'teacher')"

# More messages of one author within one minute, and more equal ones on one day, are doubtful (STAT-5).
BURST = 10
REPEATED = 3


def within(table: str, moment: str) -> str:
    """Join `table` as `s` with the days its moments lie in."""
    return (
        f"FROM stats_days w JOIN {table} s ON s.organization_id = w.organization_id "
        f"AND s.{moment} >= w.starts_at AND s.{moment} < w.ends_at"
    )


# --- Messages -------------------------------------------------------------------------------------------------------
# How many messages each person wrote on each day into each chat, read once and used for people, units and chats.
SPOKEN = f"""
WITH said AS (
    SELECT w.organization_id, w.day, s.author_id AS person_id, s.chat_id, c.unit_id, s.fingerprint,
        {{minute}} AS minute,
        CASE WHEN w.quiet_until <= w.quiet_from AND (s.created_at < w.quiet_until OR s.created_at >= w.quiet_from)
            OR s.created_at >= w.quiet_from AND s.created_at < w.quiet_until
        THEN 1 ELSE 0 END AS quiet,
        CASE WHEN c.template = 'free'
            AND NOT EXISTS (SELECT 1 FROM chats_chataudience a WHERE a.chat_id = c.id)
            AND NOT EXISTS (
                SELECT 1 FROM chats_chatmember o WHERE o.chat_id = c.id AND o.person_id <> s.author_id
                AND o.since <= s.created_at AND (o.until IS NULL OR o.until > s.created_at)
            )
        THEN 1 ELSE 0 END AS alone
    {within("chats_message", "created_at")}
    JOIN chats_chat c ON c.id = s.chat_id
    WHERE s.kind = 'text' AND s.deleted_at IS NULL AND s.author_id IS NOT NULL
)
SELECT organization_id, day, person_id, chat_id, unit_id, CAST(COUNT(*) AS INTEGER) AS messages,
    CAST(SUM(quiet) AS INTEGER) AS quiet_messages, CAST(SUM(CASE WHEN alone = 1
        OR (person_id, minute) IN (
            SELECT person_id, minute FROM said GROUP BY person_id, minute HAVING COUNT(*) > {BURST}
        )
        OR (person_id, day, fingerprint) IN (
            SELECT person_id, day, fingerprint FROM said WHERE fingerprint <> 0
            GROUP BY person_id, day, fingerprint HAVING COUNT(*) > {REPEATED}
        )
    THEN 1 ELSE 0 END) AS INTEGER) AS doubtful_messages
FROM said GROUP BY organization_id, day, person_id, chat_id, unit_id
"""

# --- People ---------------------------------------------------------------------------------------------------------
_HELD_BY_STAFF = f"""EXISTS (
    SELECT 1 FROM orgs_roleassignment r WHERE r.person_id = p.id AND r.role IN {STAFF}
    AND r.since < w.ends_at AND (r.until IS NULL OR r.until > w.starts_at)
)"""

# Figure of a person's day → (whose it is, where it comes from).
_DEEDS: dict[str, tuple[str, str]] = {
    "came": ("s.person_id", within("stats_presence", "at")),
    "posts": (
        "s.author_id",
        f"{within('channels_app_post', 'published_at')} WHERE s.deleted_at IS NULL AND s.author_id IS NOT NULL",
    ),
    "comments": (
        "s.author_id",
        f"{within('channels_app_comment', 'created_at')} WHERE s.deleted_at IS NULL AND s.author_id IS NOT NULL",
    ),
    "reactions": ("s.person_id", within("channels_app_reaction", "created_at")),
    "views": ("s.person_id", within("channels_app_postview", "seen_at")),
    # What was signed on paper was noted by somebody else.
    "confirmations": ("s.person_id", f"{within('readings_confirmation', 'confirmed_at')} WHERE NOT s.is_on_paper"),
    "files": (
        "s.uploaded_by_id",
        f"{within('files_storedfile', 'uploaded_at')} WHERE s.claimed_at IS NOT NULL AND s.uploaded_by_id IS NOT NULL",
    ),
    "answers": ("s.person_id", within("meetings_participation", "answered_at")),
    "attended": (
        "p.person_id",
        f"{within('meetings_event', 'starts_at')} JOIN meetings_participation p ON p.event_id = s.id "
        "WHERE p.attended AND s.cancelled_at IS NULL",
    ),
    "watched": (
        "s.person_id",
        "FROM stats_days w JOIN meetings_participation s ON s.organization_id = w.organization_id "
        "AND s.opened_at >= w.starts_at AND s.opened_at < w.ends_at",
    ),
    "invitations": ("s.owner_id", within("invitations_invitation", "created_at")),
    # What pupils and parents do is in the journal too (joining): only staff administers.
    "actions": (
        "s.actor_id",
        f"{within('orgs_auditevent', 'at')} JOIN orgs_person p ON p.id = s.actor_id "
        f"AND p.organization_id = w.organization_id WHERE {_HELD_BY_STAFF}",
    ),
}
# A poll with three ticks is one vote.
_VOTES = (
    "SELECT w.organization_id, w.day, s.person_id, {number}, CAST(COUNT(DISTINCT s.poll_id) AS INTEGER) "
    f"{within('polls_pollvote', 'created_at')} GROUP BY w.organization_id, w.day, s.person_id"
)
_OF_MESSAGES = ("messages", "quiet_messages", "doubtful_messages")

PERSON_COLUMNS = (
    *_OF_MESSAGES,
    "posts",
    "comments",
    "reactions",
    "views",
    "confirmations",
    "votes",
    "files",
    "answers",
    "attended",
    "watched",
    "invitations",
    "actions",
)
_NUMBERED = ("came", *PERSON_COLUMNS)


def _branches() -> Iterator[str]:
    for number, name in enumerate(_NUMBERED):
        if name in _OF_MESSAGES:
            yield f"SELECT organization_id, day, person_id, {number}, {name} FROM stats_spoken"
        elif name == "votes":
            yield _VOTES.format(number=number)
        else:
            whose, rows = _DEEDS[name]
            yield f"SELECT w.organization_id, w.day, {whose}, {number}, 1 {rows}"


def _sums() -> str:
    return ", ".join(
        f"COALESCE(SUM(amount) FILTER (WHERE deed = {number}), 0) AS {name}" for number, name in enumerate(_NUMBERED)
    )


# Everything each person did on each day, each source read once.
ACTS = f"""
WITH done (organization_id, day, person_id, deed, amount) AS ({" UNION ALL ".join(_branches())})
SELECT organization_id, day, person_id, {_sums()} FROM done GROUP BY organization_id, day, person_id
"""

# The roles held on that day, however short.
PERSON_DAYS = f"""
SELECT a.organization_id, a.day, a.person_id, COALESCE(r.staff, 0) = 1 AS is_staff,
    COALESCE(r.student, 0) = 1 AS is_student, COALESCE(r.parent, 0) = 1 AS is_parent, a.came > 0 AS came,
    {", ".join(f"a.{name}" for name in PERSON_COLUMNS)}
FROM stats_acts a LEFT JOIN (
    SELECT a.organization_id, a.day, a.person_id,
        MAX(CASE WHEN r.role IN {STAFF} THEN 1 ELSE 0 END) AS staff,
        MAX(CASE WHEN r.role = 'student' THEN 1 ELSE 0 END) AS student,
        MAX(CASE WHEN r.role = 'parent' THEN 1 ELSE 0 END) AS parent
    FROM stats_acts a JOIN stats_days w ON w.organization_id = a.organization_id AND w.day = a.day
    JOIN orgs_roleassignment r ON r.person_id = a.person_id AND r.since < w.ends_at
        AND (r.until IS NULL OR r.until > w.starts_at)
    GROUP BY a.organization_id, a.day, a.person_id
) r ON r.organization_id = a.organization_id AND r.day = a.day AND r.person_id = a.person_id
"""

# Conditions on `stats_personday d`; the same as stats.selectors.conditions says to Django.
ACTED = "(" + " OR ".join(f"d.{name} > 0" for name in DEEDS) + ")"
ACTIVE = "(d.came OR " + " OR ".join(f"d.{name} > 0" for name in TRACES) + ")"

# --- The roster -----------------------------------------------------------------------------------------------------
AT_ITS_END = "{0}.since < w.ends_at AND ({0}.until IS NULL OR {0}.until >= w.ends_at)"
# Enrolments know days: the day somebody leaves is no longer one of them.
ENROLLED = "{0}.since <= {1}.day AND ({0}.until IS NULL OR {0}.until > {1}.day)"

# Who was on the roster when the day ended, and whether they had joined with a confirmed account.
ROSTER = f"""
SELECT w.organization_id, w.day, p.id AS person_id,
    MAX(CASE WHEN r.role IN {STAFF} THEN 1 ELSE 0 END) AS staff,
    MAX(CASE WHEN r.role = 'student' THEN 1 ELSE 0 END) AS student,
    MAX(CASE WHEN r.role = 'parent' THEN 1 ELSE 0 END) AS parent,
    MAX(CASE WHEN p.joined_at < w.ends_at AND u.phone_verified_at < w.ends_at THEN 1 ELSE 0 END) AS joined
FROM stats_days w
JOIN orgs_roleassignment r ON r.organization_id = w.organization_id AND {AT_ITS_END.format("r")}
JOIN orgs_person p ON p.id = r.person_id AND p.merged_into_id IS NULL
LEFT JOIN accounts_user u ON u.id = p.user_id
WHERE w.with_roster GROUP BY w.organization_id, w.day, p.id
"""

# Students with at least one connected parent.
FAMILIES = f"""
SELECT DISTINCT w.organization_id, w.day, g.child_id AS person_id
FROM stats_days w
JOIN orgs_guardianship g ON g.organization_id = w.organization_id AND {AT_ITS_END.format("g")}
JOIN stats_roster p ON p.organization_id = w.organization_id AND p.day = w.day AND p.person_id = g.parent_id
WHERE w.with_roster AND p.joined = 1
"""
