"""Celery tasks. Each takes its organisation first, loads, enters it and calls one action. All are idempotent."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import takewhile
from time import monotonic

import structlog
from django.conf import settings

from coaching import engine as coaching_engine
from coaching.calendars import clock as coaching_clock
from coaching.models import MentorIntake
from cohorts.access import account_mail_sending
from cohorts.access.guesses import forget_old_guesses
from cohorts.access.sessions import forget_ended
from cohorts.failures import logged
from cohorts.imports.uploads import forget_old
from cohorts.mail import outbox
from cohorts.models import Intake, Organisation
from cohorts.nudges import engine
from cohorts.people.actions.import_runs import carry_out, lost_imports
from cohorts.people.actions.recovery import carry_out_recoveries
from cohorts.people.devices import forget_devices
from cohorts.tenancy.wall import within
from cohorts.web.api.idempotency import forget_replies
from feedback360 import engine as rounds_engine
from feedback360.models import RaterIntake
from goals import engine as goals_engine
from goals.figures.actions.intakes import forget_undoing
from goals.models import FigureIntake
from programme import mails, worker_time
from programme.celery import app
from programme.digests.planner import due_organisations, plan_digests
from programme.membership.correction import carry_out_corrections
from programme.organisation.actions import forget_logos
from programme.reports import printing
from programme.reports.actions import forget_expired

logger = structlog.get_logger(__name__)


@app.task
def tick() -> None:
    """Claim what is due this minute and hand it to workers in ranges."""
    now = worker_time.now()
    own_times = [(organisation.now(now), organisation) for organisation in engine.demo_organisations()]
    for instant, simulated in [(now, None), *own_times]:
        for claimed in engine.claims(now=instant, simulated=simulated):
            for organisation_ids in engine.ranges(claimed):
                deliver.delay(organisation_ids)
            logger.info("claimed", organisations=len(claimed), nudges=sum(claimed.values()))
    demos = [organisation.pk for _, organisation in own_times]
    for organisation_id in {*mails.organisations_waiting(now=now), *demos}:
        send_mails.delay(organisation_id)


@app.task
def deliver(organisation_ids: list[int]) -> None:
    """Send what is due in these organisations. The database knows what that is; this message is only a hint."""
    until = outbox.sending_ends_at()
    for organisation_id in takewhile(lambda _id: monotonic() < until, organisation_ids):
        with _alone("deliver", organisation_id):
            engine.deliver(organisation_id, now=worker_time.now, until=until)


@app.task
def account_mails() -> None:
    """Send the codes and notices that the web processes left; forget those of yesterday, and old counts of guesses."""
    account_mail_sending.send_waiting(now=worker_time.now)
    account_mail_sending.forget_old(now=worker_time.now())
    forget_old_guesses(now=worker_time.now())


@app.task
def sweep() -> None:
    """Find work left by lost messages and dead workers, and hand it out again."""
    left = engine.left_behind(now=worker_time.now())
    for organisation_id in left:
        with _alone("repair", organisation_id):
            engine.repair(organisation_id, now=worker_time.now)
    for organisation_ids in engine.ranges(dict.fromkeys(left, 1)):
        deliver.delay(organisation_ids)


@app.task
def imports() -> None:
    """Hand out lists that no worker imports any more: their message was lost, or their worker died."""
    for organisation_id, run_id in lost_imports(now=worker_time.now()):
        import_people.delay(organisation_id, run_id)


@app.task(soft_time_limit=settings.IMPORT_SOFT_TIME_LIMIT, time_limit=settings.IMPORT_TIME_LIMIT)
def import_people(organisation_id: int, run_id: int) -> None:
    """Import one long list of people."""
    carry_out(Organisation.objects.get(pk=organisation_id), run_id, now=worker_time.now)


@app.task
def send_mails(organisation_id: int) -> None:
    """Send the waiting invitations, digests and report mails of one organisation."""
    organisation = Organisation.objects.get(pk=organisation_id)
    mails.send_written(organisation, now=lambda: organisation.now(worker_time.now()))


@app.task
def digests() -> None:
    """Hand out organisations with digests due."""
    demos = [organisation.pk for organisation in engine.demo_organisations()]
    for organisation_id in {*due_organisations(now=worker_time.now()), *demos}:
        digest.delay(organisation_id)


@app.task
def digest(organisation_id: int) -> None:
    """Write one organisation's due digests into the outbox, and send them."""
    organisation = Organisation.objects.get(pk=organisation_id)
    plan_digests(organisation, now=organisation.now(worker_time.now()))
    mails.send_written(organisation, now=lambda: organisation.now(worker_time.now()))


@app.task
def rounds() -> None:
    """Hand out organisations with a 360 round that has something due."""
    demos = [organisation.pk for organisation in engine.demo_organisations()]
    for organisation_id in {*rounds_engine.due_organisations(now=worker_time.now()), *demos}:
        turn_rounds.delay(organisation_id)


@app.task
def plan_rounds() -> None:
    """Hand out every organisation: cohorts without rounds yet, live events that moved, leaders who came or left."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        turn_rounds.delay(organisation_id)


@app.task
def turn_rounds(organisation_id: int) -> None:
    """Do what is due in one organisation's rounds. The mails that come of it go out with the next minute's."""
    organisation = Organisation.objects.get(pk=organisation_id)
    rounds_engine.turn(organisation, now=organisation.now(worker_time.now()))


@app.task
def coaching() -> None:
    """Hand out organisations whose coaching has something due."""
    demos = [organisation.pk for organisation in engine.demo_organisations()]
    for organisation_id in {*coaching_clock.due_organisations(now=worker_time.now()), *demos}:
        turn_coaching.delay(organisation_id)


@app.task
def plan_coaching() -> None:
    """Hand out every organisation: changed sponsors, days away, reminders whose hour has come."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        turn_coaching.delay(organisation_id)


@app.task
def turn_coaching(organisation_id: int) -> None:
    """Do what is due in one organisation's coaching. The mails that come of it go out with the next minute's."""
    organisation = Organisation.objects.get(pk=organisation_id)
    coaching_engine.turn(organisation, now=organisation.now(worker_time.now()))


@app.task
def plan_goals() -> None:
    """Hand out every organisation: a busy period begins with the day, and each zone has its own."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        turn_goals.delay(organisation_id)


@app.task
def turn_goals(organisation_id: int) -> None:
    """Do what is due in one organisation's goals."""
    organisation = Organisation.objects.get(pk=organisation_id)
    goals_engine.turn(organisation, now=organisation.now(worker_time.now()))


@app.task
def recoveries() -> None:
    """Do what waited a day and was not stopped; a handful a year, so every organisation is asked."""
    for act in (carry_out_recoveries, carry_out_corrections):
        _in_each_organisation(act)


@app.task
def make_report(organisation_id: int, report_id: int) -> None:
    """Print one report."""
    printing.make_report(organisation_id, report_id, now=_now_in(organisation_id))


@app.task
def tidy() -> None:
    """Delete ended sessions, devices not seen, reports, unconfirmed uploads, logos put away, kept answers."""
    for forget in (forget_ended, forget_devices):
        with logged("an act failed", act=forget.__name__):
            forget(now=worker_time.now())
    for act in (forget_expired, forget_undoing, forget_replies, forget_logos):
        _in_each_organisation(act)
    for uploads in (Intake, RaterIntake, MentorIntake, FigureIntake):
        _in_each_organisation(forget_old, uploads)


def _in_each_organisation(act: Callable[..., object], *on: object) -> None:
    """Act with the time of each organisation."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with _alone(act.__name__, organisation_id), within(organisation_id):
            act(*on, now=_now_in(organisation_id))


def _alone(act: str, organisation_id: int) -> AbstractContextManager[None]:
    return logged("an act failed in one organisation", act=act, organisation_id=organisation_id)


def _now_in(organisation_id: int) -> datetime:
    return Organisation.objects.get(pk=organisation_id).now(worker_time.now())
