"""Figures of organizations, units, answers, weeks and months, out of people's days and the sources (STAT-2, STAT-3).

Each SELECT gives whole rows of its table; what is derived of the roster only where the day asks for it.
"""

# Names of tables and columns are put together here; values never are.
# ruff: noqa: S608
from __future__ import annotations

from stats.services.sources import ACTED, ACTIVE, ENROLLED, PERSON_COLUMNS, STAFF, within

_SAME_DAY = "{0}.organization_id = w.organization_id AND {0}.day = w.day"


def _kept(names: tuple[str, ...], counted: str, stored: str) -> str:
    """Take figures of the roster as they are derived where the day asks for it, else as they stand."""
    return ", ".join(
        f"COALESCE(CASE WHEN w.with_roster THEN {counted}.{name} ELSE {stored}.{name} END, 0) AS {name}"
        for name in names
    )


def _zeroed(names: tuple[str, ...], table: str) -> str:
    return ", ".join(f"COALESCE({table}.{name}, 0) AS {name}" for name in names)


# --- The organization -----------------------------------------------------------------------------------------------
ORG_ROSTER = (
    "staff_total",
    "staff_joined",
    "students_total",
    "students_joined",
    "parents_total",
    "parents_joined",
    "families_total",
    "families_joined",
)
_ACTIVE = ("people_active", "staff_active", "students_active", "parents_active")
# Posts and files also count where nobody's name is left on them.
_SUMS = tuple(name for name in PERSON_COLUMNS if name not in ("posts", "files", "invitations"))
_EVENTS = f"{within('meetings_event', 'starts_at')} WHERE s.cancelled_at IS NULL AND s.starts_at <= {{now}}"
_THINGS: dict[str, str] = {
    "posts": f"COUNT(*) {within('channels_app_post', 'published_at')} WHERE s.deleted_at IS NULL",
    "files": f"COUNT(*) {within('files_storedfile', 'uploaded_at')} WHERE s.claimed_at IS NOT NULL",
    # What begins this evening has not been held yet.
    "events": f"COUNT(*) {_EVENTS}",
    "broadcasts": f"COUNT(*) {_EVENTS} AND s.kind = 'broadcast'",
    "invitations_made": f"COUNT(*) {within('invitations_invitation', 'created_at')}",
    "invitations_expired": f"COUNT(*) {within('invitations_invitation', 'expires_at')} "
    "WHERE s.expiry_recorded_at IS NOT NULL AND s.revoked_at IS NULL AND s.uses < s.max_uses",
    "invitations_annulled": f"COUNT(*) {within('invitations_invitation', 'revoked_at')}",
    "joined": f"COUNT(DISTINCT s.person_id) {within('invitations_invitationuse', 'at')}",
    "chats_alive": "COUNT(DISTINCT w.chat_id) FROM stats_spoken w",
}
ORG_COLUMNS = (*ORG_ROSTER, *_ACTIVE, *_SUMS, *_THINGS)

_THINGS_OF_DAYS = " UNION ALL ".join(
    f"SELECT w.organization_id, w.day, {number}, {rows} GROUP BY w.organization_id, w.day"
    for number, rows in enumerate(_THINGS.values())
)

ORG_DAYS = f"""
WITH happened (organization_id, day, thing, amount) AS ({_THINGS_OF_DAYS}),
things AS (
    SELECT organization_id, day,
        {", ".join(f"SUM(amount) FILTER (WHERE thing = {n}) AS {name}" for n, name in enumerate(_THINGS))}
    FROM happened GROUP BY organization_id, day
),
acts AS (
    SELECT w.organization_id, w.day, SUM(CASE WHEN {ACTIVE} THEN 1 ELSE 0 END) AS people_active,
        SUM(CASE WHEN d.is_staff AND {ACTIVE} THEN 1 ELSE 0 END) AS staff_active,
        SUM(CASE WHEN d.is_student AND {ACTIVE} THEN 1 ELSE 0 END) AS students_active,
        SUM(CASE WHEN d.is_parent AND {ACTIVE} THEN 1 ELSE 0 END) AS parents_active,
        {", ".join(f"SUM(d.{name}) AS {name}" for name in _SUMS)}
    FROM stats_days w JOIN stats_personday d ON {_SAME_DAY.format("d")} GROUP BY w.organization_id, w.day
),
roster AS (
    SELECT r.organization_id, r.day, SUM(r.staff) AS staff_total, SUM(r.staff * r.joined) AS staff_joined,
        SUM(r.student) AS students_total, SUM(r.student * r.joined) AS students_joined,
        SUM(r.parent) AS parents_total, SUM(r.parent * r.joined) AS parents_joined,
        SUM(r.student) AS families_total,
        SUM(CASE WHEN r.student = 1 AND f.person_id IS NOT NULL THEN 1 ELSE 0 END) AS families_joined
    FROM stats_roster r LEFT JOIN stats_families f
        ON f.organization_id = r.organization_id AND f.day = r.day AND f.person_id = r.person_id
    GROUP BY r.organization_id, r.day
)
SELECT w.organization_id, w.day, {_kept(ORG_ROSTER, "r", "e")}, {_zeroed((*_ACTIVE, *_SUMS), "a")},
    {_zeroed(tuple(_THINGS), "t")}
FROM stats_days w
LEFT JOIN stats_orgday e ON {_SAME_DAY.format("e")}
LEFT JOIN roster r ON {_SAME_DAY.format("r")}
LEFT JOIN acts a ON {_SAME_DAY.format("a")}
LEFT JOIN things t ON {_SAME_DAY.format("t")}
"""

# --- Units ----------------------------------------------------------------------------------------------------------
UNIT_ROSTER = (
    "staff_total",
    "staff_joined",
    "students_total",
    "students_joined",
    "families_total",
    "families_joined",
)
_UNIT_ACTIVE = ("staff_active", "students_active", "parents_active")
_UNIT_MESSAGES = ("messages", "quiet_messages", "doubtful_messages")
UNIT_COLUMNS = (*UNIT_ROSTER, *_UNIT_ACTIVE, *_UNIT_MESSAGES, "posts")

_IN_STAFF = "MAX(CASE WHEN n.part IN ('leader', 'teacher') THEN 1 ELSE 0 END)"
_IN_STUDENTS = "MAX(CASE WHEN n.part = 'student' THEN 1 ELSE 0 END)"
_PARENT_OF_THAT_DAY = (
    "g.since < w.ends_at AND (g.until IS NULL OR g.until >= w.ends_at)"  # as the roster at the day's end
)

# Who of the active belongs to which unit, as what: by the own place, or by a child's. One row a person and unit.
_MEMBERS = f"""
SELECT w.organization_id, w.day, n.unit_id, d.person_id, {_IN_STAFF} AS staff, {_IN_STUDENTS} AS student, 0 AS parent
FROM stats_days w JOIN stats_personday d ON {_SAME_DAY.format("d")}
JOIN orgs_enrolment n ON n.person_id = d.person_id AND {ENROLLED.format("n", "w")}
WHERE {ACTIVE} GROUP BY w.organization_id, w.day, n.unit_id, d.person_id
UNION ALL
SELECT w.organization_id, w.day, n.unit_id, d.person_id, 0, 0, 1
FROM stats_days w JOIN stats_personday d ON {_SAME_DAY.format("d")}
JOIN orgs_guardianship g ON g.parent_id = d.person_id AND {_PARENT_OF_THAT_DAY}
JOIN orgs_enrolment n ON n.person_id = g.child_id AND n.part = 'student' AND {ENROLLED.format("n", "w")}
WHERE {ACTIVE} GROUP BY w.organization_id, w.day, n.unit_id, d.person_id
"""

UNIT_DAYS = f"""
WITH members AS ({_MEMBERS}),
places AS (
    SELECT w.organization_id, w.day, n.unit_id, {_IN_STAFF} AS staff, {_IN_STUDENTS} AS student,
        MAX(r.joined) AS joined, MAX(CASE WHEN f.person_id IS NOT NULL THEN 1 ELSE 0 END) AS family
    FROM stats_days w
    JOIN orgs_enrolment n ON n.organization_id = w.organization_id AND {ENROLLED.format("n", "w")}
    JOIN stats_roster r ON {_SAME_DAY.format("r")} AND r.person_id = n.person_id
    LEFT JOIN stats_families f ON {_SAME_DAY.format("f")} AND f.person_id = n.person_id
    WHERE w.with_roster GROUP BY w.organization_id, w.day, n.unit_id, n.person_id
),
roster AS (
    SELECT organization_id, day, unit_id, SUM(staff) AS staff_total, SUM(staff * joined) AS staff_joined,
        SUM(student) AS students_total, SUM(student * joined) AS students_joined,
        SUM(student) AS families_total, SUM(student * family) AS families_joined
    FROM places GROUP BY organization_id, day, unit_id
),
acts AS (
    SELECT organization_id, day, unit_id, SUM(staff) AS staff_active, SUM(student) AS students_active,
        SUM(parent) AS parents_active
    FROM members GROUP BY organization_id, day, unit_id
),
said AS (
    SELECT organization_id, day, unit_id, {", ".join(f"SUM({name}) AS {name}" for name in _UNIT_MESSAGES)}
    FROM stats_spoken WHERE unit_id IS NOT NULL GROUP BY organization_id, day, unit_id
),
written AS (
    SELECT w.organization_id, w.day, c.unit_id, COUNT(*) AS posts
    {within("channels_app_post", "published_at")} JOIN channels_app_channel c ON c.id = s.channel_id
    WHERE s.deleted_at IS NULL AND c.unit_id IS NOT NULL GROUP BY w.organization_id, w.day, c.unit_id
),
rows_of_units AS (
    SELECT w.organization_id, w.day, u.id AS unit_id, {_kept(UNIT_ROSTER, "r", "e")},
        {_zeroed(_UNIT_ACTIVE, "a")}, {_zeroed(_UNIT_MESSAGES, "m")}, {_zeroed(("posts",), "p")},
        CASE WHEN u.created_at < w.ends_at AND (u.archived_at IS NULL OR u.archived_at >= w.ends_at)
        THEN 1 ELSE 0 END AS was_there
    FROM stats_days w JOIN orgs_unit u ON u.organization_id = w.organization_id
    LEFT JOIN stats_unitday e ON {_SAME_DAY.format("e")} AND e.unit_id = u.id
    LEFT JOIN roster r ON {_SAME_DAY.format("r")} AND r.unit_id = u.id
    LEFT JOIN acts a ON {_SAME_DAY.format("a")} AND a.unit_id = u.id
    LEFT JOIN said m ON {_SAME_DAY.format("m")} AND m.unit_id = u.id
    LEFT JOIN written p ON {_SAME_DAY.format("p")} AND p.unit_id = u.id
)
SELECT organization_id, day, unit_id, {", ".join(UNIT_COLUMNS)} FROM rows_of_units
WHERE was_there = 1 OR {" + ".join(UNIT_COLUMNS)} > 0
"""

# --- Answers --------------------------------------------------------------------------------------------------------
_HAD_ROLE = (
    "EXISTS (SELECT 1 FROM orgs_roleassignment r WHERE r.person_id = {0} AND r.role IN {1} "
    "AND r.since < w.ends_at AND (r.until IS NULL OR r.until > w.starts_at))"
)
# The messages of staff in personal chats, each with the parent's first message since the one before it.
# Only the chats in which somebody wrote on those days are looked into, and of each only the end.
ANSWERS = f"""
WITH written AS MATERIALIZED (
    SELECT w.organization_id, w.day, s.author_id AS person_id, s.id AS message_id, s.created_at, (
        SELECT q.created_at FROM chats_message q
        WHERE q.chat_id = s.chat_id AND q.number < s.number AND q.kind = 'text' AND q.deleted_at IS NULL
            AND q.author_id <> s.author_id AND q.number > COALESCE((
                SELECT b.number FROM chats_message b
                WHERE b.chat_id = s.chat_id AND b.number < s.number AND b.kind = 'text' AND b.deleted_at IS NULL
                    AND b.author_id = s.author_id ORDER BY b.number DESC LIMIT 1
            ), 0) ORDER BY q.number LIMIT 1
    ) AS asked_at
    FROM stats_spoken k
    JOIN chats_chat c ON c.id = k.chat_id AND c.template = 'personal'
    JOIN stats_days w ON w.organization_id = k.organization_id AND w.day = k.day
    JOIN chats_message s ON s.chat_id = k.chat_id AND s.author_id = k.person_id
        AND s.created_at >= w.starts_at AND s.created_at < w.ends_at
    JOIN chats_chatmember o ON o.chat_id = c.id AND o.person_id <> s.author_id
    WHERE s.kind = 'text' AND s.deleted_at IS NULL
        AND {_HAD_ROLE.format("s.author_id", STAFF)} AND {_HAD_ROLE.format("o.person_id", "('parent')")}
        AND NOT {_HAD_ROLE.format("o.person_id", STAFF)}
)
SELECT DISTINCT organization_id, day, person_id, message_id,
    CASE WHEN created_at > asked_at THEN {{seconds}} ELSE 0 END AS seconds
FROM written WHERE asked_at IS NOT NULL
"""

# --- Weeks and months -----------------------------------------------------------------------------------------------
PERIOD_COLUMNS = (
    "people_active",
    "staff_active",
    "students_active",
    "parents_active",
    "staff_acted",
    "students_acted",
    "parents_acted",
    "chats_alive",
)

_ALIVE = """
    SELECT v.organization_id, v.span, v.starts_on, c.unit_id, COUNT(*) AS chats_alive
    FROM stats_spans v JOIN chats_chat c ON c.organization_id = v.organization_id
    WHERE EXISTS (
        SELECT 1 FROM chats_message m WHERE m.chat_id = c.id AND m.created_at >= v.starts_at
        AND m.created_at < v.ends_at AND m.kind = 'text' AND m.deleted_at IS NULL AND m.author_id IS NOT NULL
    ) GROUP BY v.organization_id, v.span, v.starts_on, c.unit_id
"""
# Messages of a part of it are gone: what was counted then is not less now.
_CHATS = (
    "CASE WHEN v.is_frozen = 1 AND COALESCE(e.chats_alive, 0) > COALESCE(c.chats_alive, 0) "
    "THEN e.chats_alive ELSE COALESCE(c.chats_alive, 0) END AS chats_alive"
)
_SAME_SPAN = "{0}.organization_id = {1}.organization_id AND {0}.span = {1}.span AND {0}.starts_on = {1}.starts_on"
# People's days of those weeks and months, with what they come to said once: it is asked three times.
LIVED = f"""
SELECT v.organization_id, v.span, v.starts_on, v.starts_at, v.ends_at, d.day, d.person_id,
    CASE WHEN d.is_staff THEN 1 ELSE 0 END AS staff, CASE WHEN d.is_student THEN 1 ELSE 0 END AS student,
    CASE WHEN d.is_parent THEN 1 ELSE 0 END AS parent, CASE WHEN {ACTIVE} THEN 1 ELSE 0 END AS active,
    CASE WHEN {ACTED} THEN 1 ELSE 0 END AS acted
FROM stats_spans v JOIN stats_personday d
    ON d.organization_id = v.organization_id AND d.day >= v.starts_on AND d.day <= v.ends_on
WHERE {ACTIVE}
"""
_ROLES = ("staff", "student", "parent")


def _was(condition: str, name: str) -> str:
    """Tell of each person whether it was so on any day."""
    return f"MAX(CASE WHEN {condition} THEN 1 ELSE 0 END) AS {name}"


def _flags(conditions: dict[str, str]) -> str:
    active = (_was(conditions[role], f"{role}_active") for role in _ROLES)
    acted = (_was(f"{conditions[role]} AND d.acted = 1", f"{role}_acted") for role in _ROLES)
    return ", ".join(("1 AS is_active", *active, *acted))


_SUMS_OF_PEOPLE = """SUM(is_active) AS people_active, SUM(staff_active) AS staff_active,
        SUM(student_active) AS students_active, SUM(parent_active) AS parents_active, SUM(staff_acted) AS staff_acted,
        SUM(student_acted) AS students_acted, SUM(parent_acted) AS parents_acted"""

# Each person once, by the roles of the days on which it was.
PERIODS_OF_ALL = f"""
WITH people AS (
    SELECT d.organization_id, d.span, d.starts_on, d.person_id,
        {_flags({role: f"d.{role} = 1" for role in _ROLES})}
    FROM stats_lived d GROUP BY d.organization_id, d.span, d.starts_on, d.person_id
),
summed AS (
    SELECT organization_id, span, starts_on, {_SUMS_OF_PEOPLE} FROM people GROUP BY organization_id, span, starts_on
),
alive AS (
    SELECT organization_id, span, starts_on, SUM(chats_alive) AS chats_alive FROM ({_ALIVE}) a
    GROUP BY organization_id, span, starts_on
)
SELECT v.organization_id, v.span, v.starts_on, CAST(NULL AS BIGINT) AS unit_id, {_zeroed(PERIOD_COLUMNS[:-1], "p")},
    {_CHATS}
FROM stats_spans v
LEFT JOIN summed p ON {_SAME_SPAN.format("p", "v")}
LEFT JOIN alive c ON {_SAME_SPAN.format("c", "v")}
LEFT JOIN stats_period e ON {_SAME_SPAN.format("e", "v")} AND e.unit_id IS NULL
"""

# Places in units are those of the day; a family is one that was tied at any time of the period.
_PLACES = f"""
    SELECT d.organization_id, d.span, d.starts_on, n.unit_id, d.person_id,
        {_flags({"staff": "n.part IN ('leader', 'teacher')", "student": "n.part = 'student'", "parent": "1 = 0"})}
    FROM stats_lived d
    JOIN orgs_enrolment n ON n.person_id = d.person_id AND {ENROLLED.format("n", "d")}
    GROUP BY d.organization_id, d.span, d.starts_on, n.unit_id, d.person_id
    UNION ALL
    SELECT d.organization_id, d.span, d.starts_on, n.unit_id, d.person_id,
        {_flags({"staff": "1 = 0", "student": "1 = 0", "parent": "1 = 1"})}
    FROM stats_lived d
    JOIN orgs_guardianship g ON g.parent_id = d.person_id AND g.since < d.ends_at
        AND (g.until IS NULL OR g.until >= d.starts_at)
    JOIN orgs_enrolment n ON n.person_id = g.child_id AND n.part = 'student' AND {ENROLLED.format("n", "d")}
    GROUP BY d.organization_id, d.span, d.starts_on, n.unit_id, d.person_id
"""
_EACH_FLAG = ", ".join(
    f"MAX({name}) AS {name}"
    for name in ("is_active", *(f"{role}_active" for role in _ROLES), *(f"{role}_acted" for role in _ROLES))
)

PERIODS_OF_UNITS = f"""
WITH places AS ({_PLACES}),
people AS (
    SELECT organization_id, span, starts_on, unit_id, person_id, {_EACH_FLAG}
    FROM places GROUP BY organization_id, span, starts_on, unit_id, person_id
),
summed AS (
    SELECT organization_id, span, starts_on, unit_id, {_SUMS_OF_PEOPLE}
    FROM people GROUP BY organization_id, span, starts_on, unit_id
),
alive AS ({_ALIVE})
SELECT * FROM (
    SELECT v.organization_id, v.span, v.starts_on, u.id AS unit_id, {_zeroed(PERIOD_COLUMNS[:-1], "p")}, {_CHATS}
    FROM stats_spans v JOIN orgs_unit u ON u.organization_id = v.organization_id
    LEFT JOIN summed p ON {_SAME_SPAN.format("p", "v")} AND p.unit_id = u.id
    LEFT JOIN alive c ON {_SAME_SPAN.format("c", "v")} AND c.unit_id = u.id
    LEFT JOIN stats_period e ON {_SAME_SPAN.format("e", "v")} AND e.unit_id = u.id
) found WHERE people_active > 0 OR chats_alive > 0
"""
