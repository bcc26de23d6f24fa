"""Addresses of looking after records: who saw them, reading in an emergency, figures, how long they are kept."""

from django.urls import path

from ..views import access, emergency, keeping, oversight

urlpatterns = [
    path("<uuid:conference_id>/access/", access.ShowAccessLog.as_view(), name="access-log"),
    path("<uuid:conference_id>/access/answer/", access.AnswerFamily.as_view(), name="access-answer"),
    path("emergency/", emergency.BreakTheGlass.as_view(), name="emergency"),
    path("emergency/review/", emergency.ListReadings.as_view(), name="emergency-review"),
    path("emergency/review/<uuid:reading_id>/", emergency.ReviewReading.as_view(), name="review-emergency"),
    path("oversight/", oversight.Oversight.as_view(), name="oversight"),
    path("oversight/figures.csv", oversight.OversightFile.as_view(), name="oversight-file"),
    path("oversight/feedback/", oversight.FeedbackResults.as_view(), name="feedback-results"),
    path("oversight/census/", oversight.Census.as_view(), name="census"),
    path("oversight/census/census.csv", oversight.CensusFile.as_view(), name="census-file"),
    path("oversight/keeping/", keeping.Keeping.as_view(), name="keeping"),
    path("oversight/keeping/rule/", keeping.AgreeRule.as_view(), name="agree-rule"),
    path("oversight/keeping/<uuid:proposal_id>/", keeping.DecideProposal.as_view(), name="decide-proposal"),
    path("<uuid:conference_id>/holds/", keeping.Holds.as_view(), name="holds"),
    path("<uuid:conference_id>/holds/<uuid:hold_id>/lift/", keeping.LiftHold.as_view(), name="lift-hold"),
    path("counts/", oversight.Counts.as_view(), name="counts"),
    path("counts/feedback/", oversight.FeedbackCounts.as_view(), name="feedback-counts"),
]
