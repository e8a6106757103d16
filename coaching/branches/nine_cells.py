"""Who supports a transfer from the classroom, and when: manager, trainer and trainee, before, during and after.

After Broad and Newstrom. The training is the ninety days; the trainer is the programme, the manager the sponsor. Each
cell says what is done in it, how long it takes, why it is worth it, which parts of a curriculum carry it, and what
trace shows that it was used.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Who(StrEnum):
    MANAGER = "manager"
    TRAINER = "trainer"
    TRAINEE = "trainee"


class When(StrEnum):
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Part(StrEnum):
    """A part of a curriculum that carries a cell."""

    BRIEF = "brief"
    SPONSOR_WEEKS = "sponsor_weeks"
    STEPS = "steps"
    CIRCLE = "circle"
    FIRST_EVENTS = "first_events"
    LAST_EVENTS = "last_events"


class Trace(StrEnum):
    """What shows that a cell was used for a leader."""

    TALK_BEFORE = "talk_before"
    EVENT_BEFORE = "event_before"
    SCHEDULE = "schedule"
    CHECK_IN = "check_in"
    STEP_SENT = "step_sent"
    PRACTICE = "practice"
    END_REVIEW = "end_review"
    EVENT_AFTER = "event_after"
    STILL_PRACTISING = "still_practising"


@dataclass(frozen=True, slots=True)
class Cell:
    """One of the nine."""

    who: Who
    when: When
    act: Promise
    minutes: int
    evidence: Promise
    parts: tuple[Part, ...]
    trace: Trace


WHO = {Who.MANAGER: _("Sponsor"), Who.TRAINER: _("Programme"), Who.TRAINEE: _("Leader")}
WHEN = {
    When.BEFORE: _("Before day 1"),
    When.DURING: _("In the ninety days"),
    When.AFTER: _("In the last week and after"),
}
PARTS = {
    Part.BRIEF: _("The sponsor’s page"),
    Part.SPONSOR_WEEKS: _("The sponsor’s weeks"),
    Part.STEPS: _("Steps"),
    Part.CIRCLE: _("Circle agendas"),
    Part.FIRST_EVENTS: _("Live events up to day 1"),
    Part.LAST_EVENTS: _("Live events from day 85"),
}
COUNTS_FROM = {When.BEFORE: 1, When.DURING: 1, When.AFTER: 92}  # the cohort's day; the end review has week 13

CELLS = (
    Cell(
        Who.MANAGER,
        When.BEFORE,
        _("A talk before day 1: what it is for, and what is taken off the desk."),
        10,
        _(
            "One of the three strongest cells (Broad and Newstrom). "
            "Ten minutes are enough and need no expertise (Shriver and Goldsmith 2017)."
        ),
        (Part.BRIEF,),
        Trace.TALK_BEFORE,
    ),
    Cell(
        Who.TRAINER,
        When.BEFORE,
        _("A kick-off that says what is expected, and of whom."),
        30,
        _("One of the three strongest cells (Broad and Newstrom)."),
        (Part.FIRST_EVENTS,),
        Trace.EVENT_BEFORE,
    ),
    Cell(
        Who.TRAINEE,
        When.BEFORE,
        _("Chooses hour and working days, and so says yes to it."),
        3,
        _("Our judgement; no study of this cell alone. Support that feels like control hurts (Nijman et al. 2005)."),
        (Part.FIRST_EVENTS,),
        Trace.SCHEDULE,
    ),
    Cell(
        Who.MANAGER,
        When.DURING,
        _("A check-in every other week, cover when it counts, an answer to what is asked."),
        10,
        _("Practical cover helps, and so do interest and being involved (Lancaster et al. 2013, 24 interviews)."),
        (Part.SPONSOR_WEEKS,),
        Trace.CHECK_IN,
    ),
    Cell(
        Who.TRAINER,
        When.DURING,
        _("A small step at an hour that fits, and meetings with peers."),
        3,
        _("Where most of what is done sits (Broad and Newstrom)."),
        (Part.STEPS, Part.CIRCLE),
        Trace.STEP_SENT,
    ),
    Cell(
        Who.TRAINEE,
        When.DURING,
        _("Tries one thing on the job, with one if-then plan at a time."),
        5,
        _("If-then plans help, and one at a time helps most (Sheeran, Listrom and Gollwitzer 2024)."),
        (Part.STEPS,),
        Trace.PRACTICE,
    ),
    Cell(
        Who.MANAGER,
        When.AFTER,
        _("An end review: what has changed, and what goes on."),
        20,
        _(
            "One of the three strongest cells (Broad and Newstrom). "
            "Afterwards, a meeting is the best chance (Lancaster et al. 2013)."
        ),
        (Part.SPONSOR_WEEKS, Part.LAST_EVENTS),
        Trace.END_REVIEW,
    ),
    Cell(
        Who.TRAINER,
        When.AFTER,
        _("A closing meeting that looks at what was reached."),
        45,
        _("Our judgement; no study of this cell alone."),
        (Part.LAST_EVENTS,),
        Trace.EVENT_AFTER,
    ),
    Cell(
        Who.TRAINEE,
        When.AFTER,
        _("Goes on practising when nobody sends a step."),
        5,
        _("Our judgement; no study of this cell alone."),
        (Part.STEPS,),
        Trace.STILL_PRACTISING,
    ),
)
