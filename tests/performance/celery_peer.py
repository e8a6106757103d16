"""The Celery application of the peer in the e-mail bench; what it does is in `peer_tasks`."""

from celery import Celery

app = Celery("peer")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ["tests.performance.peer_tasks"]
app.conf["CELERY_DB_REUSE_MAX"] = 10**9  # else Celery closes the connection to the database after every task
