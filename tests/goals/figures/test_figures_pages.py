"""The figures of a team: charts, hand entry, targets, new limits and notes, by who may see and keep them."""

import re
from datetime import timedelta

import pytest

from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from goals.models import Figure, Followed, Kpi, Rebase, Team, WeekNote
from tests import factories as make
from tests.goals.figures.floor import enter_weeks, monday
from tests.times import TODAY

D10 = [412, 405, 420, 398, 415, 409, 403, 417, 410, 406, 414, 408, 399, 401, 395, 400, 397, 402, 396, 398]


@pytest.fixture
def ada(client_for, cast):
    return client_for(cast.ada)


@pytest.fixture
def team(cast):
    with within(cast.acme):
        Figure.objects.all().delete()
        Followed.objects.all().delete()
        return Team.objects.select_related("leader").get(leader=cast.ada)


def followed(cast, team, **kpi):
    with within(cast.acme):
        made = make.FollowedFactory(kpi=make.KpiFactory(**kpi), team=team, target=None)
        make.KpiMethodFactory(kpi=made.kpi, written_by=cast.hana)
        return made


@pytest.fixture
def aht(cast, team):
    return followed(cast, team, name="Handling time", family="aht", unit="seconds", better="down")


@pytest.fixture
def fcr(cast, team):
    return followed(cast, team, name="Solved at once", family="fcr")


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_published_shift_is_said_in_words(ada, cast, team, aht):
    with within(cast.acme):
        enter_weeks(aht, D10, n=10)
    page = text(ada.get(ada.url("kpi_chart", aht.pk)))

    assert "Eight weeks in a row below the mean" in page
    assert "a real change, for the better" in page
    assert "about one chart in three" in page


def test_a_signal_of_long_ago_is_ringed_and_no_longer_the_finding(ada, cast, team, aht):
    with within(cast.acme):
        enter_weeks(aht, [*D10[:12], 500, *([405, 415] * 14)], n=10)
    page = text(ada.get(ada.url("kpi_chart", aht.pk)))

    assert "no week of the last half-year stands out" in page
    assert 'class="ring"' in page


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (370, "missed nearly every week unless the way of working changes"),
        (400, "hit and missed by chance"),
        (450, "met nearly every week"),
    ],
)
def test_a_target_is_judged_by_the_limits(ada, cast, team, aht, target, sentence):
    with within(cast.acme):
        enter_weeks(aht, D10[:12], n=10)
        Followed.objects.filter(pk=aht.pk).update(target=target)

    assert sentence in text(ada.get(ada.url("kpi_chart", aht.pk)))


def test_six_weeks_are_too_early_to_tell(ada, cast, team, aht):
    with within(cast.acme):
        enter_weeks(aht, D10[:6], n=10)
    page = text(ada.get(ada.url("kpi_chart", aht.pk)))

    assert "Too early to tell: 6 of 12 complete weeks." in page
    assert 'class="band"' not in page


def test_the_newest_weeks_of_first_contacts_are_still_open(ada, cast, team, fcr):
    with within(cast.acme):
        enter_weeks(fcr, [0.7, 0.8])
    page = text(ada.get(ada.url("kpi_chart", fcr.pk)))

    assert page.count("still open") == 1


def test_opinions_below_ten_have_no_value_and_below_thirty_an_interval(ada, cast, team):
    csat = followed(cast, team, family="csat", name="Satisfaction")
    with within(cast.acme):
        enter_weeks(csat, [0.5], n=1, days=5, until=2)
        assert "No figures yet." in text(ada.get(ada.url("kpi_chart", csat.pk)))
        make.FigureFactory(kpi=csat.kpi, team=team, on=monday(1), numerator=34, denominator=28, asked=56)
        Figure.objects.filter(on=monday(1)).update(numerator=21)
    page = text(ada.get(ada.url("kpi_chart", csat.pk)))

    assert 'class="whiskers"' in page
    assert "50 % of those asked" in page


def test_a_new_method_breaks_the_line(ada, cast, team, fcr):
    with within(cast.acme):
        enter_weeks(fcr, [0.7] * 6)
        make.KpiMethodFactory(kpi=fcr.kpi, number=2, from_on=monday(3), written_by=cast.hana)
    path = re.search(r'class="line" d="([^"]+)"', text(ada.get(ada.url("kpi_chart", fcr.pk)))).group(1)

    assert path.count("M") == 2


def test_practice_stands_beside_a_kpi_and_proves_nothing(ada, cast, team, aht):
    with within(cast.acme):
        enter_weeks(aht, D10, n=10)
        make.PracticeFactory(enrolment=cast.enrolment(cast.ada), on=monday(2), did_it=True)
    page = text(ada.get(ada.url("kpi_chart", aht.pk)))

    assert "Shown together; one team cannot show cause." in page
    assert "Practices a week" in page


def test_the_page_of_a_team_says_how_many_signals_chance_makes(ada, cast, team):
    with within(cast.acme):
        for number in range(6):
            enter_weeks(followed(cast, team, name=f"Time {number}", unit="seconds", better="down"), D10[:12], n=10)
    page = text(ada.get(ada.url("team_figures", team.pk)))

    assert "about 2 of these 6 charts would still show a signal" in page
    assert page.count("Nothing but chance") >= 6


def test_a_team_with_many_kpis_costs_no_more_queries(ada, cast, team, same_queries_at_1_and_30):
    def one_more(number):
        with within(cast.acme):
            enter_weeks(followed(cast, team, name=f"Time {number}", unit="seconds"), [400, 410], n=10)

    assert same_queries_at_1_and_30(lambda: ada.get(ada.url("team_figures", team.pk)), one_more) <= 12


def test_one_kpi_costs_at_most_twelve_queries(ada, cast, team, fcr, count_queries):
    with within(cast.acme):
        enter_weeks(fcr, [0.7] * 20)
    url = ada.url("kpi_chart", fcr.pk)
    ada.get(url)

    assert len(count_queries(lambda: ada.get(url))) <= 12


def enter(client, team, on, **boxes):
    values = {name.replace("_", "-"): value for name, value in boxes.items()}
    return client.post(f"{client.url('figures_entry', team.pk)}?on={on.isoformat()}", values)


def boxes(followed, above, below):
    return {f"above_{followed.kpi_id}": above, f"below_{followed.kpi_id}": below}


def test_a_day_is_entered_with_a_comma_or_a_point(ada, cast, team, aht):
    assert enter(ada, team, TODAY, **boxes(aht, "12000,5", "30.0")).status_code == 302
    with within(cast.acme):
        (figure,) = Figure.objects.filter(kpi=aht.kpi)

    assert (float(figure.numerator), float(figure.denominator), figure.entry) == (12000.5, 30, "hand")


def test_entered_again_a_figure_is_replaced_and_audited_and_undo_brings_it_back(ada, cast, team, fcr):
    enter(ada, team, TODAY, **boxes(fcr, "30", "40"))
    answer = ada.post(
        f"{ada.url('figures_entry', team.pk)}?on={TODAY}",
        {f"above-{fcr.kpi_id}": "31", f"below-{fcr.kpi_id}": "40"},
        follow=True,
    )
    with within(cast.acme):
        entry = AuditEntry.objects.get(verb="replaced figure")
    assert (entry.details["was"], entry.details["is"]) == ("30 of 40", "31 of 40")

    undo = re.findall(r'action="([^"]*undoing[^"]*)"', answer.content.decode())[-1]
    ada.post(undo)
    with within(cast.acme):
        assert Figure.objects.get(kpi=fcr.kpi).numerator == 30


def test_undo_leaves_alone_what_somebody_entered_since(ada, cast, team, fcr):
    answer = ada.post(
        f"{ada.url('figures_entry', team.pk)}?on={TODAY}",
        {f"above-{fcr.kpi_id}": "31", f"below-{fcr.kpi_id}": "40"},
        follow=True,
    )
    undo = re.findall(r'action="([^"]*undoing[^"]*)"', answer.content.decode())[-1]
    enter(ada, team, TODAY, **boxes(fcr, "32", "40"))

    assert ada.post(undo).status_code == 409
    with within(cast.acme):
        assert Figure.objects.get(kpi=fcr.kpi).numerator == 32


def test_two_who_enter_the_same_day_do_not_overwrite_each_other(ada, cast, team, fcr):
    page = text(ada.get(f"{ada.url('figures_entry', team.pk)}?on={TODAY}"))
    opened = re.search(r'name="opened" value="([^"]*)"', page).group(1)
    enter(ada, team, TODAY, **boxes(fcr, "30", "40"))
    answer = enter(ada, team, TODAY, opened=opened, **boxes(fcr, "35", "40"))

    assert answer.status_code == 422
    with within(cast.acme):
        assert Figure.objects.get(kpi=fcr.kpi).numerator == 30


@pytest.mark.parametrize(
    ("above", "below", "sentence"),
    [
        ("41", "40", "more than there were in all"),
        ("85", "1", "A share is at most 100 %"),
        ("0.85", "1", "Enter counts here, not a percentage"),
        ("-1", "40", "greater than or equal to 0"),
        ("34", "", "Fill in both, or neither."),
        ("", "40", "Fill in both, or neither."),
    ],
)
def test_what_cannot_be_is_said_beside_its_box(ada, cast, team, fcr, above, below, sentence):
    answer = enter(ada, team, TODAY, **boxes(fcr, above, below))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    with within(cast.acme):
        assert not Figure.objects.exists()


def test_a_day_without_a_contact_has_no_value(ada, cast, team, fcr):
    assert enter(ada, team, TODAY, **boxes(fcr, "0", "0")).status_code == 302
    assert "No figures yet." in text(ada.get(ada.url("kpi_chart", fcr.pk)))


def test_a_day_to_come_cannot_be_reached(ada, cast, team, fcr):
    enter(ada, team, TODAY + timedelta(days=3), **boxes(fcr, "30", "40"))
    with within(cast.acme):
        assert Figure.objects.get().on == TODAY


def test_new_limits_need_six_weeks_after_them(ada, cast, team, aht):
    with within(cast.acme):
        enter_weeks(aht, D10, n=10)
    url = ada.url("followed_rebase", aht.pk)
    late = ada.post(url, {"from_on": monday(5), "change": "New phones"})
    assert late.status_code == 422
    assert "There are 5 complete weeks from then on." in late.content.decode()

    answer = ada.post(url, {"from_on": monday(6), "change": "New phones"}, follow=True)
    page = text(answer)
    assert "New phones" in page
    with within(cast.acme):
        made = Rebase.objects.get(change="New phones")
    assert "Too early to tell: 6 of 12" in page
    assert page.count('class="mean"') >= 2, "the old limits stay"

    ada.post(ada.url("rebase_undoing", made.pk))
    with within(cast.acme):
        assert not Rebase.objects.filter(pk=made.pk).exists()


def test_a_note_stays_with_its_week(ada, cast, team, aht):
    with within(cast.acme):
        enter_weeks(aht, D10, n=10)
    url = ada.url("followed_note", aht.pk)
    page = text(ada.post(url, {"monday_on": monday(3), "text": "Phones down"}, follow=True))
    assert "Phones down" in page

    ada.post(url, {"monday_on": monday(3), "text": ""})
    with within(cast.acme):
        assert not WeekNote.objects.filter(text="Phones down").exists()


def test_a_leader_follows_a_kpi_and_stops_with_undo(ada, cast, team):
    with within(cast.acme):
        kpi = make.KpiFactory(name="Waiting time", unit="seconds", better="down")
        make.KpiMethodFactory(kpi=kpi, written_by=cast.hana)
        unsaid = make.KpiFactory(name="Unsaid")
    url = ada.url("figures_following", team.pk)
    assert "Unsaid" not in text(ada.get(url))
    assert ada.post(url, {"kpi": unsaid.pk, "expected_days": 5}).status_code == 422
    ada.post(url, {"kpi": kpi.pk, "target": "45,5", "expected_days": 7})
    with within(cast.acme):
        made = Followed.objects.get(kpi=kpi)
    assert (float(made.target), made.expected_days) == (45.5, 7)

    answer = ada.post(ada.url("followed_stopping", made.pk), follow=True)
    assert (
        "Waiting time"
        not in re.sub(r'(?s)class="messages.*?</div>', "", text(answer)).split("<main")[1].split("<h2")[-1]
    )
    ada.post(ada.url("followed_return", made.pk))
    with within(cast.acme):
        assert Followed.objects.get(kpi=kpi).stopped_on is None


def test_a_sponsor_of_now_sees_figures_and_changes_none(client_for, cast, team, fcr):
    sponsor = client_for(cast.sol)
    page = text(sponsor.get(sponsor.url("team_figures", team.pk)))

    assert "Enter figures" not in page
    assert sponsor.get(sponsor.url("kpi_chart", fcr.pk)).status_code == 200
    assert sponsor.get(sponsor.url("figures_entry", team.pk)).status_code == 404
    assert enter(sponsor, team, TODAY, **boxes(fcr, "1", "2")).status_code == 404


def test_another_leader_sees_nothing_of_it(client_for, cast, team, fcr):
    bo = client_for(cast.bo)

    for name, pk in (("team_figures", team.pk), ("kpi_chart", fcr.pk), ("figures_entry", team.pk)):
        assert bo.get(bo.url(name, pk)).status_code == 404


def test_an_admin_defines_a_kpi_with_its_method(client_for, cast):
    hana = client_for(cast.hana)
    words = {
        "name": "First call",
        "family": "fcr",
        "unit": "share",
        "better": "up",
        "numerator": "calls solved",
        "denominator": "calls",
    }
    assert hana.post(hana.url("kpi_new"), {**words, "unit": "seconds"}).status_code == 422
    assert hana.post(hana.url("kpi_new"), words).status_code == 302
    with within(cast.acme):
        kpi = Kpi.objects.get(name="First call")
    url = hana.url("kpi_method", kpi.pk)
    method = {"text": "No call back", "from_on": monday(10), "same_issue": "Same case number", "channels": "Phone"}
    assert hana.post(url, method).status_code == 422, "first contact needs a window"
    assert hana.post(url, {**method, "window_days": 7}).status_code == 302
    assert hana.post(url, {**method, "window_days": 9}).status_code == 422, "a new method begins later"
    assert hana.post(url, {**method, "window_days": 9, "from_on": monday(1)}).status_code == 302
    with within(cast.acme):
        assert list(kpi.methods.values_list("number", "window_days")) == [(1, 7), (2, 9)]


def test_unit_and_kind_stay_once_there_are_figures(client_for, cast, team, fcr):
    hana = client_for(cast.hana)
    with within(cast.acme):
        enter_weeks(fcr, [0.7])
    words = {"name": "Solved", "family": "fcr", "unit": "share", "better": "up", "numerator": "a", "denominator": "b"}

    assert hana.post(hana.url("kpi", fcr.kpi_id), {**words, "family": "csat"}).status_code == 422
    assert hana.post(hana.url("kpi", fcr.kpi_id), words).status_code == 302


def test_an_archived_kpi_is_on_no_page_and_comes_back(client_for, ada, cast, team, fcr):
    hana = client_for(cast.hana)
    hana.post(hana.url("kpi_archiving", fcr.kpi_id))
    assert "Solved at once" not in text(ada.get(ada.url("team_figures", team.pk)))
    hana.post(hana.url("kpi_return", fcr.kpi_id))
    assert "Solved at once" in text(ada.get(ada.url("team_figures", team.pk)))


def test_no_table_of_figures_names_a_person():
    fields = {field.name for field in Figure._meta.get_fields()}

    assert fields == {
        "id", "organisation", "kpi", "team", "on", "numerator", "denominator", "asked", "entry", "at",
    }  # fmt: skip
