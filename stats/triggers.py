"""The triggers by which the database itself notes what has to be counted (STAT-4).

They write into `stats_change` in the transaction of the change, whoever makes it: a service, an import, a bulk
statement. On PostgreSQL there is one per statement, so ten thousand rows of one minute leave one line; on SQLite one
per row, which does not repeat the line before it.

SQLite forgets the triggers and indexes of a table when Django remakes it. A later migration that alters one of the
tables below must therefore end with `migrations.RunPython(install, remove)`; tests/stats/test_triggers.py says which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from stats.models.counting import CHANGES, Source

# `{row}` is the row before or after the change.
NOW = "now"


class Deed(StrEnum):
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


ALL_DEEDS = (Deed.INSERT, Deed.UPDATE, Deed.DELETE)
KEPT = (Deed.INSERT, Deed.UPDATE)


@dataclass(frozen=True)
class Watched:
    """One table and what of it matters.

    An update notes the moments that have changed, as they were and as they are; when one of `columns` has changed,
    all of them.
    """

    table: str
    source: Source
    # Columns or expressions of moments; of days where `are_days`; `NOW`: it is the present that changes.
    moments: tuple[str, ...]
    thing: str = ""
    columns: tuple[str, ...] = ()
    # The moments themselves never change with an update, and are dear to look up.
    only_columns: bool = False
    deeds: tuple[Deed, ...] = ALL_DEEDS
    are_days: bool = False
    # Rows that matter, where not all do.
    condition: str = ""
    organization: str = "{row}.organization_id"
    # A table that knows the organization where the row does not.
    join: str = ""
    # Tells two of one table and source apart.
    label: str = ""

    def name(self, deed: Deed) -> str:
        """Return the trigger's name."""
        return f"stats_{self.label or self.source}_{self.table}_{deed}"


_STARTS_AT = "(SELECT event.starts_at FROM meetings_event event WHERE event.id = {row}.event_id)"
# The next message of a personal chat after this one, by the same author and by the other one.
_NEXT = """(
    SELECT after.created_at FROM chats_message after JOIN chats_chat chat ON chat.id = after.chat_id
    WHERE after.chat_id = {{row}}.chat_id AND after.number > {{row}}.number AND chat.template = 'personal'
    AND after.deleted_at IS NULL AND after.author_id {comparison} {{row}}.author_id ORDER BY after.number LIMIT 1
)"""

WATCHED: tuple[Watched, ...] = (
    Watched("stats_presence", Source.PRESENCE, ("{row}.at",)),
    Watched(
        "chats_message",
        Source.MESSAGE,
        ("{row}.created_at",),
        # Edited words may repeat others, or no longer.
        columns=("deleted_at", "author_id", "fingerprint"),
        deeds=KEPT,
    ),
    # An answer may be another one, or have waited less, when a message before it is deleted.
    Watched(
        "chats_message",
        Source.MESSAGE,
        (_NEXT.format(comparison="="), _NEXT.format(comparison="<>")),
        columns=("deleted_at",),
        deeds=(Deed.UPDATE,),
        only_columns=True,
        label="answer",
    ),
    # Removed by retention, with the days before it; whatever else removes old messages must not rewrite history either.
    Watched("chats_message", Source.GONE, ("{row}.created_at",), deeds=(Deed.DELETE,)),
    # Whether somebody talks to oneself depends on it, since the chat began.
    Watched(
        "chats_chataudience",
        Source.ROSTER,
        ("(SELECT chat.created_at FROM chats_chat chat WHERE chat.id = {row}.chat_id AND chat.template = 'free')",),
        deeds=(Deed.INSERT, Deed.DELETE),
    ),
    Watched("channels_app_post", Source.POST, ("{row}.published_at",), "{row}.id", columns=("deleted_at", "author_id")),
    Watched("channels_app_comment", Source.COMMENT, ("{row}.created_at",), columns=("deleted_at", "author_id")),
    Watched("channels_app_reaction", Source.REACTION, ("{row}.created_at",)),
    Watched("channels_app_postview", Source.VIEW, ("{row}.seen_at",), "{row}.post_id"),
    Watched("readings_reading", Source.READING, ("{row}.opened_at",), "{row}.id", columns=("closed_at",), deeds=KEPT),
    Watched(
        "readings_confirmation",
        Source.CONFIRMATION,
        ("{row}.confirmed_at",),
        "{row}.reading_id",
        columns=("is_on_paper",),
    ),
    Watched("polls_poll", Source.POLL, ("{row}.created_at",), "{row}.id", deeds=(Deed.INSERT,)),
    Watched("polls_pollvote", Source.VOTE, ("{row}.created_at",), "{row}.poll_id"),
    # An anonymous ballot has no time on purpose, so its note names the poll's: only the turnout changes.
    Watched(
        "polls_pollballot",
        Source.VOTE,
        ("(SELECT poll.created_at FROM polls_poll poll WHERE poll.id = {row}.poll_id)",),
        "{row}.poll_id",
        deeds=(Deed.INSERT, Deed.DELETE),
    ),
    Watched(
        "files_storedfile",
        Source.FILE,
        ("CASE WHEN {row}.claimed_at IS NOT NULL THEN {row}.uploaded_at END",),
        columns=("uploaded_by_id",),
    ),
    Watched(
        "meetings_event",
        Source.EVENT,
        ("{row}.starts_at",),
        "{row}.id",
        columns=("cancelled_at", "ends_at", "kind"),
    ),
    Watched(
        "meetings_participation",
        Source.PARTICIPATION,
        ("{row}.answered_at", "{row}.opened_at", f"CASE WHEN {{row}}.attended IS NOT NULL THEN {_STARTS_AT} END"),
        "{row}.event_id",
        columns=("attended", "answer"),
    ),
    Watched(
        "invitations_invitation",
        Source.INVITATION,
        (
            "{row}.created_at",
            "{row}.revoked_at",
            "CASE WHEN {row}.expiry_recorded_at IS NOT NULL THEN {row}.expires_at END",
        ),
        columns=("owner_id", "revoked_at"),
    ),
    Watched("invitations_invitationuse", Source.JOINING, ("{row}.at",)),
    Watched("orgs_auditevent", Source.JOURNAL, ("{row}.at",), deeds=(Deed.INSERT,)),
    Watched("orgs_roleassignment", Source.ROSTER, ("{row}.since", "{row}.until")),
    Watched("orgs_guardianship", Source.ROSTER, ("{row}.since", "{row}.until")),
    Watched("orgs_enrolment", Source.ROSTER, ("{row}.since", "{row}.until"), are_days=True),
    Watched(
        "orgs_person",
        Source.ROSTER,
        (NOW,),
        columns=("user_id", "joined_at", "merged_into_id"),
        deeds=(Deed.UPDATE,),
    ),
    Watched(
        "accounts_user",
        Source.ROSTER,
        (NOW,),
        columns=("phone_verified_at",),
        deeds=(Deed.UPDATE,),
        organization="p.organization_id",
        join="JOIN orgs_person p ON p.user_id = {row}.id",
    ),
)

# One day of one organization is found without reading its history: table → the column of the moment.
TIME_INDEXES: dict[str, str] = {
    "stats_presence": "at",
    "chats_message": "created_at",
    "channels_app_comment": "created_at",
    "channels_app_reaction": "created_at",
    "channels_app_postview": "seen_at",
    "readings_confirmation": "confirmed_at",
    "polls_pollvote": "created_at",
    "files_storedfile": "uploaded_at",
    "meetings_participation": "answered_at",
    "invitations_invitation": "created_at",
    "invitations_invitationuse": "at",
    "orgs_auditevent": "at",
}


def index_name(table: str) -> str:
    """Return the name of the index on the moments of `table`."""
    return f"stats_{table}_time"


# --- Installing -----------------------------------------------------------------------------------------------------
def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every trigger and index anew; for `migrations.RunPython`."""
    remove(apps, schema_editor)
    make = _postgresql if schema_editor.connection.vendor == "postgresql" else _sqlite
    for watched in WATCHED:
        for deed in watched.deeds:
            for statement in make(watched, deed):
                schema_editor.execute(statement, params=None)
    for table, column in TIME_INDEXES.items():
        schema_editor.execute(f'CREATE INDEX {index_name(table)} ON {table} (organization_id, "{column}")', params=None)


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take every trigger and index away, also where some are missing."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for watched in WATCHED:
        for deed in watched.deeds:
            name = watched.name(deed)
            if is_postgresql:
                # The trigger goes with its function.
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE", params=None)
            else:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
    for table in TIME_INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {index_name(table)}", params=None)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of triggers and indexes that the database ought to have and has not."""
    if connection.vendor == "postgresql":
        found = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION ALL SELECT indexname FROM pg_indexes"
    else:
        found = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index')"
    with connection.cursor() as cursor:
        cursor.execute(found)
        there = {name for (name,) in cursor.fetchall()}
    wanted = [watched.name(deed) for watched in WATCHED for deed in watched.deeds]
    return [name for name in [*wanted, *map(index_name, TIME_INDEXES)] if name not in there]


# --- PostgreSQL: once per statement -----------------------------------------------------------------------------------
_TRANSITIONS = {
    Deed.INSERT: "NEW TABLE AS come",
    Deed.UPDATE: "OLD TABLE AS gone NEW TABLE AS come",
    Deed.DELETE: "OLD TABLE AS gone",
}
_ROWS = {Deed.INSERT: "come c", Deed.UPDATE: "gone g JOIN come c ON c.id = g.id", Deed.DELETE: "gone g"}


def _postgresql(watched: Watched, deed: Deed) -> Iterator[str]:
    name, row = watched.name(deed), "g" if deed == Deed.DELETE else "c"
    moments = ", ".join(f"({moment})" for moment in _moments_on_postgresql(watched, deed))
    thing = watched.thing.format(row=row) or "NULL::bigint"
    source = f"'{watched.source}'" if watched.source != Source.GONE else _GONE_OR_DELETED.format(now="now()")
    note = f"""
    INSERT INTO {CHANGES} (organization_id, at, source, thing_id)
    SELECT DISTINCT {watched.organization.format(row=row)}, date_trunc('minute', m.at), {source}, {thing}
    FROM {_ROWS[deed]} {watched.join.format(row=row)} CROSS JOIN LATERAL (VALUES {moments}) AS m (at)
    WHERE m.at IS NOT NULL"""  # noqa: S608 — names of this file
    # A join is planned each time: the plan made for one row would be kept for ten thousand.
    run = f"EXECUTE $note${note}$note$" if deed == Deed.UPDATE else note
    yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {run}; RETURN NULL; END $$"
    yield (
        f"CREATE TRIGGER {name} AFTER {deed.upper()} ON {watched.table} REFERENCING {_TRANSITIONS[deed]} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


# Younger ones were deleted for another reason: the day is counted again.
_GONE_OR_DELETED = "CASE WHEN m.at < {now} - interval '1 day' THEN 'gone' ELSE 'message' END"


def _moments_on_postgresql(watched: Watched, deed: Deed) -> Iterator[str]:
    for moment in watched.moments:
        yield from _each(watched, deed, _time_on_postgresql(watched, moment), "g", "c", "IS DISTINCT FROM")


def _time_on_postgresql(watched: Watched, moment: str) -> str:
    if moment == NOW:
        return "statement_timestamp()"
    # The first moment of the day in UTC lies on that day, or the one before, everywhere.
    return f"{moment}::timestamp AT TIME ZONE 'UTC'" if watched.are_days else moment


def _each(watched: Watched, deed: Deed, moment: str, old: str, new: str, differs: str) -> Iterator[str]:
    """Give the moments as they were and as they are; of an update only where something that matters has changed."""
    before, after = moment.format(row=old), moment.format(row=new)
    if deed != Deed.UPDATE:
        yield before if deed == Deed.DELETE else after
        return
    pairs = [f"{old}.{column} {differs} {new}.{column}" for column in watched.columns]
    if before != after and watched.only_columns:
        yield f"CASE WHEN {' OR '.join(pairs)} THEN {before} END"
    elif before != after:
        pairs.append(f"({before}) {differs} ({after})")
        yield f"CASE WHEN {' OR '.join(pairs)} THEN {before} END"
    yield f"CASE WHEN {' OR '.join(pairs)} THEN {after} END"


# --- SQLite: once per row -------------------------------------------------------------------------------------------
# A moment is written as Django writes it, in UTC. What the last line says already is not said again.
_NOTE_ON_SQLITE = """
INSERT INTO stats_change (organization_id, at, source, thing_id)
SELECT n.organization_id, n.at, n.source, n.thing_id
FROM (
    SELECT {organization} AS organization_id, m.at AS at, {source} AS source, {thing} AS thing_id
    FROM (SELECT substr({at}, 1, 16) || ':00' AS at) m {join}
) n
WHERE n.at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM (SELECT * FROM stats_change ORDER BY id DESC LIMIT 1) l
    WHERE l.organization_id = n.organization_id AND l.at = n.at AND l.source = n.source AND l.thing_id IS n.thing_id
);"""


def _sqlite(watched: Watched, deed: Deed) -> Iterator[str]:
    row = "OLD" if deed == Deed.DELETE else "NEW"
    organization = watched.organization.format(row=row)
    thing = watched.thing.format(row=row) or "NULL"
    source = f"'{watched.source}'"
    if watched.source == Source.GONE:
        source = "CASE WHEN m.at < strftime('%Y-%m-%d %H:%M', 'now', '-1 day') THEN 'gone' ELSE 'message' END"
    lines = []
    for moment in watched.moments:
        for at in _each(watched, deed, _time_on_sqlite(watched, moment), "OLD", "NEW", "IS NOT"):
            join = f"CROSS {watched.join.format(row=row)}" if watched.join else ""
            lines.append(
                _NOTE_ON_SQLITE.format(at=at, organization=organization, source=source, thing=thing, join=join)
            )
    yield (
        f"CREATE TRIGGER {watched.name(deed)} AFTER {deed.upper()} ON {watched.table} FOR EACH ROW BEGIN "
        f"{' '.join(lines)} END"
    )


def _time_on_sqlite(watched: Watched, moment: str) -> str:
    if moment == NOW:
        return "strftime('%Y-%m-%d %H:%M', 'now')"
    return f"({moment} || ' 00:00')" if watched.are_days else moment
