"""A sponsor's part of one week: done, or not this week with a reason; the leader says whether it happened."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.models import ActKind, SponsorAct
from coaching.sponsoring.policies import ensure_is_leader, ensure_may_support
from coaching.sponsoring.rules import ensure_obstacle
from coaching.sponsoring.standing import standings_of
from coaching.sponsoring.weeks import BEFORE, LAST
from cohorts.audit import record
from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment, Membership, Organisation
from cohorts.web.refusals import NotNow


@transaction.atomic
def do_part(
    *, enrolments: Sequence[Enrolment], week: int, organisation: Organisation, by: Membership, now: datetime
) -> None:
    """The sponsor did their part of this week with these leaders. Idempotent; each leader is asked to confirm it."""
    _set(enrolments, week, organisation, by, now, done_at=now, blocked_at=None, obstacle="")
    record(by=by, verb="did sponsor's part", thing=by, now=now, week=week, enrolments=_keys(enrolments))


@transaction.atomic
def block_part(
    *,
    enrolments: Sequence[Enrolment],
    week: int,
    obstacle: str,
    organisation: Organisation,
    by: Membership,
    now: datetime,
) -> None:
    """Not this week, and what stands in the way. What a leader has answered stays as it is.

    The audit trail does not say what: reasons are shown from five sponsors up, without names.
    """
    ensure_obstacle(obstacle)
    _set(enrolments, week, organisation, by, now, done_at=None, blocked_at=now, obstacle=obstacle)
    keys = _keys(enrolments)
    record(by=by, verb="blocked sponsor's part", thing=by, now=now, week=week, enrolments=keys)


@transaction.atomic
def take_back_part(*, enrolments: Sequence[Enrolment], week: int, by: Membership, now: datetime) -> None:
    """Undo: the week is open again with these leaders, except with those who have answered."""
    for enrolment in enrolments:
        ensure_may_support(by, enrolment)
    _take_turns(enrolments)
    mine = SponsorAct.objects.filter(enrolment__in=enrolments, sponsor=by, week=week)
    mine.filter(confirmed_at=None, denied_at=None).delete()
    record(by=by, verb="took back sponsor's part", thing=by, now=now, week=week, enrolments=_keys(enrolments))


@transaction.atomic
def answer_part(*, act: SponsorAct, happened: bool, by: Membership, now: datetime) -> None:
    """The leader's one tap: it happened, or it did not. The newest tap stands."""
    ensure_is_leader(by, act.enrolment)
    _take_turns([act.enrolment])
    found = SponsorAct.objects.filter(pk=act.pk, done_at__isnull=False)
    if not found.update(confirmed_at=now if happened else None, denied_at=None if happened else now):
        raise NotNow(_("Your sponsor has taken this back."))
    record(by=by, verb="confirmed sponsor's part" if happened else "denied sponsor's part", thing=act, now=now)


@transaction.atomic
def take_back_part_answer(*, act: SponsorAct, by: Membership, now: datetime) -> None:
    """Undo: the leader is asked again."""
    ensure_is_leader(by, act.enrolment)
    SponsorAct.objects.filter(pk=act.pk).update(confirmed_at=None, denied_at=None)
    record(by=by, verb="took back answer to sponsor's part", thing=act, now=now)


def _set(
    enrolments: Sequence[Enrolment],
    week: int,
    organisation: Organisation,
    by: Membership,
    now: datetime,
    **values: datetime | str | None,
) -> None:
    _ensure_open(enrolments, week, organisation, by, now)
    _take_turns(enrolments)
    acts = SponsorAct.objects.filter(enrolment__in=enrolments, sponsor=by, week=week)
    kept = {act.enrolment_id: act for act in acts}
    changed = [act for act in kept.values() if _differs(act, values) and not (act.confirmed_at or act.denied_at)]
    for act in changed:
        for name, value in values.items():
            setattr(act, name, value)
    SponsorAct.objects.bulk_update(changed, list(values))
    new = [each for each in enrolments if each.pk not in kept]
    SponsorAct.objects.bulk_create(
        SponsorAct(enrolment=each, sponsor=by, kind=_kind(week), week=week, **values) for each in new
    )


def _differs(act: SponsorAct, values: dict[str, datetime | str | None]) -> bool:
    """Another obstacle, or the other of the two; when it was first said stays."""
    return act.obstacle != values["obstacle"]


def _ensure_open(
    enrolments: Sequence[Enrolment], week: int, organisation: Organisation, by: Membership, now: datetime
) -> None:
    if not enrolments:
        raise NotNow(_("Choose at least one leader."))
    for enrolment in enrolments:
        ensure_may_support(by, enrolment)
    standings = standings_of(enrolments, organisation)
    for enrolment in enrolments:
        if week not in standings[enrolment.pk].open_weeks(date_at(enrolment, now)):
            raise NotNow(_("That week is over. Your page shows the one you are in."))


def _kind(week: int) -> ActKind:
    return {BEFORE: ActKind.PRE_BRIEF, LAST: ActKind.END_REVIEW}.get(week, ActKind.CHECK_IN)


def _take_turns(enrolments: Sequence[Enrolment]) -> None:
    """Serialise writes about these leaders."""
    keys = sorted(each.pk for each in enrolments)
    list(Enrolment.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def _keys(enrolments: Sequence[Enrolment]) -> str:
    return " ".join(str(each.pk) for each in enrolments)
