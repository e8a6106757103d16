"""Start a calibration, rate alone, open all ratings together, write down what was agreed."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.listening.policies import (
    ensure_blind,
    ensure_may_start,
    ensure_open,
    ensure_started,
)
from coaching.listening.rules import (
    MAX_AGREED_CHARACTERS,
    closing_instant,
    ensure_channel,
    ensure_closes,
    ensure_observers,
    ensure_reference,
    ensure_scores,
)
from coaching.models import Calibration, Observer, Rating
from coaching.talk_templates.content import CALIBRATION, Talk
from coaching.talk_templates.files import template, templates_for
from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import NotNow, NotYours
from cohorts.web.revisions import lock, lock_revision, save_revision

[NEWEST] = templates_for(CALIBRATION)


def talk_of(calibration: Calibration, language: str) -> Talk:
    """The template a calibration was started with: its criteria, agenda and box."""
    found = template(NEWEST.key, calibration.template_version)
    assert found is not None, "files of templates stay"
    return found.in_language(language)


@transaction.atomic
def start_calibration(
    *,
    reference: str,
    channel: str,
    observers: Collection[Membership],
    closes_on: date,
    today: date,
    key: UUID,
    by: Membership,
    now: datetime,
) -> Calibration:
    """Ask observers to rate one contact. The same key starts it once."""
    ensure_may_start(by)
    ensure_reference(reference)
    ensure_channel(channel)
    ensure_closes(closes_on, today=today)
    ensure_observers(observers)
    calibration, is_new = Calibration.objects.get_or_create(
        started_by=by,
        key=key,
        defaults={
            "reference": reference,
            "channel": channel,
            "template_version": NEWEST.version,
            "started_at": now,
            "closes_at": closing_instant(closes_on, by),
        },
    )
    if is_new:
        Observer.objects.bulk_create(Observer(calibration=calibration, member=each) for each in set(observers))
        record(by=by, verb="started calibration", thing=calibration, now=now)
    return calibration


@transaction.atomic
def rate(*, calibration: Calibration, scores: Mapping[str, int], by: Membership, now: datetime) -> bool:
    """Give or change one's own ratings while all are blind. The last one in opens them: whether this was it."""
    lock(calibration)
    observer = calibration.observers.filter(member=by).first()
    if observer is None:
        raise NotYours(_("Only the observers of this contact rate it."))
    ensure_blind(calibration, now)
    ensure_scores(scores, talk_of(calibration, "en").criteria)
    for criterion, score in scores.items():
        Rating.objects.update_or_create(observer=observer, criterion=criterion, defaults={"score": score})
    observer.rated_at = now
    observer.save(update_fields=["rated_at"])
    is_last = not calibration.observers.filter(rated_at=None).exists()
    if is_last:
        save_revision(calibration, opened_at=now)
    return is_last


@transaction.atomic
def write_agreed(
    *, calibration: Calibration, agreed: str, by: Membership, now: datetime, expected_revision: int | None = None
) -> None:
    """What the observers agree on, once they have seen the ratings."""
    lock_revision(calibration, expected_revision, "agreed", "opened_at", "closes_at", "cancelled_at")
    if calibration.started_by_id != by.pk and not calibration.observers.filter(member=by).exists():
        raise NotYours(_("Only the observers of this contact write here."))
    ensure_open(calibration, now)
    ensure_text("agreed", agreed, most=MAX_AGREED_CHARACTERS, is_required=False)
    if agreed != calibration.agreed:
        save_revision(calibration, agreed=agreed)


@transaction.atomic
def cancel_calibration(*, calibration: Calibration, by: Membership, now: datetime) -> None:
    """Call it off while nobody has seen a rating."""
    ensure_started(by, calibration)
    lock(calibration)
    if calibration.cancelled_at is not None:
        return
    ensure_blind(calibration, now)
    save_revision(calibration, cancelled_at=now)
    record(by=by, verb="cancelled calibration", thing=calibration, now=now)


@transaction.atomic
def restore_calibration(*, calibration: Calibration, by: Membership, now: datetime) -> None:
    """Take that back, before its time is out."""
    ensure_started(by, calibration)
    lock(calibration)
    if calibration.cancelled_at is None:
        return
    if now >= calibration.closes_at:
        raise NotNow(_("Time is up. Start a new one."))
    save_revision(calibration, cancelled_at=None)
    record(by=by, verb="restored calibration", thing=calibration, now=now)
