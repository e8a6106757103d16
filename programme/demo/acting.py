"""What demo leaders do each day, through the same actions and refusals as real ones."""

from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import translation

from cohorts.curriculum.reading import starters_of
from cohorts.enrolment.actions.enrolments import change_schedule, confirm_enrolment, pause, set_mail
from cohorts.models import Clock, Enrolment, Membership, Pause, Role, Step
from cohorts.people.actions.invitations import accept_invitations
from cohorts.schedule.calendars import calendar_of, pauses_of
from cohorts.schedule.path import Rota
from goals.habits.actions.focus import pick_focus, set_dial
from goals.habits.actions.practice import log_practice
from goals.habits.actions.reflection import write_reflection
from goals.models import Audience, Focus, Level, Practice
from programme.demo.habits import Deed, deed
from programme.demo.people import Character, Company
from programme.demo.words import LINES, PLACES, REFLECTIONS

KEPT_LIGHT = timedelta(days=6)


def act(company: Company, on: date, now: datetime) -> int:
    """Play one day of every leader in the open organisation. Returns how many did something."""
    rows = Enrolment.objects.active().select_related("organisation", "leader__person", "sponsor", "cohort__version")
    walking = [
        (enrolment, character)
        for enrolment in rows.order_by("pk")
        if (character := company.character_of(enrolment.leader.person.email)) and character.starts
    ]
    steps = _steps_now(walking)
    return sum(_live(enrolment, character, steps.get(enrolment.pk), on, now) for enrolment, character in walking)


def first_admin() -> Membership:
    """The admin who does what admins do in the open organisation."""
    admin = Membership.objects.with_role(Role.ADMIN).order_by("pk").first()
    assert admin is not None
    return admin


def _steps_now(walking: list[tuple[Enrolment, Character]]) -> dict[int, Step]:
    """The latest step of each leader."""
    clocks = Clock.objects.filter(enrolment__in=[enrolment.pk for enrolment, _ in walking])
    given = {clock.enrolment_id: max(clock.last_core_day, clock.last_extra_day) for clock in clocks}
    versions = {enrolment.cohort.version_id for enrolment, _ in walking}
    by_day = {(step.version_id, step.day): step for step in Step.objects.filter(version__in=versions)}
    found = {e.pk: by_day.get((e.cohort.version_id, given.get(e.pk, 0))) for e, _ in walking}
    return {key: step for key, step in found.items() if step is not None}


def _live(enrolment: Enrolment, character: Character, step: Step | None, on: date, now: datetime) -> bool:
    with translation.override(enrolment.leader.person.language):
        if on < enrolment.day1_on:
            return _arrive(enrolment, character, on, now)
        week = (on - enrolment.day1_on).days // 7 + 1
        if on.weekday() == enrolment.day1_on.weekday():
            _plan_the_week(enrolment, character, week, on, now)
        calendar = calendar_of(enrolment, enrolment.organisation, pauses_of(enrolment))
        if not calendar.is_open(on):
            return False
        yesterday = on - timedelta(days=1)
        was_due = yesterday >= enrolment.day1_on and calendar.is_open(yesterday)
        missed = was_due and enrolment.last_log_on != yesterday
        return _do(enrolment, step, _deed(enrolment, character, on, week, missed), on, now)


def _arrive(enrolment: Enrolment, character: Character, on: date, now: datetime) -> bool:
    if enrolment.confirmed_at is not None:
        return False
    leader = enrolment.leader
    accept_invitations(person=leader.person, now=now)
    change_schedule(
        enrolment=enrolment,
        zone=enrolment.zone,
        nudge_hour=character.hour,
        working_days=character.working_days,
        rota=Rota(*character.rota, starts=enrolment.day1_on) if character.rota else None,
        by=leader,
        now=now,
    )
    confirm_enrolment(enrolment=enrolment, by=leader, now=now)
    for number, behaviour in enumerate(character.focuses):
        plans = list(starters_of(enrolment.cohort.version, behaviour, leader.person.language).values())
        plan = plans[(enrolment.pk + number) % len(plans)]
        pick_focus(
            enrolment=enrolment,
            behaviour=behaviour,
            cue=plan.cue_field,
            response=plan.response_field,
            language=plan.language,
            today=on,
            by=leader,
            now=now,
        )
    return True


def _plan_the_week(enrolment: Enrolment, character: Character, week: int, on: date, now: datetime) -> None:
    leader = enrolment.leader
    if week + 1 in character.away and not Pause.objects.filter(enrolment=enrolment).exists():
        pause(
            cohort=enrolment.cohort,
            enrolment=enrolment,
            starts_on=on + timedelta(days=7),
            ends_on=on + timedelta(days=13),
            today=on,
            by=leader,
            now=now,
        )
    if week in character.light:
        for focus in Focus.objects.current().filter(enrolment=enrolment):
            set_dial(focus=focus, level=Level.LIGHT, ends_on=on + KEPT_LIGHT, today=on, by=leader, now=now)
    if week == character.stops_mail_in_week:
        set_mail(enrolment=enrolment, is_on=False, by=leader, now=now)


def _deed(enrolment: Enrolment, character: Character, on: date, week: int, missed: bool) -> Deed:
    return deed(character, enrolment.leader.person.email, on, week, missed_yesterday=missed)


def _do(enrolment: Enrolment, step: Step | None, planned: Deed, on: date, now: datetime) -> bool:
    focuses = list(Focus.objects.current().filter(enrolment=enrolment))
    focus = focuses[planned.pick % len(focuses)] if focuses else None
    if planned.fills_in_yesterday:
        _log(enrolment, None, focus, Deed(did_it=True, went=3), on - timedelta(days=1), on, now)
    if planned.did_it is not None:
        _log(enrolment, step, focus, planned, on, on, now)
    if planned.writes:
        _write(enrolment, step, planned, on, now)
    return planned.did_it is not None


def _log(
    enrolment: Enrolment, step: Step | None, focus: Focus | None, planned: Deed, on: date, today: date, now: datetime
) -> Practice:
    language = enrolment.leader.person.language
    return log_practice(
        enrolment=enrolment,
        on=on,
        did_it=bool(planned.did_it),
        went=planned.went,
        place=PLACES[language][planned.pick % len(PLACES[language])] if planned.did_it else "",
        line=LINES[language][planned.pick % len(LINES[language])] if planned.did_it else "",
        focus=focus,
        step=step,
        key=uuid5(NAMESPACE_URL, f"practice {enrolment.pk} {on} {today}"),
        today=today,
        by=enrolment.leader,
        now=now,
    )


def _write(enrolment: Enrolment, step: Step | None, planned: Deed, on: date, now: datetime) -> None:
    texts = REFLECTIONS[enrolment.leader.person.language]
    write_reflection(
        enrolment=enrolment,
        step=step,
        words=texts[(enrolment.pk + enrolment.reflections.count()) % len(texts)],
        audience=Audience.SPONSOR if planned.shares and enrolment.sponsor_id else Audience.PRIVATE,
        key=uuid5(NAMESPACE_URL, f"reflection {enrolment.pk} {on}"),
        today=on,
        by=enrolment.leader,
        now=now,
    )
