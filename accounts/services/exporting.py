"""All of a person's data in one archive (ACC-2): a JSON of each table, and the person's own files.

Which tables, and which rows are whose, says `common.personal_data`: a table that is declared is in the archive. Only
what is about the person: rows lead to the user by `Held.owners`, columns that name other people stay out.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import limits
from accounts.models import DataExport, ExportState, User
from accounts.selectors import address_of
from common.errors import DomainError
from common.jobs import enqueue
from common.personal_data import Held, declared
from outbox.services import queue

# What opens a door, or is a shape for machines.
SECRETS = {"password", "key_hash", "session_key", "p256dh", "auth", "endpoint", "secret", "token", "search_text"}
# One column of a row kept in memory is no larger than a message; a table is read in portions.
PORTION = 500
# A worker that died leaves a row that waits; after this long another one may be asked for.
LOST_AFTER = timedelta(hours=2)


def ask_export(user: User) -> DataExport:
    """Begin an archive of the user's data (ACC-2); a second click gets the one that is being made.

    Raises `DomainError("too_often")` after a few archives in a day.
    """
    open_one = DataExport.objects.filter(user=user, state=ExportState.WAITING)
    open_one.filter(requested_at__lt=timezone.now() - LOST_AFTER).update(state=ExportState.FAILED)
    if (under_way := open_one.first()) is not None:
        return under_way
    limit = limits.exports()
    if limit.record(str(user.pk)) > limit.limit:
        raise DomainError("too_often", _("You have asked for several archives today. Try again tomorrow."), status=429)
    try:
        with transaction.atomic():
            export = DataExport.objects.create(user=user)
            enqueue("accounts.tasks.make_export", export_id=export.pk)
            return export
    except IntegrityError:  # export_one_at_a_time: the other click was quicker
        return open_one.get()


def make_export(export_id: int) -> None:
    """Put an archive together and tell the person; a second run finds it made and does nothing."""
    export = DataExport.objects.select_related("user").filter(pk=export_id, state=ExportState.WAITING).first()
    if export is None:
        return
    with TemporaryFile() as made, translation.override(settings.LANGUAGE_CODE):
        write_archive(export.user, made)
        size = made.tell()
        made.seek(0)
        name = export.file.field.storage.save(f"exports/{export.pk}.zip", File(made))
    now = timezone.now()
    values = {"state": ExportState.READY, "file": name, "size": size, "ready_at": now}
    values["expires_at"] = now + timedelta(days=settings.EXPORT_KEPT_DAYS)
    with transaction.atomic():
        if DataExport.objects.filter(pk=export_id, state=ExportState.WAITING).update(**values):
            _tell(export.user)
            return
    # Another run was quicker, or the account is gone.
    export.file.field.storage.delete(name)


def _tell(user: User) -> None:
    channel, recipient = address_of(user)
    context = {"event": "accounts/export_ready"}
    queue(
        channel=channel, recipient=recipient, template="security_notice", context=context, reference=f"user:{user.pk}"
    )


def remove_expired_exports(now: datetime) -> int:
    """Remove archives whose time is over, and the traces of those that came to nothing; returns how many."""
    over = DataExport.objects.filter(Q(expires_at__lte=now) | Q(requested_at__lt=now - timedelta(days=30)))
    count = 0
    for export in over[:1000]:
        name, storage = export.file.name, export.file.field.storage
        export.delete()
        if name:
            storage.delete(name)
        count += 1
    return count


def write_archive(user: User, target: IO[bytes]) -> None:
    """Write the ZIP of everything about `user` into `target`; memory holds one portion of rows at most."""
    with ZipFile(target, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        lines = [_("All data of your account, as the platform holds them."), ""]
        for table in declared().values():
            if not isinstance(table, Held) or not table.owners:
                continue
            model = apps.get_model(table.model)
            count = _write_table(archive, user, model, table)
            if count:
                lines.append(f"{table.model.lower()}.json — {model._meta.verbose_name_plural}: {count}")
        lines += ["", _("Times are in UTC. Names of others and what they wrote are not in the archive.")]
        archive.writestr("README.txt", "\r\n".join(str(line) for line in lines))


def _write_table(archive: ZipFile, user: User, model: type[models.Model], table: Held) -> int:
    columns = _columns(model, table)
    mine = Q()
    for owner in table.owners:
        mine |= Q(**{owner: user.pk})
    rows = model._base_manager.filter(pk__in=model._base_manager.filter(mine).values("pk")).order_by("pk")
    found = _in_portions(rows.values("pk", *columns))
    first = next(found, None)
    if first is None:
        return 0
    count, paths = 0, []
    files = [field.attname for field in model._meta.concrete_fields if isinstance(field, models.FileField)]
    with archive.open(_entry(f"{table.model.lower()}.json", ZIP_DEFLATED), "w", force_zip64=True) as out:
        out.write(b"[")
        row: dict[str, Any] | None = first
        while row is not None:
            out.write((b",\n" if count else b"\n") + json.dumps(row, cls=_Encoder, ensure_ascii=False).encode())
            paths += [row[name] for name in files if row.get(name)]
            count += 1
            row = next(found, None)
        out.write(b"\n]\n")
    storages = {
        field.attname: field.storage for field in model._meta.concrete_fields if isinstance(field, models.FileField)
    }
    for path in dict.fromkeys(paths):
        _write_file(archive, next(iter(storages.values())), path)
    return count


def _columns(model: type[models.Model], table: Held) -> list[str]:
    """The columns of the archive: no secrets, nothing withheld, nobody else."""
    own = {owner.partition("__")[0] for owner in table.owners}
    people = ("accounts.user", "orgs.person")
    names = []
    for field in model._meta.concrete_fields:
        target = field.related_model._meta.label_lower if isinstance(field.related_model, type) else ""
        if field.name in SECRETS or field.name in table.withheld or (target in people and field.name not in own):
            continue
        names.append(field.attname)
    return names


def _in_portions(rows: "models.QuerySet[Any, dict[str, Any]]") -> Iterator[dict[str, Any]]:
    last = 0
    while portion := list(rows.filter(pk__gt=last)[:PORTION]):
        yield from portion
        last = portion[-1]["pk"]


def _write_file(archive: ZipFile, storage: Any, path: str) -> None:
    if not storage.exists(path):
        return
    # Pictures and films do not get smaller.
    info = _entry(f"files/{PurePosixPath(path).name}", ZIP_STORED)
    with storage.open(path) as source, archive.open(info, "w", force_zip64=True) as out:
        while chunk := source.read(1 << 16):
            out.write(chunk)


def _entry(name: str, compression: int) -> ZipInfo:
    info = ZipInfo(name, date_time=timezone.localtime().timetuple()[:6])
    info.compress_type = compression
    return info


class _Encoder(DjangoJSONEncoder):
    """Whatever JSON does not know is written as it reads."""

    def default(self, value: Any) -> Any:
        try:
            return super().default(value)
        except TypeError:
            return str(value)
