"""Where bytes go: rows of this database, or a private bucket when FILES_S3_BUCKET is set. Never a web node's disk."""

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage


class NoDefaultStorage(Storage):
    """Refuses every use: private files go through ``chatr.files.operations``."""

    def _open(self, name, mode="rb"):
        raise NotImplementedError("Private files are kept by chatr.files.")

    _save = _open


def bucket() -> Storage:
    """The private bucket. Nothing in it has an address of its own; the portal reads it for those who may."""
    from storages.backends.s3 import S3Storage

    return S3Storage(bucket_name=settings.FILES_S3_BUCKET, default_acl="private", file_overwrite=False)


def put(key: str, data: bytes) -> None:
    """Keep bytes in the bucket."""
    bucket().save(key, ContentFile(data))


def fetch(key: str) -> bytes:
    """Bytes from the bucket."""
    with bucket().open(key) as kept:
        return kept.read()


def forget(key: str) -> None:
    """Remove bytes from the bucket."""
    bucket().delete(key)
