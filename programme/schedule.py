"""What runs when, and why. Every job is idempotent, and a missed run is made up by the next."""

from celery.schedules import crontab

SCHEDULE = {
    # Each minute: a nudge is at most a minute late, and an empty minute costs one index probe.
    "tick": {"task": "programme.tasks.tick", "schedule": 60.0, "options": {"expires": 55}},
    # Each minute: codes are typed within ten; the web process has sent nearly all of them already.
    "account_mails": {"task": "programme.tasks.account_mails", "schedule": 60.0, "options": {"expires": 55}},
    # Each minute: a dead worker's batch is taken up within two, and an empty minute costs two index probes.
    "sweep": {"task": "programme.tasks.sweep", "schedule": 60.0, "options": {"expires": 55}},
    # Each minute: a list whose worker died is taken up within three; an empty minute costs one index probe.
    "imports": {"task": "programme.tasks.imports", "schedule": 60.0, "options": {"expires": 55}},
    # Every ten minutes: sponsors choose a whole hour, so ten minutes late is still their hour.
    "digests": {"task": "programme.tasks.digests", "schedule": crontab(minute="*/10"), "options": {"expires": 550}},
    # Each minute: a round that an admin opens or closes now is handed out; an empty minute costs one index probe.
    "rounds": {"task": "programme.tasks.rounds", "schedule": 60.0, "options": {"expires": 55}},
    # Every hour: rounds follow what changed in their cohort; none is due sooner than fourteen days after it.
    "plan_rounds": {"task": "programme.tasks.plan_rounds", "schedule": crontab(minute=7), "options": {"expires": 3500}},
    # Each minute: a place that somebody gave back is offered to the next; an empty minute costs one index probe.
    "coaching": {"task": "programme.tasks.coaching", "schedule": 60.0, "options": {"expires": 55}},
    # Every ten minutes: reminders go at a whole hour that each member chose, so ten minutes late is still their hour.
    "plan_coaching": {
        "task": "programme.tasks.plan_coaching",
        "schedule": crontab(minute="4-59/10"),
        "options": {"expires": 550},
    },
    # Every half hour: some zones begin their day at half past, and nobody is nudged in the first minutes of it.
    "plan_goals": {
        "task": "programme.tasks.plan_goals",
        "schedule": crontab(minute="1,31"),
        "options": {"expires": 1700},
    },
    # Every quarter of an hour: somebody who waited a day waits at most that much longer.
    "recoveries": {
        "task": "programme.tasks.recoveries",
        "schedule": crontab(minute="3-59/15"),
        "options": {"expires": 850},
    },
    # 03:20 UTC: the quietest hour for the zones we know; deletes expired reports and old uploads.
    "tidy": {"task": "programme.tasks.tidy", "schedule": crontab(hour=3, minute=20), "options": {"expires": 36000}},
}
