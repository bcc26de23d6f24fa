"""The partner service directory: an app of its own inside engagement, with its own tables, rights and rules."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "engagement.directory"
    label = "directory"
    verbose_name = "Service directory"
    default_auto_field = "django.db.models.BigAutoField"
    laid_down_once = ("directory_postcode",)

    def ready(self):
        """Tell the kernel what messages the directory sends, and what it does when organisations change."""
        from chatr.accounts.changed import before_organisations_merge, when_organisation_changes

        from .messages import register_kinds
        from .operations.organisations import join_profiles, refresh_services_of

        register_kinds()
        when_organisation_changes(lambda organisation, by, now: refresh_services_of(organisation=organisation, now=now))
        before_organisations_merge(
            lambda kept, duplicate, by, now: join_profiles(kept=kept, duplicate=duplicate, by=by, now=now)
        )
