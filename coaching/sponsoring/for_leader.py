"""What a sponsor did, offered and answered, as the leader's Today shows it. Read in the query for their clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.models import ActKind, Ask, ProtectedTime, SponsorAct, SupportAnswer
from coaching.sponsoring.support_moments import moment_on
from cohorts.models import Clock
from cohorts.models.given_names import given_name
from cohorts.schedule.date_words import date_words, dated_text, fill
from cohorts.schedule.milestone_cards import day_word
from cohorts.schedule.path import Calendar
from cohorts.schedule.time_zones import local_date

ASKED_FOR = timedelta(days=14)  # how long a leader is asked whether a talk happened
MINE = Q(enrolment=OuterRef("enrolment"))

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tap:
    """A line with two answers; both are posted to one address."""

    text: str
    url: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer the leader has not read yet."""

    sponsor: str
    question: str
    url: str


@dataclass(frozen=True, slots=True)
class ForLeader:
    """One line for each thing; `kept_free` are lines without an act."""

    taps: tuple[Tap, ...] = ()
    answered: tuple[Answered, ...] = ()
    kept_free: tuple[str, ...] = ()
    asks_how_it_feels: bool = False

    @property
    def has_lines(self) -> bool:
        return bool(self.taps or self.answered or self.kept_free)


def columns_for_leader(*, now: datetime) -> dict[str, ArraySubquery]:
    """What `for_leader` reads, as annotations for the leader's clock."""
    acts = SponsorAct.objects.waiting_for_leader().filter(MINE, done_at__gt=now - ASKED_FOR)
    times = ProtectedTime.objects.filter(MINE, declined_at=None, on__gte=now.date() - timedelta(days=1))
    answered = Ask.objects.filter(MINE, answered_at__isnull=False, read_at=None)
    moments = SupportAnswer.objects.filter(MINE)
    return {
        "sponsor_acts": _rows(acts.order_by("pk"), kind="kind", at="done_at", name="sponsor__name"),
        "sponsor_times": _rows(
            times.order_by("on", "pk"), on="on", minutes="minutes", taken="accepted_at", name="offered_by__name"
        ),
        "sponsor_answers": _rows(answered.order_by("answered_at"), text="text", name="sponsor__name"),
        "sponsor_moments": _rows(moments, moment="moment"),
    }


def for_leader(clock: Clock, calendar: Calendar, today: date) -> ForLeader:
    """The lines of one date. `clock` comes with `columns_for_leader`; without them there are none."""
    times: Sequence[Row] = getattr(clock, "sponsor_times", ())
    offers = [row for row in times if _on(row) >= today]
    moments = {row["moment"] for row in getattr(clock, "sponsor_moments", ())}
    moment = moment_on(calendar, today)
    return ForLeader(
        taps=(
            *(_act(row, calendar) for row in getattr(clock, "sponsor_acts", ())),
            *(_offer(row, today) for row in offers if not row["taken"]),
        ),
        answered=tuple(_answers(getattr(clock, "sponsor_answers", ()))),
        kept_free=tuple(_kept_free(row, today) for row in offers if row["taken"]),
        asks_how_it_feels=bool(moment and moment not in moments and clock.enrolment.sponsor_id),
    )


def time_words(minutes: int) -> str:
    return ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}


def day_words(on: date, today: date) -> str:
    """`today`, `tomorrow`, or the weekday with its date."""
    if on - today < timedelta(days=2):
        return dated_text(on, day_word(on, today).lower())
    return date_words(on, "WEEKDAY_FORMAT")


def _rows(found: QuerySet[Any], **columns: str) -> ArraySubquery:
    return ArraySubquery(found.values(row=JSONObject(pk="pk", **columns)))


def _act(row: Row, calendar: Calendar) -> Tap:
    on = local_date(datetime.fromisoformat(row["at"]), calendar.zone)
    parts = {"sponsor": _first(row), "date": date_words(on, "WEEKDAY_FORMAT")}
    words = {
        ActKind.PRE_BRIEF: _("%(sponsor)s noted on %(date)s that you had your first talk about the ninety days."),
        ActKind.CHECK_IN: _("%(sponsor)s noted on %(date)s that the two of you talked."),
        ActKind.END_REVIEW: _("%(sponsor)s noted on %(date)s that you looked back on the ninety days together."),
    }[row["kind"]]
    return Tap(fill(words, parts), reverse("part_answer", args=[row["pk"]]), _("Yes, we did"), _("No, not this time"))


def _offer(row: Row, today: date) -> Tap:
    parts = {"sponsor": _first(row), "time": time_words(row["minutes"]), "day": day_words(_on(row), today)}
    text = fill(_("%(sponsor)s offers you %(time)s for your own practice %(day)s."), parts)
    return Tap(text, reverse("offer_answer", args=[row["pk"]]), _("Yes, please"), _("Not this time"))


def _kept_free(row: Row, today: date) -> str:
    parts = {
        "sponsor": _first(row),
        "time": time_words(row["minutes"]),
        "day": dated_text(_on(row), capfirst(day_words(_on(row), today))),
    }
    return fill(_("%(day)s: %(time)s kept free for you by %(sponsor)s."), parts)


def _answers(rows: Sequence[Row]) -> Iterator[Answered]:
    for row in rows:
        yield Answered(_first(row), row["text"], reverse("own_ask", args=[row["pk"]]))


def _on(row: Row) -> date:
    on = parse_date(row["on"])
    assert on is not None
    return on


def _first(row: Row) -> str:
    return given_name(str(row["name"]))
