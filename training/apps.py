from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the kernel what training does when things happen there."""
        from chatr.accounts.confirmed import when_confirmed

        from .messages.compose import register_kinds
        from .operations.bookings import settle_requests_of

        register_kinds()
        when_confirmed(lambda memberships, by, now: settle_requests_of(memberships=memberships, by=by, now=now))
