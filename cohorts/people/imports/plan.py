"""Plan an import row by row: what would happen to each person, and what is wrong. Pure.

The rules:

1. A person is an e-mail address. The same address twice is one person: rows that agree, or where one says nothing,
   are merged; rows that differ are both left out. Different roles do not differ: they add up.
2. A row without a role is a leader. A leader may be somebody's manager, too, and gets both roles.
3. A manager is who somebody reports to, and becomes the sponsor of a leader whom no sponsor column gives another.
   Both are found by address, by employee number, or by a name that exactly one person in the file or the organisation
   has; a name that is only alike is noted. With an address that is nowhere else they become a new sponsor.
4. Somebody already in the cohort keeps their zone, hour and language; only a named sponsor or manager replaces theirs.
5. A row with a problem is left out entirely. What a row need not say is no problem when it is not understood: it
   becomes the default, with a note. One person added by hand, or people sent by a program, are no list that someone
   wrote: there it is a problem (`is_strict`).
   Nobody joins a second cohort while in one, and a list brings nobody back who has left, or lets anybody in who is
   suspended.
6. People may report to each other, straight or in a circle: it is noted beside each of them.
7. The same name with another address is noted, and the same address with another name leaves both out. What somebody
   decided about such a row is `decided`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain, islice
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from cohorts.imports.cell_texts import NO_VALUE
from cohorts.people.imports.drafts import Draft, Drafts, Problem
from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.multimap import Multimap
from cohorts.people.imports.person_names import AN_ID, likely, without_id, wrong_as_name
from cohorts.people.imports.values import (
    LEADER,
    MAX_NAME_CHARACTERS,
    SPONSOR,
    column_label,
    is_nothing,
    language_named,
    name_before_address,
    name_from_address,
    roles_named,
    shut_out_sentence,
    spelled,
    wrong_with_address,
)
from cohorts.people.reporting_loops import loop_sentence, loops_in
from cohorts.schedule.zone_names import read_zone, why_unread
from cohorts.web.addresses import plain_address
from cohorts.web.bounds import wrong_with_letters, wrong_with_name
from cohorts.web.language import page_language

SPONSOR_COLUMNS, MANAGER_COLUMNS = ("sponsor_name", "sponsor_email"), ("manager_name", "manager_email")
ABOVE = (*MANAGER_COLUMNS, *SPONSOR_COLUMNS)
NAMES = ("name", "manager_name", "sponsor_name")
TEXTS = ("name", "email", "zone", "language", "role", "employee_id", "manager_id", *ABOVE)
texts_of = attrgetter(*TEXTS)
A_LEADER = frozenset({LEADER})  # one for all of them
IN, OUT = "in", "out"  # decided about a row
SAME = "same"  # decided about a new sponsor: they are the member with their name
MAX_OTHERS = 5  # rows named in one sentence
MERGED_AT_ONCE = 10_000  # rows
LEVELS_PRUNED = 30  # of the hierarchy, from below, before loops are looked for in what is left
SUGGESTIONS = 100  # unknown zones for which a suggestion is computed; each costs milliseconds


class Happens(StrEnum):
    """What will happen to a row's person."""

    NEW_LEADER = "new_leader"
    JOINS = "joins"
    SPONSOR_CHANGES = "sponsor_changes"
    MANAGER_CHANGES = "manager_changes"
    UNCHANGED = "unchanged"
    NEW_SPONSOR = "new_sponsor"
    BECOMES_SPONSOR = "becomes_sponsor"
    MERGED = "merged"
    SET_ASIDE = "set_aside"
    LEFT_OUT = "left_out"


class Outcome(NamedTuple):
    """One row and what it will do."""

    row: PersonRow
    happens: Happens
    email: str = ""
    sponsor_email: str = ""
    manager_email: str = ""
    zone: str = ""
    language: str = ""
    roles: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    choices: tuple[str, ...] = ()  # what can be decided about it: IN, OUT


class NewSponsor(NamedTuple):
    """Somebody who appears only in the columns for managers and sponsors. `same_as` is a member with their name."""

    email: str
    name: str
    happens: Happens
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member of the organisation. `sponsor_email` is their sponsor's address in this cohort, empty for none."""

    email: str
    name: str
    roles: frozenset[str] = frozenset()
    has_left: bool = False
    is_shut_out: bool = False
    is_enrolled: bool = False
    has_left_cohort: bool = False
    sponsor_email: str = ""
    manager_email: str = ""
    other_cohort: str = ""


@dataclass(frozen=True, slots=True)
class Defaults:
    """Values for fields a row leaves empty."""

    zone: str
    language: str


@dataclass(frozen=True, slots=True)
class IntakePlan:
    """The outcome of every row in file order, and the sponsors found in the columns for managers and sponsors."""

    outcomes: tuple[Outcome, ...]
    sponsors: tuple[NewSponsor, ...]

    @property
    def counts(self) -> dict[str, int]:
        rows = Counter(str(outcome.happens) for outcome in self.outcomes)
        return dict(rows + Counter(str(sponsor.happens) for sponsor in self.sponsors))

    @property
    def left_out(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.problems]

    @property
    def fingerprint(self) -> str:
        hashed = Fingerprint()
        hashed.add(self.outcomes, self.sponsors)
        return hashed.hexdigest()


class Fingerprint:
    """A hash that is equal exactly if the same would happen, checked on confirmation; made of a list part by part."""

    def __init__(self) -> None:
        self.rows, self.named = hashlib.sha256(), hashlib.sha256()

    def add(self, outcomes: Iterable[Outcome], sponsors: Iterable[NewSponsor]) -> None:
        rows = [
            (
                *(o.row.number, o.row.name, o.happens, o.email, o.sponsor_email, o.manager_email),
                *(o.zone, o.language, *sorted(o.roles)),
            )
            for o in outcomes
        ]
        self.rows.update(_one_by_one(rows))
        self.named.update(_one_by_one([(s.email, s.name, s.happens) for s in sponsors]))

    def hexdigest(self) -> str:
        return hashlib.sha256(self.rows.digest() + self.named.digest()).hexdigest()


def _one_by_one(rows: Sequence[tuple[Any, ...]]) -> bytes:
    """The same bytes, however many rows are added at once."""
    return f"{json.dumps(rows, separators=(',', ':'))[1:-1]},".encode() if rows else b""


def plan_intake(
    rows: Iterable[PersonRow],
    members: Iterable[KnownMember],
    columns: Mapping[str, str],
    defaults: Defaults,
    *,
    decided: Mapping[str, str] = MappingProxyType({}),
    is_strict: bool = False,
) -> IntakePlan:
    """What these rows would do. `columns` are the file's own headers by field, so that problems name them.

    `decided` is IN or OUT by row number, and SAME by address of a new sponsor.
    """
    planned = Planner(members, columns, defaults, decided=decided, is_strict=is_strict)
    planned.read(rows)
    return IntakePlan(tuple(planned.outcomes()), tuple(planned.sponsors()))


class Planner:
    """Plans one list as `plan_intake` does, without holding all of it as objects: its rows are read, then planned.

    Whatever takes memory for every row is an address, a name or a number here, or packed in `Drafts`.
    """

    def __init__(
        self,
        members: Iterable[KnownMember],
        columns: Mapping[str, str],
        defaults: Defaults,
        *,
        decided: Mapping[str, str] = MappingProxyType({}),
        is_strict: bool = False,
    ) -> None:
        self.members = {member.email: member for member in members}
        self.columns, self.defaults, self.zone = columns, defaults, ZoneInfo(defaults.zone)
        self.decided, self.is_strict = decided, is_strict
        self.unread: dict[str, str] = {}
        self.emails_by_name: Multimap[str, str] = Multimap()
        self.emails_by_id: Multimap[str, str] = Multimap()
        self.places: Multimap[str, int] = Multimap()  # of the rows of each address
        self.names_in_file: dict[str, str] = {}
        self.standing: set[str] = set()  # addresses of rows without problems
        self.managers: dict[str, str] = {}  # names of managers and sponsors by address
        self.drafts: Drafts

    def read(self, rows: Iterable[PersonRow]) -> None:
        """Look at each row by itself. Called once, with all rows."""
        for member in self.members.values():
            if not member.has_left:
                self._learn_name(member.name, member.email)
        self.drafts = Drafts(self._drafts(rows))

    def outcomes(self) -> Iterator[Outcome]:
        """What each row would do, in order. The sponsors are known once these are taken."""
        self._merge(self.drafts)
        loops = self._loops(self._compare(self.drafts))
        for draft in self.drafts.unchanged():
            if draft.is_standing:
                draft.roles |= {SPONSOR} if draft.email in self.managers else set()
                draft.notes += loops.get(draft.email, ())
            yield self._outcome(draft)

    def _compare(self, drafts: Drafts) -> dict[str, str]:
        """Look at each row beside the others. Returns the managers of rows without problems, by address."""
        named = self._names_of_standing(drafts)
        reports_to: dict[str, str] = {}
        for draft in drafts:
            if draft.is_set_aside:
                continue
            self._note_same_names(draft, named)
            if not draft.is_merged:
                self._find_above(draft)
                self._refuse_who_may_not_join(draft)
            if draft.is_standing:
                self.standing.add(draft.email)
                self._learn_managers(draft)
                if draft.manager_email:
                    reports_to[draft.email] = draft.manager_email
        return reports_to

    def _drafts(self, rows: Iterable[PersonRow]) -> Iterator[Draft]:
        for place, row in enumerate(rows):
            draft = self._draft(row)
            if not draft.is_set_aside:
                if draft.email:
                    self.places.add(draft.email, place)
                self._learn_row(draft)
            yield draft

    def _column(self, name: str) -> str:
        return self.columns.get(name) or column_label(name)

    def _wrong(self, draft: Draft, name: str, sentence: str) -> None:
        draft.problems.append(Problem(name, self._column(name), sentence))

    def _doubt(self, draft: Draft, name: str, sentence: str, instead: str) -> None:
        """Something a row need not say is not understood. `instead` says what happens in its place."""
        if self.is_strict:
            self._wrong(draft, name, sentence)
        else:
            draft.notes.append(f"{self._column(name)}: {sentence} {instead}")

    # One row alone

    def _draft(self, row: PersonRow) -> Draft:
        texts = texts_of(row)
        nothing: dict[str, Any] = {
            name: "" for name, text in zip(TEXTS, texts, strict=True) if text and "@" not in text and is_nothing(text)
        }
        draft = Draft(row, row._replace(**nothing) if nothing else row)
        draft.is_set_aside = self.decided.get(str(row.number)) == OUT
        self._read_name(draft)
        draft.email = plain_address(draft.said.email)
        if not draft.email:
            self._wrong(draft, "email", _missing_value(row.email) or _("E-mail is missing."))
        elif wrong := wrong_with_address(draft.email):
            self._wrong(draft, "email", wrong)
        else:
            draft.is_reachable = True
        self._read_zone(draft)
        self._read_language(draft)
        self._read_roles(draft)
        self._read_above(draft, *MANAGER_COLUMNS)
        self._read_above(draft, *SPONSOR_COLUMNS)
        if not "".join(texts).isprintable():
            self._read_letters(draft, texts)
        return draft

    def _read_letters(self, draft: Draft, texts: Sequence[str]) -> None:
        for name, text in zip(TEXTS, texts, strict=True):
            wrong_with = wrong_with_name if name in NAMES else wrong_with_letters
            if wrong := wrong_with(text):
                self._wrong(draft, name, wrong)

    def _read_name(self, draft: Draft) -> None:
        name = draft.said.name.strip()
        wrong = wrong_as_name(name) if name else _missing_value(draft.row.name) or _("Name is missing.")
        if not wrong:
            draft.spelled = spelled(name)
        if len(name) > MAX_NAME_CHARACTERS:
            wrong = _("The name is longer than 160 characters.")
        if wrong:
            self._wrong(draft, "name", wrong)

    def _read_zone(self, draft: Draft) -> None:
        said = draft.said.zone
        found = read_zone(said, near=self.zone) if said else None
        draft.zone = str(found) if found else self.defaults.zone
        if said and not found:
            instead = _("They get %(zone)s.") % {"zone": draft.zone}
            self._doubt(draft, "zone", self._unknown_zone(said), instead)

    def _unknown_zone(self, said: str) -> str:
        if said not in self.unread and len(self.unread) < SUGGESTIONS:
            self.unread[said] = why_unread(said, language=page_language())
        return self.unread.get(said) or _("“%(zone)s” is not a time zone. Write a city, such as Oslo.") % {"zone": said}

    def _read_language(self, draft: Draft) -> None:
        said = draft.said.language
        known = language_named(said) if said else ""
        draft.language = known or self.defaults.language
        if said and not known:
            sentence = _("“%(language)s” is not a language we write in. Use nb or en, or leave it empty.")
            instead = _("They get %(language)s.") % {"language": dict(settings.LANGUAGES)[draft.language]}
            self._doubt(draft, "language", sentence % {"language": said}, instead)

    def _read_roles(self, draft: Draft) -> None:
        roles, unknown = roles_named(draft.said.role) if draft.said.role else (set(), [])
        draft.roles = frozenset(roles) or A_LEADER
        for said in unknown:
            instead = _("They come in as a leader.") if draft.roles == {LEADER} else _("Their other role counts.")
            sentence = _("“%(role)s” is not a role here. Write leader or sponsor, or leave it empty for a leader.")
            self._doubt(draft, "role", sentence % {"role": said}, instead)

    def _read_above(self, draft: Draft, name_column: str, email_column: str) -> None:
        """A manager or a sponsor: a name, an address, or an address in the column for the name."""
        name, email, column = getattr(draft.said, name_column), getattr(draft.said, email_column), email_column
        if not (name or email):
            return
        if "@" in name and not email:
            name, email, column = name_before_address(name), name, name_column
        if len(name) > MAX_NAME_CHARACTERS:
            self._doubt(draft, name_column, _("The name is longer than 160 characters."), _without_above(name_column))
            name = ""
        email = plain_address(email)
        if email and (wrong := wrong_with_address(email)):
            self._doubt(draft, column, wrong, "" if name else _without_above(name_column))
            email = ""
        setattr(draft, name_column, name)
        setattr(draft, email_column, email)

    # Rows compared with each other

    def _merge(self, drafts: Drafts) -> None:
        """Compare rows with the same address; some thousand at a time, should every row be there twice."""
        for places in _in_tranches((found for _email, found in self.places.several()), MERGED_AT_ONCE):
            found = drafts.at(chain.from_iterable(places))
            for each in places:
                same = [found[place] for place in sorted(each)]
                self._merge_one(same)
                for draft in same:
                    self._learn_above(draft)
            drafts.put_back(found)

    def _merge_one(self, same: Sequence[Draft]) -> None:
        chosen = [draft for draft in same if self.decided.get(str(draft.row.number)) == IN]
        if len(chosen) == 1:
            for draft in same:
                draft.is_set_aside = draft is not chosen[0]
                draft.choices |= {IN} if draft.is_set_aside else set()
            return
        first = same[0]
        differing = [name for name in ("name", "zone", "language", *ABOVE) if _differ(same, name)]
        if differing:
            self._refuse_all(same, differing)
            return
        for other in same[1:]:
            other.is_merged = True
            other.notes.append(_("The same person as in row %(row)d.") % {"row": first.row.number})
            self._take_over(first, other)

    def _refuse_all(self, same: Sequence[Draft], differing: Sequence[str]) -> None:
        columns = ", ".join(self._column(name) for name in differing)
        numbers = [draft.row.number for draft in same]
        for draft in same:
            draft.choices |= {IN}
            others = _first_rows(number for number in numbers if number != draft.row.number)
            self._wrong(
                draft,
                "email",
                _("Row %(rows)s has the same e-mail, but another %(columns)s. Keep the right one.")
                % {"rows": others, "columns": columns},
            )

    def _take_over(self, first: Draft, other: Draft) -> None:
        first.roles |= other.roles
        first.problems += [problem for problem in other.problems if problem not in first.problems]
        if other.said.zone and not first.said.zone:
            first.zone = other.zone
        if other.said.language and not first.said.language:
            first.language = other.language
        for column in ABOVE:
            setattr(first, column, getattr(first, column) or getattr(other, column))
        other.problems.clear()

    def _learn_row(self, draft: Draft) -> None:
        if draft.is_reachable:
            if draft.spelled:
                self._learn_name(draft.said.name, draft.email, draft.spelled)
                self.names_in_file.setdefault(draft.email, draft.said.name)
            if draft.said.employee_id:
                self.emails_by_id.add(spelled(draft.said.employee_id), draft.email)
        self._learn_above(draft)

    def _learn_above(self, draft: Draft) -> None:
        for name, email in _named_above(draft):
            if name and email:
                self._learn_name(name, email)

    def _learn_name(self, name: str, email: str, name_spelled: str = "") -> None:
        if name:
            self.emails_by_name.add(name_spelled or spelled(name), email)

    @cached_property
    def emails_by_likely(self) -> tuple[Multimap[str, str], ...]:
        """Made when a name is first looked for that nobody has: most files name managers by their address."""
        found: tuple[Multimap[str, str], ...] = tuple(Multimap() for _ in range(3))
        for name, emails in self.emails_by_name.items():
            for known, key in zip(found, likely(name), strict=False):
                for email in emails:
                    known.add(_joined(key), email)
        return found

    def _names_of_standing(self, drafts: Drafts) -> dict[str, dict[str, int]]:
        """By each name of several addresses, those of rows without problems, with their first row."""
        rows: dict[str, int] = {}
        named: Multimap[str, str] = Multimap()
        alike = {email for _name, emails in self.emails_by_name.several() for email in emails}
        for draft in drafts.some(place for email in alike for place in self.places.get(email)):
            if draft.spelled and draft.is_reachable and not (draft.problems or draft.is_set_aside):
                rows.setdefault(draft.email, draft.row.number)
                named.add(draft.spelled, draft.email)
        return {
            name: {email: rows[email] for email in sorted(emails, key=lambda email: rows[email])}
            for name, emails in named.several()
        }

    def _note_same_names(self, draft: Draft, named: Mapping[str, Mapping[str, int]]) -> None:
        """Somebody new who is called like a member or another row: perhaps one person with two addresses."""
        if draft.problems:
            return
        if others := named.get(draft.spelled):
            rows = _first_rows(number for email, number in others.items() if email != draft.email)
            draft.choices |= {OUT}
            draft.notes.append(
                _("Row %(rows)s has the same name with another address. If this is one person, leave one out.")
                % {"rows": rows}
            )
        member = None if draft.email in self.members else self._namesake(draft.spelled, draft.email)
        if member:
            draft.choices |= {OUT}
            draft.notes.append(_namesake_note(member))

    def _namesake(self, name: str, email: str) -> KnownMember | None:
        """A member with this name and another address."""
        found = [each for each in self.emails_by_name.get(name) if each != email and each in self.members]
        return self.members[min(found)] if found else None

    def _find_above(self, draft: Draft) -> None:
        for columns in (MANAGER_COLUMNS, SPONSOR_COLUMNS):
            self._find(draft, *columns)
        draft.sponsor_email = draft.sponsor_email or draft.manager_email
        draft.sponsor_name = draft.sponsor_name or draft.manager_name

    def _find(self, draft: Draft, name_column: str, email_column: str) -> None:
        """The address of a manager or a sponsor named without one; never their own."""
        is_manager = name_column in MANAGER_COLUMNS
        if is_manager and not draft.manager_email:
            self._find_by_id(draft)
        if getattr(draft, name_column) and not getattr(draft, email_column):
            self._find_by_name(draft, name_column, email_column)
        email = getattr(draft, email_column)
        if self.decided.get(email) == SAME and (member := self._namesake(spelled(getattr(draft, name_column)), email)):
            setattr(draft, email_column, member.email)
        if email and email == draft.email:
            column = email_column if getattr(draft.said, email_column) else name_column
            sentence = _("They cannot be their own manager.") if is_manager else _("They cannot be their own sponsor.")
            self._doubt(draft, column, sentence, _without_above(name_column))
            setattr(draft, name_column, "")
            setattr(draft, email_column, "")

    def _find_by_id(self, draft: Draft) -> None:
        """By the manager's employee number, in a column of its own, alone in that of the name, or behind the name."""
        name, number = draft.manager_name, draft.said.manager_id
        behind = AN_ID.search(name)
        if name and not any(letter.isalpha() for letter in name):
            number, column = number or name, "manager_name"
            draft.manager_name = name = ""
        else:
            number, column = number or (behind[0].strip(" (#)") if behind else ""), "manager_id"
        draft.manager_name = without_id(name)
        found = self.emails_by_id.get(spelled(number)) if number else set()
        if len(found) == 1:
            draft.manager_email = next(iter(found))
        elif number and not draft.manager_name:
            sentence = _("Nobody in the file has the employee number %(number)s.") % {"number": number}
            self._doubt(draft, column, sentence, _without_above("manager_name"))

    def _find_by_name(self, draft: Draft, name_column: str, email_column: str) -> None:
        name = getattr(draft, name_column)
        found = self.emails_by_name.get(spelled(name)) or self._alike(draft, name_column)
        if len(found) == 1:
            setattr(draft, email_column, next(iter(found)))
            return
        parts = {"name": name, "count": len(found), "column": self._column(email_column)}
        sentence = _not_one(found, is_column_there=email_column in self.columns) % parts
        self._doubt(draft, name_column, sentence, _without_above(name_column))

    def _alike(self, draft: Draft, name_column: str) -> set[str]:
        """Whose name is the same in another order or with fewer words: one person, never themselves; noted."""
        name = getattr(draft, name_column)
        for at, (known, key) in enumerate(zip(self.emails_by_likely, likely(name), strict=False)):
            found = known.get(_joined(key)) - {draft.email}
            if len(found) == 1 and all(key):
                (email,) = found
                if at:
                    parts = {"name": name, "email": email}
                    draft.notes.append(_("“%(name)s” is taken for %(email)s.") % parts)
                return found
        return set()

    def _refuse_who_may_not_join(self, draft: Draft) -> None:
        for column in ("email", "manager_email", "sponsor_email"):
            named = self.members.get(getattr(draft, column))
            if named is not None and named.is_shut_out:
                self._wrong(draft, column, shut_out_sentence(named.name))
        member = self.members.get(draft.email)
        if member is None or LEADER not in draft.roles:
            return
        if member.other_cohort and not member.is_enrolled:
            self._wrong(
                draft,
                "email",
                _("They are already on their way in the cohort %(cohort)s.") % {"cohort": member.other_cohort},
            )
        if member.has_left_cohort:
            self._wrong(draft, "email", _("They left this cohort. An import does not bring people back."))

    # Outcomes

    def _learn_managers(self, draft: Draft) -> None:
        """Address and name of every manager and sponsor in accepted rows; the longest spelling of a name wins."""
        for name, email in _named_above(draft):
            if email:
                self.managers[email] = max(self.managers.get(email, ""), name, key=lambda name: (len(name), name))

    def _loops(self, reports_to: Mapping[str, str]) -> dict[str, list[str]]:
        """For everybody in the file who reports to themselves, the sentence that says so."""
        managers = {email: member.manager_email for email, member in self.members.items() if not member.has_left}
        managers |= reports_to
        found: dict[str, list[str]] = {}
        for loop in loops_in({email: [manager] for email, manager in _perhaps_in_loops(managers).items()}):
            sentence = loop_sentence([self.names_in_file.get(email) or self.members[email].name for email in loop])
            found |= {email: [sentence] for email in self.standing.intersection(loop)}
        return found

    def sponsors(self) -> Iterator[NewSponsor]:
        """Who is named above somebody and becomes a sponsor; to be asked once all outcomes are taken."""
        for email, name in self.managers.items():
            member = self.members.get(email)
            if email in self.standing or (member and SPONSOR in member.roles and not member.has_left):
                continue
            known = member.name if member else self.names_in_file.get(email) or name or name_from_address(email)
            namesake = None if member else self._namesake(spelled(known), email)
            happens = Happens.BECOMES_SPONSOR if member else Happens.NEW_SPONSOR
            yield NewSponsor(email, known, happens, namesake.email if namesake else "")

    def _outcome(self, draft: Draft) -> Outcome:
        return Outcome(
            row=draft.row,
            happens=self._happens(draft),
            email=draft.email,
            sponsor_email=draft.sponsor_email if LEADER in draft.roles else "",
            manager_email=draft.manager_email,
            zone=draft.zone,
            language=draft.language,
            roles=draft.roles,
            notes=tuple(self._notes(draft)),
            problems=() if draft.is_set_aside else tuple(draft.problems),
            choices=tuple(sorted({IN} if self.decided.get(str(draft.row.number)) == OUT else draft.choices)),
        )

    def _happens(self, draft: Draft) -> Happens:
        member = self.members.get(draft.email)
        if not draft.is_standing:
            return _happens_to_none(draft)
        if LEADER not in draft.roles:
            return self._happens_to_sponsor(draft, member)
        if member is None:
            return Happens.NEW_LEADER
        if not member.is_enrolled:
            return Happens.JOINS
        if draft.sponsor_email and draft.sponsor_email != member.sponsor_email:
            return Happens.SPONSOR_CHANGES
        return _happens_to_lines(draft, member) if draft.roles <= member.roles else Happens.BECOMES_SPONSOR

    def _happens_to_sponsor(self, draft: Draft, member: KnownMember | None) -> Happens:
        if member is None:
            return Happens.NEW_SPONSOR
        is_one = SPONSOR in member.roles and not member.has_left
        return _happens_to_lines(draft, member) if is_one else Happens.BECOMES_SPONSOR

    def _notes(self, draft: Draft) -> Iterable[str]:
        yield from draft.notes
        if draft.problems or draft.is_merged or draft.is_set_aside:
            return
        if draft.roles == {LEADER, SPONSOR}:
            yield _("Leader and sponsor.")
        member = self.members.get(draft.email)
        if member and member.has_left:
            yield _("They were a member before, and are invited again.")
        if LEADER in draft.roles and not draft.sponsor_email and not (member and member.sponsor_email):
            is_named = any(getattr(draft.said, column) for column in (*ABOVE, "manager_id"))
            yield _("They have no sponsor.") if is_named else _("No manager given, so they have no sponsor.")


def _in_tranches(groups: Iterable[set[int]], most: int) -> Iterator[list[set[int]]]:
    """Batches of groups with at most `most` members together; a larger group is a batch of its own."""
    tranche: list[set[int]] = []
    count = 0
    for group in groups:
        if tranche and count + len(group) > most:
            yield tranche
            tranche, count = [], 0
        tranche.append(group)
        count += len(group)
    if tranche:
        yield tranche


def _perhaps_in_loops(managers: Mapping[str, str]) -> dict[str, str]:
    """Managers by address, without the people who are at most LEVELS_PRUNED levels below somebody without a manager.

    Where there is no loop, hardly anybody is left, and the search for loops costs nothing.
    """
    left = {email: manager for email, manager in managers.items() if manager in managers}
    for _level in range(LEVELS_PRUNED):
        above = {email: manager for email, manager in left.items() if manager in left}
        if len(above) == len(left):
            break
        left = above
    return left


def _joined(words: tuple[str, ...]) -> str:
    return "\0".join(words)


def _happens_to_none(draft: Draft) -> Happens:
    if draft.is_set_aside:
        return Happens.SET_ASIDE
    return Happens.MERGED if draft.is_merged else Happens.LEFT_OUT


def _happens_to_lines(draft: Draft, member: KnownMember) -> Happens:
    is_new = draft.manager_email and draft.manager_email != member.manager_email
    return Happens.MANAGER_CHANGES if is_new else Happens.UNCHANGED


def _missing_value(cell: str) -> str:
    """Why a cell that must say something says nothing, where it is not simply empty."""
    if cell == NO_VALUE:
        return _(
            "This cell holds a formula whose value was not saved. Open the file in Excel, save it, upload it again."
        )
    return _("“%(cell)s” counts as empty.") % {"cell": cell[:60]} if cell.strip() else ""


def _not_one(found: Set[str], *, is_column_there: bool) -> str:
    """Why a name finds nobody, or several; with what to do, of which a file without the column needs more."""
    if is_column_there and found:
        return _("%(count)d people are called %(name)s. Fill in %(column)s to tell them apart.")
    if is_column_there:
        return _("Nobody in the file or the organisation is called %(name)s. Fill in %(column)s.")
    if found:
        return _("%(count)d people are called %(name)s. Add a column %(column)s to tell them apart.")
    return _("Nobody in the file or the organisation is called %(name)s. Add a column %(column)s.")


def _without_above(name_column: str) -> str:
    if name_column in MANAGER_COLUMNS:
        return _("They come in without this manager.")
    return _("They come in without this sponsor.")


def _namesake_note(member: KnownMember) -> str:
    return _(
        "A member with the same name has the address %(email)s. If this is the same person, leave this row out and "
        "correct the address on their page."
    ) % {"email": member.email}


def _named_above(draft: Draft) -> tuple[tuple[str, str], tuple[str, str]]:
    """Name and address of manager and sponsor, each empty where the row says nothing."""
    return (draft.manager_name, draft.manager_email), (draft.sponsor_name, draft.sponsor_email)


def _first_rows(numbers: Iterable[int]) -> str:
    """As many as one sentence names; the others are not looked at."""
    return ", ".join(map(str, islice(numbers, MAX_OTHERS)))


def _differ(same: Sequence[Draft], name: str) -> bool:
    said = {spelled(_said(draft, name)) for draft in same} - {""}
    return len(said) > 1


def _said(draft: Draft, name: str) -> str:
    """A row in normal form. An address identifies a manager or sponsor, however the name is spelled."""
    for name_column, email_column in (MANAGER_COLUMNS, SPONSOR_COLUMNS):
        if name == name_column and getattr(draft, email_column):
            return ""
    if name in ABOVE:
        return str(getattr(draft, name))
    raw = str(getattr(draft.said, name))
    return raw if name == "name" or not raw else str(getattr(draft, name)) or raw
