"""Read a list of raters and plan row by row what it would do. Pure: bytes and what is known in, outcomes out.

The rules:

1. The reader is that of the people import: same files, separators, header rows, cleaning.
2. A row is one rater for one leader. The leader is found by address, or by a name that exactly one leader has.
3. The same rater for the same leader twice is one row if the relation agrees; rows that differ are both left out.
4. Somebody on the list already stays as they are; another relation is a problem.
5. What the leader's own form refuses is refused here: themselves, their manager, thirty on a list, the monthly cap.
6. A row with a problem is left out entirely.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

from cohorts.imports.chosen import AS_GUESSED, Chosen
from cohorts.imports.file import About, read_table
from cohorts.imports.header_words import spellings
from cohorts.people.imports.file import full_name, people_list
from cohorts.people.imports.person_names import in_order
from cohorts.people.imports.values import spelled, wrong_with_address
from cohorts.web.bounds import wrong_with_letters, wrong_with_name
from feedback360.rounds.groups import PEER, TEAM
from feedback360.rounds.rater_rules import (
    MAX_RATER_NAME_CHARACTERS,
    MAX_RATERS,
    asked_often,
    has_room,
    mailbox,
    rater_address,
    wrong_with_rater,
)

FIELDS = ("leader_email", "leader_name", "name", "email", "relation")
TEXTS = ("name", "email", "relation", "leader_name", "leader_email")
NAMES = ("name", "leader_name")
RELATIONS: dict[str, str] = {
    **dict.fromkeys(["team", "team member", "direct report", "report", "subordinate"], TEAM),
    **dict.fromkeys(["teammedlem", "medarbeider", "teamet", "ansatt"], TEAM),
    **dict.fromkeys(["peer", "peers", "colleague", "kollega", "kolleger", "sidestilt"], PEER),
}


def column_label(name: str) -> str:
    """The label of a field without a column in the file."""
    return {
        "name": _("Rater's name"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "email": _("Rater's e-mail"),
        "relation": _("Relation"),
        "leader_name": _("Leader"),
        "leader_email": _("Leader's e-mail"),
    }[name]


LIST = people_list(
    spellings(Path(__file__).with_name("rater_headers.yaml")),
    column_label,
    (*FIELDS[:2], "name", "first_name", "last_name", "email", "relation"),
)


class Happens(StrEnum):
    """What will happen to a row."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class RaterRow:
    """One row as text; fields the file leaves out are empty."""

    number: int = 0
    name: str = ""
    email: str = ""
    relation: str = ""
    leader_name: str = ""
    leader_email: str = ""


@dataclass(frozen=True, slots=True)
class RaterFile:
    """The rows of a file, the header used for each field, the headers not used, and what was read of it."""

    rows: tuple[RaterRow, ...]
    columns: dict[str, str]
    unused: tuple[str, ...]
    about: About


@dataclass(frozen=True, slots=True)
class KnownLeader:
    """A leader of the round: their managers' addresses, and who is on their list with which relation."""

    subject_id: int
    name: str
    email: str
    managers: frozenset[str] = frozenset()
    listed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Month:
    """The monthly cap: when addresses are asked, the date of this round, and the most in thirty days."""

    asked_on: Mapping[str, Sequence[date]]
    on: date
    most: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row and what it will do. Problems are pairs of column and sentence."""

    row: RaterRow
    happens: Happens
    subject_id: int = 0
    leader: str = ""
    email: str = ""
    relation: str = ""
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RaterPlan:
    """The outcome of every row in file order."""

    outcomes: tuple[Outcome, ...]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(str(outcome.happens) for outcome in self.outcomes))

    @property
    def added(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.happens == Happens.ADDED]

    @property
    def left_out(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.problems]

    @property
    def fingerprint(self) -> str:
        """A hash that is equal exactly if the same would happen, checked on confirmation."""
        said = [[o.row.number, o.happens, o.subject_id, o.row.name, o.email, o.relation] for o in self.outcomes]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(slots=True)
class _Draft:
    """One row being planned."""

    row: RaterRow
    leader: KnownLeader | None = None
    email: str = ""
    relation: str = ""
    is_merged: bool = False
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_raters(data: bytes, file_name: str, chosen: Chosen = AS_GUESSED) -> RaterFile:
    """Read the raters in an uploaded file. Raises UnreadableFile with a sentence for the uploader."""
    table = read_table(data, file_name, LIST, chosen)
    rows = tuple(_row(number, said) for number, said in table.rows)
    return RaterFile(rows, table.columns, table.unused, table.about)


def _row(number: int, said: Mapping[str, str]) -> RaterRow:
    cells = dict(said)
    name, leader = full_name(cells), in_order(cells.pop("leader_name", ""))
    if "@" in leader and not cells.get("leader_email"):
        leader, cells["leader_email"] = "", leader
    return RaterRow(number=number, name=name, leader_name=leader, **cells)


def plan_raters(
    rows: Sequence[RaterRow], leaders: Iterable[KnownLeader], columns: Mapping[str, str], month: Month
) -> RaterPlan:
    """What these rows would do. `columns` are the file's own headers by field, so that problems name them."""
    return _Planner(leaders, columns, month).plan(rows)


class _Planner:
    def __init__(self, leaders: Iterable[KnownLeader], columns: Mapping[str, str], month: Month) -> None:
        self.columns, self.month = columns, month
        self.by_email: dict[str, KnownLeader] = {}
        self.by_name: dict[str, list[KnownLeader]] = defaultdict(list)
        for leader in leaders:
            self.by_email[leader.email] = leader
            self.by_name[spelled(leader.name)].append(leader)
        self.sizes = {leader.subject_id: len(leader.listed) for leader in self.by_email.values()}
        self.asked_on = defaultdict(list, {email: list(dates) for email, dates in month.asked_on.items()})

    def plan(self, rows: Sequence[RaterRow]) -> RaterPlan:
        drafts = [self._draft(row) for row in rows]
        self._merge(drafts)
        return RaterPlan(tuple(self._outcome(draft) for draft in drafts))

    def _wrong(self, draft: _Draft, name: str, sentence: str) -> None:
        draft.problems.append((self.columns.get(name) or column_label(name), sentence))

    def _draft(self, row: RaterRow) -> _Draft:
        draft = _Draft(row, email=rater_address(row.email))
        self._find_leader(draft)
        self._read_rater(draft)
        draft.relation = RELATIONS.get(spelled(row.relation), "")
        if not draft.relation:
            self._wrong(draft, "relation", _("Write team or peer. Managers and leaders themselves are asked anyway."))
        for name in TEXTS:
            wrong_with = wrong_with_name if name in NAMES else wrong_with_letters
            if wrong := wrong_with(getattr(row, name)):
                self._wrong(draft, name, wrong)
        if draft.leader and not draft.problems:
            self._ensure_free(draft, draft.leader)
        return draft

    def _read_rater(self, draft: _Draft) -> None:
        if not draft.row.name.strip():
            self._wrong(draft, "name", _("Name is missing."))
        elif len(draft.row.name) > MAX_RATER_NAME_CHARACTERS:
            self._wrong(draft, "name", _("The name is longer than 120 characters."))
        if not draft.email:
            self._wrong(draft, "email", _("E-mail is missing."))
        elif wrong := wrong_with_address(draft.email):
            self._wrong(draft, "email", wrong)

    def _find_leader(self, draft: _Draft) -> None:
        address, name = rater_address(draft.row.leader_email), draft.row.leader_name
        if address:
            draft.leader = self.by_email.get(address)
            if draft.leader is None:
                self._wrong(draft, "leader_email", _("No leader in this round has this address."))
            return
        found = self.by_name.get(spelled(name), []) if name.strip() else []
        if len(found) == 1:
            draft.leader = found[0]
        elif found:
            self._wrong(draft, "leader_name", _("Several leaders have this name. Give the leader's e-mail instead."))
        elif name.strip():
            self._wrong(draft, "leader_name", _("No leader in this round is called %(name)s.") % {"name": name[:60]})
        else:
            self._wrong(draft, "leader_name", _("The leader is missing."))

    def _ensure_free(self, draft: _Draft, leader: KnownLeader) -> None:
        wrong = wrong_with_rater(draft.email, leader=leader.email, managers=leader.managers, is_about_me=False)
        if wrong:
            self._wrong(draft, "email", wrong)
        elif mailbox(draft.email) in {mailbox(email) for email in leader.listed if email != draft.email}:
            self._wrong(draft, "email", _("This person is on the list already, with another spelling of the address."))
        elif leader.listed.get(draft.email, draft.relation) != draft.relation:
            self._wrong(draft, "relation", _("They are on this leader's list already, with another relation."))

    def _merge(self, drafts: Iterable[_Draft]) -> None:
        same: dict[tuple[int, str], list[_Draft]] = defaultdict(list)
        for draft in drafts:
            if draft.leader and draft.email:
                same[draft.leader.subject_id, mailbox(draft.email)].append(draft)
        for rows in same.values():
            if len({draft.relation for draft in rows}) > 1:
                for draft in rows:
                    self._wrong(draft, "relation", _("The same rater is in several rows with different relations."))
            else:
                for draft in rows[1:]:
                    draft.is_merged = not draft.problems

    def _outcome(self, draft: _Draft) -> Outcome:
        happens = self._happens(draft)
        leader = draft.leader
        return Outcome(
            row=draft.row,
            happens=happens,
            subject_id=leader.subject_id if leader else 0,
            leader=leader.name if leader else "",
            email=draft.email,
            relation=draft.relation,
            problems=tuple(draft.problems),
        )

    def _happens(self, draft: _Draft) -> Happens:
        """Places and months fill up in file order, so a row sees those above it."""
        leader = draft.leader
        if draft.problems or leader is None:
            return Happens.LEFT_OUT
        if draft.is_merged:
            return Happens.MERGED
        if draft.email in leader.listed:
            return Happens.UNCHANGED
        if self.sizes[leader.subject_id] >= MAX_RATERS:
            self._wrong(draft, "leader_name", _("This leader has 30 raters, which is the most."))
        elif not has_room(self.asked_on[draft.email], self.month.on, self.month.most):
            self._wrong(draft, "email", asked_often())
        if draft.problems:
            return Happens.LEFT_OUT
        self.sizes[leader.subject_id] += 1
        self.asked_on[draft.email].append(self.month.on)
        return Happens.ADDED
