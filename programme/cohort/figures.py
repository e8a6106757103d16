"""The numbers of a cohort's page, each with a sentence that gives the comparison or the names. No database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.branches.health import Acceptance, Count, Health
from coaching.disclosure import MIN_PEOPLE
from cohorts.enrolment.attention import Group, names_of
from cohorts.enrolment.roster import RosterLine
from cohorts.enrolment.sponsors import SILENT_AFTER, SponsorLine
from cohorts.enrolment.status import Key
from cohorts.schedule.date_words import date_words, fill
from cohorts.schedule.milestone_cards import Live, day_word
from programme.cohort.activity import monday

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, as components/figures.html shows it."""

    label: str
    number: str
    sentence: str
    of: str = ""
    asks: bool = False
    url: str = ""


def practised_this_week(here: Sequence[RosterLine], practised: Mapping[int, Collection[date]], today: date) -> Figure:
    """Leaders with at least one practice since Monday, beside as many days of last week."""
    now = _practised_between(here, practised, monday(today), today)
    before = _practised_between(here, practised, monday(today) - WEEK, today - WEEK)
    label, of = _("Practised this week"), _("of %(count)d") % {"count": len(here)}
    if not any(line.day >= 1 for line in here):
        return Figure(label, str(now), _("The ninety days haven’t begun."), of)
    day = date_words(today - WEEK, "l")
    more, parts = now - before, {"count": abs(now - before), "day": day}
    if more > 0:
        sentence = ngettext("%(count)d more than last %(day)s.", "%(count)d more than last %(day)s.", more)
    elif more < 0:
        sentence = ngettext("%(count)d fewer than last %(day)s.", "%(count)d fewer than last %(day)s.", -more)
    else:
        sentence = _("As many as last %(day)s.")
    return Figure(label, str(now), fill(sentence, parts), of)


def need_attention(groups: Iterable[Group]) -> Figure:
    """Leaders who can't get in, whose mail failed or who have gone quiet."""
    counts = {group.key: group.people for group in groups}
    parts = [
        ngettext("%(count)d can’t get in", "%(count)d can’t get in", counts.get(Key.NOT_SIGNED_IN, 0)),
        ngettext("%(count)d got no mail", "%(count)d got no mail", counts.get(Key.MAIL_FAILED, 0)),
        ngettext("%(count)d is quiet", "%(count)d are quiet", counts.get(Key.QUIET, 0)),
    ]
    keys = (Key.NOT_SIGNED_IN, Key.MAIL_FAILED, Key.QUIET)
    said = [part % {"count": counts[key]} for part, key in zip(parts, keys, strict=True) if counts.get(key)]
    number = sum(counts.get(key, 0) for key in keys)
    sentence = f"{', '.join(said)}." if said else _("Nobody just now.")
    return Figure(_("Need attention"), str(number), sentence, asks=number > 0, url="#attention" if number else "")


def sponsors_silent(sponsors: Sequence[SponsorLine]) -> Figure:
    """Sponsors who have opened nothing for more than a week."""
    silent = [sponsor for sponsor in sponsors if sponsor.is_silent]
    days = {"days": SILENT_AFTER.days}
    if silent:
        names = names_of([sponsor.name for sponsor in silent])
        sentence = _("%(names)s, for more than %(days)d days.") % {"names": names, **days}
    elif sponsors:
        sentence = _("All have been here in the last %(days)d days.") % days
    else:
        sentence = _("No leader under way has a sponsor.")
    return Figure(_("Sponsors silent"), str(len(silent)), sentence, _("of %(count)d") % {"count": len(sponsors)})


def next_live_event(event: Live | None, today: date) -> Figure:
    """When the cohort meets next, and what for."""
    if event is None or event.on is None:
        return Figure(_("Next live event"), "–", _("None is planned."))
    is_near = event.on - today < WEEK
    number = day_word(event.on, today) if is_near else date_words(event.on, "SHORT_MONTH_DAY_FORMAT")
    return Figure(_("Next live event"), number, event.text.title)


def talks_and_mentors(health: Health) -> list[Figure]:
    """How 1:1s go, in counts of at least five people; empty while no count has so many."""
    if not any((health.talks, health.actions, health.acknowledged, health.accepted)):
        return []
    return [
        _kept(_("1:1s held"), health.talks, _("Of those planned up to now.")),
        _kept(_("Actions done by their date"), health.actions, _("Of those agreed with a date.")),
        _kept(_("1:1s answered in time"), health.acknowledged, _("By the leader, within three working days.")),
        _accepted(health.accepted),
    ]


def _kept(label: str, count: Count | None, sentence: str) -> Figure:
    if count is None:
        return _too_few(label)
    return Figure(label, str(count.kept), sentence, _("of %(count)d") % {"count": count.agreed})


def _accepted(acceptance: Acceptance | None) -> Figure:
    label = _("Days until a mentor accepts")
    if acceptance is None:
        return _too_few(label)
    sentence = ngettext("The median of %(count)d request.", "The median of %(count)d requests.", acceptance.requests)
    return Figure(label, number_format(acceptance.days, 1), sentence % {"count": acceptance.requests})


def _too_few(label: str) -> Figure:
    return Figure(label, "–", _("Shown from %(count)d people up.") % {"count": MIN_PEOPLE})


def _practised_between(
    here: Iterable[RosterLine], practised: Mapping[int, Collection[date]], first: date, last: date
) -> int:
    return sum(any(first <= on <= last for on in practised.get(line.enrolment_id, ())) for line in here)
