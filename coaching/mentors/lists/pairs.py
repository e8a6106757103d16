"""Read a list of leaders with their coach or mentor and plan row by row what it would do. Pure.

The rules:

1. The reader is that of the people import: same files, separators, header rows, cleaning.
2. The leader and the coach are found by address, or a leader by a name that exactly one leader has.
3. What a leader could not ask for is refused here, too: their reporting line, a declared conflict, no language in
   common, somebody who takes nobody, a second one of the same kind. Places fill up in file order.
4. A pair that meets already stays as it is. The same pair twice is one row.
5. A row with a problem is left out entirely.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from coaching.mentors.lists.plan import Happens, ListPlan, Outcome
from coaching.mentors.matching import Barrier, Offer, Seeker, barrier
from cohorts.imports.header_words import spellings
from cohorts.people.imports.file import full_name, people_list
from cohorts.people.imports.person_names import in_order
from cohorts.people.imports.values import spelled
from cohorts.web.addresses import plain_address

FIELDS = ("leader_email", "leader_name", "name", "email", "cadence")
CADENCES: dict[str, int] = {
    **dict.fromkeys(["7", "weekly", "every week", "hver uke", "ukentlig"], 7),
    **dict.fromkeys(["14", "fortnightly", "every other week", "annenhver uke", "hver annen uke"], 14),
    **dict.fromkeys(["28", "monthly", "every four weeks", "hver fjerde uke", "månedlig"], 28),
}


def column_label(name: str) -> str:
    """The label of a field without a column in the file."""
    return {
        "name": _("Coach's name"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "email": _("Coach's e-mail"),
        "leader_name": _("Leader"),
        "leader_email": _("Leader's e-mail"),
        "cadence": _("How often"),
    }[name]


LIST = people_list(
    spellings(Path(__file__).with_name("pair_headers.yaml")),
    column_label,
    (*FIELDS[:2], "name", "first_name", "last_name", *FIELDS[3:]),
)


@dataclass(frozen=True, slots=True)
class KnownLeader:
    """A leader who can be paired; `partners` are the members they meet already, `asked` those they wait for."""

    email: str
    name: str
    seeker: Seeker
    partners: frozenset[int] = frozenset()
    asked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownOffer:
    """A coach with a profile."""

    email: str
    name: str
    offer: Offer
    cadence_days: int


@dataclass(slots=True)
class _Draft:
    number: int
    said: dict[str, str]
    name: str
    email: str
    leader: KnownLeader | None = None
    coach: KnownOffer | None = None
    cadence: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


def plan_pairs(
    rows: Sequence[tuple[int, Mapping[str, str]]],
    leaders: Iterable[KnownLeader],
    coaches: Iterable[KnownOffer],
    columns: Mapping[str, str],
) -> ListPlan:
    """What these rows would do. `columns` are the file's own headers by field, so that problems name them."""
    planner = _Planner(leaders, coaches, columns)
    return ListPlan(tuple(planner.outcome(number, said) for number, said in rows))


class _Planner:
    def __init__(
        self, leaders: Iterable[KnownLeader], coaches: Iterable[KnownOffer], columns: Mapping[str, str]
    ) -> None:
        self.columns = columns
        self.leaders: dict[str, KnownLeader] = {}
        self.named: dict[str, list[KnownLeader]] = defaultdict(list)
        for leader in leaders:
            self.leaders[leader.email] = leader
            self.named[spelled(leader.name)].append(leader)
        self.coaches = {coach.email: coach for coach in coaches}
        self.planned: set[tuple[int, int]] = set()
        self.new_places: dict[int, int] = defaultdict(int)
        self.new_kinds: dict[int, set[str]] = defaultdict(set)

    def outcome(self, number: int, said: Mapping[str, str]) -> Outcome:
        """Places and kinds fill up in file order, so a row sees those above it."""
        cells = dict(said)
        draft = _Draft(number, cells, full_name(cells), plain_address(cells.get("email", "")))
        self._find_leader(draft)
        self._find_coach(draft)
        self._read_cadence(draft)
        happens = Happens.LEFT_OUT if draft.problems else self._happens(draft)
        values: dict[str, object] = {"cadence_days": draft.cadence}
        if draft.leader and draft.coach:
            values |= {
                "leader": draft.leader.seeker.member_id,
                "leader_name": draft.leader.name,
                "profile": draft.coach.offer.profile_id,
                "kind": draft.coach.offer.kind,
            }
        name = draft.coach.name if draft.coach else draft.name
        return Outcome(number, name, draft.email, happens, values, tuple(draft.problems))

    def _happens(self, draft: _Draft) -> Happens:
        leader, coach = draft.leader, draft.coach
        assert leader is not None
        assert coach is not None
        key = leader.seeker.member_id, coach.offer.profile_id
        if key in self.planned:
            return Happens.MERGED
        if coach.offer.member_id in leader.partners:
            return Happens.UNCHANGED
        if coach.offer.member_id in leader.asked:
            self._wrong(draft, "email", _("The leader has asked them already. Wait for the answer."))
            return Happens.LEFT_OUT
        seeker = replace(leader.seeker, kinds=leader.seeker.kinds | self.new_kinds[leader.seeker.member_id])
        offer = replace(coach.offer, taken=coach.offer.taken + self.new_places[coach.offer.profile_id])
        what = barrier(seeker, offer)
        if what is not None:
            self._wrong(draft, "email", _why(what))
            return Happens.LEFT_OUT
        self.planned.add(key)
        self.new_places[coach.offer.profile_id] += 1
        self.new_kinds[leader.seeker.member_id].add(coach.offer.kind)
        return Happens.PAIRED

    def _find_leader(self, draft: _Draft) -> None:
        address, name = plain_address(draft.said.get("leader_email", "")), in_order(draft.said.get("leader_name", ""))
        if "@" in name and not address:
            address = plain_address(name)
        if address:
            draft.leader = self.leaders.get(address)
            if draft.leader is None:
                self._wrong(draft, "leader_email", _("No leader here has this address."))
            return
        found = self.named.get(spelled(name), []) if name.strip() else []
        if len(found) == 1:
            draft.leader = found[0]
        elif found:
            self._wrong(draft, "leader_name", _("Several leaders have this name. Give the leader's e-mail instead."))
        elif name.strip():
            self._wrong(draft, "leader_name", _("No leader here is called %(name)s.") % {"name": name[:60]})
        else:
            self._wrong(draft, "leader_name", _("The leader is missing."))

    def _find_coach(self, draft: _Draft) -> None:
        draft.coach = self.coaches.get(draft.email)
        if not draft.email:
            self._wrong(draft, "email", _("E-mail is missing."))
        elif draft.coach is None:
            self._wrong(draft, "email", _("No coach or mentor here has this address. Import coaches first."))

    def _read_cadence(self, draft: _Draft) -> None:
        text = spelled(draft.said.get("cadence", ""))
        if text and text not in CADENCES:
            self._wrong(draft, "cadence", _("Write 7, 14 or 28 days."))
        elif draft.coach is not None:
            draft.cadence = CADENCES.get(text, draft.coach.cadence_days)

    def _wrong(self, draft: _Draft, name: str, sentence: str) -> None:
        draft.problems.append((self.columns.get(name) or column_label(name), sentence))


def _why(what: Barrier) -> str:
    """As an admin reads it. A conflict that a mentor declared reads like a reporting line here, too."""
    close = _("They are too close to this leader's work, such as in the reporting line.")
    return {
        Barrier.SELF: _("This is the leader."),
        Barrier.LINE: close,
        Barrier.CONFLICT: close,
        Barrier.SAME_KIND: _("The leader has one of this kind already."),
        Barrier.LANGUAGE: _("The two have no language in common."),
        Barrier.CLOSED: _("They are not taking new people now."),
        Barrier.FULL: _("All their places are taken."),
    }[what]
