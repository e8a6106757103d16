"""Change a leader's schedule, pauses, mails and place in a cohort. Only unsent nudges change."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.curriculum.behaviours import Behaviour
from cohorts.enrolment.current import date_at
from cohorts.enrolment.rules import ensure_days_away, ensure_days_away_fit, ensure_rota
from cohorts.models import Cohort, Enrolment, Membership, Organisation, Pause
from cohorts.nudges.planner import plan_again
from cohorts.schedule.calendars import rota_of
from cohorts.schedule.path import Rota
from cohorts.schedule.rules import ensure_schedule
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision

SCHEDULE = ("zone", "nudge_hour", "working_days", "rota_on", "rota_off", "rota_from")


@transaction.atomic
def change_schedule(
    *,
    enrolment: Enrolment,
    zone: ZoneInfo,
    nudge_hour: time,
    working_days: Sequence[int],
    by: Membership,
    now: datetime,
    rota: Rota | None = None,
    expected_revision: int | None = None,
) -> Enrolment:
    """Set zone, hour and working days. A rota takes precedence over the weekdays, which stay stored.

    Raises Stale when the enrolment is not the expected revision.
    """
    lock_revision(enrolment, expected_revision, *SCHEDULE)
    ensure_schedule(zone, nudge_hour, working_days, by.organisation)
    if rota is not None:
        ensure_rota(rota, before=rota_of(enrolment), today=date_at(enrolment, now))
    save_revision(
        enrolment,
        zone=zone,
        nudge_hour=nudge_hour,
        working_days=sorted(set(working_days)),
        rota_on=rota.on if rota else None,
        rota_off=rota.off if rota else None,
        rota_from=rota.starts if rota else None,
    )
    works = f"{rota.on} on, {rota.off} off from {rota.starts}" if rota else f"weekdays {enrolment.working_days}"
    record(by=by, verb="changed schedule", thing=enrolment, now=now, works=works)
    plan_again([enrolment.pk], now=now)
    return enrolment


@transaction.atomic
def confirm_enrolment(*, enrolment: Enrolment, by: Membership, now: datetime) -> Enrolment:
    """Record that the leader has confirmed hour, zone and days."""
    if enrolment.confirmed_at is None:
        enrolment.confirmed_at = now
        enrolment.save(update_fields=["confirmed_at"])
        record(by=by, verb="confirmed enrolment", thing=enrolment, now=now)
    return enrolment


@transaction.atomic
def pause(
    *,
    cohort: Cohort,
    enrolment: Enrolment | None,
    starts_on: date,
    ends_on: date,
    today: date,
    by: Membership,
    now: datetime,
) -> Pause:
    """Add days away for one leader, or for the whole cohort if `enrolment` is None. Days before today are dropped."""
    ensure_days_away(starts_on, ends_on, today=today)
    there = Pause.objects.for_enrolment(enrolment) if enrolment else Pause.objects.filter(cohort=cohort, enrolment=None)
    ensure_days_away_fit(there.values_list("starts_on", "ends_on"), starts_on=max(starts_on, today), ends_on=ends_on)
    added = Pause.objects.create(cohort=cohort, enrolment=enrolment, starts_on=max(starts_on, today), ends_on=ends_on)
    days = {"starts_on": str(added.starts_on), "ends_on": str(ends_on)}
    record(by=by, verb="paused", thing=enrolment or cohort, now=now, **days)
    plan_again(_touched(cohort, enrolment), now=now)
    return added


@transaction.atomic
def end_pause(*, pause: Pause, today: date, by: Membership, now: datetime) -> None:
    """End a pause: delete a future one; end a current one yesterday, so that today counts again."""
    if pause.ends_on < today:
        raise NotNow(_("That pause is already over."))
    record(by=by, verb="ended pause", thing=pause.enrolment or pause.cohort, now=now)
    touched = _touched(pause.cohort, pause.enrolment)
    if pause.starts_on >= today:
        pause.delete()
    else:
        pause.ends_on = date.fromordinal(today.toordinal() - 1)
        pause.save(update_fields=["ends_on"])
    plan_again(touched, now=now)


@transaction.atomic
def set_cadence(*, enrolment: Enrolment, cadence: int, until: date | None, now: datetime) -> None:
    """Set how often nudges come: the highest dial among the leader's focuses. Called by `goals`."""
    enrolment.cadence, enrolment.cadence_until = cadence, until
    enrolment.save(update_fields=["cadence", "cadence_until"])
    plan_again([enrolment.pk], now=now)


@transaction.atomic
def prefer_behaviours(*, enrolment: Enrolment, behaviours: Sequence[str], now: datetime) -> None:
    """Let extras that train these behaviours come first. Called by the roof, with what a leader chose."""
    for behaviour in behaviours:
        ensure_choice("behaviours", behaviour, Behaviour.values)
    enrolment.chosen_behaviours = sorted(set(behaviours))
    enrolment.save(update_fields=["chosen_behaviours"])
    plan_again([enrolment.pk], now=now)


def note_logs(*, enrolment: Enrolment, last_log_on: date | None, last_practice_on: date | None) -> None:
    """Record the newest logged date, since no nudge follows it, and the newest practised one. Called by `goals`."""
    enrolment.last_log_on, enrolment.last_practice_on = last_log_on, last_practice_on
    enrolment.save(update_fields=["last_log_on", "last_practice_on"])


@transaction.atomic
def set_mail(*, enrolment: Enrolment, is_on: bool, by: Membership | None, now: datetime) -> None:
    """Switch nudges by e-mail on or off; the card in the app remains. Idempotent."""
    if ("mail" in enrolment.channels) == is_on:
        return
    enrolment.channels = ["app", "mail"] if is_on else ["app"]
    enrolment.save(update_fields=["channels"])
    record(by=by, verb="switched mail on" if is_on else "switched mail off", thing=enrolment, now=now)
    plan_again([enrolment.pk], now=now)


@transaction.atomic
def leave(*, enrolment: Enrolment, on: date, by: Membership, now: datetime) -> None:
    """Remove a leader from the cohort. What they wrote remains theirs."""
    enrolment.left_on = on
    enrolment.save(update_fields=["left_on"])
    record(by=by, verb="left", thing=enrolment, now=now)
    plan_again([enrolment.pk], now=now)


@transaction.atomic
def come_back(*, enrolment: Enrolment, by: Membership, now: datetime) -> None:
    """Undo a removal: the path continues where it was."""
    if enrolment.leader.left_at is not None:
        raise NotNow(_("They are no longer a member. Invite them again first, then bring them back here."))
    _ensure_walks_nowhere_else(enrolment)
    enrolment.left_on = None
    enrolment.save(update_fields=["left_on"])
    record(by=by, verb="came back", thing=enrolment, now=now)
    plan_again([enrolment.pk], now=now)


def _ensure_walks_nowhere_else(enrolment: Enrolment) -> None:
    """One path at a time. Takes its turn with imports, which may be letting the same leader in elsewhere."""
    Organisation.objects.select_for_update(no_key=True).get(pk=enrolment.organisation_id)
    elsewhere = Enrolment.objects.walking().filter(leader=enrolment.leader_id).exclude(pk=enrolment.pk)
    cohort = elsewhere.values_list("cohort__name", flat=True).first()
    if cohort is not None:
        raise NotNow(_("They are already on their way in the cohort %(cohort)s.") % {"cohort": cohort})


def _touched(cohort: Cohort, enrolment: Enrolment | None) -> list[int]:
    if enrolment is not None:
        return [enrolment.pk]
    return list(Enrolment.objects.active().filter(cohort=cohort).values_list("pk", flat=True))
