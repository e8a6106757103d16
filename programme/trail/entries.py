"""Which entries of the audit trail somebody asked for, and what a line of the page says.

The trail is read for administration: who gave a role, moved a cohort, imported, sent, downloaded. What people do in
their 1:1s, goals and feedback is recorded, too, and shown to nobody: else an admin could find out by it who asked a
question without a name, or who ended a pairing. The download keeps the number, the day and the hash of those entries,
so that nobody can wonder what is missing between two others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import ApiKey, AuditEntry, Cohort, Enrolment, Membership, Role
from cohorts.web.chips import Chip, address_of
from programme.trail.words import WORDS

PEOPLE = frozenset({"cohorts.apikey", "cohorts.membership", "cohorts.invitation", "cohorts.organisation"})
COHORTS = frozenset(
    {
        *("cohorts.cohort", "cohorts.enrolment", "cohorts.intake", "cohorts.milestonedate", "cohorts.pause"),
        *("feedback360.feedbacksettings", "feedback360.raterintake", "feedback360.round"),
        *("goals.busyperiod", "goals.figureintake", "goals.kpi", "programme.report"),
        *("coaching.host", "coaching.mentorintake", "coaching.mentorprofile"),
    }
)
CONTENT = frozenset(
    {
        *("cohorts.curriculum", "cohorts.curriculumversion", "cohorts.milestone", "cohorts.sponsorweek"),
        *("cohorts.step", "feedback360.questionnaire"),
    }
)
NAMED = PEOPLE | COHORTS | CONTENT
KINDS = {"": Q(), "people": Q(thing__in=PEOPLE), "cohorts": Q(thing__in=COHORTS), "content": Q(thing__in=CONTENT)}
KIND_LABELS = {
    "": gettext_lazy("Everything"),
    "people": gettext_lazy("People and roles"),
    "cohorts": gettext_lazy("Cohorts, rounds and sending"),
    "content": gettext_lazy("Curricula and questionnaires"),
}
MAX_NAMESAKES = 200
MAX_ABOUT_ONE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What to show: a kind of KINDS or all, a name, the first and the last day."""

    kind: str = ""
    name: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of these days is filtered out."""
        return not (self.kind or self.name)

    def kept(self) -> list[tuple[str, str]]:
        """What the address says besides the kind."""
        days = [(name, on.isoformat() if on else "") for name, on in (("first", self.first), ("last", self.last))]
        return [("name", self.name), *days]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words. `at` is in the reader's zone."""

    number: int
    at: datetime
    who: str
    roles: str
    did: str
    about: str
    entry: AuditEntry

    @property
    def role(self) -> str:
        """The role that was given or taken."""
        return str(dict[str, Any](Role.choices).get(self.entry.details.get("role", ""), ""))

    @property
    def with_key(self) -> str:
        """The beginning of the key with which a program did it for them."""
        prefix = self.entry.details.get("api_key")
        return f"e90_{prefix}_…" if prefix else ""


def entries(asked: Asked, *, zone: ZoneInfo) -> QuerySet[AuditEntry]:
    """Entries of administration, the newest first. A name finds what somebody did and what was done about them."""
    return _of_every_kind(asked, zone).filter(KINDS[asked.kind])


def chips(asked: Asked, *, zone: ZoneInfo) -> list[Chip]:
    """Each kind with how much of it the name and the days leave. One query."""
    counts = _of_every_kind(asked, zone).aggregate(**{f"of_{key}": Count("pk", filter=by) for key, by in KINDS.items()})
    return [
        Chip(address_of([*asked.kept(), ("kind", key)]), str(label), counts[f"of_{key}"], key == asked.kind)
        for key, label in KIND_LABELS.items()
    ]


def _of_every_kind(asked: Asked, zone: ZoneInfo) -> QuerySet[AuditEntry]:
    found = administration(within_days(asked, zone=zone))
    return found.filter(_about(asked.name)) if asked.name else found


def administration(found: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Deeds with words about things with names: a sponsor's part is about a member, too, and no administration."""
    return found.filter(thing__in=NAMED, verb__in=WORDS)


def about(member: Membership, *, zone: ZoneInfo) -> list["Line"]:
    """What was done about one member and their places in cohorts, the newest first."""
    places = list(Enrolment.objects.filter(leader=member).values_list("pk", flat=True))
    theirs = Q(thing="cohorts.membership", thing_id=member.pk) | Q(thing="cohorts.enrolment", thing_id__in=places)
    newest = administration(AuditEntry.objects.filter(theirs)).order_by("-number")[:MAX_ABOUT_ONE]
    return lines(newest, zone=zone)


def is_private(entry: AuditEntry) -> bool:
    return entry.thing not in NAMED or entry.verb not in WORDS


def within_days(asked: Asked, *, zone: ZoneInfo) -> QuerySet[AuditEntry]:
    """Every entry of these days in this zone, the newest first."""
    found = AuditEntry.objects.order_by("-number")
    if asked.first:
        found = found.filter(at__gte=datetime.combine(asked.first, time(), zone))
    if asked.last:
        found = found.filter(at__lt=datetime.combine(asked.last + timedelta(days=1), time(), zone))
    return found


def _about(name: str) -> Q:
    members = Membership.objects.all()
    for word in name.split():
        members = members.filter(name__icontains=word)
    keys = list(members.values_list("pk", flat=True)[:MAX_NAMESAKES])
    enrolments = list(Enrolment.objects.filter(leader__in=keys).values_list("pk", flat=True))
    is_theirs = Q(thing="cohorts.membership", thing_id__in=keys) | Q(thing="cohorts.enrolment", thing_id__in=enrolments)
    return Q(by_id__in=keys) | is_theirs


def lines(found: Iterable[AuditEntry], *, zone: ZoneInfo) -> list[Line]:
    """Entries of administration in words; in three more queries, however many there are."""
    rows = list(found)
    people = _names_of_members(rows)
    things = _names_of_things(rows, people)
    return [_line(row, people, things, zone) for row in rows]


def _line(entry: AuditEntry, people: dict[int, str], things: dict[tuple[str, int], str], zone: ZoneInfo) -> Line:
    roles = _roles(entry.by_label)
    who = people.get(entry.by_id, roles) if entry.by_id else roles
    about = things.get((entry.thing, entry.thing_id or 0), "")
    at = entry.at.astimezone(zone)
    return Line(entry.number, at, who, "" if who == roles else roles, str(WORDS[entry.verb]), about, entry)


def _roles(label: str) -> str:
    if label == "system":
        return _("The system")
    names = dict[str, Any](Role.choices)
    return ", ".join(str(names.get(key, key)) for key in label.split("/"))


def _names_of_members(rows: Sequence[AuditEntry]) -> dict[int, str]:
    keys = {row.by_id for row in rows if row.by_id is not None} | _keys(rows, "cohorts.membership")
    return dict(Membership.objects.filter(pk__in=keys).values_list("pk", "name"))


def _names_of_things(rows: Sequence[AuditEntry], people: dict[int, str]) -> dict[tuple[str, int], str]:
    leaders = Enrolment.objects.filter(pk__in=_keys(rows, "cohorts.enrolment")).values_list("pk", "leader__name")
    cohorts = Cohort.objects.filter(pk__in=_keys(rows, "cohorts.cohort")).values_list("pk", "name")
    keys = ApiKey.objects.filter(pk__in=_keys(rows, "cohorts.apikey")).values_list("pk", "name")
    named = {
        "cohorts.apikey": keys,
        "cohorts.membership": people.items(),
        "cohorts.enrolment": leaders,
        "cohorts.cohort": cohorts,
    }
    return {(thing, key): name for thing, pairs in named.items() for key, name in pairs}


def _keys(rows: Sequence[AuditEntry], thing: str) -> set[int]:
    return {row.thing_id for row in rows if row.thing == thing and row.thing_id is not None}
