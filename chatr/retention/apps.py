from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RetentionConfig(AppConfig):
    name = "chatr.retention"
    label = "retention"

    def ready(self):
        autodiscover_modules("retention")  # each app's retention.py registers what it must not keep for ever
