from chatr.privacy.classification import Classification as C

from .models import PrivateFile

CLASSIFIED = {
    "PrivateFile": {
        "id": C.OPERATIONAL,
        "kind": C.OPERATIONAL,
        "name": C.PERSONAL,
        "content_type": C.OPERATIONAL,
        "size": C.OPERATIONAL,
        "sha256": C.OPERATIONAL,
        "bucket_key": C.OPERATIONAL,
        "uploaded_by": C.OPERATIONAL,
        "uploaded_at": C.OPERATIONAL,
        "keep_until": C.OPERATIONAL,
    },
    "FileBytes": {"file": C.OPERATIONAL, "data": C.PERSONAL},
}


def export_for(user) -> dict:
    """The files the person put in. The area a file belongs to decides what becomes of it when they are erased."""
    columns = ("name", "content_type", "size", "uploaded_at")
    files = list(PrivateFile.objects.filter(uploaded_by=user).order_by("uploaded_at").values(*columns))
    return {"files you put in": files} if files else {}
