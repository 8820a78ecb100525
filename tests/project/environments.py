"""Environments in which the tests of the project start the platform."""

import os

# No inherited setting may decide a test.
_OWN = ("SFERUM_", "DJANGO_", "PYTEST_", "DATABASE_URL", "REDIS_URL", "SECRET", "INVITATION_", "OUTBOX_", "DATA_DIR")
_OWN += ("VAPID_", "PUSH_", "METRICS_", "PROMETHEUS_", "LOG_", "SENTRY_", "FILES_", "S3_")

PRODUCTION = {
    "SFERUM_MODE": "production",
    "SITE_URL": "https://school.example.test",
    "ALLOWED_HOSTS": "school.example.test",
    "SECRET_KEY": "f4Qk-81yWc_2Zr9bNn3LmT7vXs5JhGd6PaEo0UiKqRtYw-only-for-tests",
    "INVITATION_KEY": "a second key for tests, which must not be empty",
    "OUTBOX_KEY": "a third key for tests, which must not be empty",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://localhost:25",
    "DEFAULT_FROM_EMAIL": "school@example.test",
    "SMS_GATEWAY_URL": "https://sms.example.test/send",
    "SMS_GATEWAY_TOKEN": "a token for tests",
}


def inherited() -> dict[str, str]:
    """The environment of this process without anything that configures the platform."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}


def production(**changes: str) -> dict[str, str]:
    """The environment of a production process."""
    return inherited() | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "sferum_admin.settings"} | changes
