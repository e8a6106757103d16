"""What a search finds, and for whom.

A sponsor finds their own leaders and nobody else. An admin finds members, cohorts and the steps of curricula: names and
content, never what somebody wrote. Somebody with both roles finds both. Everybody else finds nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Case, Count, F, Max, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Cohort, Enrolment, Membership, Role, Step
from cohorts.schedule.date_words import date_words, fill, join
from cohorts.web.inputs import normalised
from cohorts.web.permissions import Permission, may

MAX_ASKED_CHARACTERS = 100
MAX_HITS = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One line: what was found, where it leads, and one quiet line that tells it from others."""

    name: str
    url: str
    line: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind. `has_more` when there is more than is shown; `more_url` where all of it stands."""

    title: str
    hits: tuple[Hit, ...]
    has_more: bool = False
    more_url: str = ""


def asked_of(text: str) -> str:
    """What somebody asked for, from the address."""
    return " ".join(normalised(text).split())[:MAX_ASKED_CHARACTERS].strip()


def find(asked: str, *, by: Membership, language: str) -> list[Group]:
    """What matches every word, by kind. At most one query for each kind."""
    if not asked:
        return []
    found = (finder(asked, by, language) for permission, finder in FINDERS if may(by, permission))
    return [group for group in found if group.hits]


def _leaders(asked: str, by: Membership, _language: str) -> Group:
    mine = Enrolment.objects.active().filter(sponsor=by, leader__left_at=None).select_related("leader", "cohort")
    rows = _nearest_first(_with_every_word(mine, asked, "leader__name"), asked, "leader__name")
    hits = [Hit(row.leader.name, reverse("leader", args=[row.pk]), row.cohort.name) for row in rows[: MAX_HITS + 1]]
    return _group(_("Your leaders"), hits, more_url=reverse("all_leaders"))


def _members(asked: str, _by: Membership, _language: str) -> Group:
    here = Membership.objects.here().select_related("person")
    rows = _nearest_first(_with_every_word(here, asked, "name", "person__email"), asked, "name")
    hits = [Hit(row.name, reverse("member", args=[row.pk]), _about_member(row)) for row in rows[: MAX_HITS + 1]]
    return _group(_("People"), hits, more_url=f"{reverse('members')}?{urlencode({'q': asked})}")


def _cohorts(asked: str, _by: Membership, _language: str) -> Group:
    rows = _with_every_word(Cohort.objects.all(), asked, "name").annotate(
        leaders=Count("enrolments", filter=Q(enrolments__left_on=None))
    )
    newest_first = rows.order_by("-day1_on", "name")[: MAX_HITS + 1]
    hits = [Hit(row.name, reverse("cohort", args=[row.pk]), _about_cohort(row)) for row in newest_first]
    return _group(_("Cohorts"), hits, more_url=reverse("cohort_list"))


def _steps(asked: str, _by: Membership, language: str) -> Group:
    """Of the newest version of each curriculum, in any of its languages: older ones say the same once more."""
    texts = [f"text__{code}__{part}" for code, _name in settings.LANGUAGES for part in ("title", "practice")]
    newest = Step.objects.alias(newest=Max("version__curriculum__versions__number")).filter(version__number=F("newest"))
    rows = _with_every_word(newest, asked, *texts).select_related("version").defer("version__brief", "version__sources")
    hits = [
        Hit(
            row.in_language(language).title,
            reverse("curriculum_step", args=[row.version_id, row.pk]),
            _("Day %(day)d · %(curriculum)s") % {"day": row.day, "curriculum": row.version.title_in(language)},
        )
        for row in rows.order_by("day", "kind", "pk")[: MAX_HITS + 1]
    ]
    return _group(_("Steps"), hits)


Finder = Callable[[str, Membership, str], Group]
FINDERS: tuple[tuple[Permission, Finder], ...] = (
    (Permission.SPONSOR, _leaders),
    (Permission.RUN_COHORTS, _members),
    (Permission.RUN_COHORTS, _cohorts),
    (Permission.RUN_COHORTS, _steps),
)


def _with_every_word(rows: QuerySet, asked: str, *fields: str) -> QuerySet:
    for word in asked.split():
        rows = rows.filter(_any(fields, word))
    return rows


def _nearest_first(rows: QuerySet, asked: str, name: str) -> QuerySet:
    """Names with words that begin as asked, then other names: whole companies share the end of an address."""
    begins, has = Q(), Q()
    for word in asked.split():
        begins &= Q((f"{name}__istartswith", word), (f"{name}__icontains", f" {word}"), _connector=Q.OR)
        has &= Q((f"{name}__icontains", word))
    return rows.order_by(Case(When(begins, then=0), When(has, then=1), default=2), name, "pk")


def _any(fields: Iterable[str], word: str) -> Q:
    return Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR)


def _group(title: str, hits: Sequence[Hit], more_url: str = "") -> Group:
    return Group(title, tuple(hits[:MAX_HITS]), len(hits) > MAX_HITS, more_url)


def _about_member(member: Membership) -> str:
    roles = ", ".join(str(role.label) for role in Role if member.has_role(role))
    return " · ".join(filter(None, (member.person.email, roles)))


def _about_cohort(cohort: Cohort) -> str:
    count = cohort.leaders  # type: ignore[attr-defined]
    leaders = ngettext("%(count)d leader", "%(count)d leaders", count) % {"count": count}
    day_1 = fill(_("day 1 on %(date)s"), {"date": date_words(cohort.day1_on)})
    return join(" · ", [leaders, day_1])
