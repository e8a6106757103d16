"""What runs when, and why at that time. Every line is safe to run twice, and safe to miss: the next one catches up."""

from celery.schedules import crontab

SCHEDULE = {
    # Each minute: a nudge is at most a minute late, and an empty minute costs one index probe.
    "tick": {"task": "programme.tasks.tick", "schedule": 60.0, "options": {"expires": 55}},
    # Every five minutes: what a lost message or a dead worker left lying.
    "sweep": {"task": "programme.tasks.sweep", "schedule": 300.0, "options": {"expires": 290}},
    # Every ten minutes: sponsors choose a whole hour, so ten minutes late is still their hour.
    "digests": {"task": "programme.tasks.digests", "schedule": crontab(minute="*/10"), "options": {"expires": 550}},
    # 03:20 UTC: the quietest hour for the zones we know; deletes expired reports and old uploads.
    "tidy": {"task": "programme.tasks.tidy", "schedule": crontab(hour=3, minute=20), "options": {"expires": 36000}},
}
