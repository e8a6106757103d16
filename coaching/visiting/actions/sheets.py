"""Save the three sheets of a visit, make a plan of what was noted, and answer whether it was tried."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.hosting.actions.offers import offer_to_host
from coaching.models import AfterSheet, BeforeSheet, Booking, BookingState, DuringSheet, HostThanks
from coaching.visiting.policies import ensure_guest
from coaching.visiting.rules import BEFORE_LINES, DURING_NOTES, ensure_after, ensure_before, ensure_during
from coaching.visiting.sheet_dates import ask_on
from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.models import Membership
from cohorts.schedule.time_zones import local_date
from cohorts.web.arrivals import ensure_edition, was_overtaken
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import Stale
from goals.habits.actions.focus import pick_focus
from goals.habits.rules import ensure_language, plan_of
from goals.models import Focus


@transaction.atomic
def save_before(
    *,
    booking: Booking,
    lines: Mapping[str, str],
    key: UUID,
    by: Membership,
    now: datetime,
    edition: int | None = None,
    expected_revision: int | None = None,
) -> BeforeSheet:
    """What the guest comes for. The newest words of a form stand, however often it arrives."""
    ensure_guest(by, booking)
    ensure_before(lines)
    values = {name: lines.get(name, "").strip() for name in BEFORE_LINES}
    return _save(BeforeSheet, booking, values, key, edition, expected_revision, now)


@transaction.atomic
def save_during(
    *,
    booking: Booking,
    notes: Mapping[str, str],
    behaviours: Sequence[str],
    key: UUID,
    by: Membership,
    now: datetime,
    edition: int | None = None,
    expected_revision: int | None = None,
) -> DuringSheet:
    """What the guest noticed. May arrive late: it was typed where there was no network."""
    ensure_guest(by, booking)
    ensure_during(notes, behaviours)
    values: dict[str, Any] = {name: notes.get(name, "").strip() for name in DURING_NOTES}
    values["behaviours"] = sorted(set(behaviours))
    return _save(DuringSheet, booking, values, key, edition, expected_revision, now)


@transaction.atomic
def save_after(
    *,
    booking: Booking,
    behaviour: str,
    cue: str,
    response: str,
    language: str,
    question_left: str,
    thanks: str,
    would_host: str,
    key: UUID,
    by: Membership,
    now: datetime,
    edition: int | None = None,
    expected_revision: int | None = None,
) -> AfterSheet:
    """One thing to try as an if-then, one question left, thanks to the host, and whether their team would host."""
    ensure_guest(by, booking)
    _ensure_was_there(booking, now)
    plan = plan_of(behaviour=behaviour, cue=cue, response=response)
    ensure_language(language)
    ensure_after(question_left=question_left, thanks=thanks, would_host=would_host)
    values = {**plan, "language": language, "question_left": question_left.strip()}
    sheet = _save(AfterSheet, booking, values, key, edition, expected_revision, now)
    if sheet.saved_at == now:
        _thank(booking, thanks.strip(), now)
    if would_host:
        offer_to_host(member=by, behaviour=would_host, now=now)
    return sheet


@transaction.atomic
def make_focus(*, sheet: AfterSheet, by: Membership, now: datetime) -> Focus:
    """The if-then becomes one of the guest's focuses. Idempotent. Raises NotNow if two are current."""
    booking = sheet.booking
    ensure_guest(by, booking)
    if sheet.focus is not None:
        return sheet.focus
    enrolment = ensure_enrolment(by)
    focus = pick_focus(
        enrolment=enrolment,
        behaviour=sheet.behaviour,
        cue=sheet.cue,
        response=sheet.response,
        language=sheet.language,
        today=date_at(enrolment, now),
        by=by,
        now=now,
        key=uuid5(booking.uid, "focus"),
    )
    sheet.focus = focus
    sheet.save(update_fields=["focus"])
    return focus


@transaction.atomic
def answer_tried(*, sheet: AfterSheet, was_tried: bool, by: Membership, now: datetime) -> None:
    """The answer to *did you try it?*, from day 14. The newest answer stands."""
    ensure_guest(by, sheet.booking)
    if _guests_date(sheet.booking, now) < ask_on(_guests_date(sheet.booking, sheet.booking.starts_at)):
        raise NotNow(_("You are asked two weeks after the visit."))
    sheet.was_tried, sheet.answered_at = was_tried, now
    sheet.save(update_fields=["was_tried", "answered_at"])


def _guests_date(booking: Booking, at: datetime) -> date:
    return local_date(at, booking.guest.zone)


def _ensure_was_there(booking: Booking, now: datetime) -> None:
    if booking.state not in (BookingState.BOOKED, BookingState.NO_SHOW):
        raise NotNow(_("You had no place on this date."))
    if now < booking.starts_at:
        raise NotNow(_("This sheet is for after the visit."))


def _thank(booking: Booking, words: str, now: datetime) -> None:
    if words:
        HostThanks.objects.update_or_create(booking=booking, defaults={"words": words, "saved_at": now})
    else:
        HostThanks.objects.filter(booking=booking).delete()


def _save(
    model: Any,
    booking: Booking,
    values: Mapping[str, Any],
    key: UUID,
    edition: int | None,
    expected_revision: int | None,
    now: datetime,
) -> Any:
    """Write a sheet once. The same form again (`key`) replaces its own words unless newer ones came before it."""
    ensure_edition(edition)
    Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    sheet = model.objects.filter(booking=booking).first()
    if sheet is None:
        return model.objects.create(booking=booking, key=key, edition=edition, saved_at=now, **values)
    if sheet.key == key:
        if was_overtaken(edition, sheet.edition):
            return sheet
    elif expected_revision is not None and sheet.revision != expected_revision:
        raise Stale({name: getattr(sheet, name) for name in values})
    for name, value in values.items():
        setattr(sheet, name, value)
    sheet.key, sheet.edition, sheet.saved_at = key, edition, now
    sheet.revision += 1
    sheet.save()
    return sheet
