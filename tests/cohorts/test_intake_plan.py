import pytest

from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.plan import Defaults, Happens, KnownMember, plan_intake
from cohorts.people.imports.values import plain_address
from tests.work import work

DEFAULTS = Defaults(zone="Europe/Oslo", language="nb")
KARI = {"name": "Kari Dahl", "email": "kari@firm.test"}
OLA = {"name": "Ola Bø", "email": "ola@firm.test"}


def rows(*said):
    return [PersonRow(number=number, **each) for number, each in enumerate(said, start=2)]


def plan(*said, members=(), columns=None):
    return plan_intake(rows(*said), members, columns or {}, DEFAULTS)


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
    "a misspelt zone": (
        {"zone": "Europa/Oslo"},
        "Time zone",
        "“Europa/Oslo” is not a time zone. Did you mean Europe/Oslo?",
    ),
    "an unknown zone": (
        {"zone": "here"},
        "Time zone",
        "“here” is not a time zone. Write it as Europe/Oslo, or leave it empty for the cohort's own.",
    ),
    "another language": (
        {"language": "Klingon"},
        "Language",
        "“Klingon” is not a language we write in. Use nb or en, or leave it empty.",
    ),
    "another role": (
        {"role": "boss"},
        "Role",
        "“boss” is not a role here. Write leader or sponsor, or leave it empty for a leader.",
    ),
    "a manager's bad address": ({"manager_email": "ola"}, "Manager's e-mail", "“ola” is not an e-mail address."),
    "their own manager": ({"manager_email": "KARI@firm.test"}, "Manager's e-mail", "They cannot be their own manager."),
    "their own sponsor": ({"sponsor_email": "KARI@firm.test"}, "Sponsor's e-mail", "They cannot be their own sponsor."),
    "a sponsor nobody knows": (
        {"sponsor_name": "Liv Lie"},
        "Sponsor",
        "Nobody in the file or the organisation is called Liv Lie. Add a column Sponsor's e-mail.",
    ),
    "their own manager by name": ({"manager_name": "kari  dahl"}, "Manager", "They cannot be their own manager."),
    "a manager nobody knows": (
        {"manager_name": "Liv Lie"},
        "Manager",
        "Nobody in the file or the organisation is called Liv Lie. Add a column Manager's e-mail.",
    ),
}


@pytest.mark.parametrize(("said", "column", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_problems_name_the_column_and_the_fix(said, column, sentence):
    outcome = only(KARI | said)

    assert problems(outcome) == [(column, sentence)]
    assert outcome.happens == Happens.LEFT_OUT


def test_a_problem_names_the_header_of_the_file():
    assert problems(only(KARI | {"zone": "here"}, columns={"zone": "Tidssone"}))[0][0] == "Tidssone"


def test_all_problems_of_a_row_are_reported_together():
    outcome = only({"name": "", "email": "x", "zone": "y", "language": "z"})

    assert [column for column, _ in problems(outcome)] == ["Name", "E-mail", "Time zone", "Language"]


def test_a_row_with_a_problem_does_not_stop_the_others():
    planned = plan({"name": "A", "email": ""}, KARI)

    assert planned.counts == {"left_out": 1, "new_leader": 1}


@pytest.mark.parametrize("said", ["nb", "NO", "Norsk", "nb_NO", "Bokmål", "nn"])
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
    first, second = plan(KARI, KARI | {"role": "boss"}).outcomes

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

    assert problems(outcome) == [
        ("Manager", "2 people are called Liv Lie. Add a column Manager's e-mail to tell them apart.")
    ]


def test_former_members_are_not_found_by_name():
    gone = KnownMember(email="liv@firm.test", name="Liv Lie", has_left=True)

    assert only(KARI | {"manager_name": "Liv Lie"}, members=[gone]).happens == Happens.LEFT_OUT


def test_the_manager_of_a_row_left_out_is_not_made_a_sponsor():
    assert plan(KARI | {"zone": "?", "manager_email": OLA["email"]}).sponsors == ()


def test_a_manager_with_a_rejected_row_is_still_a_sponsor():
    planned = plan(OLA | {"zone": "?"}, KARI | {"manager_email": OLA["email"]})

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
