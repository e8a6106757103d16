"""Read a list of coaches and mentors and plan row by row what it would do. Pure: bytes and what is known in.

The rules:

1. The reader is that of the people import: same files, separators, header rows, cleaning.
2. Somebody who has a profile stays as they are: it is theirs to change.
3. A member without one gets the role and a profile; anybody else is invited as well.
4. What is left out has a value to begin with: mentor, two places, every theme, the organisation's language.
5. The same address twice is one row if the rows agree; rows that differ are both left out.
6. A row with a problem is left out entirely.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from coaching.mentors.lists.plan import Happens, ListPlan, Outcome
from coaching.models import MAX_ABOUT_CHARACTERS, MAX_PLACES, MAX_SITE_CHARACTERS, MentorKind, SpokenLanguage
from cohorts.curriculum.behaviours import Behaviour
from cohorts.imports.header_words import spellings
from cohorts.people.imports.file import full_name, people_list
from cohorts.people.imports.values import (
    MAX_NAME_CHARACTERS,
    name_before_address,
    shut_out_sentence,
    spelled,
    wrong_with_address,
)
from cohorts.web.addresses import plain_address
from cohorts.web.bounds import wrong_with_letters, wrong_with_name

FIELDS = ("name", "email", "kind", "themes", "languages", "site", "places", "about")
DEFAULT_PLACES = 2
KINDS: dict[str, str] = {
    **dict.fromkeys(["coach", "coacher", "veileder"], MentorKind.COACH),
    **dict.fromkeys(["mentor", "fadder"], MentorKind.MENTOR),
}
THEMES: dict[str, str] = {
    **{each.value.replace("_", " "): each.value for each in Behaviour},
    **dict.fromkeys(["goal-minded", "målbevisst"], Behaviour.GOAL_MINDED),
    **dict.fromkeys(["enthusiastic", "entusiastisk", "engasjert"], Behaviour.ENTHUSIASTIC),
    **dict.fromkeys(["clear", "tydelig"], Behaviour.CLEAR),
    **dict.fromkeys(["quality-minded", "kvalitetsbevisst"], Behaviour.QUALITY_MINDED),
    **dict.fromkeys(["encouraging", "oppmuntrende"], Behaviour.ENCOURAGING),
    **dict.fromkeys(["understanding", "forståelsesfull", "forståelig"], Behaviour.UNDERSTANDING),
    **dict.fromkeys(["taking initiative", "initiativtaker", "initiativrik", "tar initiativ"], Behaviour.INITIATIVE),
}
LANGUAGES: dict[str, str] = {
    **{code: code for code in SpokenLanguage.values},
    **dict.fromkeys(["no", "nn", "norsk", "norwegian", "bokmål", "nynorsk"], SpokenLanguage.NORWEGIAN),
    **dict.fromkeys(["english", "engelsk"], SpokenLanguage.ENGLISH),
    **dict.fromkeys(["swedish", "svensk", "svenska"], SpokenLanguage.SWEDISH),
    **dict.fromkeys(["danish", "dansk"], SpokenLanguage.DANISH),
    **dict.fromkeys(["finnish", "finsk", "suomi"], SpokenLanguage.FINNISH),
    **dict.fromkeys(["german", "tysk", "deutsch"], SpokenLanguage.GERMAN),
    **dict.fromkeys(["polish", "polsk", "polski"], SpokenLanguage.POLISH),
    **dict.fromkeys(["lithuanian", "litauisk"], SpokenLanguage.LITHUANIAN),
}


def column_label(name: str) -> str:
    """The label of a field without a column in the file."""
    return {
        "name": _("Name"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "email": _("E-mail"),
        "kind": _("Coach or mentor"),
        "themes": _("Themes"),
        "languages": _("Languages"),
        "site": _("Site"),
        "places": _("Places"),
        "about": _("About"),
    }[name]


LIST = people_list(
    spellings(Path(__file__).with_name("coach_headers.yaml")),
    column_label,
    ("name", "first_name", "last_name", *FIELDS[1:]),
)


@dataclass(frozen=True, slots=True)
class KnownCoach:
    """A member, and whether they have a profile."""

    email: str
    name: str
    has_profile: bool = False
    has_left: bool = False
    is_shut_out: bool = False


@dataclass(slots=True)
class _Draft:
    number: int
    said: dict[str, str]
    name: str
    email: str
    values: dict[str, object] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)


def plan_coaches(
    rows: Sequence[tuple[int, Mapping[str, str]]],
    members: Mapping[str, KnownCoach],
    columns: Mapping[str, str],
    *,
    language: str,
) -> ListPlan:
    """What these rows would do. `columns` are the file's own headers by field, so that problems name them."""
    drafts = [_draft(number, said, members, columns, language) for number, said in rows]
    same: dict[str, list[_Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.email:
            same[draft.email].append(draft)
    merged: set[int] = set()
    for twins in same.values():
        if any(each.values != twins[0].values for each in twins):
            for each in twins:
                _wrong(each, "email", columns, _("The same address is in several rows that differ."))
        else:
            merged |= {each.number for each in twins[1:]}
    return ListPlan(tuple(_outcome(draft, members, draft.number in merged) for draft in drafts))


def _draft(
    number: int, said: Mapping[str, str], members: Mapping[str, KnownCoach], columns: Mapping[str, str], language: str
) -> _Draft:
    cells = dict(said)
    name = full_name(cells) or name_before_address(cells.get("email", ""))
    draft = _Draft(number, cells, name, plain_address(cells.get("email", "")))
    known = members.get(draft.email)
    if not draft.email:
        _wrong(draft, "email", columns, _("E-mail is missing."))
    elif wrong := wrong_with_address(draft.email):
        _wrong(draft, "email", columns, wrong)
    elif known is not None and known.is_shut_out:
        _wrong(draft, "email", columns, shut_out_sentence(known.name))
    if not draft.name and known is None:
        _wrong(draft, "name", columns, _("Name is missing."))
    elif len(draft.name) > MAX_NAME_CHARACTERS:
        _wrong(draft, "name", columns, _("The name is longer than 160 characters."))
    for each in ("name", "site", "about"):
        wrong_with = wrong_with_letters if each == "about" else wrong_with_name
        if wrong := wrong_with(draft.name if each == "name" else cells.get(each, "")):
            _wrong(draft, each, columns, wrong)
    draft.values = {
        "kind": _kind(draft, columns),
        "behaviours": _several(draft, "themes", THEMES, columns) or list(Behaviour.values),
        "languages": _several(draft, "languages", LANGUAGES, columns) or [language],
        "site": _text(draft, "site", MAX_SITE_CHARACTERS, columns),
        "places": _places(draft, columns),
        "about": _text(draft, "about", MAX_ABOUT_CHARACTERS, columns),
    }
    return draft


def _kind(draft: _Draft, columns: Mapping[str, str]) -> str:
    text = spelled(draft.said.get("kind", ""))
    if text and text not in KINDS:
        _wrong(draft, "kind", columns, _("Write coach or mentor."))
    return str(KINDS.get(text, MentorKind.MENTOR))


def _several(draft: _Draft, name: str, known: Mapping[str, str], columns: Mapping[str, str]) -> list[str]:
    words = [spelled(part) for part in re.split(r"[,;/&+|]|\bog\b|\band\b", draft.said.get(name, "")) if part.strip()]
    unknown = [word for word in words if word not in known]
    if unknown:
        _wrong(draft, name, columns, _("“%(word)s” is not one we know.") % {"word": unknown[0][:60]})
    return sorted({str(known[word]) for word in words if word in known})


def _places(draft: _Draft, columns: Mapping[str, str]) -> int:
    text = draft.said.get("places", "").strip()
    if not text:
        return DEFAULT_PLACES
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_PLACES:
        _wrong(draft, "places", columns, _("Write a number from 0 to 20."))
        return DEFAULT_PLACES
    return int(text)


def _text(draft: _Draft, name: str, most: int, columns: Mapping[str, str]) -> str:
    text = draft.said.get(name, "")
    if len(text) > most:
        _wrong(draft, name, columns, _("This is longer than %(count)d characters.") % {"count": most})
    return text


def _wrong(draft: _Draft, name: str, columns: Mapping[str, str], sentence: str) -> None:
    draft.problems.append((columns.get(name) or column_label(name), sentence))


def _outcome(draft: _Draft, members: Mapping[str, KnownCoach], is_merged: bool) -> Outcome:
    known = members.get(draft.email)
    if draft.problems:
        happens = Happens.LEFT_OUT
    elif is_merged:
        happens = Happens.MERGED
    elif known is None or known.has_left:
        happens = Happens.INVITED
    else:
        happens = Happens.UNCHANGED if known.has_profile else Happens.PROFILE
    name = draft.name or (known.name if known else "")
    return Outcome(draft.number, name, draft.email, happens, draft.values, tuple(draft.problems))
