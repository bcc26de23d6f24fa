"""Addresses of the directory: shortlists."""

from django.urls import path

from ..views import shortlists as views

urlpatterns = [
    path("shortlist/", views.ShowShortlist.as_view(), name="shortlist"),
    path("shortlist/add/", views.AddToShortlist.as_view(), name="shortlist-add"),
    path("shortlist/remove/", views.RemoveFromShortlist.as_view(), name="shortlist-remove"),
    path("shortlist/clear/", views.ClearShortlist.as_view(), name="shortlist-clear"),
    path("shortlist/share/", views.ShareShortlist.as_view(), name="share-shortlist"),
    path("shortlist/links/<uuid:uuid>/revoke/", views.RevokeShared.as_view(), name="revoke-shared"),
    path("shortlist/email/", views.EmailShortlist.as_view(), name="email-shortlist"),
    path("shared/<str:token>/", views.SharedShortlist.as_view(), name="shared-shortlist"),
]
