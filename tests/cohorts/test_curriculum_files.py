"""Curriculum folders are read whole, and every mistake is shown at its file, line and field."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cohorts.curriculum.content import MILESTONE_KINDS, Curriculum
from cohorts.curriculum.files import CURRICULA, MAX_FILES_BYTES, CurriculumInvalid, read_curriculum, read_files
from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.writer import write_files
from cohorts.models import Milestone

SLUG = "adaptive-contact-centre-leadership"
Break = Callable[[str, str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CURRICULA / SLUG / "1", tmp_path / SLUG / "1"))


@pytest.fixture
def broken(folder: Path) -> Break:
    """Replaces the first occurrence of a text in one file of a valid folder."""

    def break_it(file: str, old: str, new: str) -> Path:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return break_it


@pytest.fixture(scope="module")
def standard() -> Curriculum:
    return read_curriculum(CURRICULA / SLUG / "1")


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(CurriculumInvalid) as caught:
        read_curriculum(folder)
    return caught.value.problems


def line_of(folder: Path, file: str, text: str) -> int:
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_a_folder_becomes_a_curriculum(folder: Path) -> None:
    curriculum = read_curriculum(folder)

    first = curriculum.steps[0]
    assert (curriculum.slug, curriculum.version, curriculum.languages) == (SLUG, 1, ("en", "nb"))
    assert (first.day, first.is_core, first.behaviour) == (1, True, "goal_minded")
    assert first.texts["nb"].title == "Dag 1: én plan for ett øyeblikk"
    assert curriculum.weeks[1].sponsor.minutes == 2


def test_two_readings_are_equal_and_cannot_be_changed(folder: Path) -> None:
    curriculum = read_curriculum(folder)

    assert curriculum == read_curriculum(folder)
    with pytest.raises(TypeError):
        curriculum.sources["mine"] = "A source of my own"  # type: ignore[index]


def test_a_starter_reads_as_one_sentence_and_fits_two_form_fields(folder: Path) -> None:
    starters = {starter.key: starter for starter in read_curriculum(folder).starters}

    text = starters["clear.one_to_one"].texts["nb"]
    assert text.sentence == ("Når en en-til-en går mot slutten, skal jeg be den andre oppsummere det vi ble enige om.")
    assert text.cue_field == "en en-til-en går mot slutten"
    assert text.response_field == "be den andre oppsummere det vi ble enige om"


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "expected", "found"),
    [
        (
            "week-01.yaml",
            "title: Praise with one contact in it",
            "title: Praise with one contact in it, told to one person",
            "steps[4].en.title",
            "at most 45 characters",
            "49 characters",
        ),
        (
            "week-01.yaml",
            "question: What made this person easy to overlook?",
            "question: Think about this person.",
            "steps[6].en.question",
            "one question, ending in a question mark",
            "'Think about this person.'",
        ),
        ("week-01.yaml", "minutes: 8", "minutes: 11", "steps[1].minutes",
         "a whole number from 1 to 10", "11"),
        ("week-01.yaml", "minutes: 8", "minutes: eight", "steps[1].minutes",
         "a whole number from 1 to 10", "'eight'"),
        ("week-01.yaml", "minutes: 8", "minutes: yes", "steps[1].minutes",
         "a whole number from 1 to 10", "'yes'"),
        ("week-01.yaml", "minutes: 8", f"minutes: {5000 * '9'}", "steps[1].minutes",
         "a whole number from 1 to 10", f"{80 * '9'}…"),
        ("week-02.yaml", "- day: 8", "- day: 7", "steps[0].day",
         "a whole number from 8 to 14", "7"),
        ("week-02.yaml", "- day: 9", "- day: 8", "steps[1]",
         "a day after 8: one step a day, in order", "day 8"),
        ("week-01.yaml", "kind: extra\n    minutes: 3", "kind: core\n    minutes: 3",
         "steps[6].kind", "extra, because the day is on a weekend", "'core'"),
        ("week-01.yaml", "dial: light", "dial: stretch", "steps[0].dial",
         "light, because no dial drops a core step", "'stretch'"),
        ("week-02.yaml", "source: dai_2007", "source: dai_2008", "steps[2].source",
         "one of antonioni_1994,", "'dai_2008'"),
        ("week-02.yaml", "behaviour: clear", "behaviour: brave", "steps[2].behaviour",
         "one of goal_minded,", "'brave'"),
        ("week-02.yaml", "week: 2", "week: 3", "week", "2, as the file is named", "3"),
        ("week-02.yaml", "ask: “What is the team’s goal", "asks: “What is the team’s goal",
         "sponsor.en.asks", "one of works_on, ask, watch_for, say", "the unknown field asks"),
        ("curriculum.yaml", "version: 1", "version: 2", "version",
         "the folder's own number 1", "2"),
        ("curriculum.yaml", "languages: [en, nb]", "languages: [en, nb, sv]", "languages[2]",
         "one of en, nb", "'sv'"),
        ("curriculum.yaml", "languages: [en, nb]", "languages: [en, nb, en]", "languages",
         "each language once", "en, nb, en"),
        ("curriculum.yaml", "nb: Tydelighet", "nb:", "themes.clarity.nb", "a text", "nothing"),
        ("curriculum.yaml", "nb: Tydelighet", "nb: Tyde\u202elighet", "themes.clarity.nb",
         "a text without invisible characters", "U+202E"),
        ("curriculum.yaml", "nb: Tydelighet", "nb: true", "themes.clarity.nb", "a text", "true"),
        ("curriculum.yaml", "  clarity:", "  Clarity:", "themes.Clarity",
         "a key of small letters a to z, digits and underscores", "'Clarity'"),
        ("week-02.yaml", "theme: clarity", "theme: [clarity]", "steps[0].theme", "one of purpose,", "a list"),
        ("week-02.yaml", "key: your-teams", "key: Your-teams", "steps[0].key",
         "at most 60 of the letters a to z, digits and hyphens", "'Your-teams"),
        ("week-02.yaml", "key: your-teams", f"key: {60 * 'y'}-teams", "steps[0].key",
         "at most 60 of the letters a to z, digits and hyphens", "'yyy"),
        ("week-02.yaml", "key: your-teams-goal-in-one-breath", "key: one-plan-for-one-moment", "steps[0].key",
         "a key of its own", "'one-plan-for-one-moment', as at week-01.yaml:"),
        ("milestones.yaml", "key: three-way-talk", "key: kick-off", "[3].key",
         "a key of its own", "'kick-off', as at milestones.yaml:"),
        ("milestones.yaml", "kind: kick_off", "kind: kick-off", "[1].kind",
         "one of kick_off, three_way_talk, circle,", "'kick-off'"),
        ("milestones.yaml", "day: -7", "day: -15", "[0].day", "a whole number from -14 to 104", "-15"),
        ("milestones.yaml", "minutes: 30", "minutes: 241", "[1].minutes",
         "a whole number from 5 to 240", "241"),
        ("milestones.yaml", "title: Kick-off with", "title: Kick-off at a table or on screen with", "[1].en.title",
         "at most 45 characters", "50 characters"),
        ("milestones.yaml", "prepare: >-\n", "prepare: >-\n" + 6 * "      six words that say too much\n",
         "[0].en.prepare", "at most 30 words", ""),
        ("circle.yaml", "month: 1", "month: 2", "[0].month", "1: one agenda a month, in order", "2"),
        ("circle.yaml", "milestone: circle-1", "milestone: kick-off", "[0].milestone",
         "the key of a milestone of the kind circle, each once", "'kick-off'"),
        ("circle.yaml", "milestone: circle-2", "milestone: circle-1", "[1].milestone",
         "the key of a milestone of the kind circle, each once", "'circle-1'"),
        ("circle.yaml", "sources: [hughes_2020]", "sources: [hughes_2050]", "[0].sources[0]",
         "one of ", "'hughes_2050'"),
        ("circle.yaml", "parts:\n      - minutes: 5\n", "parts:\n      - minutes: 6\n", "[0].en.parts",
         "minutes that add up to 45", "46"),
        ("brief.yaml", "heading: Ute på gulvet", "heading: [Ute, gulvet]",
         "nb.parts[2].heading", "a text", "a list"),
        ("brief.yaml", "sources: [hughes_2020, lally_2010]", "sources: []", "sources",
         "a list with at least one item", "a list"),
        ("starters.yaml", "cue: When the queue passes our red line",
         "cue: Whenever the queue is long", "goal_minded.queue.en.cue",
         "a text that starts with 'When '", "'Whenever the queue is long'"),
        ("starters.yaml", "response: skal jeg si høyt", "response: vil jeg si høyt",
         "goal_minded.queue.nb.response", "a text that starts with 'skal jeg '", "'vil jeg si"),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_place(
    broken: Break, file: str, old: str, new: str, field: str, expected: str, found: str
) -> None:
    text = (CURRICULA / SLUG / "1" / file).read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1

    problem = next(one for one in problems_of(broken(file, old, new)) if one.field == field)

    assert (problem.file, problem.line) == (file, line)
    assert problem.expected.startswith(expected)
    assert problem.found.startswith(found)


def test_a_practice_that_is_no_if_then_is_refused(broken: Break) -> None:
    folder = broken("week-01.yaml", "When you log on today, read", "Remember to read")

    (problem,) = problems_of(folder)

    assert problem.field == "steps[0].en.practice"
    assert problem.expected == "a text that starts with 'When ' / 'If '"


def test_too_many_words_of_why_are_counted(broken: Break) -> None:
    folder = broken("week-01.yaml", "In 94 tests, people", "In 94 tests, " + 20 * "many " + "people")

    (problem,) = problems_of(folder)

    assert problem.field == "steps[0].en.why"
    assert (problem.expected, problem.found) == ("at most 40 words", "53 words")


def test_the_first_language_is_needed_and_others_must_be_known(broken: Break) -> None:
    folder = broken("week-01.yaml", "    dial: light\n    en:", "    dial: light\n    sv:")

    missing, unknown = problems_of(folder)

    assert (missing.field, missing.expected, missing.found) == (
        "steps[0].en", "this field", "nothing",
    )  # fmt: skip
    assert missing.line == line_of(folder, "week-01.yaml", "- day: 1")
    assert (unknown.field, unknown.found) == ("steps[0].sv", "the unknown field sv")


def test_languages_must_have_the_same_parts_in_the_brief(folder: Path) -> None:
    text = (folder / "brief.yaml").read_text(encoding="utf-8")
    last = text.index("    - heading: Det du ser")
    (folder / "brief.yaml").write_text(text[:last] + text[text.index("  closing: >-\n    Tre") :], encoding="utf-8")

    (problem,) = problems_of(folder)

    assert problem.expected == "the same number of parts in every language"


def test_all_mistakes_are_reported_in_file_order(broken: Break) -> None:
    broken("week-02.yaml", "minutes: 5", "minutes: 50")
    broken("week-01.yaml", "minutes: 8", "minutes: 80")
    folder = broken("brief.yaml", "minutes: 3", "minutes: 30")

    with pytest.raises(CurriculumInvalid) as caught:
        read_curriculum(folder)

    week_1 = line_of(folder, "week-01.yaml", "minutes: 80")
    week_2 = line_of(folder, "week-02.yaml", "minutes: 50")
    assert str(caught.value).splitlines() == [
        "brief.yaml:1: minutes: expected a whole number from 1 to 10, found 30",
        f"week-01.yaml:{week_1}: steps[1].minutes: expected a whole number from 1 to 10, found 80",
        f"week-02.yaml:{week_2}: steps[0].minutes: expected a whole number from 1 to 10, found 50",
    ]


def test_a_gap_in_the_weeks_is_a_missing_file(folder: Path) -> None:
    (folder / "week-01.yaml").unlink()

    (problem,) = problems_of(folder)

    assert str(problem) == "week-01.yaml:1: expected this file, found nothing"


@pytest.mark.parametrize(
    ("content", "line", "expected"),
    [
        (b"week: 1\nsteps: [1, 2\n", 3, "valid YAML"),
        (b"week: 1\n\x07: 2\n", 2, "valid YAML"),
        (b"week: 1\ntheme:\n  en: Day 1: go\n", 3, "quotation marks around a text with a colon in it"),
        (b"week: 1\nweek: 2\n", 2, "each field once"),
        (b"week: 1\n[1, 2]: 3\n", 2, "the name of a field"),
        (b"week: 1\ntheme: &all {en: x}\n", 2, "everything written out"),
        (b"week: 1\ntheme: *all\n", 2, "everything written out"),
        (b"week: 1\n&all theme: x\n", 2, "everything written out"),
        (b"week: 1\ntheme: !!python/name:os.system x\n", 2, "values without tags"),
        (b"%YAML 1.1\n---\nweek: 1\n", 1, "YAML without directives"),
        (b"week: 1\n---\nweek: 2\n", 2, "one document"),
        (100_000 * b"[", 1, "at most 8 levels"),
        (b'week: "\\UFFFFFFFF"\n', 1, "valid YAML"),
        (b"%YAML 1.99\n---\nweek: 1\n", 1, "valid YAML"),
        (b"week: 1\n" + b"long" * 100 + b": 1\n", 2, "the name of a field"),
        (b'week: 1\n"\\ud800": 1\n', 2, "the name of a field"),
        (b"- x\n" * 10_000, 4999, "at most 5000 values, names and lists"),
    ],
)
def test_unsupported_yaml_is_reported_with_its_line(folder: Path, content: bytes, line: int, expected: str) -> None:
    (folder / "week-01.yaml").write_bytes(content)

    (problem,) = problems_of(folder)

    assert (problem.file, problem.line, problem.expected) == ("week-01.yaml", line, expected)


def test_a_parse_error_quotes_the_line(folder: Path) -> None:
    found = {}
    for name, content in {"colon": b"en: Day 1: go\n", "tab": b"week: 1\n\tsteps: 2\n", "end": b"a: [1\n"}.items():
        (folder / "week-01.yaml").write_bytes(content)
        found[name] = problems_of(folder)[0].found

    assert found == {"colon": "'en: Day 1: go'", "tab": "'steps: 2'", "end": "the end of the file"}


def test_a_small_file_that_makes_long_answers_is_answered_shortly() -> None:
    """Each wrong choice could otherwise be told with all there are to choose from."""
    head = b"sources:\n" + b"".join(b"  source_%d: x\n" % number for number in range(2000))
    brief = b"minutes: 1\nsources:\n" + 2000 * b"- x\n"

    with pytest.raises(CurriculumInvalid) as caught:
        read_files({"curriculum.yaml": head, "brief.yaml": brief})

    assert 1000 <= len(caught.value.problems) < 1020, "those of files as a whole come on top"
    assert max(len(problem.expected) for problem in caught.value.problems) < 1100


@pytest.mark.parametrize("content", [b"week: \xe6\n", b"- a list\n", b""])
def test_a_file_of_the_wrong_kind_is_one_problem(folder: Path, content: bytes) -> None:
    (folder / "week-01.yaml").write_bytes(content)

    (problem,) = problems_of(folder)

    assert (problem.file, problem.line) == ("week-01.yaml", 1)


def test_a_folder_without_files_names_all_that_belong_there(tmp_path: Path) -> None:
    problems = problems_of(tmp_path)

    assert [problem.file for problem in problems] == [
        "brief.yaml", "circle.yaml", "curriculum.yaml", "milestones.yaml", "starters.yaml", "week-01.yaml",
    ]  # fmt: skip


def test_live_events_are_read_in_the_order_of_their_days(standard: Curriculum, folder: Path) -> None:
    events = (folder / "milestones.yaml").read_text(encoding="utf-8").split("\n- ")
    turned = "\n- ".join(["- " + events[-1].rstrip("\n"), *events[1:-1], events[0].removeprefix("- ")])
    (folder / "milestones.yaml").write_text(turned + "\n", encoding="utf-8")

    milestones = read_curriculum(folder).milestones

    assert milestones == standard.milestones
    first = milestones[0]
    assert (first.key, first.kind, first.day, first.minutes) == ("round-start", "round", -7, 10)
    assert first.texts["nb"].title == "360: bildet før du begynner"


def test_kinds_of_events_are_those_of_the_table() -> None:
    assert tuple(Milestone.Kind.values) == MILESTONE_KINDS


def test_each_month_has_an_agenda_of_45_minutes(standard: Curriculum) -> None:
    assert [meeting.month for meeting in standard.circle] == [1, 2, 3]
    for meeting in standard.circle:
        for text in meeting.texts.values():
            assert sum(part.minutes for part in text.parts) == 45


def test_an_agenda_has_the_same_minutes_in_every_language(folder: Path) -> None:
    text = (folder / "circle.yaml").read_text(encoding="utf-8")
    at = text.index("  nb:")
    changed = text[at:].replace("- minutes: 15", "- minutes: 14", 1).replace("- minutes: 5", "- minutes: 6", 1)
    (folder / "circle.yaml").write_text(text[:at] + changed, encoding="utf-8")

    (problem,) = problems_of(folder)

    assert (problem.field, problem.expected) == ("[0]", "parts of the same minutes in every language")


def test_a_curriculum_may_have_no_live_events_and_no_circle(standard: Curriculum) -> None:
    alone = replace(standard, milestones=(), circle=())

    assert read_files(write_files(alone)) == alone


def test_a_language_may_be_left_out_anywhere_and_is_missed_there(standard: Curriculum) -> None:
    def english(thing):
        return replace(thing, texts={"en": thing.texts["en"]})

    first, second, third, *weeks = standard.weeks
    half = replace(
        standard,
        titles={"en": standard.titles["en"]},
        themes={**standard.themes, "trust": {"en": "Trust"}},
        brief=english(standard.brief),
        weeks=(
            replace(first, steps=(*first.steps[:3], english(first.steps[3]), *first.steps[4:])),
            replace(second, theme={"en": "Say it"}, sponsor=english(second.sponsor)),
            replace(third, sponsor=english(third.sponsor)),
            *weeks,
        ),
        starters=(english(standard.starters[0]), *standard.starters[1:]),
        milestones=(english(standard.milestones[0]), *standard.milestones[1:]),
        circle=(*standard.circle[:1], english(standard.circle[1]), *standard.circle[2:]),
    )

    read = read_files(write_files(half))

    assert read == half
    assert read.missing("en") == ()
    assert read.missing("nb") == (
        "title", "theme trust", "brief", "day 4", "week 2", "week 3",
        f"milestone {half.milestones[0].key}", "circle 2", "starter goal_minded.queue",
    )  # fmt: skip
    assert standard.missing("nb") == ()


def test_a_language_that_was_begun_is_held_to_all_of_its_fields(broken: Break) -> None:
    text = (CURRICULA / SLUG / "1" / "week-01.yaml").read_text(encoding="utf-8")
    question = next(line for line in text.splitlines() if line.startswith("      question: H"))

    (problem,) = problems_of(broken("week-01.yaml", f"{question}\n", ""))

    assert (problem.field, problem.expected, problem.found) == ("steps[0].nb.question", "this field", "nothing")


def test_files_without_a_folder_say_themselves_which_curriculum_they_are(standard: Curriculum) -> None:
    mine = replace(standard, slug="our-own", version=7)

    assert read_files(write_files(mine)) == mine
    with pytest.raises(
        CurriculumInvalid, match=r"^curriculum.yaml:1: slug: expected at most 80 of the letters a to z,"
    ):
        read_files(write_files(replace(standard, slug="Our own")))


def test_a_file_that_belongs_to_no_curriculum_is_named(standard: Curriculum) -> None:
    files = write_files(standard)

    for name in ("milestone.yaml", "week-14.yaml"):
        with pytest.raises(CurriculumInvalid) as caught:
            read_files({**files, name: b""})
        (problem,) = caught.value.problems
        assert (problem.file, problem.found) == (name, "this file")


def test_files_that_are_too_large_are_not_even_read(standard: Curriculum) -> None:
    files = write_files(standard)
    room = MAX_FILES_BYTES - sum(map(len, files.values()))

    assert read_files({**files, "brief.yaml": files["brief.yaml"] + room * b"\n"}) == standard
    with pytest.raises(CurriculumInvalid) as caught:
        read_files({**files, "brief.yaml": (room + len(files["brief.yaml"]) + 1) * b"\xe6"})
    (problem,) = caught.value.problems
    assert (problem.file, problem.expected) == ("brief.yaml", "at most 524288 bytes in all files together")


def test_texts_are_read_with_single_spaces_however_they_were_typed(broken: Break, standard: Curriculum) -> None:
    folder = broken("week-01.yaml", "why: >-", "why: |")

    assert read_curriculum(folder) == standard
