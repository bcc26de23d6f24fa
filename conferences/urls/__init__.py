"""Every address of the area, below ``/conferences/``. Only ids stand in them, never a name."""

from . import before, copies, deciding, desk, front, listening, meeting, oversight, recording, reports

app_name = "conferences"
urlpatterns = [
    *front.urlpatterns,
    *desk.urlpatterns,
    *before.urlpatterns,
    *meeting.urlpatterns,
    *reports.urlpatterns,
    *recording.urlpatterns,
    *deciding.urlpatterns,
    *copies.urlpatterns,
    *listening.urlpatterns,
    *oversight.urlpatterns,
]
