"""The application without one defence, for controls: the test it belongs to must fail with it.

`UNDEFENDED` names what is missing. `CLOCK` puts the worker's clock so many seconds ahead, `BROKER_PATIENCE` is how long
it waits for a silent broker, and `CRASH_AT_POP` kills it between taking a message and noting that it has it.
"""

import os
import signal
from datetime import UTC, datetime, timedelta
from importlib import import_module

import django
import time_machine

django.setup()
app = import_module("programme.celery").app
missing = os.environ.get("UNDEFENDED", "")
if missing == "broker":
    app.conf.broker_transport = "redis"
    app.conf.worker_consumer = "celery.worker.consumer:Consumer"
if missing == "renewal":
    lease = import_module("cohorts.mail.outbox.lease").Lease
    lease._keep = lambda self: None
    lease.is_held = True
if missing == "time":
    import_module("programme.worker_time").TimedTask.before_start = lambda *_: None

ahead = int(os.environ.get("CLOCK", "0"))
if ahead:
    time_machine.travel(datetime.now(UTC) + timedelta(seconds=ahead), tick=True).start()

if patience := os.environ.get("BROKER_PATIENCE"):
    options = {"socket_timeout": int(patience), "health_check_interval": int(patience)}
    app.conf.broker_transport_options = app.conf.broker_transport_options | options

if os.environ.get("CRASH_AT_POP"):
    import_module("programme.broker.transport").QoS.append = lambda *_: os.killpg(0, signal.SIGKILL)
