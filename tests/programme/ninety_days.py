"""A leader who has walked ninety days: three or four practices a week, sixty reflections, dials that were turned."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from cohorts.models import Enrolment
from goals.models import Dial, Focus, Practice, Reflection, Share

OSLO = ZoneInfo("Europe/Oslo")
SECRET = "private words of a leader"  # pragma: allowlist secret
SHARED = "words shared with a sponsor"
LINE = "a line for themself, at a place of their own"
ANSWERS = {
    "tried": "I sat beside Kari for two calls and asked one question before I said anything myself.",
    "happened": "She told me what she had heard in the customer’s voice. The second call was calmer, and shorter.",
    "learned": "When I wait three seconds, people find the answer themselves. My advice was not needed.",
    "next": "Tomorrow I ask the same question in the morning huddle, and write down what they say.",
}


def walk(enrolment: Enrolment, *, days: int = 90, reflections: int = 60) -> date:
    """Live the days; everything of before is forgotten. Returns the last date."""
    for model in (Reflection, Practice, Dial, Focus):
        related = "focus__enrolment" if model is Dial else "enrolment"
        model.objects.filter(**{related: enrolment}).delete()
    dates = [enrolment.day1_on + timedelta(days=number) for number in range(days)]
    focuses = [_focus(enrolment, "clear"), _focus(enrolment, "encouraging")]
    for turn, focus in enumerate(focuses * 5):
        starts_on = enrolment.day1_on + timedelta(days=8 * turn)
        if starts_on <= dates[-1]:
            Dial.objects.create(focus=focus, level=(2, 1, 3, 2)[turn % 4], starts_on=starts_on, set_by=enrolment.leader)
    Practice.objects.bulk_create([_practice(enrolment, focuses, on) for on in dates if _logs(on)])
    Reflection.objects.bulk_create([_reflection(enrolment, dates, number) for number in range(reflections)])
    _share(enrolment)
    return dates[-1]


def _share(enrolment: Enrolment) -> None:
    """All of it names the sponsor, as the actions do."""
    sponsor = enrolment.sponsor
    if sponsor is not None:
        shared = Reflection.objects.filter(enrolment=enrolment, audience="sponsor")
        shares = [Share(reflection=each, reader=sponsor, shared_at=each.written_at) for each in shared]
        shares += [
            Share(focus=each, reader=sponsor, shared_at=_evening(each.started_on)) for each in enrolment.focuses.all()
        ]
        Share.objects.bulk_create(shares)


def _focus(enrolment: Enrolment, behaviour: str) -> Focus:
    return Focus.objects.create(
        enrolment=enrolment,
        behaviour=behaviour,
        cue="a call ends badly and the agent looks at me",
        response="ask what the customer wanted before I say anything",
        started_on=enrolment.day1_on,
    )


def _logs(on: date) -> bool:
    return on.isoweekday() <= 5 and on.toordinal() % 4 != 1


def _practice(enrolment: Enrolment, focuses: list[Focus], on: date) -> Practice:
    did_it = on.toordinal() % 9 != 0
    return Practice(
        enrolment=enrolment,
        focus=focuses[on.toordinal() % 2],
        on=on,
        did_it=did_it,
        went=on.toordinal() % 5 + 1 if did_it else None,
        place=LINE,
        line=LINE,
        is_back_filled=on.toordinal() % 11 == 0,
        key=uuid4(),
        logged_at=_evening(on),
    )


def _reflection(enrolment: Enrolment, dates: list[date], number: int) -> Reflection:
    on = dates[number * len(dates) // 60 % len(dates)]
    is_shared = number % 4 == 0
    mark = f"{SHARED if is_shared else SECRET} {number}. "
    return Reflection(
        enrolment=enrolment,
        on=on,
        audience="sponsor" if is_shared else "private",
        key=uuid4(),
        written_at=_evening(on),
        **{name: mark + text for name, text in ANSWERS.items()},
    )


def _evening(on: date) -> datetime:
    return datetime.combine(on, time(16), tzinfo=OSLO)
