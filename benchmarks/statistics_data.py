"""Organizations and what was done in them, as rows made by the database itself: ten million in a few minutes.

People first (`PEOPLE`), then days: each statement of `DAYS` writes one source for the days of `bench.day` that are
asked for. Nobody's rows hang on chance alone: shares of a source and of a weekday are fixed, so that every run counts
the same.
"""

from __future__ import annotations

from datetime import date

ZONES = (
    "Europe/Kaliningrad Europe/Moscow Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Krasnoyarsk Asia/Irkutsk "
    "Asia/Yakutsk Asia/Vladivostok Asia/Magadan Asia/Kamchatka"
)
# What 100 000 rows of a school day consist of.
SHARES = {
    "messages": 40_000,
    "views": 32_000,
    "presences": 20_000,
    "reactions": 3_000,
    "actions": 1_200,
    "confirmations": 1_000,
    "comments": 800,
    "participations": 700,
    "posts": 600,
    "files": 300,
    "invitations": 200,
    "votes": 200,
}
# A day of the weekend has this many rows for a hundred of a school day.
WEEKEND = 15

PEOPLE = """
CREATE SCHEMA bench;
INSERT INTO orgs_organization (slug, kind, name, short_name, region, address, time_zone, phone, email, site, diary_url,
    labels, logo_version, created_at, administrators_see_statistics, inn, municipality)
  SELECT 'bench' || n, 'school', 'Школа № ' || n, 'Школа № ' || n, '', '',
    (string_to_array('{zones}', ' '))[1 + n % 11],
    '', '', '', '', '{{}}', 0, '{first}'::date - 30, true, '', '' FROM generate_series(1, {organizations}) n;
CREATE TABLE bench.org AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS no, id, time_zone AS zone FROM orgs_organization;
INSERT INTO orgs_academicyear (name, starts_on, ends_on, is_current, organization_id)
  SELECT 'год', '{first}'::date - 60, '{first}'::date + 305, true, id FROM bench.org;
INSERT INTO orgs_unit (kind, name, sort_key, letter, age_group, direction, created_at, academic_year_id,
    organization_id)
  SELECT CASE WHEN n = 0 THEN 'staff' ELSE 'class' END, 'Класс ' || n, 'класс ' || lpad(n::text, 4, '0'), '', '', '',
    '{first}'::date - 30, CASE WHEN n > 0 THEN y.id END, o.id
  FROM bench.org o JOIN orgs_academicyear y ON y.organization_id = o.id, generate_series(0, {units}) n ORDER BY o.id, n;
CREATE TABLE bench.unit AS SELECT organization_id, id,
  row_number() OVER (PARTITION BY organization_id ORDER BY id) - 1 AS no FROM orgs_unit;
-- Of a thousand: 60 of the staff, 470 students, 470 parents; parent n + 470 has child n. Seven of ten have joined.
INSERT INTO accounts_user (password, is_superuser, phone, phone_verified_at, email, display_name, is_staff, is_active,
    date_joined, digest, parent_email, rules_version)
  SELECT '!', false, '+7' || (9000000000 + n), {at}, '', '', false, true, {at}, 'daily', '', ''
  FROM generate_series(0, {organizations} * {people} - 1) n WHERE n % 10 < 7;
INSERT INTO orgs_person (last_name, first_name, patronymic, search_name, phone, email, position, record_number,
    verification, verification_reason, joined_at, created_at, organization_id, user_id)
  SELECT 'Иванов', 'Имя', '', 'иванов имя', '', '', '', '', 'not_confirmed', '',
    CASE WHEN u.id IS NOT NULL THEN '{first}'::date - 20 END,
    '{first}'::date - 30, o.id, u.id
  FROM bench.org o CROSS JOIN generate_series(0, {people} - 1) n
  LEFT JOIN accounts_user u ON u.phone = '+7' || (9000000000 + o.no * {people} + n) ORDER BY o.id, n;
CREATE TABLE bench.person AS SELECT organization_id, id, no, CASE WHEN no < {staff} THEN 'teacher'
    WHEN no < {staff} + {students} THEN 'student' ELSE 'parent' END AS role FROM (
  SELECT organization_id, id, row_number() OVER (PARTITION BY organization_id ORDER BY id) - 1 AS no
  FROM orgs_person) p;
CREATE UNIQUE INDEX ON bench.person (organization_id, no);
INSERT INTO orgs_roleassignment (role, since, organization_id, person_id)
  SELECT CASE no WHEN 0 THEN 'administrator' WHEN 1 THEN 'head' ELSE role END, '{first}'::date - 20, organization_id, id
  FROM bench.person;
INSERT INTO orgs_enrolment (part, since, order_number, is_conditional, organization_id, person_id, unit_id)
  SELECT CASE WHEN p.role = 'student' THEN 'student' ELSE 'teacher' END, '{first}'::date - 20, '', false,
    p.organization_id, p.id, u.id
  FROM bench.person p JOIN bench.unit u USING (organization_id)
  WHERE p.role <> 'parent' AND (u.no = 1 + p.no % {units} OR u.no = 0 AND p.role = 'teacher');
INSERT INTO orgs_guardianship (since, organization_id, child_id, parent_id)
  SELECT '{first}'::date - 20, c.organization_id, c.id, p.id FROM bench.person c
  JOIN bench.person p ON p.organization_id = c.organization_id AND p.no = c.no + {students} AND p.role = 'parent'
  WHERE c.role = 'student';
-- Three chats and a channel of each unit, five free chats, thirty personal ones of a teacher and a parent.
INSERT INTO chats_chat (template, title, purpose, pair, writers, slow_seconds, last_event, changed_event, message_count,
    kept_after, last_message_number, last_message_at, shows_readers, created_at, organization_id, unit_id)
  SELECT t.template, '', '', NULL, 'everyone', 0, 0, 0, 0, 0, 0, {at}, true, '{first}'::date - 20,
    organization_id, id
  FROM bench.unit, (VALUES ('unit_parents'), ('unit_students'), ('unit_staff')) t (template) WHERE no > 0
  UNION ALL SELECT 'free', 'Чат ' || n, '', NULL, 'everyone', 0, 0, 0, 0, 0, 0, {at}, true, '{first}'::date - 20,
    id, NULL FROM bench.org, generate_series(1, 5) n
  UNION ALL SELECT 'personal', '', '', s.id || ':' || p.id, 'everyone', 0, 0, 0, 0, 0, 0, {at}, true,
    '{first}'::date - 20, s.organization_id, NULL
  FROM bench.person s JOIN bench.person p USING (organization_id)
  WHERE s.role = 'teacher' AND s.no < 30 AND p.no = s.no + {staff} + {students} AND p.role = 'parent';
CREATE TABLE bench.chat AS SELECT organization_id, id, split_part(pair, ':', 1)::bigint AS one,
  split_part(pair, ':', 2)::bigint AS two, row_number() OVER (PARTITION BY organization_id ORDER BY id) - 1 AS no,
  count(*) OVER (PARTITION BY organization_id) AS many FROM (SELECT organization_id, id, nullif(pair, '') AS pair
  FROM chats_chat) c;
CREATE UNIQUE INDEX ON bench.chat (organization_id, no);
INSERT INTO chats_chatmember (is_moderator, since, chat_id, organization_id, person_id)
  SELECT false, '{first}'::date - 20, c.id, c.organization_id, p.id
  FROM bench.chat c JOIN chats_chat x ON x.id = c.id JOIN bench.person p ON p.organization_id = c.organization_id
  WHERE (x.template = 'free' AND p.no % 50 = c.no % 50) OR p.id IN (c.one, c.two);
INSERT INTO channels_app_channel (kind, title, description, is_public, has_comments, created_at, last_post_at,
    organization_id, unit_id)
  SELECT CASE WHEN no = 0 THEN 'organization' ELSE 'unit' END, '', '', false, true, {at}, {at},
    organization_id, CASE WHEN no > 0 THEN id END FROM bench.unit;
CREATE TABLE bench.channel AS SELECT organization_id, id, row_number() OVER (PARTITION BY organization_id ORDER BY id)
  - 1 AS no FROM channels_app_channel;
CREATE UNIQUE INDEX ON bench.channel (organization_id, no);
-- One poll, one required reading and one event a week in each organization.
CREATE TABLE bench.week AS SELECT o.id AS organization_id, o.no AS org_no, w.no, row_number() OVER () AS id,
    ('{first}'::date + 7 * w.no::int + 1)::timestamp + time '12:00' AS at, o.zone
  FROM bench.org o, generate_series(0, {weeks}) w (no);
INSERT INTO polls_poll (id, question, is_multiple, is_anonymous, voter_count, created_at, organization_id)
  OVERRIDING SYSTEM VALUE SELECT id, 'Когда?', false, false, 0, at AT TIME ZONE zone, organization_id FROM bench.week;
INSERT INTO polls_polloption (id, position, text, vote_count, organization_id, poll_id)
  OVERRIDING SYSTEM VALUE SELECT id, 0, 'Завтра', 0, organization_id, id FROM bench.week;
INSERT INTO readings_reading (id, title, path, version, content_hash, parents_confirm, opened_at, created_at,
    organization_id)
  OVERRIDING SYSTEM VALUE SELECT id, 'Приказ', 'documents/1/', 1, repeat('0', 64), 'each', at AT TIME ZONE zone,
    at AT TIME ZONE zone, organization_id FROM bench.week;
INSERT INTO readings_readingaudience (audience, organization_id, reading_id)
  SELECT 'parents', organization_id, id FROM bench.week;
INSERT INTO meetings_event (id, kind, title, text, html, search_text, place, link, starts_at, ends_at, registration,
    going_count, waiting_count, opened_count, result, sequence, created_at, changed_at, cancel_reason, organization_id)
  OVERRIDING SYSTEM VALUE SELECT id, 'meeting', 'Собрание', '', '', '', '', '', at AT TIME ZONE zone,
    (at + interval '1 hour') AT TIME ZONE zone, 'answer', 0, 0, 0, '', 0, at AT TIME ZONE zone, at AT TIME ZONE zone,
    '', organization_id FROM bench.week;
INSERT INTO meetings_eventaudience (audience, organization_id, event_id)
  SELECT 'parents', organization_id, id FROM bench.week;
CREATE TABLE bench.post (organization_id bigint, id bigint, no bigint, day date, at timestamptz);
-- The clock by which things are done: from seven in the morning to eleven at night.
CREATE FUNCTION bench.moment(day date, zone text) RETURNS timestamptz LANGUAGE sql VOLATILE AS
  $$ SELECT (day + time '07:00' + interval '16 hours' * random()) AT TIME ZONE zone $$;
"""

# {days} is a table of (day, rows): how many rows the day has in all. {many} is this source's part of them.
_EACH = (
    "{days} d CROSS JOIN generate_series(1, d.rows * {share} / 100000) n JOIN bench.org o ON o.no = n % {organizations}"
)
_ANYBODY = "JOIN bench.person p ON p.organization_id = o.id AND p.no = (n * 7919 + n / 331) % {people}"

DAYS: dict[str, str] = {
    "posts": f"""
WITH made AS (
  INSERT INTO channels_app_post (title, text, html, search_text, created_at, published_at, revision, view_count,
    comment_count, reactions, author_id, channel_id, organization_id)
  SELECT '', 'Новость', 'Новость', 'новость', m.at, m.at, 1, 0, 0, '{{{{}}}}', p.id, c.id, o.id
  FROM {_EACH} JOIN bench.person p ON p.organization_id = o.id AND p.no = n * 31 % {{staff}}
  JOIN bench.channel c ON c.organization_id = o.id AND c.no = n * 13 % ({{units}} + 1)
  CROSS JOIN LATERAL (SELECT bench.moment(d.day, o.zone) AS at) m
  RETURNING organization_id, id, published_at
)
INSERT INTO bench.post SELECT organization_id, made.id, row_number() OVER () - 1 + (SELECT count(*) FROM bench.post),
  (published_at AT TIME ZONE o.zone)::date, published_at FROM made JOIN bench.org o ON o.id = organization_id""",
    "messages": f"""
INSERT INTO chats_message (number, event, ordinal, kind, text, html, search_text, has_files, mentions_all, is_urgent,
    created_at, author_id, chat_id, organization_id, fingerprint)
  SELECT {{start}} + n, {{start}} + n, {{start}} + n, 'text', 'Здравствуйте!', 'Здравствуйте!', 'здравствуйте', false,
    false, false, bench.moment(d.day, o.zone),
    coalesce(CASE WHEN n / 17 % 2 = 0 THEN c.one ELSE c.two END, p.id), c.id, o.id,
    CASE WHEN n % 5 < 2 THEN 0 WHEN n % 100 = 3 THEN 7 ELSE {{start}} + n END
  FROM {_EACH} {_ANYBODY} JOIN bench.chat c ON c.organization_id = o.id AND c.no = (n / 41) % c.many""",
    "views": f"""
INSERT INTO channels_app_postview (seen_at, organization_id, person_id, post_id)
  SELECT q.at + interval '5 hours' * power(random(), 3), q.organization_id, p.id, q.id
  FROM {{days}} d JOIN bench.post q ON q.day = d.day
  CROSS JOIN generate_series(1, {{share}} / {SHARES["posts"]}) n
  JOIN bench.person p ON p.organization_id = q.organization_id AND p.no = (q.no * 37 + n * 7) % {{people}}""",
    "presences": """
INSERT INTO stats_presence (day, at, organization_id, person_id)
  SELECT d.day, bench.moment(d.day, o.zone), o.id, p.id
  FROM {days} d CROSS JOIN generate_series(1, least(d.rows * {share} / 100000, {organizations} * {people} * 9 / 10)) n
  JOIN bench.org o ON o.no = n % {organizations}
  JOIN bench.person p ON p.organization_id = o.id AND p.no = (n / {organizations} * 7) % {people}""",
    "reactions": """
INSERT INTO channels_app_reaction (kind, created_at, organization_id, person_id, post_id)
  SELECT 'like', q.at + interval '3 hours' * random(), q.organization_id, p.id, q.id
  FROM {days} d JOIN bench.post q ON q.day = d.day CROSS JOIN generate_series(1, {share} / 600) n
  JOIN bench.person p ON p.organization_id = q.organization_id AND p.no = (q.no * 37 + n * 7) % {people}""",
    "comments": """
INSERT INTO channels_app_comment (text, html, created_at, author_id, organization_id, post_id)
  SELECT 'Да', 'Да', q.at + interval '2 hours' * random(), p.id, q.organization_id, q.id
  FROM {days} d JOIN bench.post q ON q.day = d.day CROSS JOIN generate_series(1, 1) n
  JOIN bench.person p ON p.organization_id = q.organization_id AND p.no = (q.no * 37 + n * 11) % {people}""",
    "confirmations": f"""
INSERT INTO readings_confirmation (confirmed_at, is_on_paper, organization_id, person_id, reading_id)
  SELECT bench.moment(d.day, o.zone), false, o.id, p.id, w.id
  FROM {_EACH} JOIN bench.week w ON w.organization_id = o.id AND w.no = (d.day - '{{first}}'::date) / 7
  JOIN bench.person p ON p.organization_id = o.id
    AND p.no = {{staff}} + {{students}} + (n / {{organizations}} * 7 + (d.day - '{{first}}'::date)) % {{parents}}
  ON CONFLICT DO NOTHING""",
    "votes": f"""
INSERT INTO polls_pollvote (is_single, created_at, option_id, organization_id, person_id, poll_id)
  SELECT true, bench.moment(d.day, o.zone), w.id, o.id, p.id, w.id
  FROM {_EACH} {_ANYBODY} JOIN bench.week w ON w.organization_id = o.id AND w.no = (d.day - '{{first}}'::date) / 7
  ON CONFLICT DO NOTHING""",
    "participations": f"""
INSERT INTO meetings_participation (answer, answered_at, attended, watched_seconds, event_id, organization_id,
    person_id)
  SELECT 'yes', bench.moment(d.day, o.zone), n % 2 = 0, 0, w.id, o.id, p.id
  FROM {_EACH} {_ANYBODY} JOIN bench.week w ON w.organization_id = o.id AND w.no = (d.day - '{{first}}'::date) / 7
  ON CONFLICT DO NOTHING""",
    "files": f"""
INSERT INTO files_storedfile (kind, content, preview, original_name, content_type, size, sha256, uploaded_at,
    claimed_at, organization_id, uploaded_by_id)
  SELECT 'document', 'bench/1.pdf', '', 'Приказ.pdf', 'application/pdf', 1, repeat('0', 64), m.at, m.at, o.id, p.id
  FROM {_EACH} {_ANYBODY} CROSS JOIN LATERAL (SELECT bench.moment(d.day, o.zone) AS at) m""",
    "invitations": f"""
INSERT INTO invitations_invitation (role, generation, max_uses, uses, created_at, expires_at, organization_id, owner_id,
    unit_id)
  SELECT 'parent', 1, 30, 0, m.at, m.at + interval '14 days', o.id, p.id, u.id
  FROM {_EACH} JOIN bench.person p ON p.organization_id = o.id AND p.no = n % {{staff}}
  JOIN bench.unit u ON u.organization_id = o.id AND u.no = 1 + n % {{units}}
  CROSS JOIN LATERAL (SELECT bench.moment(d.day, o.zone) AS at) m""",
    "actions": f"""
INSERT INTO orgs_auditevent (organization_id, at, actor_id, actor_name, action, person_name, unit_name, order_number,
    details)
  SELECT o.id, bench.moment(d.day, o.zone), p.id, '', 'unit.changed', '', '', '', '{{{{}}}}'
  FROM {_EACH} JOIN bench.person p ON p.organization_id = o.id AND p.no = n % 10""",
}

# What the triggers write when people do these things one by one: (source, table, moment, thing).
NOTED = (
    ("message", "chats_message", "created_at", "NULL::bigint"),
    ("view", "channels_app_postview", "seen_at", "post_id"),
    ("presence", "stats_presence", "at", "NULL::bigint"),
    ("reaction", "channels_app_reaction", "created_at", "NULL::bigint"),
    ("comment", "channels_app_comment", "created_at", "NULL::bigint"),
    ("post", "channels_app_post", "published_at", "id"),
    ("confirmation", "readings_confirmation", "confirmed_at", "reading_id"),
    ("vote", "polls_pollvote", "created_at", "poll_id"),
    ("participation", "meetings_participation", "answered_at", "event_id"),
    ("file", "files_storedfile", "uploaded_at", "NULL::bigint"),
    ("invitation", "invitations_invitation", "created_at", "NULL::bigint"),
    ("journal", "orgs_auditevent", "at", "NULL::bigint"),
)


def noted(source: str, table: str, moment: str, thing: str) -> str:
    """The statement that notes the changes of rows younger than `%s` (id)."""
    return (
        "INSERT INTO stats_change (organization_id, at, source, thing_id) "
        f"SELECT organization_id, date_trunc('minute', {moment}), '{source}', {thing} FROM {table} WHERE id > %s"
    )


# (table, who, moment, what is counted) of the floor: nothing but adding up.
_ADDED = (
    ("chats_message", "author_id", "created_at", "messages"),
    ("channels_app_postview", "person_id", "seen_at", "views"),
    ("stats_presence", "person_id", "at", "came"),
    ("channels_app_reaction", "person_id", "created_at", "reactions"),
    ("channels_app_comment", "author_id", "created_at", "comments"),
    ("channels_app_post", "author_id", "published_at", "posts"),
    ("readings_confirmation", "person_id", "confirmed_at", "confirmations"),
    ("polls_pollvote", "person_id", "created_at", "votes"),
    ("meetings_participation", "person_id", "answered_at", "answers"),
    ("files_storedfile", "uploaded_by_id", "uploaded_at", "files"),
    ("invitations_invitation", "owner_id", "created_at", "invitations"),
    ("orgs_auditevent", "actor_id", "at", "actions"),
)


def floor(first: date, last: date) -> str:
    """One INSERT … SELECT … GROUP BY into `bench.floor`: the least any count of people's days must do."""
    names = [name for *_rest, name in _ADDED]
    parts = [
        f"SELECT s.organization_id, (s.{moment} AT TIME ZONE o.zone)::date AS day, s.{who} AS person_id, "
        f"'{name}' AS what FROM {table} s JOIN bench.org o ON o.id = s.organization_id "
        f"WHERE s.{moment} >= ('{first}'::timestamp AT TIME ZONE o.zone) "
        f"AND s.{moment} < (('{last}'::date + 1)::timestamp AT TIME ZONE o.zone)"
        for table, who, moment, name in _ADDED
    ]
    counts = ", ".join(f"count(*) FILTER (WHERE what = '{name}')" for name in names)
    return (
        f"INSERT INTO bench.floor (organization_id, day, person_id, {', '.join(names)}) "
        f"SELECT organization_id, day, person_id, {counts} FROM ({' UNION ALL '.join(parts)}) a "
        "GROUP BY organization_id, day, person_id"
    )


FLOOR_TABLE = f"""
CREATE TABLE bench.floor (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, organization_id bigint NOT NULL,
  day date NOT NULL, person_id bigint NOT NULL, {", ".join(f"{name} int NOT NULL" for *_rest, name in _ADDED)},
  UNIQUE (organization_id, day, person_id));
CREATE INDEX ON bench.floor (person_id, day);
CREATE INDEX ON bench.floor (organization_id);
CREATE INDEX ON bench.floor (person_id)
"""

HISTORY = """
INSERT INTO stats_orgday (organization_id, day, {org_columns})
  SELECT {organization}, '{first}'::date - n, {org_values} FROM generate_series(1, {days}) n ON CONFLICT DO NOTHING;
INSERT INTO stats_unitday (organization_id, day, unit_id, {unit_columns})
  SELECT {organization}, '{first}'::date - n, u.id, {unit_values}
  FROM generate_series(1, {days}) n, bench.unit u WHERE u.organization_id = {organization} ON CONFLICT DO NOTHING;
INSERT INTO stats_period (organization_id, span, starts_on, unit_id, {period_columns})
  SELECT {organization}, s.span, s.starts_on, u.id, {period_values}
  FROM (SELECT DISTINCT k.span, date_trunc(k.span, '{first}'::date - n)::date AS starts_on
    FROM generate_series(1, {days}) n, (VALUES ('week'), ('month')) k (span)) s
  CROSS JOIN (SELECT id FROM bench.unit WHERE organization_id = {organization} UNION ALL SELECT NULL) u
  ON CONFLICT DO NOTHING;
INSERT INTO stats_personday (organization_id, day, person_id, is_staff, is_student, is_parent, came, {person_columns})
  SELECT {organization}, '{first}'::date - n, p.id, p.role = 'teacher', p.role = 'student', p.role = 'parent', true,
    {person_values}
  FROM generate_series(1, {days}) n, bench.person p
  WHERE p.organization_id = {organization} AND (p.no + n) % 3 = 0 ON CONFLICT DO NOTHING;
INSERT INTO stats_staffanswer (organization_id, day, person_id, message_id, seconds)
  SELECT {organization}, '{first}'::date - n, p.id, 1000000000000 + n * 100 + p.no, 60 + n * 7 % 80000
  FROM generate_series(1, {days}) n, bench.person p WHERE p.organization_id = {organization} AND p.no < 20;
INSERT INTO stats_reached (organization_id, kind, thing_id, day, asked, reached, is_marked, median_seconds)
  SELECT {organization}, k.kind, 1000000000000 + n * 10 + m, '{first}'::date - n, 100, 60, true, 3600
  FROM generate_series(1, {days}) n, generate_series(1, 5) m, (VALUES ('post'), ('reading'), ('poll'), ('event')) k
    (kind) WHERE k.kind = 'post' OR n % 7 = 0 AND m = 1
"""
