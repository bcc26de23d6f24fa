"""Where help is listed."""

from django.urls import path

from . import views

app_name = "help_contacts"
urlpatterns = [path("", views.ShowHelp.as_view(), name="list")]
