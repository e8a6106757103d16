"""Pick a focus, sharpen its plan, set it aside, and turn its dial."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.enrolment.actions.enrolments import set_cadence
from cohorts.enrolment.current import take_turns
from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import NotNow
from goals.dial_rules import Setting, cadence, setting_on
from goals.focus_queries import current_focuses
from goals.models import Dial, Focus
from goals.policies import ensure_may_keep
from goals.reserve import Life, reserve_weeks

MAX_CURRENT_FOCUSES = 2


@transaction.atomic
def pick_focus(
    *,
    enrolment: Enrolment,
    behaviour: str,
    cue: str,
    response: str,
    language: str,
    today: date,
    by: Membership,
    now: datetime,
) -> Focus:
    """Begin to work on a behaviour, as one if-then plan. Raises NotNow when two are under way.

    The very same plan sent twice is the one focus.
    """
    ensure_may_keep(by, enrolment)
    take_turns(enrolment)
    plan = {"behaviour": behaviour, "cue": cue, "response": response}
    same = current_focuses(enrolment).filter(**plan).first()
    if same is not None:
        return same
    _ensure_room(enrolment)
    focus = Focus.objects.create(enrolment=enrolment, language=language, started_on=today, **plan)
    _follow(enrolment, today=today, now=now)
    return focus


@transaction.atomic
def reword_focus(*, focus: Focus, behaviour: str, cue: str, response: str, language: str, by: Membership) -> Focus:
    """Sharpen a plan. It stays the same focus, with its dial and its practice."""
    ensure_may_keep(by, focus.enrolment)
    focus.behaviour, focus.cue, focus.response = behaviour, cue, response
    focus.language = language
    focus.save(update_fields=["behaviour", "cue", "response", "language"])
    return focus


@transaction.atomic
def archive_focus(*, focus: Focus, today: date, by: Membership, now: datetime) -> Focus:
    """Set a focus aside. Its plan, dial and practice stay to be read."""
    ensure_may_keep(by, focus.enrolment)
    if focus.archived_on is None:
        focus.archived_on = today
        focus.save(update_fields=["archived_on"])
        _follow(focus.enrolment, today=today, now=now)
    return focus


@transaction.atomic
def resume_focus(*, focus: Focus, today: date, by: Membership, now: datetime) -> Focus:
    """Take a focus up again. Raises NotNow when two others are under way."""
    ensure_may_keep(by, focus.enrolment)
    if focus.archived_on is not None:
        take_turns(focus.enrolment)
        _ensure_room(focus.enrolment)
        focus.archived_on = None
        focus.save(update_fields=["archived_on"])
        _follow(focus.enrolment, today=today, now=now)
    return focus


@transaction.atomic
def set_dial(*, focus: Focus, level: int, ends_on: date | None, today: date, by: Membership, now: datetime) -> Dial:
    """Turn the dial of one focus from today. A new row each time; earlier rows are never rewritten.

    The row remembers whether this turn spent a reserve week. An empty stock never stands in the way of dialling down.
    """
    ensure_may_keep(by, focus.enrolment)
    if focus.archived_on is not None:
        raise NotNow(_("This focus is set aside. Take it up again to turn its dial."))
    if ends_on is not None and ends_on < today:
        raise NotNow(_("That day is already over."))
    take_turns(focus.enrolment)
    setting = Setting(level, today, ends_on)
    dial = Dial.objects.create(
        focus=focus,
        level=level,
        starts_on=today,
        ends_on=ends_on,
        is_reserve=_spends_reserve(focus, setting, today),
        set_by=by,
    )
    _follow(focus.enrolment, today=today, now=now)
    return dial


def lives_of(enrolment: Enrolment) -> dict[int, Life]:
    """Every focus of an enrolment through time, those set aside included, by key."""
    return {focus.pk: focus.life for focus in enrolment.focuses.prefetch_related("dials")}


def _spends_reserve(focus: Focus, setting: Setting, today: date) -> bool:
    lives = lives_of(focus.enrolment)
    before = reserve_weeks(list(lives.values()), today)
    turned = replace(lives[focus.pk], settings=(*lives[focus.pk].settings, setting))
    after = reserve_weeks([*(lives | {focus.pk: turned}).values()], today)
    return bool(set(after) - set(before))


def _ensure_room(enrolment: Enrolment) -> None:
    if current_focuses(enrolment).count() >= MAX_CURRENT_FOCUSES:
        raise NotNow(_("You have two focuses under way. Set one aside first: two at a time is what people keep up."))


def _follow(enrolment: Enrolment, *, today: date, now: datetime) -> None:
    """Nudges come as often as the highest dial asks."""
    current = current_focuses(enrolment).prefetch_related("dials")
    level, until = cadence(setting_on(focus.settings, today) for focus in current)
    if (enrolment.cadence, enrolment.cadence_until) != (level, until):
        set_cadence(enrolment=enrolment, cadence=level, until=until, now=now)
