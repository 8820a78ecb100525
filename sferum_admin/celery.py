"""The Celery application; tasks live in each app's `tasks.py`."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

# What the address filesystem:// means, here and in every process that starts from here.
TRANSPORT_ALIASES["filesystem"] = "sferum_admin.broker:Transport"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sferum_admin.settings")

from sferum_admin import celery_signals  # noqa: E402

app = Celery("sferum_admin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
celery_signals.connect()
