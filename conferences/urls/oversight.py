"""Addresses of looking after records: who saw them, and reading one in an emergency."""

from django.urls import path

from ..views import access, emergency

urlpatterns = [
    path("<uuid:conference_id>/access/", access.ShowAccessLog.as_view(), name="access-log"),
    path("<uuid:conference_id>/access/answer/", access.AnswerFamily.as_view(), name="access-answer"),
    path("emergency/", emergency.BreakTheGlass.as_view(), name="emergency"),
    path("emergency/review/", emergency.ListReadings.as_view(), name="emergency-review"),
    path("emergency/review/<uuid:reading_id>/", emergency.ReviewReading.as_view(), name="review-emergency"),
]
