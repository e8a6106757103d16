from django.apps import AppConfig
from django.core.checks import register

from feedback360.staging.checks import check_keys_folder


class Feedback360Config(AppConfig):
    name = "feedback360"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(check_keys_folder)
