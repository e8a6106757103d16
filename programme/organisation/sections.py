"""The sections of the settings, each with its present value: half the visits end on the list."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.mail.server import sender
from cohorts.models import ApiKey, AuditEntry, Cohort, Organisation
from cohorts.schedule.time_zones import city
from programme.organisation.rules import hour_words, hours_words
from programme.trail.entries import administration


@dataclass(frozen=True, slots=True)
class Section:
    """One line of the list, and the page behind it."""

    name: str
    title: str
    value: str
    icon: str
    is_current: bool = False

    @property
    def url(self) -> str:
        return reverse(self.name)


def sections_of(organisation: Organisation, current: str = "") -> list[Section]:
    return [
        Section(name, title, value, icon, is_current=name == current)
        for name, title, value, icon in _sections(organisation)
    ]


def _sections(organisation: Organisation) -> Iterator[tuple[str, str, str, str]]:
    yield "settings_name", _("Organisation"), organisation.name, "identification"
    logo = _("At the top, in mails and on reports") if organisation.logo else _("None yet")
    yield "settings_logo", _("Logo"), logo, "photo"
    yield "settings_times", _("Time and quiet hours"), times_words(organisation), "clock"
    yield "settings_languages", _("Languages"), languages_words(organisation), "language"
    yield "settings_signing_in", _("Signing in"), _("Code by e-mail, passkey or app"), "key"
    yield "settings_sending", _("Sending mails"), _sending_words(), "envelope"
    yield "settings_keys", _("API and keys"), _keys_words(organisation), "code-bracket"
    yield "settings_keeping", _("Keeping and erasing"), _("What is kept, and for how long"), "archive-box"
    entries = administration(AuditEntry.objects.all()).count()
    count = ngettext("%(count)d entry", "%(count)d entries", entries) % {"count": entries}
    yield "trail", _("Audit trail"), count, "document-magnifying-glass"


def times_words(organisation: Organisation) -> str:
    zone = city(str(organisation.zone))
    if organisation.quiet_from == organisation.quiet_until:
        return _("No quiet hours, new cohorts at %(hour)s, %(zone)s") % {
            "hour": hour_words(organisation.nudge_hour),
            "zone": zone,
        }
    return _("Quiet %(hours)s, new cohorts at %(hour)s, %(zone)s") % {
        "hours": hours_words(organisation.quiet_from, organisation.quiet_until),
        "hour": hour_words(organisation.nudge_hour),
        "zone": zone,
    }


def languages_words(organisation: Organisation) -> str:
    names = dict(settings.LANGUAGES)
    rest = [code for code in organisation.offered if code != organisation.language]
    return ", ".join(names[code] for code in [organisation.language, *rest])


def _keys_words(organisation: Organisation) -> str:
    now = organisation.now(timezone.now())
    count = ApiKey.objects.of_organisation().filter(revoked_at=None, expires_at__gt=now).count()
    return ngettext("%(count)d key", "%(count)d keys", count) % {"count": count} if count else _("No keys yet")


def _sending_words() -> str:
    counted = Cohort.objects.aggregate(on=Count("pk", filter=Q(is_sending=True)), all=Count("pk"))
    if not counted["all"]:
        return _("No cohorts yet")
    said = {"on": counted["on"], "all": counted["all"], "address": sender().address}
    return _("On in %(on)d of %(all)d cohorts, from %(address)s") % said
