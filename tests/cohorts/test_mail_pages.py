import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from cohorts.models import Step
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.times import TODAY


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def house(cast, acme):
    return cast.house_of(acme)


@pytest.fixture
def step(house):
    with within(house.organisation):
        return Step.objects.get(day=9, kind="core")


def test_every_day_with_content_is_listed_with_its_date(hana, house):
    page = hana.get(hana.url("cohort_mails", house.cohort.pk)).content.decode()

    assert page.count("/mails/") >= 12
    assert "Tuesday 10 March" in page
    assert "Day 9 core: title (en)" in page


def test_the_days_stand_in_their_weeks_and_today_is_marked(hana, house, step):
    with within(house.organisation):
        cohort = make.CohortFactory()
        make.SponsorWeekFactory(version=cohort.version, week=2, theme={"en": "Being there", "nb": "Til stede"})
        _first, today, _later = [make.StepFactory(version=cohort.version, day=day) for day in (7, 10, 11)]

    page = hana.get(hana.url("cohort_mails", cohort.pk)).content.decode()

    assert re.findall(r'<h2 id="(week-\d+)">\s*([^<]+?)\s*</h2>', page) == [
        ("week-1", "Week 1"),
        ("week-2", "Week 2 · Being there"),
    ]
    assert f'<a class="btn" href="#step-{today.pk}">' in page
    assert "Today is day 10" in page
    assert re.findall(r'<li id="step-(\d+)" aria-current="date">', page)[0] == str(today.pk)


def test_before_day_1_no_day_is_today(hana, house):
    with within(house.organisation):
        cohort = make.CohortFactory(version=house.version, day1_on=TODAY + timedelta(days=1))

    page = hana.get(hana.url("cohort_mails", cohort.pk)).content.decode()

    assert "Today is day" not in page
    assert 'aria-current="date"' not in page


def test_a_mail_that_is_not_translated_is_wholly_in_the_language_it_has(hana, house, step):
    with within(house.organisation):
        cohort = make.CohortFactory()
        only_english = make.StepFactory(version=cohort.version, text={"en": step.text["en"]})

    html = hana.get(hana.url("cohort_mail_html", cohort.pk, only_english.pk), {"language": "nb"}).content.decode()

    page = hana.get(hana.url("cohort_mail", cohort.pk, only_english.pk), {"language": "nb"}).content.decode()

    assert '<span class="tag" lang="en">' in page
    assert '<pre class="mail-text" lang="en"' in page
    assert '<html lang="en"' in html
    assert "Hello Hana." in html
    assert "I tried it" in html
    assert "Hei" not in html


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_days_mail_is_shown_as_subject_text_and_html(hana, house, step, language):
    url = hana.url("cohort_mail", house.cohort.pk, step.pk)
    page = hana.get(url, {"language": language}).content.decode()
    html = hana.get(hana.url("cohort_mail_html", house.cohort.pk, step.pk), {"language": language}).content.decode()

    assert f"Day 9 core: title ({language})</h1>" in page
    assert f"Day 9 core: practice ({language})" in page
    assert f"Day 9 core: practice ({language})" in html
    assert f"{url}html/?language={language}" in page


def test_an_unknown_language_is_the_readers(hana, house, step):
    page = hana.get(hana.url("cohort_mail", house.cohort.pk, step.pk), {"language": "xx"}).content.decode()

    assert "Day 9 core: title (en)</h1>" in page


def test_the_html_is_shown_in_a_sandboxed_frame(hana, house, step):
    answer = hana.get(hana.url("cohort_mail_html", house.cohort.pk, step.pk))

    policy_parts = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox",
    } <= policy_parts
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    page = hana.get(hana.url("cohort_mail", house.cohort.pk, step.pk))
    assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_a_test_mail_goes_only_to_the_admin(hana, house, step, smtp_server):
    answer = hana.post(hana.url("cohort_mail_test", house.cohort.pk, step.pk), {"language": "nb"}, follow=True)

    assert "Sent to hana@acme.test." in answer.content.decode()
    (accepted,) = smtp_server.accepted
    message = message_from_bytes(accepted.content, policy=policy.default)
    assert accepted.recipients == ("hana@acme.test",)
    assert message["Subject"] == "Day 9 core: title (nb)"


def test_a_refused_test_mail_is_reported(hana, house, step, smtp_server):
    smtp_server.script.answer("RCPT", "550 5.1.1 No")

    answer = hana.post(hana.url("cohort_mail_test", house.cohort.pk, step.pk), follow=True)

    assert "The mail server did not accept it." in answer.content.decode()


def test_links_in_a_preview_belong_to_no_leader(hana, house, step):
    html = hana.get(hana.url("cohort_mail_html", house.cohort.pk, step.pk)).content.decode()
    (token,) = set(re.findall(r"/u/([^/]+)/", html))

    assert hana.post(f"/u/{token}/", {"on": "0"}).status_code == 410


def test_another_organisations_step_is_missing(hana, house, cast, zenith):
    with within(zenith):
        foreign = Step.objects.first()

    assert hana.get(hana.url("cohort_mail", house.cohort.pk, foreign.pk)).status_code == 404
    assert hana.get(hana.url("cohort_mail", cast.house_of(zenith).cohort.pk, foreign.pk)).status_code == 404


def test_mail_list_queries_do_not_grow(hana, house, count_queries):
    url = hana.url("cohort_mails", house.cohort.pk)
    hana.get(url)

    assert len(count_queries(lambda: hana.get(url))) <= 12
