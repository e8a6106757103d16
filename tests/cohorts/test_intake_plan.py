import pytest

from cohorts.people.imports import drafts
from cohorts.people.imports import plan as plan_module
from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.plan import (
    IN,
    NO_VALUE,
    OUT,
    SAME,
    Defaults,
    Fingerprint,
    Happens,
    KnownMember,
    plan_intake,
)
from cohorts.web.addresses import plain_address
from tests.work import work

DEFAULTS = Defaults(zone="Europe/Oslo", language="nb")
KARI = {"name": "Kari Dahl", "email": "kari@firm.test"}
OLA = {"name": "Ola Bø", "email": "ola@firm.test"}


@pytest.fixture(autouse=True)
def packed(monkeypatch):
    """As the rows of a long list are: short lists, which other tests plan, are not."""
    monkeypatch.setattr(drafts, "ROWS_A_PACK", 2)
    monkeypatch.setattr(drafts, "OPEN_PACKS", 0)
    monkeypatch.setattr(plan_module, "MERGED_AT_ONCE", 2)


def rows(*said):
    return [PersonRow(number=number, **each) for number, each in enumerate(said, start=2)]


def plan(*said, members=(), columns=None):
    return plan_intake(rows(*said), members, columns or {}, DEFAULTS)


def by_hand(said):
    (outcome,) = plan_intake(rows(said), (), {}, DEFAULTS, is_strict=True).outcomes
    return outcome


def only(*said, **known):
    (outcome,) = plan(*said, **known).outcomes
    return outcome


def problems(outcome):
    return [(problem.column, problem.sentence) for problem in outcome.problems]


def test_a_new_person_gets_the_cohorts_zone_and_language():
    outcome = only(KARI)

    assert (outcome.happens, outcome.email, outcome.zone, outcome.language, outcome.roles) == (
        Happens.NEW_LEADER,
        "kari@firm.test",
        "Europe/Oslo",
        "nb",
        {"leader"},
    )


KNOWN = {
    "a member joins": (KnownMember(**KARI), {}, Happens.JOINS),
    "who left the organisation comes back": (KnownMember(**KARI, has_left=True), {}, Happens.JOINS),
    "nothing to change": (
        KnownMember(**KARI, roles=frozenset({"leader"}), is_enrolled=True),
        {},
        Happens.UNCHANGED,
    ),
    "a manager left out changes nothing": (
        KnownMember(**KARI, roles=frozenset({"leader"}), is_enrolled=True, sponsor_email="x@firm.test"),
        {},
        Happens.UNCHANGED,
    ),
    "the same manager": (
        KnownMember(
            **KARI,
            roles=frozenset({"leader"}),
            is_enrolled=True,
            sponsor_email="ola@firm.test",
            manager_email="ola@firm.test",
        ),
        {"manager_email": "Ola@firm.test"},
        Happens.UNCHANGED,
    ),
    "the sponsor is now said to be the manager, too": (
        KnownMember(**KARI, roles=frozenset({"leader"}), is_enrolled=True, sponsor_email="ola@firm.test"),
        {"manager_email": "ola@firm.test"},
        Happens.MANAGER_CHANGES,
    ),
    "the same sponsor": (
        KnownMember(**KARI, roles=frozenset({"leader"}), is_enrolled=True, sponsor_email="ola@firm.test"),
        {"sponsor_email": "ola@firm.test"},
        Happens.UNCHANGED,
    ),
    "a sponsor reports to somebody else": (
        KnownMember(**KARI, roles=frozenset({"sponsor"}), manager_email="x@firm.test"),
        {"role": "sponsor", "manager_email": "ola@firm.test"},
        Happens.MANAGER_CHANGES,
    ),
    "another manager": (
        KnownMember(**KARI, roles=frozenset({"leader"}), is_enrolled=True, sponsor_email="x@firm.test"),
        {"manager_email": "ola@firm.test"},
        Happens.SPONSOR_CHANGES,
    ),
    "a leader becomes a sponsor": (
        KnownMember(**KARI, roles=frozenset({"leader"})),
        {"role": "sponsor"},
        Happens.BECOMES_SPONSOR,
    ),
    "a sponsor already": (KnownMember(**KARI, roles=frozenset({"sponsor"})), {"role": "sponsor"}, Happens.UNCHANGED),
}


@pytest.mark.parametrize(("member", "said", "happens"), KNOWN.values(), ids=KNOWN.keys())
def test_outcomes_for_known_members(member, said, happens):
    assert only(KARI | said, members=[member]).happens == happens


BOSS_COLUMNS = {"manager_name": "Boss", "manager_email": "Boss e-mail"}
WRONG = {
    "no e-mail": ({"email": ""}, "E-mail", "E-mail is missing."),
    "no name": ({"name": ""}, "Name", "Name is missing."),
    "a long name": ({"name": "x" * 161}, "Name", "The name is longer than 160 characters."),
    "not an address": ({"email": "kari(at)firm"}, "E-mail", "“kari(at)firm” is not an e-mail address."),
    "two addresses": ({"email": "a@f.test, b@f.test"}, "E-mail", "“a@f.test, b@f.test” is not an e-mail address."),
    "Norwegian letters in the address": (
        {"email": "kåre@firm.test"},
        "E-mail",
        "An address cannot have the letter å. Ask for the spelling they really use.",
    ),
    "a number": ({"name": "10023"}, "Name", "“10023” is a number, not a name."),
    "a date": ({"name": "2026-03-01T00:00:00"}, "Name", "“2026-03-01T00:00:00” is a date, not a name."),
    "a truth": ({"name": "True"}, "Name", "“True” is a value of a spreadsheet, not a name."),
    "an address as a name": ({"name": "a@firm.test"}, "Name", "“a@firm.test” is an e-mail address, not a name."),
    "an error of a spreadsheet": ({"name": "#N/A"}, "Name", "“#N/A” counts as empty."),
    "nobody": ({"email": "ukjent"}, "E-mail", "“ukjent” counts as empty."),
    "a formula without a value": (
        {"email": NO_VALUE},
        "E-mail",
        "This cell holds a formula whose value was not saved. Open the file in Excel, save it, upload it again.",
    ),
}

ZONE, LANGUAGE, ROLE = "They get Europe/Oslo.", "They get Norsk bokmål.", "They come in as a leader."
NO_MANAGER, NO_SPONSOR = "They come in without this manager.", "They come in without this sponsor."
DOUBTFUL = {
    "a misspelt zone": (
        {"zone": "Europa/Oslo"},
        "Time zone",
        "“Europa/Oslo” is not a time zone. Did you mean Europe/Oslo?",
        ZONE,
    ),
    "an unknown zone": (
        {"zone": "here"},
        "Time zone",
        "“here” is not a time zone. Write a city, such as Oslo.",
        ZONE,
    ),
    "another language": (
        {"language": "Klingon"},
        "Language",
        "“Klingon” is not a language we write in. Use nb or en, or leave it empty.",
        LANGUAGE,
    ),
    "another role": (
        {"role": "boss"},
        "Role",
        "“boss” is not a role here. Write leader or sponsor, or leave it empty for a leader.",
        ROLE,
    ),
    "a manager's bad address": (
        {"manager_email": "ola"},
        "Manager's e-mail",
        "“ola” is not an e-mail address.",
        NO_MANAGER,
    ),
    "their own manager": (
        {"manager_email": "KARI@firm.test"},
        "Manager's e-mail",
        "They cannot be their own manager.",
        NO_MANAGER,
    ),
    "their own sponsor": (
        {"sponsor_email": "KARI@firm.test"},
        "Sponsor's e-mail",
        "They cannot be their own sponsor.",
        NO_SPONSOR,
    ),
    "a sponsor nobody knows": (
        {"sponsor_name": "Liv Lie"},
        "Sponsor",
        "Nobody in the file or the organisation is called Liv Lie. Add a column Sponsor's e-mail.",
        NO_SPONSOR,
    ),
    "their own manager by name": (
        {"manager_name": "kari  dahl"},
        "Manager",
        "They cannot be their own manager.",
        NO_MANAGER,
    ),
    "a manager nobody knows": (
        {"manager_name": "Liv Lie"},
        "Manager",
        "Nobody in the file or the organisation is called Liv Lie. Add a column Manager's e-mail.",
        NO_MANAGER,
    ),
}


def test_a_former_member_is_told_from_a_member():
    """Both join; this one is invited again."""
    kari = {"name": "Kari", "email": "kari@firm.test", "manager_email": "liv@firm.test"}
    said = {
        has_left: plan(kari, members=[KnownMember("kari@firm.test", "Kari", has_left=has_left)]).outcomes[0]
        for has_left in (False, True)
    }

    assert {outcome.happens for outcome in said.values()} == {Happens.JOINS}
    assert [outcome.notes for outcome in said.values()] == [(), ("They were a member before, and are invited again.",)]


def test_a_column_that_is_there_is_to_be_filled_in():
    known = ({"name": "Liv Lie", "email": "liv1@firm.test"}, {"name": "Liv Lie", "email": "liv2@firm.test"})
    twice = plan(*known, {"name": "Kari", "email": "k@firm.test", "manager_name": "Liv Lie"}, columns=BOSS_COLUMNS)
    nobody = plan({"name": "Kari", "email": "k@firm.test", "manager_name": "Sol"}, columns=BOSS_COLUMNS)

    assert "Fill in Boss e-mail to tell them apart." in twice.outcomes[2].notes[0]
    assert "is called Sol. Fill in Boss e-mail." in nobody.outcomes[0].notes[0]


@pytest.mark.parametrize(("said", "column", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_problems_name_the_column_and_the_fix(said, column, sentence):
    outcome = only(KARI | said)

    assert problems(outcome) == [(column, sentence)]
    assert outcome.happens == Happens.LEFT_OUT


@pytest.mark.parametrize(("said", "column", "sentence", "instead"), DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_what_need_not_be_said_never_drops_the_person(said, column, sentence, instead):
    outcome = only(KARI | said)

    assert (outcome.happens, outcome.zone, outcome.language) == (Happens.NEW_LEADER, "Europe/Oslo", "nb")
    assert outcome.notes[0] == f"{column}: {sentence} {instead}"
    assert (outcome.sponsor_email, outcome.manager_email, outcome.roles) == ("", "", {"leader"})
    assert problems(by_hand(KARI | said)) == [(column, sentence)]


@pytest.mark.parametrize("nothing", ["-", "–", "n/a", "#N/A", "#REF!", "#NAVN?", "ingen", "Vacant", "NO_MANAGER"])
def test_a_cell_that_says_nothing_is_empty(nothing):
    said = dict.fromkeys(["zone", "language", "role", "manager_name", "manager_email", "employee_id"], nothing)

    assert only(KARI | said).notes == ("No manager given, so they have no sponsor.",)


def test_a_manager_who_is_not_found_was_given() -> None:
    assert only(KARI | {"manager_name": "Ola Dal"}).notes[-1] == "They have no sponsor."


def test_a_problem_names_the_header_of_the_file():
    assert problems(only(KARI | {"email": "here"}, columns={"email": "Adresse"}))[0][0] == "Adresse"


def test_all_problems_of_a_row_are_reported_together():
    assert [column for column, _ in problems(only({"name": "", "email": "x"}))] == ["Name", "E-mail"]


def test_a_row_with_a_problem_does_not_stop_the_others():
    planned = plan({"name": "A", "email": ""}, KARI)

    assert planned.counts == {"left_out": 1, "new_leader": 1}


@pytest.mark.parametrize("said", ["nb", "NO", "Norsk", "nb_NO", "Bokmål", "nn", "nob", "Norwegian (Bokmål)"])
def test_norwegian_has_many_names(said):
    assert only(KARI | {"language": said}).language == "nb"


@pytest.mark.parametrize("said", ["Europe/London", "europe/london", "London", " london "])
def test_a_zone_is_known_by_its_city(said):
    assert only(KARI | {"zone": said}).zone == "Europe/London"


@pytest.mark.parametrize("said", ["Kari <Kari@Firm.test>", "mailto:kari@firm.test", " KARI@FIRM.TEST "])
def test_an_address_is_found_in_what_was_pasted(said):
    assert plain_address(said) == "kari@firm.test"


# The same person twice


def test_the_same_row_twice_is_one_person():
    first, second = plan(KARI, KARI | {"email": "Kari@Firm.test"}).outcomes

    assert (first.happens, second.happens) == (Happens.NEW_LEADER, Happens.MERGED)
    assert second.notes == ("The same person as in row 2.",)


def test_rows_that_complete_each_other_are_merged():
    first, _second = plan(KARI, KARI | {"zone": "London", "manager_email": OLA["email"]}).outcomes

    assert (first.zone, first.sponsor_email) == ("Europe/London", "ola@firm.test")


def test_roles_of_the_same_person_add_up():
    first, _second = plan(KARI | {"role": "leader"}, KARI | {"role": "sponsor"}).outcomes

    assert first.roles == {"leader", "sponsor"}


def test_rows_that_disagree_are_both_left_out():
    first, second, third = plan(
        KARI | {"manager_email": "a@firm.test"}, KARI | {"manager_email": "b@firm.test"}, OLA
    ).outcomes

    assert problems(first) == [
        ("E-mail", "Row 3 has the same e-mail, but another Manager's e-mail. Keep the right one.")
    ]
    assert problems(second) == [
        ("E-mail", "Row 2 has the same e-mail, but another Manager's e-mail. Keep the right one.")
    ]
    assert third.happens == Happens.NEW_LEADER


def test_a_problem_in_a_merged_row_counts_for_the_person():
    first, second = plan(KARI, KARI | {"name": ""}).outcomes

    assert [first.happens, second.happens] == [Happens.LEFT_OUT, Happens.MERGED]


# Managers


def test_a_manager_who_is_also_a_leader_gets_both_roles():
    ola, kari = plan(OLA, KARI | {"manager_email": OLA["email"]}).outcomes

    assert ola.roles == {"leader", "sponsor"}
    assert ola.notes[0] == "Leader and sponsor."
    assert kari.sponsor_email == "ola@firm.test"


def test_a_manager_named_only_in_the_column_becomes_a_sponsor():
    planned = plan(
        KARI | {"manager_name": "Liv Lie", "manager_email": "liv@firm.test"},
        OLA | {"manager_email": "liv@firm.test"},
    )

    assert [(s.email, s.name, s.happens) for s in planned.sponsors] == [
        ("liv@firm.test", "Liv Lie", Happens.NEW_SPONSOR)
    ]


@pytest.mark.parametrize(
    ("said", "name"),
    [("Liv Lie <liv.berg@firm.test>", "Liv Lie"), ("liv.berg@firm.test", "Liv Berg")],
)
def test_a_manager_column_may_hold_the_address(said, name):
    planned = plan(KARI | {"manager_name": said})

    assert [(s.email, s.name) for s in planned.sponsors] == [("liv.berg@firm.test", name)]


@pytest.mark.parametrize(
    "members", [[], [KnownMember(email="liv@firm.test", name="Liv Lie", roles=frozenset({"sponsor"}))]]
)
def test_a_manager_is_found_by_name_in_file_or_organisation(members):
    in_file = [] if members else [{"name": "Liv Lie", "email": "liv@firm.test"}]
    planned = plan(KARI | {"manager_name": "LIV lie"}, *in_file, members=members)

    assert planned.outcomes[0].sponsor_email == "liv@firm.test"
    assert planned.sponsors == ()


def test_a_sponsor_column_parts_the_sponsor_from_the_manager():
    said = {"manager_email": "mari@firm.test", "sponsor_email": OLA["email"]}
    planned = plan(KARI | said, OLA | {"role": "sponsor"})

    kari, ola = planned.outcomes
    assert (kari.sponsor_email, kari.manager_email) == ("ola@firm.test", "mari@firm.test")
    assert (ola.sponsor_email, ola.manager_email) == ("", "")
    assert [each.email for each in planned.sponsors] == ["mari@firm.test"]


def test_a_sponsor_column_alone_says_nothing_of_managers():
    outcome = only(KARI | {"sponsor_email": OLA["email"]})

    assert (outcome.sponsor_email, outcome.manager_email) == ("ola@firm.test", "")


def test_people_who_report_to_each_other_are_let_in_with_a_note():
    kari, ola = plan(KARI | {"manager_email": OLA["email"]}, OLA | {"manager_email": KARI["email"]}).outcomes

    assert (kari.happens, ola.happens) == (Happens.NEW_LEADER, Happens.NEW_LEADER)
    assert "Kari Dahl and Ola Bø report to each other." in kari.notes
    assert "Kari Dahl and Ola Bø report to each other." in ola.notes


def test_a_loop_through_somebody_who_is_not_in_the_file_is_noted():
    mari = KnownMember(email="mari@firm.test", name="Mari Moe", manager_email=KARI["email"])
    outcome = only(KARI | {"manager_email": "mari@firm.test"}, members=[mari])

    assert "report to each other" in "".join(outcome.notes)


def test_a_manager_whose_name_two_people_have_is_not_guessed():
    twins = [{"name": "Liv Lie", "email": f"liv{n}@firm.test"} for n in (1, 2)]
    outcome = plan(KARI | {"manager_name": "Liv Lie"}, *twins).outcomes[0]

    assert outcome.manager_email == ""
    assert outcome.notes[0].startswith("Manager: 2 people are called Liv Lie. Add a column Manager's e-mail to tell")


def test_former_members_are_not_found_by_name():
    gone = KnownMember(email="liv@firm.test", name="Liv Lie", has_left=True)

    assert only(KARI | {"manager_name": "Liv Lie"}, members=[gone]).manager_email == ""


MANAGERS_OF = {
    "another order": ({"manager_name": "Bø Ola"}, None),
    "something aside": ({"manager_name": "ola bø (konst.)"}, None),
    "a name in the middle": ({"manager_name": "Ola M. Bø"}, "“Ola M. Bø” is taken for ola@firm.test."),
    "an initial": ({"manager_name": "O. Bø"}, "“O. Bø” is taken for ola@firm.test."),
    "the number behind the name": ({"manager_name": "Somebody Else (10011)"}, None),
    "the number in the column of the name": ({"manager_name": "10011"}, None),
    "the number in its own column": ({"manager_id": "10011"}, None),
}


@pytest.mark.parametrize(("said", "note"), MANAGERS_OF.values(), ids=MANAGERS_OF.keys())
def test_a_manager_is_found_by_number_or_a_name_alike(said, note):
    kari, _ola, _per = plan(
        KARI | {"employee_id": "10023"} | said,
        OLA | {"employee_id": "10011"},
        {"name": "Per Bø", "email": "per@firm.test", "employee_id": "7"},
    ).outcomes

    assert kari.sponsor_email == "ola@firm.test"
    assert kari.notes == ((note,) if note else ())


def test_a_number_nobody_has_is_noted():
    (note, _no_sponsor) = only(KARI | {"manager_name": "2"}).notes

    assert note == "Manager: Nobody in the file has the employee number 2. They come in without this manager."


# One person or two


def test_one_name_with_two_addresses_comes_in_with_a_choice():
    twice = [KARI, KARI | {"email": "kari.dahl@firm.test"}]
    first, second = plan(*twice).outcomes
    note = "Row {} has the same name with another address. If this is one person, leave one out."
    assert (first.happens, first.choices, first.notes[0]) == (Happens.NEW_LEADER, (OUT,), note.format(3))
    assert (second.happens, second.choices, second.notes[0]) == (Happens.NEW_LEADER, (OUT,), note.format(2))

    chosen = plan_intake(rows(*twice), (), {}, DEFAULTS, decided={"3": OUT})

    first, second = chosen.outcomes
    assert (first.happens, first.choices) == (Happens.NEW_LEADER, ())
    assert (second.happens, second.choices, second.problems) == (Happens.SET_ASIDE, (IN,), ())
    assert chosen.fingerprint != plan(*twice).fingerprint


def test_one_address_with_two_names_is_left_out_until_one_is_chosen():
    twice = [KARI, KARI | {"name": "Ola Nordmann"}]
    assert [(o.happens, o.choices) for o in plan(*twice).outcomes] == [(Happens.LEFT_OUT, (IN,))] * 2

    chosen = plan_intake(rows(*twice), (), {}, DEFAULTS, decided={"3": IN})

    assert [o.happens for o in chosen.outcomes] == [Happens.SET_ASIDE, Happens.NEW_LEADER]
    assert [o.row.name for o in chosen.outcomes if o.happens == Happens.NEW_LEADER] == ["Ola Nordmann"]


def test_somebody_new_with_the_name_of_a_member_is_told():
    known = KnownMember(name="Kari Dahl", email="kari@old.test")
    outcome = only(KARI, members=[known])

    assert (outcome.happens, outcome.choices) == (Happens.NEW_LEADER, (OUT,))
    assert "A member with the same name has the address kari@old.test." in outcome.notes[0]


def test_a_new_sponsor_can_be_the_member_with_their_name():
    ola = KnownMember(name="Ola Bø", email="ola@old.test", roles=frozenset({"sponsor"}))
    said = [KARI | {"manager_name": "Ola Bø", "manager_email": "ola@firm.test"}]
    planned = plan(*said, members=[ola])
    assert [(s.email, s.same_as) for s in planned.sponsors] == [("ola@firm.test", "ola@old.test")]

    chosen = plan_intake(rows(*said), [ola], {}, DEFAULTS, decided={"ola@firm.test": SAME})

    assert (chosen.outcomes[0].manager_email, chosen.sponsors) == ("ola@old.test", ())


def test_the_manager_of_a_row_left_out_is_not_made_a_sponsor():
    assert plan(KARI | {"name": "7", "manager_email": OLA["email"]}).sponsors == ()


def test_a_manager_with_a_rejected_row_is_still_a_sponsor():
    gone = KnownMember(**OLA, is_enrolled=True, has_left_cohort=True)
    planned = plan(OLA, KARI | {"manager_email": OLA["email"]}, members=[gone])

    assert [(s.email, s.name) for s in planned.sponsors] == [("ola@firm.test", "Ola Bø")]


def test_joining_a_second_cohort_is_refused():
    busy = KnownMember(**KARI, roles=frozenset({"leader"}), other_cohort="Autumn")

    assert problems(only(KARI, members=[busy])) == [("E-mail", "They are already on their way in the cohort Autumn.")]


def test_a_list_does_not_bring_back_former_leaders():
    gone = KnownMember(**KARI, is_enrolled=True, has_left_cohort=True)

    assert problems(only(KARI, members=[gone])) == [
        ("E-mail", "They left this cohort. An import does not bring people back.")
    ]


# The plan as a whole


def test_the_fingerprint_changes_exactly_when_the_plan_does():
    planned = plan(KARI)

    assert planned.fingerprint == plan(KARI).fingerprint
    assert planned.fingerprint != plan(KARI, members=[KnownMember(**KARI)]).fingerprint
    assert planned.fingerprint != plan(KARI | {"manager_email": OLA["email"]}).fingerprint
    both = KARI | {"sponsor_email": OLA["email"]}
    assert plan(both).fingerprint != plan(both | {"manager_email": "mari@firm.test"}).fingerprint


def test_the_fingerprint_is_the_same_whatever_parts_it_is_made_of():
    planned = plan(KARI, OLA, KARI | {"email": "other@firm.test", "manager_email": "mari@firm.test"})
    by_ones, by_twos = Fingerprint(), Fingerprint()
    for outcome in planned.outcomes:
        by_ones.add([outcome], ())
    by_twos.add(planned.outcomes[:2], ())
    by_twos.add(planned.outcomes[2:], ())
    for hashed in (by_ones, by_twos):
        hashed.add((), planned.sponsors)

    assert by_ones.hexdigest() == by_twos.hexdigest() == planned.fingerprint


def test_planning_messy_rows_grows_with_their_number_alone():
    def messy(count):
        said = [
            {
                "name": f"Åse Ødegård {n}",
                "email": f"ase.{n % (count - count // 50)}@firm.test",
                "zone": ["", "Oslo", f"Nowhere/{n % 10}"][n % 3],
                "manager_name": f"Manager {n % (count // 16)}",
                "manager_email": "" if n % 10 == 0 else f"manager.{n % (count // 16)}@firm.test",
            }
            for n in range(count)
        ]
        members = [KnownMember(email=f"ase.{n}@firm.test", name=f"Åse {n}") for n in range(count * 2 // 5)]
        return work(lambda: plan(*said, members=members))

    messy(64)  # zones are compared once
    few, many = messy(500), messy(2_000)

    assert many < 4.2 * few


def test_a_row_that_stands_for_nobody_has_no_namesakes():
    bad = {"name": KARI["name"], "email": "bad"}
    outcomes = plan(bad, bad, KARI).outcomes
    twice = [KARI, {"email": KARI["email"]}, OLA, {"email": OLA["email"]}]
    under = [
        {"name": name, "email": f"{name}@firm.test", "manager_name": "Chef", "manager_email": each["email"]}
        for name, each in (("Per", KARI), ("Pia", OLA))
    ]
    nameless = plan(*twice, *under).outcomes

    assert not any("same name" in note for outcome in (*outcomes, *nameless) for note in outcome.notes)


def test_namesakes_are_named_in_the_order_of_their_rows():
    others = [{"name": KARI["name"], "email": f"kari.{number}@firm.test"} for number in (7, 3, 9, 1)]

    assert "Row 3, 4, 5, 6 has the same name" in plan(KARI, *others).outcomes[0].notes[0]
