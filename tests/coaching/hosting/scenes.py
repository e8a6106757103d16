"""A host with room, and what its forms say when they are filled in."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from coaching.hosting.facts import DateFacts, HostFacts
from coaching.models import Host
from tests.cast import Cast
from tests.times import TODAY

OSLO = ZoneInfo("Europe/Oslo")
NINE = time(9)

HOST_FACTS = HostFacts(
    name="Acme host",
    site="Bergen",
    zone=OSLO,
    about="Twelve advisers on chat and phone.",
    behaviours=["clear", "encouraging"],
    formats=["visit", "talk"],
    languages=["nb"],
    is_remote=False,
    places=4,
    notice_days=5,
    monthly_ceiling=None,
    will_not_show="Customer names.",
    access_notes="Ask for a badge.",
    house_rules="What you see here stays with you.",
    is_competitor=False,
)
DATE_FACTS = DateFacts(
    format="visit",
    title="A morning on the floor",
    about="You sit beside an adviser.",
    behaviours=["clear"],
    language="nb",
    capacity=6,
    minutes=180,
    is_remote=False,
    place="Bryggen 1",
    link="",
)


def acme_host(cast: Cast) -> Host:
    """Gro's. Inside Acme."""
    return Host.objects.get(member=cast.gro)


def host_facts(**changes: Any) -> HostFacts:
    return replace(HOST_FACTS, **changes)


def date_facts(**changes: Any) -> DateFacts:
    return replace(DATE_FACTS, **changes)


def day(number: int) -> Any:
    return TODAY + timedelta(days=number)
