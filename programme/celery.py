"""The Celery application. Messages carry ticks and ranges: never one task per person, never an ETA."""

import os

from celery import Celery
from celery.signals import setup_logging, worker_init

from programme.installation import begin_or_exit
from programme.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "programme.settings")

app = Celery("embed90", task_cls="programme.worker_time:TimedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE  # a beat that was started with this application ticks, too
app.conf.imports = ["programme.tasks"]
worker_init.connect(begin_or_exit)


def send(name: str, arguments: list[int]) -> None:
    """Send a task by its name: `settings.SEND_TASK`, for packages that know nothing of Celery."""
    app.send_task(name, arguments)


@setup_logging.connect
def keep_our_logging(**kwargs: object) -> None:
    """Django has set up logging already; a receiver here keeps Celery from replacing it."""
