"""Addresses of the directory: what anybody says is wrong with an entry."""

from django.urls import path

from ..views import suggestions

urlpatterns = [
    path("mine/suggestions/", suggestions.Suggestions.as_view(), name="suggestions"),
    path("mine/suggestions/<uuid:suggestion_id>/", suggestions.AnswerSuggestion.as_view(), name="answer-suggestion"),
    path("<slug:slug>/suggest/", suggestions.Suggest.as_view(), name="suggest"),
    path("<slug:slug>/suggest/thanks/", suggestions.SuggestionSent.as_view(), name="suggestion-sent"),
]
