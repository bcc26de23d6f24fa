from django.urls import path

from . import views

app_name = "files"

urlpatterns = [path("<uuid:pk>/", views.ReadFile.as_view(), name="read-file")]
