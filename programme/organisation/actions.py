"""Change the settings of an organisation. Each changed value is an entry of the trail, with the old and the new one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.enrolment.actions.cohorts import set_sending
from cohorts.logos.png import size_of
from cohorts.logos.upload import read_logo
from cohorts.models import Cohort, Enrolment, Membership, Organisation, OrganisationLogo
from cohorts.nudges.planner import plan_again
from cohorts.schedule.time_zones import offered_zones
from cohorts.web.bounds import ensure_choice
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock, lock_revision, save_revision
from programme.organisation.policies import ensure_may
from programme.organisation.rules import (
    ensure_hour_for_new,
    ensure_languages,
    ensure_organisation_name,
    ensure_quiet_hours,
    hour_is_quiet,
    hour_words,
    hours_words,
)

LOGO_UNDO_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Times:
    """Zone and hour that new cohorts begin with, and the hours in which no mail goes out."""

    zone: ZoneInfo
    quiet_from: time
    quiet_until: time
    nudge_hour: time


@transaction.atomic
def rename(
    *, organisation: Organisation, name: str, by: Membership, now: datetime, expected_revision: int | None = None
) -> Organisation:
    """Give the organisation another name: on every page, in every mail and report from now on."""
    ensure_may(by, organisation, Permission.OWN)
    ensure_organisation_name(name)
    name = " ".join(name.split())
    lock_revision(organisation, expected_revision, "name")
    old = organisation.name
    if name != old:
        save_revision(organisation, name=name)
        record(by=by, verb="changed name of organisation", thing=organisation, now=now, old=old, new=name)
    return organisation


@transaction.atomic
def change_times(
    *, organisation: Organisation, times: Times, by: Membership, now: datetime, expected_revision: int | None = None
) -> int:
    """Change zone, hour of new cohorts and quiet hours. Returns how many leaders chose an hour in the quiet.

    Their nudges come when the quiet ends. Nudges already sent do not change.
    """
    ensure_may(by, organisation, Permission.RUN_COHORTS)
    ensure_choice("zone", str(times.zone), offered_zones())
    ensure_quiet_hours(times.quiet_from, times.quiet_until)
    ensure_hour_for_new(times.nudge_hour, times.quiet_from, times.quiet_until)
    lock_revision(organisation, expected_revision, *Times.__slots__)
    before = times_of(organisation)
    if times == before:
        return len(leaders_in_quiet(before))
    save_revision(organisation, **{name: getattr(times, name) for name in Times.__slots__})
    # Audit before clocks: every action that changes clocks locks in this order.
    for verb, old, new in _said(before, times):
        if old != new:
            record(by=by, verb=verb, thing=organisation, now=now, old=old, new=new)
    if (before.quiet_from, before.quiet_until) != (times.quiet_from, times.quiet_until):
        plan_again(sorted({*leaders_in_quiet(before), *leaders_in_quiet(times)}), now=now)
    return len(leaders_in_quiet(times))


@transaction.atomic
def offer_languages(
    *,
    organisation: Organisation,
    language: str,
    languages: Collection[str],
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> Organisation:
    """Say in which languages people are invited here, and which comes first. Nobody's own language changes."""
    ensure_may(by, organisation, Permission.OWN)
    ensure_languages(language, languages)
    lock_revision(organisation, expected_revision, "language", "languages")
    chosen = [code for code, _name in settings.LANGUAGES if code in languages]
    old, new = _in_order(organisation.language, organisation.offered), _in_order(language, chosen)
    if old != new:
        save_revision(organisation, language=language, languages=chosen)
        record(by=by, verb="changed languages", thing=organisation, now=now, old=old, new=new)
    return organisation


@transaction.atomic
def switch_all_sending(
    *, organisation: Organisation, is_on: bool, by: Membership, now: datetime, cohorts: Collection[int] | None = None
) -> list[int]:
    """Switch sending of every cohort, or of these. Returns the keys of those that changed, for Undo."""
    ensure_may(by, organisation, Permission.RUN_COHORTS)
    found = Cohort.objects.select_for_update(no_key=True).filter(is_sending=not is_on).order_by("pk")
    if cohorts is not None:
        found = found.filter(pk__in=cohorts)
    locked = list(found)  # all of them before the first entry of the trail, as switching a single one does
    return [set_sending(cohort=cohort, is_on=is_on, by=by, now=now).pk for cohort in locked]


def upload_logo(*, organisation: Organisation, file: BinaryIO, file_name: str, by: Membership, now: datetime) -> str:
    """Show the logo in this file from now on. Returns the hash of the one shown until now, for Undo; empty for none.

    The file is read before anything is locked. Raises Invalid for what is no logo.
    """
    ensure_may(by, organisation, Permission.OWN)
    drawn = read_logo(file, file_name)
    with transaction.atomic():
        lock(organisation)
        stored, _is_new = OrganisationLogo.objects.update_or_create(
            sha=drawn.sha, defaults={"image": drawn.image, "mail_image": drawn.mail_image, "ink": drawn.ink}
        )
        return _show_logo(organisation, stored, verb="changed logo", by=by, now=now)


@transaction.atomic
def remove_logo(*, organisation: Organisation, by: Membership, now: datetime) -> str:
    """Show the organisation's name alone. Returns the hash of the logo removed, for Undo; empty if there was none."""
    ensure_may(by, organisation, Permission.OWN)
    lock(organisation)
    return _show_logo(organisation, None, verb="removed logo", by=by, now=now)


@transaction.atomic
def put_logo_back(*, organisation: Organisation, sha: str, by: Membership, now: datetime) -> None:
    """Show again the logo with this hash, or none for an empty one."""
    ensure_may(by, organisation, Permission.OWN)
    lock(organisation)
    stored = OrganisationLogo.objects.filter(sha=sha).first()
    if sha and stored is None:
        raise NotNow(_("This can no longer be undone."))
    _show_logo(organisation, stored, verb="returned logo" if stored else "removed logo", by=by, now=now)


def forget_logos(*, now: datetime) -> None:
    """Delete what has not been shown for a day."""
    OrganisationLogo.objects.filter(put_away_at__lt=now - LOGO_UNDO_FOR).delete()


def _show_logo(
    organisation: Organisation, stored: OrganisationLogo | None, *, verb: str, by: Membership, now: datetime
) -> str:
    before: str = organisation.shown_logo.get("sha", "")
    if before == (stored.sha if stored else ""):
        return before
    OrganisationLogo.objects.filter(sha=before).update(put_away_at=now)
    organisation.shown_logo = {}
    if stored is not None:
        OrganisationLogo.objects.filter(pk=stored.pk).update(put_away_at=None)
        size = size_of(bytes(stored.image))
        organisation.shown_logo = {
            "sha": stored.sha,
            "width": size.width,
            "height": size.height,
            "ink": str(stored.ink),
        }
    organisation.save(update_fields=["shown_logo"])
    record(by=by, verb=verb, thing=organisation, now=now)
    return before


def leaders_in_quiet(times: Times) -> list[int]:
    """Enrolments of leaders who chose an hour in the quiet."""
    is_quiet = hour_is_quiet(times.quiet_from, times.quiet_until)
    return list(Enrolment.objects.active().filter(is_quiet).values_list("pk", flat=True))


def times_of(organisation: Organisation) -> Times:
    return Times(*(getattr(organisation, name) for name in Times.__slots__))


def _said(before: Times, after: Times) -> list[tuple[str, str, str]]:
    return [
        (
            "changed quiet hours",
            hours_words(before.quiet_from, before.quiet_until),
            hours_words(after.quiet_from, after.quiet_until),
        ),
        ("changed hour of new cohorts", hour_words(before.nudge_hour), hour_words(after.nudge_hour)),
        ("changed time zone", str(before.zone), str(after.zone)),
    ]


def _in_order(first: str, languages: Collection[str]) -> str:
    names = dict(settings.LANGUAGES)
    return ", ".join(names[code] for code in [first, *(code for code in languages if code != first)])
