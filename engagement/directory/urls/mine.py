"""Addresses of editors: their services and what they do with them."""

from django.urls import path

from ..views.mine import handing_over, live, overview, writing

urlpatterns = [
    path("mine/", overview.Mine.as_view(), name="mine"),
    path("mine/services.csv", overview.DownloadMine.as_view(), name="download-mine"),
    path("mine/add/", overview.AddService.as_view(), name="add-service"),
    path("mine/hand-over/", handing_over.HandOver.as_view(), name="hand-over"),
    path("mine/<uuid:pk>/", overview.MyService.as_view(), name="my-service"),
    path("mine/<uuid:pk>/edit/", writing.EditService.as_view(), name="edit-service"),
    path("mine/<uuid:pk>/edit/<slug:section>/", writing.EditSection.as_view(), name="edit-section"),
    path("mine/<uuid:pk>/check/", writing.CheckService.as_view(), name="check-service"),
    path("mine/<uuid:pk>/take-back/", writing.TakeBack.as_view(), name="take-back"),
    path("mine/<uuid:pk>/throw-away/", writing.ThrowAway.as_view(), name="throw-away"),
    path("mine/<uuid:pk>/hours/", live.Hours.as_view(), name="hours"),
    path("mine/<uuid:pk>/space/", live.Space.as_view(), name="space"),
    path("mine/<uuid:pk>/close/", live.CloseService.as_view(), name="close-service"),
    path("mine/<uuid:pk>/reopen/", live.ReopenService.as_view(), name="reopen-service"),
    path("mine/<uuid:pk>/hide/<uuid:location>/", live.HideAddress.as_view(), name="hide-address"),
]
