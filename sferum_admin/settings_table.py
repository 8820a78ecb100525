"""Every variable of the environment, once: the table of the README is written from this list.

`manage.py write_settings_table` writes it; a test compares the list with what the code reads.
"""

from typing import NamedTuple

BEGIN = "<!-- The table is written by `manage.py write_settings_table` from sferum_admin/settings_table.py. -->"
END = "<!-- end of the table -->"
_HEAD = "| Variable | Production | Meaning; default |\n|---|---|---|\n"


class Setting(NamedTuple):
    """One row: names by commas, whether production refuses to start without, what it means and what it is by itself."""

    names: str
    is_needed: bool
    meaning: str


SETTINGS = [
    Setting("SFERUM_MODE", True, "`embedded` or `production`; `embedded`"),
    Setting("DATA_DIR", False, "where the embedded mode keeps its data, where beat keeps its schedule; `var`"),
    Setting("HOST", False, "the address `make run` listens on; `127.0.0.1`. With another one set `SITE_URL` too"),
    Setting("PORT", False, "the port of `make run`; `8000`"),
    Setting("SITE_URL", True, "the address people use, without a slash at the end; stands in links and QR codes"),
    Setting("SITE_ADDRESS", True, "docker compose: the site's name; `SITE_URL` and `ALLOWED_HOSTS` follow from it"),
    Setting("ALLOWED_HOSTS", True, "names the site answers to, by commas"),
    Setting("CSRF_TRUSTED_ORIGINS", False, "origins whose forms are accepted, by commas; `SITE_URL`"),
    Setting(
        "TRUSTED_PROXY_COUNT",
        False,
        "proxies in front of the application whose word about the client's address is taken; 1 in production, else 0",
    ),
    Setting("SECRET_KEY", True, "signs sessions and forms"),
    Setting("SECRET_KEY_FALLBACKS", False, "earlier values of it, by commas"),
    Setting("INVITATION_KEY", True, "opens invite links and personal codes; stands nowhere in the database"),
    Setting("INVITATION_KEY_FALLBACKS", False, "earlier values of it, by commas"),
    Setting("OUTBOX_KEY", True, "encrypts one-time codes that wait to be sent"),
    Setting("OUTBOX_KEY_FALLBACKS", False, "earlier values of it, by commas"),
    Setting("DATABASE_URL", True, "`postgres://user:password@host:5432/name`; embedded: SQLite in `DATA_DIR`"),
    Setting(
        "DATABASE_ADDRESS",
        False,
        "docker compose: where the database is asked; `postgres:5432` (with the profile `pooler`: `pooler:6432`)",
    ),
    Setting("DATABASE_POOLED", False, "`yes` when PgBouncer in transaction mode stands between; no"),
    Setting("POSTGRES_PASSWORD", True, "docker compose: the password of its PostgreSQL"),
    Setting("CONN_MAX_AGE", False, "seconds a database connection is kept; 0 (docker compose: 60)"),
    Setting("REDIS_URL", True, "the shared cache and live updates; embedded: a table of the database, and memory"),
    Setting("CELERY_BROKER_URL", False, "the queue of jobs; `REDIS_URL`, embedded: files in `DATA_DIR`"),
    Setting("STATIC_ROOT", False, "where packed styles and scripts lie; `DATA_DIR/static`"),
    Setting("FILES_DIR", False, "where uploaded files lie; `DATA_DIR/files`"),
    Setting(
        "FILES_STORE",
        False,
        "`disk`, or `s3`: uploaded files lie in a bucket of an S3-compatible service (docs/operation.md); `disk`",
    ),
    Setting("S3_BUCKET", False, "the bucket; it must be private. Needed with `FILES_STORE=s3`, as the two keys are"),
    Setting(
        "S3_ACCESS_KEY, S3_SECRET_KEY",
        False,
        "the keys of a user who may list, read, write and delete in that bucket",
    ),
    Setting("S3_ENDPOINT", False, "the address of the service, `https://s3.example.ru`; empty: Amazon's"),
    Setting("S3_REGION", False, "the region, where the service has several"),
    Setting("S3_PREFIX", False, "a folder inside the bucket"),
    Setting("S3_ADDRESSING", False, "`path`, or `virtual`: the bucket in the name of the host; `path`"),
    Setting("EMAIL_ADAPTER", False, "`smtp`, or `kept`: stays in the outbox; `smtp`, embedded: `kept`"),
    Setting("EMAIL_URL", True, "`smtp+tls://user:password@host:587`"),
    Setting("DEFAULT_FROM_EMAIL", True, "the sender of letters"),
    Setting("SMS_ADAPTER", False, "`http`, or `kept`; `http`, embedded: `kept`"),
    Setting("SMS_GATEWAY_URL", True, "see [SMS](#sms)"),
    Setting("SMS_GATEWAY_TOKEN", True, "see [SMS](#sms)"),
    Setting(
        "VAPID_PRIVATE_KEY",
        False,
        "see [Notifications](#notifications); without it they are not offered; embedded: its own",
    ),
    Setting(
        "PUSH_ADAPTER",
        False,
        "`webpush`, or `kept`; `webpush`, embedded: `kept` unless `VAPID_PRIVATE_KEY` is given",
    ),
    Setting(
        "PUSH_HOSTS",
        False,
        "push services besides those of the known browsers, by commas; `*.example.org` stands for all names below",
    ),
    Setting("SECURE_SSL_REDIRECT", False, "answer plain HTTP with a redirect; on in production"),
    Setting(
        "SECURITY_CONTACT",
        False,
        "where holes are reported to (`mailto:security@example.ru`), shown at "
        "`/.well-known/security.txt`; empty: no such page",
    ),
    Setting("HSTS_SECONDS", False, "how long browsers remember to use HTTPS only; a year"),
    Setting("FAILED_TOKENS_PER_ADDRESS_PER_HOUR", False, "mistyped links and personal codes from one address; 30"),
    Setting("FAILED_CODES_PER_ADDRESS_PER_HOUR", False, "mistyped sign-in codes from one address; 60"),
    Setting("CODES_PER_PHONE_PER_HOUR", False, "sign-in codes sent to one phone; 6"),
    Setting("CODES_PER_PHONE_PER_DAY", False, "sign-in codes sent to one phone and not typed back, in a day; 12"),
    Setting(
        "SMS_CODES_PER_DAY",
        False,
        "codes by SMS that leave in a day, of the whole platform; the log warns at four fifths; 5000",
    ),
    Setting(
        "SMS_CODES_PER_ORGANIZATION_PER_DAY",
        False,
        "codes by SMS that leave in a day for members of one organization and are not typed back; 300",
    ),
    Setting("UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR", False, "phones nobody has, tried from one address; 60"),
    Setting(
        "KEEP_LETTER_ADDRESSES_DAYS, KEEP_LETTERS_DAYS, KEEP_PUSHES_DAYS",
        False,
        "days for which the outbox keeps whom a letter or an SMS went to, that it was sent, notifications; 90, 730, 7",
    ),
    Setting(
        "KEEP_HELP_REQUESTS_DAYS, KEEP_HELP_CALLS_DAYS",
        False,
        "days for which closed requests for help, and closed calls of people who cannot sign in, are kept; 1095, 180",
    ),
    Setting("SUPPORT_ANSWER_DAYS", False, "within how many working days the platform's support answers; 2"),
    Setting(
        "SUPPORT_EMAIL",
        False,
        "the mailbox of the platform's support, told of requests that wait for it; empty: the operator's "
        "tool shows them",
    ),
    Setting(
        "KEEP_JOIN_REQUESTS_DAYS, KEEP_CLAIMS_DAYS, KEEP_APPLICATIONS_DAYS",
        False,
        "days for which decided join requests, children's names as parents typed them, and applications "
        "that came to nothing are kept; 365 each",
    ),
    Setting(
        "KEEP_REPORTED_WORDS_DAYS, KEEP_MEMBER_STATES_DAYS",
        False,
        "days for which words of decided reports with mutes and looks into chats, and reading marks of "
        "those who left are kept; 180 each",
    ),
    Setting(
        "KEEP_LEDGERS_DAYS, KEEP_FAILING_DEVICES_DAYS, KEEP_ORPHANED_FILES_DAYS",
        False,
        "days for which the ledger of a work that can't be undone, a device that nothing reaches, and "
        "bytes without a row are left alone; 7, 30, 7",
    ),
    Setting(
        "KEEP_ACTIVITY_DAYS, KEEP_OPERATOR_LOG_DAYS",
        False,
        "days for which it is known by name who came and what they did, and what operators did; 1096 each",
    ),
    Setting("WEB_WORKERS, WEB_THREADS", False, "gunicorn's processes and threads; a process per core, 4 threads"),
    Setting("WORKER_CONCURRENCY", False, "docker compose: processes of the worker; 2"),
    Setting(
        "BACKUP_PASSPHRASE",
        False,
        "what `manage.py backup` encrypts with and `restore` opens with; without it a copy is open to "
        "whoever has the file",
    ),
    Setting("TIME_ZONE", False, "the clock of pages outside any organization; `Europe/Moscow`"),
    Setting("LOG_LEVEL", False, "`DEBUG`, `INFO`, `WARNING`, `ERROR`; `INFO`"),
    Setting("LOG_FORMAT", False, "`line`, or `json`: one object a line, for collectors of logs; `line`"),
    Setting(
        "METRICS_TOKEN",
        False,
        "who shows it may read `/metrics`; without it only whoever asks a process directly from a private network",
    ),
    Setting(
        "METRICS_DIR",
        False,
        "where the processes of one service add up their figures; gunicorn: a folder of its own",
    ),
    Setting("METRICS_PORT", False, "the port on which a worker shows its figures; docker compose: 9100"),
    Setting(
        "SENTRY_DSN",
        False,
        "where failures are reported to, masked; empty: nowhere, and the package is not even loaded",
    ),
    Setting("DEBUG", False, "Django's pages with tracebacks, for developers; off"),
]


def table() -> str:
    """Return the table in Markdown."""
    rows = []
    for row in SETTINGS:
        names = ", ".join(f"`{name}`" for name in row.names.split(", "))
        rows.append(f"| {names} | {'● ' if row.is_needed else ''}| {row.meaning} |")
    return _HEAD + "\n".join(rows) + "\n"


def written_into(readme: str) -> str:
    """Return `readme` with today's table between its marks. Raises `ValueError` when they are missing."""
    before, begin, rest = readme.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("README.md has lost the marks around its table of settings")
    return f"{before}{BEGIN}\n\n{table()}\n{END}{after}"
