from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "chatr.audit"
    label = "audit"
    verbose_name = "What was done"
    default_auto_field = "django.db.models.BigAutoField"
    append_only_tables = ("audit_auditevent",)
