"""Pick, reword, archive and resume a focus, and set its dial."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.enrolment.actions.enrolments import set_cadence
from cohorts.enrolment.current import take_turns
from cohorts.models import Enrolment, Membership
from cohorts.web.arrivals import ensure_edition, was_overtaken
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision
from goals.dial_rules import NEVER_TURNED, Setting, cadence, setting_on
from goals.habits.actions.sharing import name_reader
from goals.habits.focus_queries import current_focuses
from goals.habits.policies import ensure_may_keep
from goals.habits.rules import ensure_dial, ensure_language, ensure_newest_turn, last_day, latest_dial_day, plan_of
from goals.models import BusyPeriod, Dial, Focus, Shared
from goals.models.dialled import row_in_force
from goals.reserve import Life, newly_spent

MAX_CURRENT_FOCUSES = 2
PLAN = ("behaviour", "cue", "response")


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
    key: UUID | None = None,
    edition: int | None = None,
    reader_id: int | None = None,
) -> Focus:
    """Start a focus as an if-then plan. Raises NotNow if two are current.

    `reader_id` is the sponsor whom the page named. Should it be another one by now, they do not read it.

    Sending the same plan twice creates one focus; the same key with a newer plan rewords the focus it created.
    """
    ensure_may_keep(by, enrolment)
    plan = plan_of(behaviour=behaviour, cue=cue, response=response)
    ensure_language(language)
    ensure_edition(edition)
    take_turns(enrolment)
    begun = _of_key(enrolment, key) if key else None
    if begun is not None:
        return _pick_again(begun, plan, language, edition)
    same = current_focuses(enrolment).filter(**plan).first()
    if same is not None:
        return same
    _ensure_room(enrolment)
    focus = Focus.objects.create(
        enrolment=enrolment, language=language, started_on=today, key=key, edition=edition, **plan
    )
    if enrolment.sponsor is not None and reader_id in {None, enrolment.sponsor_id}:
        name_reader(Shared.FOCUS, [focus], enrolment.sponsor, now)
    _follow(enrolment, today=today, now=now)
    return focus


@transaction.atomic
def reword_focus(
    *,
    focus: Focus,
    behaviour: str,
    cue: str,
    response: str,
    language: str,
    by: Membership,
    expected_revision: int | None = None,
) -> Focus:
    """Reword a plan. The focus keeps its dial and practices. Raises Stale when it is not the expected revision."""
    ensure_may_keep(by, focus.enrolment)
    plan = plan_of(behaviour=behaviour, cue=cue, response=response)
    ensure_language(language)
    lock_revision(focus, expected_revision, *PLAN)
    _reword(focus, plan, language)
    return focus


@transaction.atomic
def archive_focus(*, focus: Focus, today: date, by: Membership, now: datetime) -> Focus:
    """Archive a focus. Its plan, dial and practices remain readable."""
    _turn(focus, by)
    if focus.archived_on is None:
        focus.archived_on = today
        focus.save(update_fields=["archived_on"])
        _follow(focus.enrolment, today=today, now=now)
    return focus


@transaction.atomic
def resume_focus(*, focus: Focus, today: date, by: Membership, now: datetime) -> Focus:
    """Resume an archived focus. Raises NotNow if two others are current."""
    _turn(focus, by)
    if focus.archived_on is not None:
        _ensure_room(focus.enrolment)
        focus.archived_on = None
        focus.save(update_fields=["archived_on"])
        _follow(focus.enrolment, today=today, now=now)
    return focus


@transaction.atomic
def set_dial(
    *,
    focus: Focus,
    level: int,
    ends_on: date | None,
    today: date,
    by: Membership,
    now: datetime,
    period: BusyPeriod | None = None,
) -> Dial:
    """Set the dial of one focus from today. Adds a row; earlier rows are never rewritten.

    The row records whether it spent a reserve week. Dialling down is allowed even if none are left.
    `period` is the busy period that the leader accepted, if that turns it.
    """
    _turn(focus, by)
    if focus.archived_on is not None:
        raise NotNow(_("This focus is archived. Resume it to change its dial."))
    ensure_dial(level, ends_on, today=today, latest=latest_dial_day(focus.enrolment, today=today))
    ends_on = last_day(level, ends_on, today=today)
    setting = Setting(level, today, ends_on)
    dial = Dial.objects.create(
        focus=focus,
        level=level,
        starts_on=today,
        ends_on=ends_on,
        is_reserve=newly_spent(lives_of(focus.enrolment), {focus.pk}, setting, today) > 0,
        period=period,
        set_by=by,
        set_at=now,
    )
    _follow(focus.enrolment, today=today, now=now)
    return dial


@transaction.atomic
def take_back_dial(*, dial: Dial, today: date, by: Membership, now: datetime) -> Dial:
    """Set a dial to what it stood on before it was turned, on the same day. Adds a row, as every turn does."""
    focus = dial.focus
    _turn(focus, by)
    rows = list(focus.dials.order_by("pk"))
    ensure_newest_turn(dial, rows, today=today)
    before = row_in_force(rows[:-1], today)
    setting = before.setting if before else NEVER_TURNED
    latest = latest_dial_day(focus.enrolment, today=today)
    return set_dial(
        focus=focus,
        level=setting.level,
        ends_on=setting.ends_on and min(setting.ends_on, latest),
        today=today,
        by=by,
        now=now,
        period=before.period if before else None,
    )


def lives_of(enrolment: Enrolment) -> dict[int, Life]:
    """Every focus of an enrolment over time, archived ones included, by id."""
    return {focus.pk: focus.life for focus in enrolment.focuses.prefetch_related("dials")}


def _turn(focus: Focus, by: Membership) -> None:
    """Wait for the leader's other requests, then read whether one of them archived it."""
    take_turns(focus.enrolment)
    ensure_may_keep(by, focus.enrolment)
    focus.refresh_from_db(fields=["archived_on"])


def _of_key(enrolment: Enrolment, key: UUID) -> Focus | None:
    begun = Focus.objects.filter(enrolment=enrolment, key=key).select_related("enrolment")
    return begun.select_for_update(of=("self",), no_key=True).first()


def _pick_again(focus: Focus, plan: dict[str, str], language: str, edition: int | None) -> Focus:
    if not was_overtaken(edition, focus.edition):
        focus.edition = edition or focus.edition
        focus.save(update_fields=["edition"])
        _reword(focus, plan, language)
    return focus


def _reword(focus: Focus, plan: dict[str, str], language: str) -> None:
    save_revision(focus, **plan, language=language)


def _ensure_room(enrolment: Enrolment) -> None:
    if current_focuses(enrolment).count() >= MAX_CURRENT_FOCUSES:
        raise NotNow(_("You already have two focuses. Archive one first: two at a time is what people manage."))


def _follow(enrolment: Enrolment, *, today: date, now: datetime) -> None:
    """Update the cadence of nudges to the highest dial."""
    current = current_focuses(enrolment).prefetch_related("dials")
    level, until = cadence(setting_on(focus.settings, today) for focus in current)
    if (enrolment.cadence, enrolment.cadence_until) != (level, until):
        set_cadence(enrolment=enrolment, cadence=level, until=until, now=now)
