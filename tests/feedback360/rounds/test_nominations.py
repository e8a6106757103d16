"""Raters: nominated by the leader, approved by the sponsor, and fixed once the first answer may exist."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from feedback360.models import FeedbackSettings, MemberMail, Rater, RaterMail, Request, State, Subject
from feedback360.rounds.actions.nominations import approve, decline, erase_rater, nominate, put_back, withdraw_request
from tests import factories as make
from tests.feedback360.rounds.scenes import listed, new_round, subject_of
from tests.times import NOW, TODAY


@pytest.fixture
def adas(cast, acme):
    with within(acme):
        yield subject_of(cast, cast.ada, new_round(cast))


@pytest.fixture
def open_adas(cast, acme):
    with within(acme):
        yield subject_of(cast, cast.ada, new_round(cast, State.COLLECTING))


def add(subject, by, email="kari@firm.test", relation="team", name="Kari Nordmann", **more):
    return nominate(subject=subject, name=name, email=email, relation=relation, by=by, now=NOW, **more)


def names(subject):
    return sorted(Request.objects.filter(subject=subject).values_list("name", "state"))


def again(subject):
    return Subject.objects.get(pk=subject.pk)


def test_a_leaders_rater_waits_for_approval(cast, adas):
    request = add(adas, cast.ada)

    assert (request.state, request.relation, request.rater.email) == ("proposed", "team", "kari@firm.test")
    assert request.rater.name == request.name == "Kari Nordmann"
    assert not RaterMail.objects.filter(rater=request.rater).exists()


def test_an_admins_rater_is_approved_at_once(cast, adas):
    assert add(adas, cast.hana).state == "approved"
    assert again(adas).approved_at == NOW


def test_an_admin_who_is_the_leader_cannot_approve_their_own_list(cast, adas):
    cast.ada.roles = ["leader", "admin"]
    cast.ada.save()

    assert add(adas, cast.ada).state == "proposed"
    with pytest.raises(NotYours):
        approve(subject=adas, by=cast.ada, now=NOW)


@pytest.mark.parametrize("name", ["bo", "sol", "max", "pat"])
def test_only_the_leader_or_an_admin_nominates(cast, adas, name):
    with pytest.raises(NotYours):
        add(adas, getattr(cast, name))


@pytest.mark.parametrize("name", ["ada", "bo", "max", "pat"])
def test_only_the_sponsor_or_an_admin_approves(cast, adas, name):
    listed(adas, 2)
    with pytest.raises(NotYours):
        approve(subject=adas, by=getattr(cast, name), now=NOW)


@pytest.mark.parametrize(
    "email", ["ada@acme.test", "ADA@Acme.Test", "Ada <ada@acme.test>", "mailto:ada@acme.test", "ada+2@acme.test"]
)
def test_nobody_rates_themselves(cast, adas, email):
    with pytest.raises(Invalid, match="your own address"):
        add(adas, cast.ada, email)
    with pytest.raises(Invalid, match="leader's own address"):
        add(adas, cast.hana, email)


def test_the_sponsor_is_the_manager_and_no_team_member(cast, adas):
    with pytest.raises(Invalid, match="as the manager"):
        add(adas, cast.ada, "SOL@acme.test")
    with pytest.raises(Invalid, match="as the manager"):
        add(adas, cast.ada, "sol+team@acme.test")


def test_a_manager_of_the_opened_round_stays_no_team_member(cast, open_adas):
    Subject.objects.filter(pk=open_adas.pk).update(manager=cast.max, replacements={"team": 1})

    with pytest.raises(Invalid, match="as the manager"):
        add(open_adas, cast.ada, "max@acme.test")


@pytest.mark.parametrize("email", ["Kari@FIRM.test", " kari@firm.test ", "Kari N <KARI@firm.test>", "kari+2@firm.test"])
def test_the_same_person_twice_is_refused(cast, adas, email):
    add(adas, cast.ada)

    with pytest.raises(Invalid, match="on this list already"):
        add(adas, cast.ada, email, relation="peer")
    assert Rater.objects.filter(email="kari@firm.test").count() == 1


def test_nobody_is_put_back_beside_another_spelling_of_theirs(cast, adas):
    first = add(adas, cast.ada)
    withdraw_request(request=first, by=cast.ada, now=NOW)
    add(adas, cast.ada, "kari+2@firm.test")

    with pytest.raises(Invalid, match="on this list already"):
        put_back(request=first, by=cast.ada, now=NOW)


@pytest.mark.parametrize("email", ["bjørn@firm.test", "kari", "", "kari@@firm.test", "kåre@firm.test"])
def test_an_address_that_cannot_get_mail_is_refused(cast, adas, email):
    with pytest.raises(Invalid) as refusal:
        add(adas, cast.ada, email)
    assert refusal.value.field == "email"


@pytest.mark.parametrize("relation", ["self", "manager", "friend", ""])
def test_only_team_members_and_peers_are_nominated(cast, adas, relation):
    with pytest.raises(Invalid) as refusal:
        add(adas, cast.ada, relation=relation)
    assert refusal.value.field == "relation"


def test_the_same_form_twice_adds_one_rater(cast, adas):
    key = uuid4()
    first = add(adas, cast.ada, key=key)

    assert add(adas, cast.ada, key=key) == first
    assert add(adas, cast.ada, "other@firm.test", key=key) != first  # a page brought back, and another name typed
    assert Request.objects.filter(subject=adas).count() == 2


def test_thirty_raters_are_the_most(cast, adas):
    listed(adas, 20)
    listed(adas, 9, "peer", "approved")
    last = add(adas, cast.ada)
    with pytest.raises(NotNow, match="30 names"):
        add(adas, cast.ada, "one.more@firm.test")

    withdraw_request(request=last, by=cast.ada, now=NOW)
    add(adas, cast.ada, "one.more@firm.test")


def test_a_rater_of_two_leaders_has_one_row_and_each_leader_their_own_spelling(cast, adas):
    bos = subject_of(cast, cast.bo, adas.round)
    mine = add(adas, cast.ada, name="Kari Nordmann")
    theirs = add(bos, cast.bo, name="K. from nights", relation="peer")

    assert mine.rater == theirs.rater
    assert (mine.relation, theirs.relation) == ("team", "peer")
    assert (mine.name, theirs.name, theirs.rater.name) == ("Kari Nordmann", "K. from nights", "Kari Nordmann")


def test_a_member_is_asked_in_their_own_language(cast, adas):
    cast.bo.person.language = "nb"
    cast.bo.person.save()

    rater = add(adas, cast.ada, "BO@acme.test", "peer", "Bo").rater

    assert (rater.membership, rater.language, rater.name) == (cast.bo, "nb", cast.bo.name)


def test_the_sponsor_approves_all_at_once_or_one_by_one(cast, adas):
    first, *_others = listed(adas, 3)

    assert approve(subject=adas, by=cast.sol, now=NOW, requests=[first.pk]) == 1
    assert again(adas).approved_at is None
    assert approve(subject=adas, by=cast.sol, now=NOW) == 2
    assert approve(subject=adas, by=cast.sol, now=NOW) == 0
    assert {state for _name, state in names(adas)} == {"approved"}
    assert again(adas).approved_at == NOW


def test_a_request_of_another_leader_is_not_approved_along(cast, adas):
    (foreign,) = listed(subject_of(cast, cast.bo, adas.round), 1)

    assert approve(subject=adas, by=cast.sol, now=NOW, requests=[foreign.pk]) == 0
    foreign.refresh_from_db()
    assert foreign.state == "proposed"


def test_a_new_name_asks_for_approval_again(cast, adas):
    add(adas, cast.ada)
    approve(subject=adas, by=cast.sol, now=NOW)

    add(adas, cast.ada, "ola@firm.test", name="Ola")

    assert again(adas).approved_at is None
    assert names(adas) == [("Kari Nordmann", "approved"), ("Ola", "proposed")]


def test_sponsor_leader_and_admin_take_names_off_before_opening(cast, adas):
    for by, request in zip((cast.sol, cast.ada, cast.hana), listed(adas, 3, state="approved"), strict=True):
        withdraw_request(request=request, by=by, now=NOW)

    assert {state for _name, state in names(adas)} == {"withdrawn"}


def test_others_cannot_take_names_off(cast, adas):
    (request,) = listed(adas, 1)
    for other in (cast.bo, cast.max):
        with pytest.raises(NotYours):
            withdraw_request(request=request, by=other, now=NOW)


def test_a_name_taken_off_can_be_put_back_on(cast, adas):
    request = add(adas, cast.ada)
    withdraw_request(request=request, by=cast.ada, now=NOW)

    back = add(adas, cast.ada, relation="peer")

    assert (back.pk, back.state, back.relation) == (request.pk, "proposed", "peer")


# The monthly cap


def ask(cast, email, days, state="asked", relation="team", round_state=State.COLLECTING):
    """Another leader's request to this address, asked so many days from today."""
    cohort = make.CohortFactory(version=cast.houses["acme"].version)
    round_ = new_round(cast, round_state, cohort=cohort)
    subject = make.SubjectFactory(round=round_, enrolment=make.EnrolmentFactory(cohort=cohort))
    rater = make.RaterFactory(round=round_, email=email)
    on = TODAY + timedelta(days=days)
    make.RequestFactory(subject=subject, rater=rater, state=state, relation=relation, asked_on=on)


def test_a_rater_is_asked_about_no_more_leaders_in_a_month_than_allowed(cast, adas):
    FeedbackSettings.objects.update(monthly_requests=2)
    for _ in range(2):
        ask(cast, "kari@firm.test", 0)  # the round of Ada opens in 9 days

    with pytest.raises(Invalid, match="as many leaders as one person may be in a month"):
        add(adas, cast.ada, "Kari@Firm.test")
    with pytest.raises(Invalid, match="as many leaders as one person may be in a month"):
        add(adas, cast.hana)
    FeedbackSettings.objects.update(monthly_requests=3)
    add(adas, cast.ada)


def test_older_withdrawn_and_managers_requests_leave_room(cast, adas):
    FeedbackSettings.objects.update(monthly_requests=1)
    ask(cast, "kari@firm.test", -21)  # thirty days before the opening in nine
    ask(cast, "kari@firm.test", 0, state="withdrawn")
    ask(cast, "kari@firm.test", 0, relation="manager")

    add(adas, cast.ada)


def test_a_request_declined_or_only_planned_takes_room(cast, adas):
    FeedbackSettings.objects.update(monthly_requests=1)
    ask(cast, "ola@firm.test", -3, state="declined")
    bos = subject_of(cast, cast.bo, adas.round)
    add(bos, cast.bo, "kari@firm.test")

    for email in ("ola@firm.test", "kari@firm.test"):
        with pytest.raises(Invalid, match="in a month"):
            add(adas, cast.ada, email)


# When


@pytest.mark.parametrize("state", [State.DRAFT, State.CLOSED, State.RELEASED, State.CANCELLED])
def test_raters_are_chosen_only_while_the_round_asks_for_them(cast, acme, state):
    with within(acme):
        subject = subject_of(cast, cast.ada, new_round(cast, state), replacements={"team": 3})
        (request,) = listed(subject, 1)
        for by in (cast.ada, cast.hana):
            with pytest.raises(NotNow):
                add(subject, by)
            with pytest.raises(NotNow):
                withdraw_request(request=request, by=by, now=NOW)
        with pytest.raises(NotNow):
            approve(subject=subject, by=cast.sol, now=NOW)


def test_a_leader_who_left_gets_no_raters(cast, adas):
    Subject.objects.filter(pk=adas.pk).update(withdrawn_at=NOW)

    with pytest.raises(NotNow, match="no longer takes part"):
        add(adas, cast.hana)


@pytest.mark.parametrize("state", ["asked", "answered", "declined"])
@pytest.mark.parametrize("name", ["ada", "sol", "hana", "olav"])
def test_nobody_takes_off_a_rater_who_was_asked(cast, open_adas, state, name):
    (request,) = listed(open_adas, 1, state=state)

    with pytest.raises(NotNow, match="asked already"):
        withdraw_request(request=request, by=getattr(cast, name), now=NOW)

    request.refresh_from_db()
    assert request.state == state


@pytest.mark.parametrize("name", ["ada", "hana", "olav"])
def test_nobody_adds_to_an_open_round_unasked(cast, open_adas, name):
    with pytest.raises(NotNow, match="nobody else is needed"):
        add(open_adas, getattr(cast, name))


@pytest.mark.parametrize("name", ["ada", "hana", "olav"])
def test_nobody_moves_a_rater_to_another_group_once_asked(cast, open_adas, name):
    Subject.objects.filter(pk=open_adas.pk).update(replacements={"team": 1, "peers": 1})
    (request,) = listed(open_adas, 1, state="asked")

    with pytest.raises(Invalid, match="on this list already"):
        add(open_adas, getattr(cast, name), request.rater.email, relation="peer")

    request.refresh_from_db()
    assert (request.relation, request.state) == ("team", "asked")


def test_a_replacement_joins_its_group_once_approved(cast, open_adas):
    Subject.objects.filter(pk=open_adas.pk).update(replacements={"team": 1})
    request = add(open_adas, cast.ada)
    assert (request.state, again(open_adas).replacements) == ("proposed", {"team": 0})
    with pytest.raises(NotNow, match="nobody else is needed"):
        add(open_adas, cast.ada, "second@firm.test")

    approve(subject=open_adas, by=cast.sol, now=NOW)

    request.refresh_from_db()
    assert (request.state, request.group, request.asked_on) == ("asked", "team", TODAY)
    mail = RaterMail.objects.get(rater=request.rater)
    assert (mail.kind, mail.state, mail.due_at) == ("invitation", "due", NOW)  # 9:30 on a working day


def test_a_replacement_for_the_team_is_no_peer(cast, open_adas):
    Subject.objects.filter(pk=open_adas.pk).update(replacements={"team": 1})

    with pytest.raises(NotNow, match="nobody else is needed"):
        add(open_adas, cast.ada, relation="peer")


def test_nobody_joins_a_group_that_is_not_asked(cast, open_adas):
    groups = {"team": "team", "peer": "", "manager": "manager", "self": "self"}
    Subject.objects.filter(pk=open_adas.pk).update(groups=groups, replacements={"team": 1, "": 1})

    with pytest.raises(NotNow, match="nobody else is needed"):
        add(open_adas, cast.ada, relation="peer")


def test_a_replacement_taken_off_frees_its_place(cast, open_adas):
    Subject.objects.filter(pk=open_adas.pk).update(replacements={"team": 1})
    request = add(open_adas, cast.ada)

    withdraw_request(request=request, by=cast.sol, now=NOW)

    assert again(open_adas).replacements == {"team": 1}


def test_a_rater_of_another_leader_gets_one_more_mail_with_the_same_link(cast, open_adas):
    bos = subject_of(cast, cast.bo, open_adas.round)
    (first,) = listed(bos, 1, state="asked")
    make.RaterMailFactory(rater=first.rater, state="sent")
    Subject.objects.filter(pk=open_adas.pk).update(replacements={"team": 1})

    add(open_adas, cast.hana, first.rater.email)

    assert list(RaterMail.objects.filter(rater=first.rater).values_list("number", flat=True).order_by("number")) == [
        1,
        2,
    ]
    assert Rater.objects.get(pk=first.rater.pk).link_version == first.rater.link_version


def test_replacements_end_when_raters_were_asked_to_have_answered(cast, open_adas):
    Subject.objects.filter(pk=open_adas.pk).update(replacements={"team": 2})
    request = add(open_adas, cast.ada)
    late = {"now": open_adas.round.reminds_at}

    with pytest.raises(NotNow, match="no time left"):
        nominate(subject=open_adas, name="A", email="a@firm.test", relation="team", by=cast.ada, **late)
    with pytest.raises(NotNow, match="no time left"):
        approve(subject=open_adas, by=cast.sol, **late)
    with pytest.raises(NotNow, match="no time left"):
        withdraw_request(request=request, by=cast.sol, **late)


def approval_mails(subject):
    rows = MemberMail.objects.filter(round=subject.round, kind="approve")
    return list(rows.values_list("recipient", "number", "due_at").order_by("number"))


def test_the_sponsor_is_asked_by_mail_once_for_all_replacements(cast, open_adas):
    Subject.objects.filter(pk=open_adas.pk).update(replacements={"team": 2})

    add(open_adas, cast.ada)
    add(open_adas, cast.ada, "second@firm.test")

    assert approval_mails(open_adas) == [(cast.sol.pk, 3, NOW + timedelta(hours=1))]


def test_the_sponsor_is_asked_by_mail_when_a_few_days_are_left(cast, adas):
    add(adas, cast.ada)
    add(adas, cast.ada, "second@firm.test")
    (first,) = approval_mails(adas)
    assert first[:2] == (cast.sol.pk, 1)
    assert timedelta(days=3) < adas.round.opens_at - first[2] <= timedelta(days=5)

    late = adas.round.opens_at - timedelta(days=1)
    nominate(subject=adas, name="Late", email="late@firm.test", relation="team", by=cast.ada, now=late)

    assert [number for _sponsor, number, _due in approval_mails(adas)] == [1, 2]


# Declining and erasing


def test_declining_tells_nobody_and_leaves_no_time(cast, open_adas):
    (request,) = listed(open_adas, 1, state="asked")
    before, mails, deeds = again(open_adas), MemberMail.objects.count(), AuditEntry.objects.count()

    decline(request=request, now=NOW)
    decline(request=request, now=NOW)

    request.refresh_from_db()
    assert (request.state, request.asked_on) == ("declined", None)
    assert (MemberMail.objects.count(), AuditEntry.objects.count()) == (mails, deeds)
    assert vars(again(open_adas)) | {"_state": 0} == vars(before) | {"_state": 0}


@pytest.mark.parametrize("state", ["proposed", "approved", "answered", "withdrawn"])
def test_only_a_rater_who_is_asked_can_decline(cast, open_adas, state):
    (request,) = listed(open_adas, 1, state=state)

    with pytest.raises(NotNow):
        decline(request=request, now=NOW)


@pytest.mark.parametrize("relation", ["manager", "self"])
def test_manager_and_self_cannot_decline(cast, open_adas, relation):
    (request,) = listed(open_adas, 1, relation, "asked")

    with pytest.raises(NotNow):
        decline(request=request, now=NOW)


def test_nobody_declines_after_close(cast, open_adas):
    (request,) = listed(open_adas, 1, state="asked")

    with pytest.raises(NotNow, match="closed"):
        decline(request=request, now=open_adas.round.closes_at)


def test_erasing_a_rater_in_an_open_round_ends_their_requests(cast, open_adas):
    (request,) = listed(open_adas, 1, state="answered")

    ended = erase_rater(rater=request.rater, by=cast.hana, now=NOW)

    rater = Rater.objects.get(pk=request.rater.pk)
    request.refresh_from_db()
    assert ended == [request.pk]
    assert (rater.name, rater.email, rater.membership, rater.erased_at, rater.link_version) == ("", "", None, NOW, 2)
    assert (request.name, request.state) == ("", "withdrawn")
    assert erase_rater(rater=rater, by=cast.hana, now=NOW) == []


def test_erasing_a_rater_after_close_leaves_states_and_results(cast, acme):
    with within(acme):
        subject = subject_of(cast, cast.ada, new_round(cast, State.RELEASED))
        result = make.ResultFactory(subject=subject, content=b'{"a": 1}')
        (request,) = listed(subject, 1, state="answered")

        assert erase_rater(rater=request.rater, by=cast.hana, now=NOW) == []

        request.refresh_from_db()
        assert (request.name, request.state) == ("", "answered")
        result.refresh_from_db()
        assert bytes(result.content) == b'{"a": 1}'


def test_somebody_erased_can_be_nominated_anew(cast, adas):
    request = add(adas, cast.ada)
    erase_rater(rater=request.rater, by=cast.hana, now=NOW)

    assert add(adas, cast.ada).rater != request.rater


def test_the_trail_names_no_rater(cast, adas):
    request = add(adas, cast.hana)
    withdraw_request(request=request, by=cast.hana, now=NOW)
    erase_rater(rater=request.rater, by=cast.hana, now=NOW)

    said = [entry.details for entry in AuditEntry.objects.filter(verb__contains="rater")]
    assert len(said) == 3
    assert "ari" not in str(said).replace("variable", "")
