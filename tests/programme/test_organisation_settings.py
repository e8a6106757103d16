"""The settings of an organisation: who may change what, and what a change does to real nudges."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from cohorts.models import AuditEntry, Clock, Cohort, Enrolment, Membership, Nudge, Organisation
from cohorts.nudges.planner import claim_due, plan_again
from cohorts.schedule.path import in_quiet_hours
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotYours
from programme.organisation.actions import Times, change_times, offer_languages, rename, times_of
from programme.organisation.rules import hour_is_quiet
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import NOW, TODAY

Clients = Callable[[Membership], OrganisationClient]
OSLO = ZoneInfo("Europe/Oslo")
TOMORROW = TODAY + timedelta(days=1)


def tomorrow_at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(TOMORROW, time(hour, minute), OSLO)


@pytest.fixture
def early(cast: Cast, acme: Organisation) -> Enrolment:
    """Ada's nudge comes at 06:30, Bo's at nine, and the next ones are planned for tomorrow."""
    with within(acme):
        Nudge.objects.all().delete()
        Enrolment.objects.update(nudge_hour=time(9), zone=OSLO)
        Enrolment.objects.filter(leader=cast.ada).update(nudge_hour=time(6, 30))
        Clock.objects.update(last_on=TODAY)
        plan_again(list(Enrolment.objects.values_list("pk", flat=True)), now=NOW + timedelta(hours=2))
    return cast.enrolment(cast.ada)


def set_quiet(cast: Cast, quiet_from: time, quiet_until: time) -> int:
    with within(cast.acme):
        house = Organisation.objects.get(pk=cast.acme.pk)
        times = Times(house.zone, quiet_from, quiet_until, house.nudge_hour)
        return change_times(organisation=house, times=times, by=cast.hana, now=NOW + timedelta(hours=3))


def next_at(enrolment: Enrolment) -> datetime:
    with within(enrolment.organisation_id):
        return Clock.objects.get(enrolment=enrolment).next_at.astimezone(OSLO)


def test_new_quiet_hours_move_the_next_nudge_of_those_in_them(cast: Cast, early: Enrolment) -> None:
    assert next_at(early) == tomorrow_at(6, 30)
    bo = cast.enrolment(cast.bo)
    untouched = next_at(bo)

    assert set_quiet(cast, time(21), time(7, 30)) == 1

    assert next_at(early) == tomorrow_at(7, 30)
    assert next_at(bo) == untouched


def test_no_nudge_is_made_in_new_quiet_hours(cast: Cast, early: Enrolment) -> None:
    set_quiet(cast, time(21), time(7, 30))

    claim_due(now=tomorrow_at(7, 29))
    with within(cast.acme):
        assert not Nudge.objects.filter(enrolment=early).exists()
    claim_due(now=tomorrow_at(7, 30))
    with within(cast.acme):
        assert {nudge.due_at for nudge in Nudge.objects.filter(enrolment=early)} == {tomorrow_at(7, 30)}


def test_an_hour_that_is_quiet_no_more_is_kept_again(cast: Cast, early: Enrolment) -> None:
    set_quiet(cast, time(21), time(8))

    assert set_quiet(cast, time(21), time(6)) == 0

    assert next_at(early) == tomorrow_at(6, 30)


def test_the_database_and_the_path_agree_on_quiet_hours(cast: Cast, early: Enrolment) -> None:
    hours = [time(0), time(6), time(6, 30), time(21), time(23, 59)]
    for starts, ends, hour in product(hours, hours, hours):
        with within(cast.acme):
            Enrolment.objects.filter(pk=early.pk).update(nudge_hour=hour)
            found = Enrolment.objects.filter(hour_is_quiet(starts, ends), pk=early.pk).exists()
        assert found == in_quiet_hours(hour, starts, ends), (starts, ends, hour)


def test_only_an_owner_of_this_organisation_changes_its_name(cast: Cast) -> None:
    for outsider in (cast.hana, cast.ada, cast.zara):
        with within(cast.acme), pytest.raises(NotYours):
            rename(organisation=cast.acme, name="Taken over", by=outsider, now=NOW)
        with within(cast.acme), pytest.raises(NotYours):
            offer_languages(organisation=cast.acme, language="nb", languages=["nb"], by=outsider, now=NOW)
    with within(cast.acme), pytest.raises(NotYours):
        change_times(organisation=cast.acme, times=times_of(cast.acme), by=cast.zara, now=NOW)

    assert Organisation.objects.get(pk=cast.acme.pk).name == cast.acme.name


def test_a_change_stands_below_its_section_with_old_and_new(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.olav)
    said = {"quiet_from": "20:00", "quiet_until": "07:00", "nudge_hour": "09:30", "zone": "Europe/Oslo"}

    page = client.post(client.url("settings_times"), said, follow=True)

    changes = {(change.did, change.old, change.new, change.who) for change in page.context["changes"]}
    assert changes == {
        ("Changed the quiet hours", "21:00–06:00", "20:00–07:00", cast.olav.name),
        ("Changed the hour of new cohorts", "09:00", "09:30", cast.olav.name),
    }
    trail = client.get(client.url("trail"), {"kind": "people"})
    assert "Changed the quiet hours" in [line.did for line in trail.context["lines"]]
    assert 'value="09:30"' in client.get(client.url("cohort_new")).content.decode()


def test_a_name_is_changed_everywhere_and_recorded(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.olav)

    page = client.post(client.url("settings_name"), {"name": "Acme  Support"}, follow=True).content.decode()

    assert page.count("Acme Support") >= 3
    with within(cast.acme):
        entry = AuditEntry.objects.order_by("number").last()
    assert entry is not None
    assert entry.details == {"old": cast.acme.name, "new": "Acme Support"}


def test_offered_languages_are_those_to_choose_from(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.olav)

    client.post(client.url("settings_languages"), {"languages": ["nb"], "language": "nb"})

    form = client.get(client.url("member_new")).context["form"]
    assert form.fields["language"].choices == [("nb", "Norsk bokmål")]
    languages = client_for(cast.hana).get(client.url("settings")).context["languages"]
    assert [code for code, _name in languages] == ["en", "nb"]  # hers, and the one that is offered


def test_all_sending_is_switched_off_and_undone(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        held = make.CohortFactory(is_sending=False)
    client = client_for(cast.hana)
    page = client.post(client.url("settings_sending_off"), follow=True)
    with within(cast.acme):
        assert not Cohort.objects.filter(is_sending=True).exists()
        assert not Clock.objects.filter(is_held=False).exists()

    (message,) = page.context["messages"]
    client.post(message.extra_tags)

    with within(cast.acme):
        assert list(Cohort.objects.filter(is_sending=False)) == [held]


@pytest.mark.parametrize("name", ["settings", "settings_times", "settings_sending"])
def test_settings_take_few_queries_with_many_cohorts(
    cast: Cast, client_for: Clients, same_queries_at_1_and_30: Callable, name: str
) -> None:
    client = client_for(cast.hana)

    def add(number: int) -> None:
        with within(cast.acme):
            make.CohortFactory(name=f"Cohort {number}")

    assert same_queries_at_1_and_30(lambda: client.get(client.url(name)), add) <= 12


def test_signing_in_says_who_must_have_a_second_step(cast: Cast, client_for: Clients) -> None:
    Organisation.objects.filter(pk=cast.acme.pk).update(factor_roles=["owner"])

    shown = client_for(cast.hana)
    page = shown.get(shown.url("settings_signing_in"))

    assert [str(role) for role in page.context["asked"]] == ["Organisation owner"]
    assert shown.url("factor_policy") not in page.content.decode()  # only an owner changes it
