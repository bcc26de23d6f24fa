"""Every address of the directory, below ``/services/``. One service's own address takes any word, so it comes last."""

from . import find, mine, pathways, shortlists, suggestions, understand, verifying

app_name = "directory"
urlpatterns = [
    *find.urlpatterns,
    *pathways.urlpatterns,
    *shortlists.urlpatterns,
    *mine.urlpatterns,
    *verifying.urlpatterns,
    *suggestions.urlpatterns,
    *understand.urlpatterns,
]
