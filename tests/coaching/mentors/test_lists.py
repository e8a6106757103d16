"""Lists of coaches and of pairs: read by the reader of people, planned row by row, confirmed once, taken back."""

from datetime import timedelta

import pytest

from coaching.mentors.actions.intakes import (
    confirm_list,
    plan_list,
    undo_list,
    upload_list,
)
from coaching.mentors.actions.requests import ask
from coaching.models import MentorConflict, MentorIntake, MentorProfile, Pairing
from cohorts.imports.uploads import PlanChanged, discard, forget_old
from cohorts.models import Invitation, Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow
from tests import factories as make
from tests.coaching.mentors.scenes import new_leader, new_mentor
from tests.times import NOW

COACHES = "Name;E-mail;Type;Themes;Languages;Site;Places"
PAIRS = "Leader e-mail;Coach;Coach e-mail;How often"


@pytest.fixture
def scene(cast, acme):
    with within(acme):
        yield cast


def upload(cast, sort, *lines, header=None, name="list.csv"):
    data = "\n".join([header or (COACHES if sort == "coaches" else PAIRS), *lines]).encode()
    return upload_list(sort=sort, data=data, file_name=name, by=cast.hana, now=NOW)


def look(cast, sort, *lines, **more):
    plan = plan_list(upload(cast, sort, *lines, **more), organisation=cast.acme)
    return [(str(each.happens), [sentence for _column, sentence in each.problems]) for each in plan.outcomes]


def confirm(cast, intake, now=NOW):
    fingerprint = plan_list(intake, organisation=cast.acme).fingerprint
    return confirm_list(intake=intake, fingerprint=fingerprint, organisation=cast.acme, by=cast.hana, now=now)


def test_a_list_of_coaches_invites_new_ones_and_gives_members_a_profile(scene):
    intake = upload(
        scene,
        "coaches",
        "Kari Nordmann;kari@firm.test;Coach;Tydelig, Oppmuntrende;norsk, engelsk;Bergen;3",
        ";mia@acme.test;;;;;",
    )
    assert not Membership.objects.filter(person__email="kari@firm.test").exists()

    confirm(scene, intake)

    kari = MentorProfile.objects.get(member__person__email="kari@firm.test")
    assert (kari.kind, kari.behaviours, kari.languages) == ("coach", ["clear", "encouraging"], ["en", "nb"])
    assert (kari.site, kari.places, kari.member.roles) == ("Bergen", 3, ["coach"])
    assert Invitation.objects.filter(membership=kari.member).exists()
    mia = MentorProfile.objects.get(member=scene.mia)
    assert (mia.kind, mia.places, set(mia.member.roles)) == ("mentor", 2, {"sponsor", "coach"})
    assert not Invitation.objects.filter(membership=scene.mia).exists()


@pytest.mark.parametrize("column", ["Tilbyr", "Coach eller mentor", "Coach or mentor"])
def test_what_somebody_offers_is_read_under_the_names_our_pages_use(column, scene):
    header = COACHES.replace("Type", column)
    intake = upload(scene, "coaches", "Kari Nordmann;kari@firm.test;coach;Tydelig;norsk;Bergen;3", header=header)

    confirm(scene, intake)

    assert MentorProfile.objects.get(member__person__email="kari@firm.test").kind == "coach"


def test_each_problem_of_a_coach_is_named_beside_its_row(scene):
    found = look(
        scene,
        "coaches",
        "Kari Nordmann;not an address;;;;;",
        ";new@firm.test;;;;;",
        "Per;per@firm.test;boss;;;;",
        "Pia;pia@firm.test;;cheerful;;;",
        "Pal;pal@firm.test;;;klingon;;",
        "Pol;pol@firm.test;;;;;21",
        "Pal;pul@firm.test;;;;;-1",
        f"Lang;lang@firm.test;;;;{'x' * 81};",
        "Cleo;cleo@acme.test;;;;;",
    )

    assert [happens for happens, _problems in found] == ["left_out"] * 8 + ["unchanged"]
    assert [len(problems) for _happens, problems in found] == [1] * 8 + [0]


def test_the_same_coach_twice_is_one_unless_the_rows_differ(scene):
    twice = look(scene, "coaches", "Kari;kari@firm.test;;;;;", "Kari;KARI@firm.test;;;;;")
    differing = look(scene, "coaches", "Kari;kari@firm.test;;;;;2", "Kari;kari@firm.test;;;;;3")

    assert [happens for happens, _ in twice] == ["invited", "merged"]
    assert [happens for happens, _ in differing] == ["left_out", "left_out"]


def test_a_list_of_pairs_makes_them_active(scene):
    mentor = new_mentor(places=2)
    email = mentor.member.person.email
    intake = upload(scene, "pairs", f"ada@acme.test;;{email};14", f"bo@acme.test;;{email};")

    confirm(scene, intake)

    made = Pairing.objects.filter(partner=mentor.member)
    assert {(each.leader, each.kind, each.state, each.cadence_days) for each in made} == {
        (scene.ada, "mentor", "active", 14),
        (scene.bo, "mentor", "active", mentor.cadence_days),
    }


def test_hard_rules_hold_in_a_list_of_pairs(scene):
    """Each pair that a leader could not ask for is left out, with the reason; places fill up in file order."""
    one, named, finn, closed = (
        new_mentor("One Place"),
        new_mentor("Named Mentor"),
        new_mentor("Finn Mentor", languages=["fi"]),
        new_mentor("Closed Mentor", is_accepting=False),
    )
    MentorConflict.objects.create(profile=named, member=scene.ada)
    Membership.objects.filter(pk=scene.sol.pk).update(roles=["sponsor", "coach"])
    make.MentorProfileFactory(member=scene.sol, kind="mentor")
    of = {each: each.member.person.email for each in (one, named, finn, closed)}

    found = look(
        scene,
        "pairs",
        "ada@acme.test;;sol@acme.test;",
        f"ada@acme.test;;{of[named]};",
        f"ada@acme.test;;{of[finn]};",
        f"ada@acme.test;;{of[closed]};",
        f"ada@acme.test;;{of[one]};",
        f"bo@acme.test;;{of[one]};",
        f"ada@acme.test;;{of[one]};",
        "ada@acme.test;;cleo@acme.test;",
        "nobody@acme.test;;cleo@acme.test;",
        "bo@acme.test;;nobody@acme.test;",
        "bo@acme.test;;cleo@acme.test;10",
    )

    happens = [each for each, _problems in found]
    assert happens == ["left_out"] * 4 + ["paired", "left_out", "merged", "unchanged"] + ["left_out"] * 3
    assert found[0][1] == found[1][1]  # a conflict reads like a reporting line
    assert "no language" in found[2][1][0]
    assert "places are taken" in found[5][1][0]


def test_a_leader_gets_one_of_a_kind_from_one_list(scene):
    first, second = new_mentor("First Mentor"), new_mentor("Second Mentor")
    lines = [f"bo@acme.test;;{each.member.person.email};" for each in (first, second)]

    assert [happens for happens, _ in look(scene, "pairs", *lines)] == ["paired", "left_out"]


def test_nothing_is_confirmed_that_the_preview_did_not_show(scene):
    mentor = new_mentor()
    intake = upload(scene, "pairs", f"bo@acme.test;;{mentor.member.person.email};")
    fingerprint = plan_list(intake, organisation=scene.acme).fingerprint
    ask(profile=mentor, words="", by=new_leader(), organisation=scene.acme, now=NOW)

    with pytest.raises(PlanChanged):
        confirm_list(intake=intake, fingerprint=fingerprint, organisation=scene.acme, by=scene.hana, now=NOW)

    assert not Pairing.objects.filter(leader=scene.bo, kind="mentor").exists()


def test_confirming_twice_does_it_once(scene):
    mentor = new_mentor()
    intake = upload(scene, "pairs", f"bo@acme.test;;{mentor.member.person.email};")
    fingerprint = plan_list(intake, organisation=scene.acme).fingerprint
    for _ in range(2):
        confirm_list(intake=intake, fingerprint=fingerprint, organisation=scene.acme, by=scene.hana, now=NOW)

    assert Pairing.objects.filter(leader=scene.bo, kind="mentor").count() == 1
    assert MentorIntake.objects.get(pk=intake.pk).rows == []


def test_undo_takes_pairs_back_but_not_those_who_have_begun(scene):
    mentor = new_mentor(places=2)
    email = mentor.member.person.email
    intake = confirm(scene, upload(scene, "pairs", f"ada@acme.test;;{email};", f"bo@acme.test;;{email};"))
    make.SessionFactory(pairing=Pairing.objects.get(leader=scene.ada, partner=mentor.member))

    assert undo_list(intake=intake, by=scene.hana, now=NOW) == (1, 1)
    assert undo_list(intake=intake, by=scene.hana, now=NOW) == (0, 0)
    assert [each.leader for each in Pairing.objects.filter(partner=mentor.member)] == [scene.ada]


def test_undo_takes_coaches_back_with_role_and_invitation(scene):
    intake = confirm(scene, upload(scene, "coaches", "Kari;kari@firm.test;;;;;", ";mia@acme.test;;;;;"))

    assert undo_list(intake=intake, by=scene.hana, now=NOW) == (2, 0)

    kari = Membership.objects.get(person__email="kari@firm.test")
    assert kari.left_at is not None
    assert not Invitation.objects.filter(membership=kari, revoked_at=None).exists()
    assert Membership.objects.get(pk=scene.mia.pk).roles == ["sponsor"]
    assert not MentorProfile.objects.filter(member__in=[kari, scene.mia]).exists()


def test_undo_is_refused_after_a_day(scene):
    intake = confirm(scene, upload(scene, "coaches", "Kari;kari@firm.test;;;;;"))

    with pytest.raises(NotNow):
        undo_list(intake=intake, by=scene.hana, now=NOW + timedelta(hours=25))


def test_rows_go_with_discarding_and_after_a_week(scene):
    MentorIntake.objects.all().delete()
    first, second = upload(scene, "coaches", "Kari;kari@firm.test;;;;;"), upload(scene, "pairs", "a;b;c@d.test;")
    discard(first)

    assert forget_old(MentorIntake, now=NOW + timedelta(days=6)) == 0
    assert forget_old(MentorIntake, now=NOW + timedelta(days=8)) == 1
    assert {each.state for each in MentorIntake.objects.filter(pk__in=[first.pk, second.pk])} == {"discarded"}
    assert list(MentorIntake.objects.values_list("rows", flat=True)) == [[], []]


def test_an_unknown_sort_of_list_is_refused(scene):
    with pytest.raises(Invalid):
        upload_list(sort="hosts", data=b"x", file_name="x.csv", by=scene.hana, now=NOW)
