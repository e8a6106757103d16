"""The weekly digest: from a sponsor's due clock to a durable outcome, at most one a week.

Claim (commit) → send (no transaction open) → outcome (commit). A digest is unique per sponsor and week and is claimed
by its state and a lease, so two workers never hold the same one. The clock moves on only when its week is settled: a
crash, or a mail server that says "later", leaves it due, and the next run finds it. There is nothing to sweep.
Only between the server's 250 and our commit may a mail go twice, then with the same Message-ID.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from cohorts.mail.smtp import Kind, Outcome, Outgoing, Pipeline
from cohorts.models import Digest, DigestClock, Organisation, Role
from cohorts.models.nudge import NudgeState, Reason
from cohorts.nudges.delivery import BACKOFF, MOST_ATTEMPTS
from cohorts.nudges.mail import sender, server
from cohorts.schedule.path import in_quiet_hours
from cohorts.schedule.time_zones import local_date
from cohorts.schedule.weekly import next_weekly
from cohorts.tenancy.wall import Across, across_organisations, within
from programme.digests.mail import digest_mail
from programme.sponsor.overview import Overview, overview_of

logger = structlog.get_logger(__name__)

BATCH = 100
TOO_LATE = timedelta(hours=12)
THEIR_HOUR = timedelta(hours=1)  # within it a digest goes even in quiet hours: the sponsor chose them
OPEN = (NudgeState.DUE, NudgeState.SENDING)


@dataclass(frozen=True, slots=True)
class Letter:
    """One claimed digest on its way to the mail server."""

    key: int
    attempts: int
    due_at: datetime
    email: str
    content: bytes


def due_organisations(*, now: datetime) -> list[int]:
    """Organisations in real time with a sponsor whose digest is due."""
    with across_organisations(Across.PLANNER):
        due = DigestClock.objects.filter(next_at__lte=now, is_simulated=False).order_by()
        return list(due.values_list("organisation_id", flat=True).distinct())


def send_digests(organisation_id: int, *, now: datetime) -> int:
    """Send what is due in one organisation, at its own `now`; opens the organisation itself. Returns how many went."""
    sent, address = 0, sender().address
    with Pipeline[int](server()) as pipeline:
        while True:
            with within(organisation_id):
                looked_at, letters = _claim(organisation_id, now)
            if not looked_at:
                return sent
            outgoing = (Outgoing(letter.key, address, letter.email, letter.content) for letter in letters.values())
            outcomes = list(pipeline.send(outgoing)) if letters else []
            with within(organisation_id):
                for outcome in outcomes:
                    _settle(letters[outcome.key], outcome, now)
            sent += sum(outcome.kind is Kind.SENT for outcome in outcomes)


def _claim(organisation_id: int, now: datetime) -> tuple[int, dict[int, Letter]]:
    """How many clocks were looked at, and what is to be sent. What is not to be sent is settled here."""
    organisation = Organisation.objects.get(pk=organisation_id)
    clocks = list(_due_clocks(now))
    letters = {letter.key: letter for letter in _letters(clocks, organisation, now)}
    return len(clocks), letters


def _due_clocks(now: datetime) -> Iterable[DigestClock]:
    """Due, and not in somebody's hands or waiting for another attempt."""
    theirs = Digest.objects.filter(sponsor=OuterRef("sponsor"), state__in=OPEN)
    busy = theirs.filter(Q(state=NudgeState.DUE, not_before__gt=now) | Q(state=NudgeState.SENDING, lease_until__gt=now))
    due = DigestClock.objects.filter(~Exists(busy), next_at__lte=now).select_related("sponsor__person")
    return due.select_for_update(of=("self",), skip_locked=True).order_by("next_at", "pk")[:BATCH]


def _letters(clocks: Iterable[DigestClock], organisation: Organisation, now: datetime) -> Iterator[Letter]:
    for clock in clocks:
        digest = _digest_of(clock)
        if digest.state not in OPEN:
            _move_on(clock, now)
            continue
        overview = overview_of(
            clock.sponsor, organisation=organisation, now=now, language=clock.sponsor.person.language
        )
        reason = _reason_to_skip(clock, digest, overview, organisation, now)
        if reason is None:
            yield _letter(clock, digest, overview, organisation, now)
        else:
            _finish(digest, clock, now, state=NudgeState.SKIPPED, reason=reason)


def _digest_of(clock: DigestClock) -> Digest:
    local = local_date(clock.next_at, clock.sponsor.zone)
    monday = local - timedelta(days=local.weekday())
    return Digest.objects.get_or_create(sponsor=clock.sponsor, week_on=monday, defaults={"not_before": clock.next_at})[
        0
    ]


def _reason_to_skip(
    clock: DigestClock, digest: Digest, overview: Overview, organisation: Organisation, now: datetime
) -> str | None:
    """The stop conditions, asked at the door. An empty reason: there is nothing to tell, so nothing is sent."""
    sponsor, late = clock.sponsor, now - clock.next_at
    if sponsor.left_at is not None or not sponsor.has_role(Role.SPONSOR):
        return Reason.LEFT
    if not sponsor.digest_on:
        return Reason.UNSUBSCRIBED
    if digest.attempts >= MOST_ATTEMPTS:
        return Reason.UNREACHABLE
    hour = now.astimezone(sponsor.zone).time()
    is_quiet = in_quiet_hours(hour, organisation.quiet_from, organisation.quiet_until)
    if late > TOO_LATE or (late > THEIR_HOUR and is_quiet):
        return Reason.TOO_LATE
    return None if overview.has_news else ""


def _letter(
    clock: DigestClock, digest: Digest, overview: Overview, organisation: Organisation, now: datetime
) -> Letter:
    digest.state, digest.attempts = NudgeState.SENDING, digest.attempts + 1
    digest.lease_until = now + timedelta(seconds=settings.NUDGE_LEASE_SECONDS)
    digest.save(update_fields=["state", "attempts", "lease_until"])
    content = digest_mail(digest=digest, sponsor=clock.sponsor, organisation=organisation, overview=overview, now=now)
    return Letter(digest.pk, digest.attempts, clock.next_at, clock.sponsor.person.email, content)


def _settle(letter: Letter, outcome: Outcome[int], now: datetime) -> None:
    """Only the attempt that was made says what became of it: an older one changes nothing."""
    mine = Digest.objects.filter(pk=letter.key, attempts=letter.attempts, state=NudgeState.SENDING)
    digest = mine.select_for_update(of=("self",)).first()
    if digest is None:
        return
    clock = DigestClock.objects.select_related("sponsor").get(sponsor=digest.sponsor_id)
    again = now + timedelta(minutes=BACKOFF[min(letter.attempts, len(BACKOFF)) - 1])
    if outcome.kind is Kind.SENT:
        _finish(digest, clock, now, state=NudgeState.SENT, sent_at=now)
    elif outcome.kind is Kind.PERMANENT:
        _finish(digest, clock, now, state=NudgeState.FAILED, reason=Reason.REFUSED)
    elif outcome.kind is Kind.AMBIGUOUS:
        _finish(digest, clock, now, state=NudgeState.AMBIGUOUS, reason=Reason.SILENT)
    elif letter.attempts >= MOST_ATTEMPTS or again - letter.due_at > TOO_LATE:
        _finish(digest, clock, now, state=NudgeState.FAILED, reason=Reason.UNREACHABLE)
    else:
        Digest.objects.filter(pk=digest.pk).update(state=NudgeState.DUE, not_before=again, lease_until=None)


def _finish(digest: Digest, clock: DigestClock, now: datetime, **outcome: object) -> None:
    """The last word about this week, and on to the next."""
    Digest.objects.filter(pk=digest.pk).update(lease_until=None, **outcome)
    if outcome["state"] in (NudgeState.FAILED, NudgeState.AMBIGUOUS):
        logger.warning("digest not delivered", digest=digest.pk, reason=str(outcome["reason"]))
    _move_on(clock, now)


def _move_on(clock: DigestClock, now: datetime) -> None:
    sponsor = clock.sponsor
    clock.next_at = next_weekly(sponsor.digest_weekday, sponsor.digest_hour, sponsor.zone, now)
    clock.save(update_fields=["next_at"])
