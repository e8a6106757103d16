import pytest

from cohorts.models import Invitation, Membership
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.times import TODAY


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


def roles(member):
    with within(member.organisation_id):
        return Membership.objects.get(pk=member.pk).roles


def test_the_list_shows_exactly_this_organisations_members(hana):
    page = hana.get(hana.url("members")).content.decode()

    for name in ("Ada Acme", "Olav Acme", "Sol Acme"):
        assert name in page
    assert "zenith.test" not in page


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"q": "ada"}, ["Ada Acme"]),
        ({"q": "SOL@acme"}, ["Sol Acme"]),
        ({"role": "sponsor"}, ["Max Acme", "Mia Acme", "Sol Acme"]),
        ({"role": "nonsense", "q": "acme max"}, ["Max Acme"]),
        ({"q": "\0sol@acme"}, ["Sol Acme"]),
    ],
)
def test_members_are_found_by_name_address_and_role(hana, asked, names):
    answer = hana.get(hana.url("members"), asked)

    assert [row["member"].name for row in answer.context["rows"]] == names


def test_a_role_is_given_and_undo_takes_it(hana, cast):
    answer = hana.post(hana.url("member_roles", cast.ada.pk, "sponsor"), follow=True)
    assert roles(cast.ada) == ["leader", "sponsor"]
    undo = hana.url("member_role_removal", cast.ada.pk, "sponsor")
    assert f'action="{undo}"' in answer.content.decode()

    hana.post(undo)
    assert roles(cast.ada) == ["leader"]


def test_an_admin_neither_sees_nor_may_give_the_owners_role(hana, cast):
    page = hana.get(hana.url("members")).content.decode()

    assert hana.url("member_roles", cast.ada.pk, "owner") not in page
    assert hana.url("member_role_removal", cast.olav.pk, "owner") not in page
    assert hana.post(hana.url("member_roles", cast.ada.pk, "owner")).status_code == 403


def test_an_owner_may(client_for, cast):
    olav = client_for(cast.olav)

    olav.post(olav.url("member_roles", cast.ada.pk, "owner"))

    assert roles(cast.ada) == ["leader", "owner"]


def test_a_role_that_is_none_is_missing(hana, cast):
    assert hana.post(hana.url("member_roles", cast.ada.pk, "king")).status_code == 404


def test_a_sponsor_with_leaders_keeps_the_role(hana, cast):
    answer = hana.post(hana.url("member_role_removal", cast.sol.pk, "sponsor"))

    assert answer.status_code == 409
    assert b"They are still the sponsor of 1 leader." in answer.content


def test_a_member_is_added_and_invited(hana, acme):
    said = {"name": "Nina Ny", "email": "Nina@firm.test", "language": "nb", "roles": ["sponsor", "admin"]}
    hana.post(hana.url("member_new"), said)

    with within(acme):
        member = Membership.objects.select_related("person").get(name="Nina Ny")
        assert (member.person.email, member.roles) == ("nina@firm.test", ["admin", "sponsor"])
        assert Invitation.objects.filter(membership=member).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"), [({"email": "x"}, "email"), ({"roles": ["owner"]}, "roles"), ({"roles": []}, "roles")]
)
def test_errors_of_a_new_member_are_shown_beside_their_fields(hana, changes, field):
    said = {"name": "Nina Ny", "email": "nina@firm.test", "language": "nb", "roles": ["sponsor"]} | changes
    answer = hana.post(hana.url("member_new"), said)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def manager_of(member):
    with within(member.organisation_id):
        return Membership.objects.get(pk=member.pk).manager_id


def test_an_admin_says_who_somebody_reports_to_and_undo_restores_it(hana, cast):
    where = hana.url("member_manager", cast.sol.pk)
    assert f'<option value="{cast.mia.pk}" selected>' in hana.get(where).content.decode()

    answer = hana.post(where, {"manager": cast.max.pk}, follow=True)
    assert manager_of(cast.sol) == cast.max.pk
    assert "Sol Acme now reports to Max Acme." in answer.content.decode()
    undo = hana.url("member_manager_again", cast.sol.pk, cast.mia.pk)
    assert f'action="{undo}"' in answer.content.decode()

    hana.post(undo)
    assert manager_of(cast.sol) == cast.mia.pk


def test_a_first_manager_can_be_undone(hana, cast):
    answer = hana.post(hana.url("member_manager", cast.ada.pk), {"manager": cast.sol.pk}, follow=True)
    undo = hana.url("member_manager_again", cast.ada.pk, 0)
    assert f'action="{undo}"' in answer.content.decode()

    hana.post(undo)
    assert manager_of(cast.ada) is None


def test_a_manager_of_another_organisation_is_missing(hana, cast):
    assert hana.post(hana.url("member_manager_again", cast.sol.pk, cast.zac.pk)).status_code == 404
    assert hana.post(hana.url("member_manager", cast.sol.pk), {"manager": cast.zac.pk}).status_code == 422
    assert manager_of(cast.sol) == cast.mia.pk


def test_a_loop_of_two_is_allowed_and_the_admin_reads_it(hana, cast):
    assert b"report to each other" not in hana.get(hana.url("members")).content

    answer = hana.post(hana.url("member_manager", cast.mia.pk), {"manager": cast.sol.pk}, follow=True)

    assert "Mia Acme and Sol Acme report to each other." in answer.content.decode()


def test_a_loop_through_a_sponsor_is_shown_too(hana, cast):
    with within(cast.acme):
        make.EnrolmentFactory(leader=cast.mia, sponsor=cast.sol)

    page = hana.get(hana.url("members")).content.decode()

    assert "Mia Acme and Sol Acme report to each other." in page


def test_a_sponsor_of_a_cohort_they_left_closes_no_loop(hana, cast):
    with within(cast.acme):
        make.EnrolmentFactory(leader=cast.mia, sponsor=cast.sol, left_on=TODAY)

    assert b"report to each other" not in hana.get(hana.url("members")).content


def test_member_list_queries_do_not_grow(hana, acme, same_queries_at_1_and_30):
    def add(number):
        with within(acme):
            make.InvitationFactory()

    assert same_queries_at_1_and_30(lambda: hana.get(hana.url("members")), add) <= 12


def test_another_organisations_member_is_missing(hana, cast):
    assert hana.post(hana.url("member_roles", cast.zoe.pk, "sponsor")).status_code == 404
    assert hana.post(hana.url("member_invitation", cast.zara.pk)).status_code == 404


@pytest.mark.parametrize("who", ["ada", "sol"])
def test_only_admins_and_owners_come_here(client_for, cast, who):
    client = client_for(getattr(cast, who))

    assert client.get(client.url("members")).status_code == 403
