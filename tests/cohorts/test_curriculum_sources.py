"""What a text rests on: the shape of a source in the files, in the database and on the page."""

from dataclasses import replace

import pytest
from django.utils import translation

from cohorts.curriculum.actions.drafts import StepFacts, add_step
from cohorts.curriculum.content import NO_STUDY, Source, SourceText
from cohorts.curriculum.files import CURRICULA, CurriculumInvalid, read_curriculum, read_files
from cohorts.curriculum.rows import content_of, store
from cohorts.curriculum.sources import source_lines
from cohorts.curriculum.writer import write_files
from cohorts.models import Curriculum, CurriculumVersion
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid
from tests import factories as make
from tests.times import NOW

FIRST = CURRICULA / "adaptive-contact-centre-leadership" / "1"
FOUND = {
    "en": SourceText("Feedback went with better results on average.", "Over a third of the effects were negative."),
    "nb": SourceText("Tilbakemeldinger hang sammen med bedre resultater.", "Over en tredel var negative."),
}
KLUGER = Source(
    "The effects of feedback interventions",
    kind="review",
    author="Kluger & DeNisi",
    year=1996,
    journal="Psychological Bulletin 119",
    design="comparison",
    size="k 607",
    read="abstract",
    texts=FOUND,
)
PAGE = Source(
    "A page on training", kind="provider", author="A provider", design="account", read="full_text", texts=FOUND
)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    first = read_curriculum(FIRST)
    return write_files(replace(first, sources={**first.sources, "kluger": KLUGER, "page": PAGE}))


def test_version_1_reads_its_sources_as_bare_citations() -> None:
    sources = read_curriculum(FIRST).sources

    assert {source.kind for source in sources.values()} == {""}
    assert sources["lally_2010"].citation.startswith("Lally et al. (2010), How are habits formed")


def test_a_source_with_parts_reads_as_it_was_written(files: dict[str, bytes]) -> None:
    sources = read_files(files).sources

    assert (sources["kluger"], sources["page"]) == (KLUGER, PAGE)
    assert (KLUGER.citation, PAGE.citation) == (
        "Kluger & DeNisi (1996), The effects of feedback interventions, Psychological Bulletin 119",
        "A provider, A page on training",
    )


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ("kind: review", "kind: guess", "sources.kluger.kind", "one of study, review, opinion, provider"),
        ("design: comparison", "design: proof", "sources.kluger.design", "one of trial, comparison, link, account"),
        ("read: abstract", "read: title", "sources.kluger.read", "one of full_text, abstract, second_hand"),
        ("year: 1996", "year: 96", "sources.kluger.year", "a whole number from 1900 to 2100"),
        ("size: k 607", f"size: {41 * 'k'}", "sources.kluger.size", "at most 40 characters"),
        ("limit: Over a third", f"limit: {40 * 'so '}Over a third", "sources.kluger.en.limit", "at most 40 words"),
        ("    read: abstract\n", "", "sources.kluger.read", "this field"),
        ("  kluger:\n", "  no_study:\n", "sources.no_study", "another key"),
    ],
)
def test_a_source_that_hides_something_is_refused(
    files: dict[str, bytes], old: str, new: str, field: str, expected: str
) -> None:
    head = files["curriculum.yaml"].decode()
    assert old in head

    with pytest.raises(CurriculumInvalid) as caught:
        read_files(files | {"curriculum.yaml": head.replace(old, new, 1).encode()})

    assert any(problem.field == field and expected in problem.expected for problem in caught.value.problems)


def test_no_study_is_a_source_and_an_unknown_key_is_not(files: dict[str, bytes]) -> None:
    week = files["week-01.yaml"].decode()

    practice = read_files(files | {"week-01.yaml": week.replace("source: fitz_2019", f"source: {NO_STUDY}").encode()})

    assert practice.steps[3].source == NO_STUDY
    with pytest.raises(CurriculumInvalid):
        read_files(files | {"week-01.yaml": week.replace("source: fitz_2019", "source: nothing").encode()})


@pytest.mark.django_db
def test_a_version_keeps_both_shapes_of_source(acme) -> None:
    with within(acme):
        written = replace(
            read_curriculum(FIRST), sources={"kluger": KLUGER, "plain": Source("Smith (2020), Listening")}
        )
        stored = store(written, curriculum=Curriculum.objects.create(slug="mine"), number=1, published_at=None)

        read = content_of(CurriculumVersion.objects.select_related("curriculum").get(pk=stored.pk)).sources

    assert read == written.sources


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "kind", "practice", "outcome", "design"),
    [
        ("en", "Review of studies", "Practice, not research", FOUND["en"].outcome, "does not prove one"),
        ("nb", "Oppsummering av studier", "Praksis, ikke forskning", FOUND["nb"].outcome, "beviser den ikke"),
    ],
)
def test_a_source_shows_what_it_is_in_both_languages(acme, language, kind, practice, outcome, design) -> None:
    with within(acme), translation.override(language):
        version = make.CurriculumVersionFactory(sources={"kluger": _row(KLUGER), "plain": "Smith (2020), Listening"})

        study, plain, none, unknown = source_lines(version, ["kluger", "plain", NO_STUDY, "gone", ""], language)

    assert (study.kind, study.outcome, study.citation) == (kind, outcome, KLUGER.citation)
    assert design in study.design
    assert (plain.kind, plain.citation) == ("", "Smith (2020), Listening")
    assert (none.kind, none.citation) == (practice, "")
    assert unknown.citation == "gone"


@pytest.mark.django_db
def test_a_step_of_a_draft_may_rest_on_no_study(cast, acme) -> None:
    facts = StepFacts(3, "core", 5, "presence", "clear", NO_STUDY, 1)
    with within(acme):
        draft = make.CurriculumVersionFactory(published_at=None, themes={"presence": {"en": "Presence"}}, sources={})

        step = add_step(version=draft, facts=facts, text={}, by=cast.hana, now=NOW)

        assert step.source == NO_STUDY
        with pytest.raises(Invalid):
            add_step(version=draft, facts=replace(facts, day=4, source="smith"), text={}, by=cast.hana, now=NOW)


def _row(source: Source) -> dict[str, object]:
    texts = {language: vars(text) for language, text in source.texts.items()}
    return {**vars(source), "texts": texts}
