"""The partner service directory: an app of its own inside engagement, with its own tables, rights and rules."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "engagement.directory"
    label = "directory"
    verbose_name = "Service directory"
    default_auto_field = "django.db.models.BigAutoField"
    laid_down_once = ("directory_postcode",)

    def ready(self):
        """Tell the kernel what messages the directory sends."""
        from .messages import register_kinds

        register_kinds()
