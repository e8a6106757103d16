"""An admin writes to sponsors: about leaders gone quiet, or because the sponsor has opened nothing for a while.

Who is quiet or silent is asked here, whatever the page showed. A sponsor gets at most one note of a kind about a
cohort in seven days, and none while they have switched our mails off: their link to stop mails would be a lie.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.enrolment.actions.bulk import Change
from cohorts.enrolment.roster import roster_of
from cohorts.enrolment.sponsors import sponsors_of
from cohorts.enrolment.status import Key
from cohorts.models import Cohort, Membership, Organisation, Role, SponsorNote
from cohorts.models.mail import MailState
from cohorts.people.actions.invitations import HELD_FOR
from cohorts.schedule.date_words import date_words, fill
from cohorts.schedule.time_zones import local_date
from cohorts.web.refusals import NotNow

BETWEEN_NOTES = timedelta(days=7)
NEVER_ARRIVED = (MailState.SKIPPED, MailState.FAILED)


@transaction.atomic
def tell_sponsors(
    *, cohort: Cohort, enrolments: Collection[int], by: Membership, organisation: Organisation, now: datetime
) -> list[Change]:
    """A mail to each sponsor of those of these leaders who have gone quiet, held so that it can be undone."""
    about: dict[int, list[int]] = {}
    for line in roster_of(cohort, organisation, now):
        if line.enrolment_id in enrolments and line.status.key == Key.QUIET and line.sponsor_id is not None:
            about.setdefault(line.sponsor_id, []).append(line.enrolment_id)
    if not about:
        raise NotNow(_("None of these leaders is quiet now and has a sponsor."))
    return _write(SponsorNote.Kind.QUIET, about, cohort=cohort, by=by, now=now)


@transaction.atomic
def write_to_silent(
    *, cohort: Cohort, sponsors: Collection[int], by: Membership, organisation: Organisation, now: datetime
) -> list[Change]:
    """A mail to each of these sponsors who is silent, about what waits for them; held so that it can be undone."""
    lines = [line for line in roster_of(cohort, organisation, now) if not line.has_left]
    silent = [each.pk for each in sponsors_of(lines) if each.is_silent and each.pk in sponsors]
    if not silent:
        raise NotNow(_("None of these sponsors is silent now."))
    return _write(SponsorNote.Kind.SILENT, {pk: [] for pk in silent}, cohort=cohort, by=by, now=now)


@transaction.atomic
def take_back_notes(*, changes: Sequence[Change], by: Membership, now: datetime) -> int:
    """Undo `tell_sponsors` and `write_to_silent`, as far as the mails haven't left. Returns how many."""
    waiting = SponsorNote.objects.filter(
        pk__in=[change.key for change in changes], state=MailState.DUE, attempts=0
    ).select_for_update(of=("self",))
    notes = list(waiting.select_related("sponsor").order_by("pk"))
    for note in notes:
        record(by=by, verb="took back mail to sponsor", thing=note.sponsor, now=now, kind=note.kind)
        note.delete()
    return len(notes)


def _write(
    kind: SponsorNote.Kind, about: Mapping[int, list[int]], *, cohort: Cohort, by: Membership, now: datetime
) -> list[Change]:
    # Locked, so that two admins at once don't both find that nobody has written.
    locked = Membership.objects.active().select_for_update(no_key=True).filter(pk__in=about).order_by("pk")
    reachable = [each for each in locked if each.has_role(Role.SPONSOR) and each.digest_on]
    if not reachable:
        raise NotNow(_("They have switched our mails off. Talk to them instead."))
    lately = SponsorNote.objects.filter(
        kind=kind, cohort=cohort, sponsor__in=reachable, requested_at__gt=now - BETWEEN_NOTES
    ).exclude(state__in=NEVER_ARRIVED)
    written = dict(lately.order_by("requested_at").values_list("sponsor_id", "requested_at"))
    to = [each for each in reachable if each.pk not in written]
    if not to:
        raise NotNow(_too_soon(min(written.values()), cohort.zone))
    changes = []
    for sponsor in to:
        note = SponsorNote.objects.create(
            kind=kind,
            sponsor=sponsor,
            cohort=cohort,
            enrolments=about[sponsor.pk],
            requested_by=by,
            requested_at=now,
            not_before=now + HELD_FOR,
        )
        record(by=by, verb="wrote to sponsor", thing=sponsor, now=now, kind=kind.value, cohort=cohort.pk)
        changes.append(Change(note.pk))
    return changes


def _too_soon(written_at: datetime, zone: ZoneInfo) -> str:
    sentence = _("They had a mail about this less than a week ago. The next one may go on %(date)s.")
    return fill(sentence, {"date": date_words(local_date(written_at + BETWEEN_NOTES, zone), "MONTH_DAY_FORMAT")})
