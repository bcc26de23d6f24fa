from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "chatr.notifications"
    label = "notifications"
    verbose_name = "Messages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import account_mail, kinds

        kinds.register(account_mail.KIND)
