"""How the installation is watched and where its files lie. Functions of the environment: settings.py calls them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from environ import Env, ImproperlyConfigured

# --- Queues of jobs ---------------------------------------------------------------------------------------------------
# A code must not wait behind five hundred pushes to a service that hangs.
CELERY_TASK_DEFAULT_QUEUE = "celery"
WORKER_QUEUES = ["celery", "urgent"]
CELERY_TASK_ROUTES = {
    "outbox.tasks.deliver_urgent": {"queue": "urgent"},
    "outbox.tasks.deliver_due_urgent": {"queue": "urgent"},
}
# Messages that somebody waits for at this very moment.
OUTBOX_URGENT = ("sign_in_code", "parent_code")


def logging(env: Env, *, quiet: bool) -> dict[str, Any]:
    """Return LOGGING by LOG_FORMAT («line» or «json») and LOG_LEVEL; `quiet`: no line for each request."""
    style = env.str("LOG_FORMAT", default="line")
    if style not in {"line", "json"}:
        raise ImproperlyConfigured("LOG_FORMAT is either «line» or «json»")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "common.logs.LineFormatter"}, "json": {"()": "common.logs.JsonLineFormatter"}},
        "filters": {"once a minute": {"()": "common.logs.OnceAMinute"}, "safe": {"()": "common.logs.Safe"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": style, "filters": ["safe"]}},
        "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
        "loggers": {
            # Django's own handler would write the same without the filter.
            "django": {"handlers": [], "level": "INFO"},
            "django.request": {"level": "ERROR"},
            # `make run` writes for people who try it out, who need no line for each picture.
            "access": {"level": "WARNING" if quiet else "INFO"},
            "security": {"level": "WARNING" if quiet else "INFO"},
            # Scanners ask for other names all day; refusing them is no failure of ours.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "channels_redis.pubsub": {"filters": ["once a minute"]},
            "common.live": {"filters": ["once a minute"]},
        },
    }


# --- Uploaded files ---------------------------------------------------------------------------------------------------
S3_SECONDS_TO_CONNECT = 5
S3_SECONDS_TO_ANSWER = 60


def file_store(env: Env, folder: Path) -> dict[str, Any]:
    """Return the store of uploaded files: a folder (FILES_STORE=disk), or a bucket of an S3-compatible service (s3)."""
    kind = env.str("FILES_STORE", default="disk")
    if kind == "disk":
        options: dict[str, Any] = {"location": env.str("FILES_DIR", default=str(folder))}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    if kind != "s3":
        raise ImproperlyConfigured("FILES_STORE is either «disk» or «s3»")
    needed = {name: env.str(name, default="") for name in ("S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY")}
    if missing := [name for name, value in needed.items() if not value]:
        raise ImproperlyConfigured(f"FILES_STORE=s3 needs {', '.join(missing)} (see the README)")
    return {"BACKEND": "files.object_store.ObjectStore", "OPTIONS": _bucket(env)}


def _bucket(env: Env) -> dict[str, Any]:
    from botocore.config import Config

    return {
        "bucket_name": env.str("S3_BUCKET"),
        "access_key": env.str("S3_ACCESS_KEY"),
        "secret_key": env.str("S3_SECRET_KEY"),
        "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
        "region_name": env.str("S3_REGION", default="") or None,
        "location": env.str("S3_PREFIX", default=""),
        # The bucket is private, so its objects are; many services of one's own refuse rights on single objects.
        "default_acl": None,
        # Names are chance, so one that is taken is a mistake to be noticed, not a file to be written over.
        "file_overwrite": False,
        "client_config": Config(
            connect_timeout=S3_SECONDS_TO_CONNECT,
            read_timeout=S3_SECONDS_TO_ANSWER,
            retries={"max_attempts": 3, "mode": "standard"},
            signature_version="s3v4",
            # Services of one's own (MinIO, Ceph) have the bucket in the path.
            s3={"addressing_style": env.str("S3_ADDRESSING", default="path")},
            # What such services do not know of yet.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }
