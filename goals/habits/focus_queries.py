"""Focus queries that several pages share."""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from cohorts.models import Enrolment
from goals.dial_rules import Setting
from goals.models import Dial, Focus
from goals.reserve import Life


def current_focuses(enrolment: Enrolment) -> QuerySet[Focus]:
    """The current focuses of an enrolment, oldest first."""
    return Focus.objects.current().filter(enrolment=enrolment)


def focuses_with_turns(enrolment: Enrolment) -> list[Focus]:
    """Every focus of an enrolment, archived ones included, with what `life_of` reads. One query."""
    turn = JSONObject(level="level", starts_on="starts_on", ends_on="ends_on")
    columns = {"turns": ArraySubquery(Dial.objects.filter(focus=OuterRef("pk")).order_by("pk").values(turn=turn))}
    return list(Focus.objects.filter(enrolment=enrolment).annotate(**columns))


def life_of(focus: Focus) -> Life:
    """The same as `focus.life`, of one that was read with its turns."""
    turns = tuple(Setting(turn["level"], _day(turn["starts_on"]), _last_day(turn["ends_on"])) for turn in focus.turns)
    return Life(focus.started_on, focus.archived_on, turns)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _last_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
