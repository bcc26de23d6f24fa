"""Youth engagement: the area's name, so that its tables, rights and rules have their place."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    name = "engagement"
    label = "engagement"
    default_auto_field = "django.db.models.BigAutoField"
