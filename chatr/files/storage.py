"""Nothing is ever stored on a web node's disk."""

from django.core.files.storage import Storage


class NoDefaultStorage(Storage):
    """Refuses every use: private files go through ``chatr.files.operations``."""

    def _open(self, name, mode="rb"):
        raise NotImplementedError("Private files are kept by chatr.files.")

    _save = _open
