"""A beat whose minute is a second: only the sweep, which finds all work again."""

from programme.beat import app

app.conf.beat_schedule = {"sweep": {"task": "programme.tasks.sweep", "schedule": 1.0, "options": {"expires": 10}}}
