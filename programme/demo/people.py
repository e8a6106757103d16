"""The invented people of the demo organisations and their habits. Their histories are played, not written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time


@dataclass(frozen=True, slots=True)
class Character:
    """A leader's habits. Chances are per working day; weeks count from 1.

    `keenness` is the chance of a practice by week; the last value given holds for later weeks. `away` and `light` are
    weeks. `fills_in` is how often a missed day is logged the day after, `writes` how often a practice is followed by a
    reflection, `shares` how often that is shared. `rota` is days on and off from day 1, instead of weekdays. `asks` is
    how many of their team and of their peers they ask in a 360, `chooses` whether they chose from its report.
    `talks` is the chance that a planned 1:1 is held, `drop_ins` that of a word in passing on an evening, and after
    `talks_until_week` no 1:1 is planned any more. `aims` is what becomes of each goal they write: *kept, closed,
    scored, let_go, forgotten, proposed, sent_back, draft*.
    """

    keenness: tuple[float, ...]
    skill: float = 3.2
    growth: float = 0.09
    writes: float = 0.3
    shares: float = 0.4
    fills_in: float = 0.15
    focuses: tuple[str, ...] = ("clear",)
    away: tuple[int, ...] = ()
    light: tuple[int, ...] = ()
    hour: time = time(9)
    working_days: tuple[int, ...] = (1, 2, 3, 4, 5)
    rota: tuple[int, int] | None = None
    starts: bool = True
    stops_mail_in_week: int = 0
    asks: tuple[int, int] = (10, 8)
    chooses: bool = True
    talks: float = 0.92
    drop_ins: float = 0.03
    talks_until_week: int = 0
    aims: tuple[str, ...] = ("kept",)


@dataclass(frozen=True, slots=True)
class Leader:
    name: str
    email: str
    sponsor: str
    character: Character
    language: str = "nb"


@dataclass(frozen=True, slots=True)
class Company:
    """One demo organisation. `sponsors`, `admins` and the like map address to name; `host` is one of them.

    All sponsors report to `manager`. A coach takes two leaders, the first two who ask. With `moves_in_week`, the cohort
    begins with the earlier version of the curriculum and goes on with the standard one from that week. `mistyped` maps
    the address of a leader to the wrong one that HR's export has.
    """

    slug: str
    name: str
    language: str
    zone: str
    cohort: str
    holidays: str
    weeks_ago: int
    leaders: tuple[Leader, ...]
    sponsors: Mapping[str, str]
    admins: Mapping[str, str]
    manager: tuple[str, str]
    coaches: Mapping[str, str]
    host: tuple[str, str]
    owners: Mapping[str, str] = field(default_factory=dict)
    moves_in_week: int = 0
    mistyped: Mapping[str, str] = field(default_factory=dict)
    region: str = ""
    closes: tuple[str, int] | None = None  # a day of the cohort's own: its name, and days after day 1
    logo: str = ""  # a file beside this one, which an owner uploads
    keenness: Mapping[str, float] = field(default_factory=dict)  # of sponsors; those not named are halfway

    def keenness_of(self, email: str) -> float:
        """The chance that a sponsor does their part of a week."""
        return self.keenness.get(email, 0.5)

    def character_of(self, email: str) -> Character | None:
        return next((leader.character for leader in self.leaders if leader.email == email), None)


STEADY = Character((0.92, 0.88, 0.85), writes=0.5, focuses=("clear", "understanding"), aims=("kept", "kept"))
KEEN = Character(
    (0.98,),
    skill=3.6,
    writes=0.7,
    shares=0.6,
    focuses=("encouraging", "goal_minded"),
    hour=time(8),
    chooses=False,
    aims=("kept", "closed", "draft"),
)
FADING = Character(
    (0.9, 0.85, 0.6, 0.4, 0.2, 0.1),
    growth=0.02,
    focuses=("goal_minded",),
    asks=(4, 2),
    drop_ins=0.0,
    talks_until_week=8,
    aims=("forgotten",),
)
LATE_BLOOM = Character((0.3, 0.4, 0.55, 0.8, 0.9), skill=2.6, growth=0.14, focuses=("quality_minded",), hour=time(13))
SWAMPED = Character(
    (0.85, 0.8, 0.75),
    light=(3, 5),
    focuses=("understanding", "clear"),
    hour=time(10),
    asks=(9, 4),
    aims=("kept", "let_go"),
)
PART_TIME = Character((0.85,), working_days=(1, 3, 5), focuses=("enthusiastic",), hour=time(12), aims=("proposed",))
AWAY = Character((0.85, 0.85), away=(4,), focuses=("initiative",))
FILLS_IN = Character((0.45,), fills_in=0.8, focuses=("clear",), writes=0.15, aims=("sent_back",))
APP_ONLY = Character((0.8,), stops_mail_in_week=2, focuses=("encouraging",), writes=0.2, aims=("draft",))
NOT_YET = Character((0.0,), starts=False)
SEVEN_DAYS = Character(
    (0.8,), working_days=(1, 2, 5, 6, 7), focuses=("goal_minded", "encouraging"), hour=time(14), aims=("scored",)
)
FOUR_ON_FOUR_OFF = Character((0.9, 0.85), rota=(4, 4), focuses=("understanding", "initiative"), hour=time(15))

NORDLYS = Company(
    slug="nordlys",
    name="Nordlys Kundesenter",
    language="nb",
    zone="Europe/Oslo",
    cohort="Teamledere høsten",
    holidays="NO",
    weeks_ago=6,
    leaders=(
        Leader("Ingrid Solheim", "ingrid@nordlys.example", "bjorn@nordlys.example", KEEN),
        Leader("Omar Haddad", "omar@nordlys.example", "bjorn@nordlys.example", STEADY),
        Leader("Åse-Kristin Bjørnstjerne-Ødegård", "ase@nordlys.example", "bjorn@nordlys.example", SWAMPED),
        Leader("Jonas Lie Nilsen", "jonas@nordlys.example", "bjorn@nordlys.example", FADING),
        Leader("Marte Dahl", "marte@nordlys.example", "priya@nordlys.example", LATE_BLOOM),
        Leader("Tomasz Kowalski", "tomasz@nordlys.example", "priya@nordlys.example", PART_TIME, "en"),
        Leader("Sunniva Berg", "sunniva@nordlys.example", "priya@nordlys.example", AWAY),
        Leader("Erik Hansen", "erik@nordlys.example", "priya@nordlys.example", FILLS_IN),
        Leader("Fatima Zahra Idrissi", "fatima@nordlys.example", "priya@nordlys.example", SEVEN_DAYS),
        Leader("Lars Myhre", "lars@nordlys.example", "kari@nordlys.example", APP_ONLY),
        Leader("Nora Vik", "nora@nordlys.example", "kari@nordlys.example", FOUR_ON_FOUR_OFF),
        Leader("Pål Strand", "pal@nordlys.example", "kari@nordlys.example", NOT_YET),
    ),
    sponsors={
        "bjorn@nordlys.example": "Bjørn Aasen",
        "priya@nordlys.example": "Priya Raman",
        "kari@nordlys.example": "Kari Lunde",
    },
    manager=("gunnar@nordlys.example", "Gunnar Lie"),
    coaches={"solveig@nordlys.example": "Solveig Brekke"},
    host=("silje@nordlys.example", "Silje Karlsen"),
    admins={"hanne@nordlys.example": "Hanne Moen"},
    owners={"olav@nordlys.example": "Olav Tveit"},
    mistyped={"nora@nordlys.example": "norra@nordlys.example"},
    logo="nordlys.png",
    keenness={"bjorn@nordlys.example": 0.9, "kari@nordlys.example": 0.15},
)

HARBOUR = Company(
    slug="harbour",
    name="Harbour Support",
    language="en",
    zone="Europe/London",
    cohort="Team leaders, autumn",
    holidays="GB",
    region="ENG",
    closes=("Staff day", 84),
    weeks_ago=10,
    moves_in_week=5,
    leaders=(
        Leader("Grace Okafor", "grace@harbour.example", "dan@harbour.example", STEADY, "en"),
        Leader("Liam Byrne", "liam@harbour.example", "dan@harbour.example", LATE_BLOOM, "en"),
        Leader("Sofia Rossi", "sofia@harbour.example", "dan@harbour.example", SWAMPED, "en"),
        Leader("Ben Carter", "ben@harbour.example", "priya@nordlys.example", FADING, "en"),
    ),
    # Priya is a sponsor in both organisations: one sign-in, two memberships.
    sponsors={"dan@harbour.example": "Dan Whitfield", "priya@nordlys.example": "Priya Raman"},
    manager=("ruth@harbour.example", "Ruth Bell"),
    coaches={"idris@harbour.example": "Idris Khan"},
    host=("morag@harbour.example", "Morag Sinclair"),
    admins={"zoe@harbour.example": "Zoe Adams"},
    keenness={"dan@harbour.example": 0.8},
)

COMPANIES = (NORDLYS, HARBOUR)


def company_of(slug: str) -> Company | None:
    return next((company for company in COMPANIES if company.slug == slug), None)
