"""Deciding, planning, signing, and what is added afterwards."""

from django.urls import path

from ..views import amending, deciding, plans, signing

HERE = "<uuid:conference_id>"
urlpatterns = [
    path(f"{HERE}/decisions/", deciding.Decisions.as_view(), name="decisions"),
    path(f"{HERE}/decisions/<uuid:child_id>/", deciding.Decide.as_view(), name="decide"),
    path(f"{HERE}/decisions/<uuid:child_id>/plan/", plans.NotePlan.as_view(), name="note-plan"),
    path(f"{HERE}/dissents/new/", deciding.AddDissent.as_view(), name="add-dissent"),
    path(f"{HERE}/dissents/<uuid:dissent_id>/", deciding.ChangeDissent.as_view(), name="dissent"),
    path(f"{HERE}/explanations/", deciding.Explanations.as_view(), name="explanations"),
    path(f"{HERE}/plan/", plans.ShowPlan.as_view(), name="plan"),
    path(f"{HERE}/plan/new/", plans.AddAction.as_view(), name="add-action"),
    path(f"{HERE}/plan/<uuid:action_id>/", plans.ChangeAction.as_view(), name="action"),
    path(f"{HERE}/plan/last/<uuid:action_id>/", plans.ReviewAction.as_view(), name="review-action"),
    path(f"{HERE}/core-group/", plans.CoreGroups.as_view(), name="core-group"),
    path(f"{HERE}/core-group/<uuid:child_id>/", plans.SetCoreGroup.as_view(), name="set-core-group"),
    path(f"{HERE}/next-dates/", plans.NextDates.as_view(), name="next-dates"),
    path(f"{HERE}/sign/", signing.CheckToSign.as_view(), name="sign"),
    path(f"{HERE}/sign/now/", signing.Sign.as_view(), name="sign-now"),
    path(f"{HERE}/amendments/", amending.Amendments.as_view(), name="amend"),
    path(f"{HERE}/amendments/<uuid:object_id>/<slug:field>/", amending.Amend.as_view(), name="add-amendment"),
    path(f"{HERE}/challenges/", amending.Challenges.as_view(), name="challenges"),
    path(f"{HERE}/challenges/new/", amending.AddChallenge.as_view(), name="add-challenge"),
    path(f"{HERE}/challenges/<uuid:challenge_id>/", amending.AnswerChallenge.as_view(), name="answer-challenge"),
]
