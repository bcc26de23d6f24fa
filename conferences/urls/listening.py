"""Addresses of saying how it was. A code stands in one of them, because it is meant to be typed; nothing else does."""

from django.urls import path

from ..views import listening

urlpatterns = [
    path("<uuid:conference_id>/feedback/", listening.FeedbackLinks.as_view(), name="feedback-links"),
    path("feedback/", listening.TypeCode.as_view(), name="feedback-code"),
    path("feedback/thanks/", listening.Thanks.as_view(), name="feedback-thanks"),
    path("feedback/<str:token>/", listening.GiveFeedback.as_view(), name="give-feedback"),
]
