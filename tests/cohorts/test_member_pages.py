import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.utils.html import escape

from cohorts.models import Invitation, Membership, Role
from cohorts.people.role_rows import NEVER, OPENS
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.times import NOW, TODAY


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
        ({"show": "sponsor"}, ["Max Acme", "Mia Acme", "Sol Acme"]),
        ({"show": "admin", "sort": "-name"}, ["Olav Acme", "Hana Acme"]),
        ({"show": "nonsense", "sort": "nonsense", "q": "acme max"}, ["Max Acme"]),
        ({"q": "\0sol@acme"}, ["Sol Acme"]),
    ],
)
def test_members_are_found_by_name_address_and_role(hana, asked, names):
    answer = hana.get(hana.url("members"), asked)

    assert [row.member.name for row in answer.context["rows"]] == names


def test_chips_count_within_the_search_and_keep_it_in_the_address(hana):
    answer = hana.get(hana.url("members"), {"q": "acme", "show": "sponsor", "sort": "-name"})
    chips = {chip.label: (chip.url, chip.count, chip.is_current) for chip in answer.context["chips"]}

    assert chips["Sponsors"] == ("?q=acme&sort=-name&show=sponsor", 3, True)
    assert chips["Admins and owners"] == ("?q=acme&sort=-name&show=admin", 2, False)
    assert "Former members" not in chips


def test_the_chip_not_signed_in_agrees_with_the_status_of_each_row(hana, cast, acme):
    day = timedelta(days=1)
    with within(acme):
        invited = make.MembershipFactory(name="In Vited")
        make.InvitationFactory(membership=invited, accepted_at=NOW - day)
        make.InvitationFactory(membership=invited, sent_at=NOW)
        accepted = make.MembershipFactory(name="Ac Cepted", suspended_at=NOW)
        make.InvitationFactory(membership=accepted, accepted_at=NOW - day)
        withdrawn = make.MembershipFactory(name="With Drawn", suspended_at=NOW)
        make.InvitationFactory(membership=withdrawn, revoked_at=NOW)
        shut_out = make.MembershipFactory(name="Shut Out", suspended_at=NOW)
        make.InvitationFactory(membership=shut_out, sent_at=NOW)
        gone = make.MembershipFactory(name="Go Ne", left_at=NOW)
        make.InvitationFactory(membership=gone, sent_at=NOW)

    def shown(**asked):
        return {row.member.name for row in hana.get(hana.url("members"), asked).context["rows"]}

    rows = hana.get(hana.url("members")).context["rows"]
    words = {row.member.name: row.sign_in.words for row in rows if row.sign_in}
    for show, word in {"not-signed-in": "Hasn’t signed in", "suspended": "Suspended"}.items():
        assert shown(show=show) == {name for name, said in words.items() if said == word} != set()
    assert shown(show="former") == {"Go Ne"}


def test_the_file_holds_what_the_page_lists(hana, cast):
    answer = hana.get(hana.url("members_export"), {"show": "sponsor", "q": "sol"})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1:] == [["Sol Acme", "sol@acme.test", "Sponsor", "1 leader", "Mia Acme", "Can sign in", "2026-03-11"]]


def test_a_sorted_column_says_its_order(hana):
    heads = re.findall(r"<th[^>]*aria-sort=.*?</th>", hana.get(hana.url("members")).content.decode(), re.DOTALL)
    backwards = hana.get(hana.url("members"), {"sort": "-email"}).content.decode()

    assert len(heads) == 1
    assert 'aria-sort="ascending"' in heads[0]
    assert "Name" in heads[0]
    assert re.search(r'aria-sort="descending"[^<]*>\s*<a[^>]*>\s*E-mail', backwards)


def test_the_last_visit_is_shown_of_all_but_those_who_only_lead(hana, cast, acme):
    with within(acme):
        Membership.objects.filter(pk__in=[cast.ada.pk, cast.sol.pk]).update(last_seen_on=date(2026, 3, 9))

    rows = {row.member.pk: row.last_here for row in hana.get(hana.url("members")).context["rows"]}

    assert rows[cast.sol.pk] == date(2026, 3, 9)
    assert rows[cast.ada.pk] is None
    assert (
        'Last here <time datetime="2026-03-09">9 Mar 2026</time>'
        in hana.get(hana.url("members"), {"q": "sol"}).content.decode()
    )


def save(client, member, *given, had=(), **more):
    """Send the page of somebody's roles with these boxes ticked; `had` were ticked when it was shown."""
    return client.post(client.url("member_roles", member.pk), {"roles": given, "had": had, **more}, follow=True)


def test_roles_are_given_and_taken_together_and_undo_restores_them(hana, cast):
    answer = save(hana, cast.cleo, "sponsor", "host", had=["coach"])
    assert roles(cast.cleo) == ["host", "sponsor"]
    undo = hana.url("member_roles_undoing", cast.cleo.pk, "coach", "host-sponsor")
    assert f'action="{undo}"' in answer.content.decode()

    hana.post(undo)
    assert roles(cast.cleo) == ["coach"]


def test_a_save_leaves_alone_what_somebody_else_changed_meanwhile(hana, cast):
    """The page was opened before a colleague made Cleo host."""
    save(hana, cast.cleo, "coach", "host", had=["coach"])

    save(hana, cast.cleo, "coach", "sponsor", had=["coach"])

    assert roles(cast.cleo) == ["coach", "host", "sponsor"]


def test_giving_admin_asks_before_it_is_done(hana, cast):
    asked = save(hana, cast.sol, "sponsor", "admin", had=["sponsor"])
    page = asked.content.decode()
    assert roles(cast.sol) == ["sponsor"]
    assert "A mail about it goes to Olav Acme." in page
    assert "Never: reflections" in page

    save(hana, cast.sol, "sponsor", "admin", had=["sponsor"], sure="on")
    assert roles(cast.sol) == ["admin", "sponsor"]


def test_taking_admin_does_not_ask(client_for, cast):
    olav = client_for(cast.olav)
    save(olav, cast.hana, "coach", had=["admin"])

    assert roles(cast.hana) == ["coach"]


def test_an_admin_is_not_offered_the_owners_role_and_may_not_give_it(hana, cast):
    page = hana.get(hana.url("member_roles", cast.ada.pk)).content.decode()

    assert 'name="roles" value="owner"' not in page
    assert "Only an owner can give or take the role of owner." in page
    assert save(hana, cast.ada, "owner", sure="on").status_code == 422
    assert hana.post(hana.url("member_roles_undoing", cast.ada.pk, "owner", "none")).status_code == 403
    assert roles(cast.ada) == ["leader"]


def test_an_owner_may(client_for, cast):
    save(client_for(cast.olav), cast.ada, "owner", sure="on")

    assert roles(cast.ada) == ["leader", "owner"]


def test_nobody_takes_power_from_themselves_on_the_page(hana, cast):
    page = hana.get(hana.url("member_roles", cast.hana.pk)).content.decode()

    assert 'name="roles" value="admin"' not in page
    assert hana.post(hana.url("member_roles_undoing", cast.hana.pk, "none", "admin")).status_code == 409


@pytest.mark.parametrize("slug", ["king", "owner-king", "-"])
def test_a_role_that_is_none_is_missing(hana, cast, slug):
    assert hana.post(hana.url("member_roles_undoing", cast.ada.pk, slug, "none")).status_code == 404
    assert save(hana, cast.ada, "king").status_code == 422


def test_a_sponsor_with_leaders_keeps_the_role(hana, cast):
    """The box is locked and says why; a page that sends it all the same is refused, and gives nothing either."""
    assert "They are still the sponsor of 1 leader." in hana.get(hana.url("member_roles", cast.sol.pk)).content.decode()

    answer = save(hana, cast.sol, "coach", had=["sponsor"])

    assert answer.status_code == 409
    assert roles(cast.sol) == ["sponsor"]


def test_the_page_says_what_each_role_opens_and_never_opens(hana, cast):
    page = hana.get(hana.url("member_roles", cast.ada.pk)).content.decode()

    assert {*OPENS} == {*NEVER} == {*Role}
    assert all(str(escape(words)) in page for words in [*OPENS.values(), *NEVER.values()])


def test_the_history_of_a_member_names_what_was_done_about_them(hana, cast):
    save(hana, cast.cleo, "coach", "host", had=["coach"])
    page = hana.get(hana.url("member_history", cast.cleo.pk))

    assert [(line.did, line.role, line.who) for line in page.context["lines"]] == [
        ("Gave a role", "Host of visits", "Hana Acme")
    ]
    assert hana.get(hana.url("member_history", cast.zoe.pk)).status_code == 404


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
    assert save(hana, cast.zoe, "sponsor").status_code == 404
    assert hana.post(hana.url("member_invitation", cast.zara.pk)).status_code == 404


@pytest.mark.parametrize("who", ["ada", "sol"])
def test_only_admins_and_owners_come_here(client_for, cast, who):
    client = client_for(getattr(cast, who))

    assert client.get(client.url("members")).status_code == 403
