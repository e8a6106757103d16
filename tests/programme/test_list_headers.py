"""Headers of every kind of list mean what their owners mean by them."""

import pytest

from coaching.mentors.lists import coaches, pairs
from cohorts.imports.file import ListKind
from cohorts.imports.headers import Guesser, Vocabulary, header_words
from cohorts.people.imports.file import PEOPLE
from feedback360.rounds.rater_file import LIST as RATERS
from goals.figures.imports.file import figures_list
from tests.programme.list_headers import LISTS

KINDS: dict[str, ListKind] = {
    "people": PEOPLE,
    "raters": RATERS,
    "coaches": coaches.LIST,
    "pairs": pairs.LIST,
    "figures": figures_list(is_kpi_chosen=False, is_team_known=False),
}


@pytest.mark.parametrize(("kind", "headers", "meant"), LISTS, ids=[f"{kind}: {said}" for kind, said, _meant in LISTS])
def test_each_list_is_read_as_it_is_meant(kind: str, headers: str, meant: dict[str, str]) -> None:
    known, names = KINDS[kind], headers.split("|")
    guesser = Guesser(Vocabulary(headers=known.headers, perhaps=known.perhaps))

    assert {name: names[at] for name, (at, _points) in guesser.known(names).items()} == meant


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_word_can_be_met_and_every_field_is_offered(kind: ListKind) -> None:
    words = [*kind.headers, *kind.perhaps]

    assert [word for word in words if " ".join(header_words(word)) != word] == []
    assert set(kind.headers.values()) == set(kind.fields)
    assert all(kind.label(name) for name in kind.fields)
    assert len({kind.label(name) for name in kind.fields}) == len(kind.fields)
