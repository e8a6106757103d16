from django.apps import AppConfig


class Feedback360Config(AppConfig):
    name = "feedback360"
    default_auto_field = "django.db.models.BigAutoField"
