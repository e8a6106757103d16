from django.apps import AppConfig
from django.core.checks import register

from programme.installation import check_mail_server, check_private_files, check_settings


class ProgrammeConfig(AppConfig):
    name = "programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(check_settings)
        register(check_mail_server, deploy=True)
        register(check_private_files, deploy=True)
