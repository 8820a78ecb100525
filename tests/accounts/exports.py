"""Archives of data, made without a worker."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import DataExport, ExportState, User


def ready_export(user: User) -> DataExport:
    """An archive of `user` that can be fetched."""
    now = timezone.now()
    export = DataExport(user=user, state=ExportState.READY, ready_at=now, expires_at=now + timedelta(days=1), size=3)
    export.file.save("archive.zip", ContentFile(b"zip"))
    return export
