"""The application without one defence, for controls: the test it belongs to must fail with it."""

import os

from programme.celery import app

for name in os.environ.get("UNDEFENDED", "").split():
    if name == "broker":
        app.conf.broker_transport = "redis"
        app.conf.worker_consumer = "celery.worker.consumer:Consumer"
