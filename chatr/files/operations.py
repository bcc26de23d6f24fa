"""Putting a private file in, reading it, and removing it."""

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from chatr.audit.operations import record

from . import storage
from .models import FileBytes, PrivateFile
from .rules import check, kind_of, tidy_name


@transaction.atomic
def store(*, kind: str, name: str, data: bytes, by, now: datetime, keep_until: date | None = None) -> PrivateFile:
    """Keep a file of a registered kind.

    :param keep_until: its last day, when it has one of its own; otherwise the owning area removes it
    :raises CannotStore: if it is empty, too large, or not of a type this kind takes
    """
    content_type = check(kind_of(kind), name, data)
    file = PrivateFile(
        kind=kind,
        name=tidy_name(name),
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=by,
        uploaded_at=now,
        keep_until=keep_until,
    )
    if settings.FILES_S3_BUCKET:
        file.bucket_key = f"{kind}/{file.pk}"
        storage.put(file.bucket_key, data)
        file.save(force_insert=True)
    else:
        file.save(force_insert=True)
        FileBytes.objects.create(file=file, data=data)
    record("files.stored", file, by=by, details={"kind": kind, "size": file.size})
    return file


@transaction.atomic
def read(*, file: PrivateFile, by) -> bytes:
    """What the file holds, with an audit event that this person read it. Ask ``rules.can_read`` before."""
    record("files.read", file, by=by, details={"kind": file.kind})
    return storage.fetch(file.bucket_key) if file.bucket_key else bytes(file.held.data)


@transaction.atomic
def remove(*, file: PrivateFile, by) -> None:
    """Remove a file and what it holds, for good."""
    record("files.removed", file, by=by, details={"kind": file.kind})
    if key := file.bucket_key:
        transaction.on_commit(lambda: storage.forget(key))
    file.delete()
