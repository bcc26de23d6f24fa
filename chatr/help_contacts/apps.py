from django.apps import AppConfig


class HelpContactsConfig(AppConfig):
    name = "chatr.help_contacts"
    label = "help_contacts"
    verbose_name = "Help numbers"
    default_auto_field = "django.db.models.BigAutoField"
