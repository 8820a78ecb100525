"""Wiring of the platform: settings, addresses, Celery, static files, language, demonstration data."""

from sferum_admin.celery import app as celery_app

__all__ = ["celery_app"]
