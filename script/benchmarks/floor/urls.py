"""Its addresses."""

from django.urls import path

from . import views

urlpatterns = [
    path("courses/<slug:slug>/", views.course),
    path("runs/<int:pk>/book/", views.book),
    path("record/<int:pk>/", views.record),
    path("done/", views.done, name="done"),
    path("full/", views.full, name="full"),
]
