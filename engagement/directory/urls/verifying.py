"""Addresses of the directory: saying that an entry is still right."""

from django.urls import path

from ..views import verifying

urlpatterns = [
    path("mine/verify-all/", verifying.VerifyAll.as_view(), name="verify-all"),
    path("mine/<uuid:service_id>/verify/", verifying.Verify.as_view(), name="verify"),
    path("still-correct/<str:token>/", verifying.StillCorrect.as_view(), name="still-correct"),
]
