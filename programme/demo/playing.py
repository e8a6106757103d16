"""Play days: jump from one due instant to the next and run the worker's own code at each."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from django.db import connection
from django.db.models import Min
from django.utils import timezone

from coaching import engine as coaching
from cohorts.models import Clock, DigestClock, Nudge, Organisation
from cohorts.models.mail import MailState
from cohorts.nudges import engine
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.wall import within
from feedback360 import engine as rounds
from feedback360.models import Round
from goals import engine as goals
from programme.demo.acting import act
from programme.demo.feedback import act_on_rounds
from programme.demo.goals import aim_at
from programme.demo.line_of_sight import draw_line
from programme.demo.mentors import mentor
from programme.demo.moving import move
from programme.demo.people import company_of
from programme.demo.sponsors import support
from programme.demo.talks import talk
from programme.demo.visits import visit
from programme.digests.planner import plan_digests
from programme.mails import send_written

EVENING = time(16, 30)  # when demo leaders log their day
Progress = Callable[[datetime], None]


def play(organisation: Organisation, *, until: datetime, report: Progress) -> int:
    """Play a demo organisation from its current time to `until`. Returns the number of mails handed to the server."""
    _do_not_wait_for_the_disk()
    company, sent = company_of(organisation.slug), 0
    for at in _instants(organisation, until):
        _set_clock(organisation, at)
        sent += _turn(organisation, at)
        if company and _is_evening(organisation, at):
            with within(organisation):
                move(company, local_date(at, organisation.zone), at)
                act(company, local_date(at, organisation.zone), at)
                support(company, organisation, at)
                talk(company, organisation, at)
                mentor(company, organisation, at)
                visit(company, organisation, at)
                aim_at(company, organisation, at)
                draw_line(company, organisation, at)
            act_on_rounds(company, organisation, at)
            report(at)
    _set_clock(organisation, until)
    return sent


def _do_not_wait_for_the_disk() -> None:
    """Do not wait for the disk at each of thousands of commits: a power cut may lose the last moments of a demo."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def _turn(organisation: Organisation, at: datetime) -> int:
    engine.claim_everything(now=at, simulated=organisation)
    if _has_round_due(organisation, at) or _is_evening(organisation, at):
        rounds.turn(organisation, now=at)
    if _is_evening(organisation, at):
        coaching.turn(organisation, now=at)
        goals.turn(organisation, now=at)
    sent = engine.deliver(organisation.pk, now=timezone.now)
    plan_digests(organisation, now=at)
    send_written(organisation, now=lambda: at)
    return sent


def _has_round_due(organisation: Organisation, at: datetime) -> bool:
    with within(organisation):
        return Round.objects.filter(next_at__lte=at).exists()


def _is_evening(organisation: Organisation, at: datetime) -> bool:
    return at.astimezone(organisation.zone).time() == EVENING


def _instants(organisation: Organisation, until: datetime) -> Iterator[datetime]:
    """Each instant at which something is due or a leader acts, in order, found after the previous one was played."""
    at = organisation.now(timezone.now())
    while (at := _next_instant(organisation, at)) <= until:
        yield at


def _next_instant(organisation: Organisation, after: datetime) -> datetime:
    with within(organisation):
        due = [
            Clock.objects.filter(is_held=False, next_at__gt=after).aggregate(at=Min("next_at"))["at"],
            DigestClock.objects.filter(next_at__gt=after).aggregate(at=Min("next_at"))["at"],
            Round.objects.filter(next_at__gt=after).aggregate(at=Min("next_at"))["at"],
            Nudge.objects.filter(state=MailState.DUE, not_before__gt=after).aggregate(at=Min("not_before"))["at"],
        ]
    return min([_evening_after(organisation, after), *filter(None, due)])


def _evening_after(organisation: Organisation, after: datetime) -> datetime:
    local = after.astimezone(organisation.zone)
    evening = datetime.combine(local.date(), EVENING, tzinfo=organisation.zone)
    if evening <= local:
        evening = datetime.combine(local.date() + timedelta(days=1), EVENING, tzinfo=organisation.zone)
    return evening


def _set_clock(organisation: Organisation, at: datetime) -> None:
    organisation.clock_offset = at - timezone.now()
    organisation.save(update_fields=["clock_offset"])


def latest_working_moment(organisation: Organisation) -> datetime:
    """Now, if within working hours there; else 10:30 on the last working day, so a demo never opens on a day off."""
    local = timezone.now().astimezone(organisation.zone)
    if local.weekday() < 5 and time(9, 30) <= local.time() < time(20):
        return local
    back = 1 if local.time() < time(9, 30) else 0
    on = local.date() - timedelta(days=back)
    on -= timedelta(days=max(0, on.weekday() - 4))
    return datetime.combine(on, time(10, 30), tzinfo=organisation.zone)
