"""Every form that edits something, open in two tabs: different fields are both saved, the same field shows both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.forms import BaseForm, BooleanField

from coaching.models import Action, Agreement, Booking, Calibration, MentorProfile, MentorSearch, Session, Visit
from coaching.models.hosting import Host, TalkQuestion
from cohorts.models import Enrolment, Step
from cohorts.people.actions.members import change_sponsor
from cohorts.schedule.zone_field import ZoneField
from cohorts.tenancy.wall import within
from cohorts.web.edit_form import EditForm, choice_name
from cohorts.web.revisions import Stale
from feedback360.models import FeedbackSettings, Questionnaire
from goals.habits.actions.focus import archive_focus, reword_focus
from goals.models import Charter, Focus, Followed, Goal, Kpi, Objective, Reflection, Team
from tests import factories as make
from tests.architecture.test_forms import form_classes
from tests.cast import Cast
from tests.cohorts.test_draft_pages import EN, NB
from tests.conftest import OrganisationClient
from tests.times import NOW, TODAY

Clients = Callable[..., OrganisationClient]


@dataclass(frozen=True)
class Page:
    """A page with an edit form: who opens it, and three changes of which the first two touch different fields."""

    who: str
    row: Callable[[Cast], Any]
    address: Callable[[OrganisationClient, Any], str]
    one: dict[str, Any]
    other: dict[str, Any]
    rival: dict[str, Any]  # another value for the field of `one`


def todays_reflection(cast: Cast) -> Reflection:
    return make.ReflectionFactory(enrolment=cast.enrolment(cast.ada), tried="before", happened="before")


def valid_step(cast: Cast) -> Step:
    """A step that can be saved as it stands."""
    draft = draft_of(cast)
    draft.themes = {"presence": {"en": "Presence", "nb": "Nærvær"}}
    draft.save()
    step = draft.steps.first()
    step.text = {"en": EN, "nb": NB}
    step.save()
    return step


def draft_of(cast: Cast) -> Any:
    return Step.objects.filter(version__published_at=None).select_related("version").first().version


def _visited(cast: Cast) -> Booking:
    """A place on a visit that is over, with its sheet."""
    booking = Booking.objects.get(guest=cast.ada)
    Visit.objects.filter(pk=booking.visit_id).update(starts_at=NOW - timedelta(days=1))
    return booking


def draft_objective(cast: Cast) -> Objective:
    team = Team.objects.get(leader=cast.ada)
    return make.ObjectiveFactory(place="team", team=team, state="draft", written_by=cast.ada)


def listened_together(cast: Cast) -> Session:
    talk = Session.objects.get(pairing__leader=cast.ada, pairing__kind="sponsor", state="planned")
    talk.kind = "side_by_side"
    talk.save()
    return talk


def opened_calibration(cast: Cast) -> Calibration:
    calibration = Calibration.objects.get()
    calibration.opened_at = NOW
    calibration.save()
    return calibration


PAGES = {
    "name of the organisation": Page(
        "olav",
        lambda cast: cast.acme,
        lambda client, row: client.url("settings_name"),
        {"name": "From one tab"},
        {},
        {"name": "From a rival"},
    ),
    "times of the organisation": Page(
        "hana",
        lambda cast: cast.acme,
        lambda client, row: client.url("settings_times"),
        {"nudge_hour": "10:00"},
        {"zone": "Europe/Berlin"},
        {"nudge_hour": "11:00"},
    ),
    "languages of the organisation": Page(
        "olav",
        lambda cast: cast.acme,
        lambda client, row: client.url("settings_languages"),
        {"languages": ["en"]},
        {},
        {"languages": ["nb"], "language": "nb"},
    ),
    "host": Page(
        "hana",
        lambda cast: Host.objects.get(),
        lambda client, row: client.url("hosting_profile", row.pk),
        {"about": "from one tab"},
        {"places": "7"},
        {"about": "from a rival"},
    ),
    "date of a host": Page(
        "hana",
        lambda cast: Visit.objects.get(format="visit"),
        lambda client, row: client.url("date_change", row.host_id, row.pk),
        {"title": "from one tab"},
        {"capacity": "7"},
        {"title": "from a rival"},
    ),
    "answer to a question": Page(
        "hana",
        lambda cast: TalkQuestion.objects.get(),
        lambda client, row: client.url("question_answer", row.pk),
        {"answer": "from one tab"},
        {},
        {"answer": "from a rival"},
    ),
    "mentor's profile": Page(
        "cleo",
        lambda cast: MentorProfile.objects.get(),
        lambda client, row: client.url("mentor_profile"),
        {"about": "from one tab"},
        {"places": "7"},
        {"about": "from a rival"},
    ),
    "search for a mentor": Page(
        "bo",
        lambda cast: MentorSearch.objects.get(),
        lambda client, row: client.url("mentor_search"),
        {"site": "from one tab"},
        {"hours_to": "17:00"},
        {"site": "from a rival"},
    ),
    "sheet before a visit": Page(
        "ada",
        lambda cast: Booking.objects.get(guest=cast.ada),
        lambda client, row: client.url("before_sheet", row.pk),
        {"watch_2": "from one tab"},
        {"watch_3": "from the other"},
        {"watch_2": "from a rival"},
    ),
    "sheet during a visit": Page(
        "ada",
        lambda cast: Booking.objects.get(guest=cast.ada),
        lambda client, row: client.url("during_sheet", row.pk),
        {"heard": "from one tab"},
        {"surprised": "from the\r\nother"},
        {"heard": "from a rival"},
    ),
    "sheet after a visit": Page(
        "ada",
        _visited,
        lambda client, row: client.url("after_sheet", row.pk),
        {"cue": "it begins"},
        {"response": "count to three"},
        {"cue": "it ends"},
    ),
    "reflection": Page(
        "ada",
        todays_reflection,
        lambda client, row: client.url("reflection_wording", row.pk),
        {"tried": "from one tab"},
        {"happened": "from the\r\nother"},
        {"tried": "from a rival"},
    ),
    "focus": Page(
        "ada",
        lambda cast: Focus.objects.filter(enrolment=cast.enrolment(cast.ada)).first(),
        lambda client, row: client.url("focus_wording", row.pk),
        {"cue": "the phone rings"},
        {"response": "count to three"},
        {"cue": "the phone stops"},
    ),
    "goal under way": Page(
        "ada",
        lambda cast: Goal.objects.get(enrolment=cast.enrolment(cast.ada), state="agreed"),
        lambda client, row: client.url("goal_change", row.pk),
        {"outcome": "from one tab"},
        {"why": "from the other"},
        {"outcome": "from a rival"},
    ),
    "agreement": Page(
        "ada",
        lambda cast: Agreement.objects.get(),
        lambda client, row: client.url("agreement_change", row.pk),
        {"purpose": "from one tab"},
        {"tells_dates": "on"},
        {"purpose": "from a rival"},
    ),
    "contact heard": Page(
        "ada",
        listened_together,
        lambda client, row: client.url("contact_heard", row.pk),
        {"reference": "SN-1"},
        {"channel": "chat"},
        {"reference": "SN-2"},
    ),
    "agreed on": Page(
        "sol",
        opened_calibration,
        lambda client, row: client.url("calibration_agreed", row.pk),
        {"agreed": "One line"},
        {},
        {"agreed": "Another line"},
    ),
    "name of a team": Page(
        "ada",
        lambda cast: Team.objects.get(leader=cast.ada),
        lambda client, _row: client.url("team_naming"),
        {"name": "Late shift"},
        {},
        {"name": "Early shift"},
    ),
    "charter": Page(
        "ada",
        lambda cast: Charter.objects.get(team__leader=cast.ada),
        lambda client, _row: client.url("charter_wording"),
        {"purpose": "from one tab"},
        {"promise": "from the other"},
        {"purpose": "from a rival"},
    ),
    "draft goal": Page(
        "ada",
        lambda cast: Goal.objects.get(enrolment__leader=cast.ada, state="draft"),
        lambda client, row: client.url("goal_wording", row.pk),
        {"why": "from one tab"},
        {"measure": "from the other"},
        {"why": "from a rival"},
    ),
    "objective": Page(
        "ada",
        draft_objective,
        lambda client, row: client.url("objective_change", row.pk),
        {"outcome": "from one tab"},
        {"why": "from the other"},
        {"outcome": "from a rival"},
    ),
    "parts of an objective": Page(
        "ada",
        lambda cast: Objective.objects.get(team__leader=cast.ada),
        lambda client, row: client.url("objective_parts", row.pk),
        {"part_1": "from one tab"},  # the first member of all is Ada's
        {},
        {"part_1": "from a rival"},
    ),
    "KPI": Page(
        "hana",
        lambda cast: Kpi.objects.get(),
        lambda client, row: client.url("kpi", row.pk),
        {"name": "from one tab"},
        {"numerator": "from the other"},
        {"name": "from a rival"},
    ),
    "target": Page(
        "ada",
        lambda cast: Followed.objects.get(team__leader=cast.ada),
        lambda client, row: client.url("followed_aim", row.pk),
        {"target": "80"},
        {"expected_days": "6"},
        {"target": "90"},
    ),
    "own schedule": Page(
        "ada",
        lambda cast: cast.enrolment(cast.ada),
        lambda client, _row: client.url("schedule"),
        {"nudge_hour": "10:00"},
        {"working_days": ["1", "2"]},
        {"nudge_hour": "11:00"},
    ),
    "rota": Page(
        "ada",
        lambda cast: cast.enrolment(cast.ada),
        lambda client, _row: client.url("schedule"),
        {"works": "rota", "rota_on": "3", "rota_off": "2"},
        {"nudge_hour": "10:00"},
        {"working_days": ["6", "7"]},
    ),
    "welcome": Page(
        "ada",
        lambda cast: cast.enrolment(cast.ada),
        lambda client, _row: client.url("welcome") + "?step=schedule",
        {"zone": "Europe/Paris"},
        {"nudge_hour": "10:00"},
        {"zone": "Europe/Rome"},
    ),
    "a leader's schedule": Page(
        "hana",
        lambda cast: cast.enrolment(cast.ada),
        lambda client, row: client.url("enrolment_schedule", row.pk),
        {"nudge_hour": "10:00"},
        {"zone": "Europe/Paris"},
        {"nudge_hour": "11:00"},
    ),
    "cohort": Page(
        "hana",
        lambda cast: cast.house_of(cast.acme).cohort,
        lambda client, row: client.url("cohort_change", row.pk),
        {"name": "Spring"},
        {"nudge_hour": "10:00"},
        {"name": "Summer"},
    ),
    "step": Page(
        "hana",
        valid_step,
        lambda client, row: client.url("draft_step", row.version_id, row.pk),
        {"en-title": "One"},
        {"minutes": "7"},
        {"en-title": "Rival"},
    ),
    "live event": Page(
        "hana",
        lambda cast: draft_of(cast).milestones.first(),
        lambda client, row: client.url("draft_milestone", row.version_id, row.pk),
        {"en-title": "One"},
        {"minutes": "50"},
        {"en-title": "Rival"},
    ),
    "sponsor's brief": Page(
        "hana",
        draft_of,
        lambda client, row: client.url("draft_brief", row.pk),
        {"en-1-text": "From one tab"},
        {"nb-1-text": "Fra den andre"},
        {"en-1-text": "From a rival"},
    ),
    "agenda of a circle": Page(
        "hana",
        draft_of,
        lambda client, row: client.url("draft_agenda", row.pk, "circle-2"),
        {"2-minutes": "20"},
        {"en-closing": "From the other"},
        {"2-minutes": "25"},
    ),
    "ready-made plan": Page(
        "hana",
        draft_of,
        lambda client, row: client.url("draft_starter", row.pk, "clear", "queue"),
        {"en-cue": "When it rains"},
        {"en-response": "I will wait"},
        {"en-cue": "When it pours"},
    ),
    "theme": Page(
        "hana",
        draft_of,
        lambda client, row: client.url("draft_theme", row.pk, "presence"),
        {"en-name": "One"},
        {"nb-name": "To"},
        {"en-name": "Rival"},
    ),
    "source": Page(
        "hana",
        draft_of,
        lambda client, row: client.url("draft_source", row.pk, "smith_2020"),
        {"title": "Listening well"},
        {"en-limit": "One small site."},
        {"title": "Hearing"},
    ),
    "title of a curriculum": Page(
        "hana",
        draft_of,
        lambda client, row: client.url("draft_title", row.pk),
        {"en-title": "One"},
        {"nb-title": "To"},
        {"en-title": "Rival"},
    ),
    "item of a questionnaire": Page(
        "hana",
        lambda cast: Questionnaire.objects.get(published_at=None),
        lambda client, row: client.url("questionnaire_item", row.pk, "greets-by-name"),
        {"en-team": "{name} waves."},
        {"area": "job_content"},
        {"en-team": "{name} nods."},
    ),
    "open question": Page(
        "hana",
        lambda cast: Questionnaire.objects.get(published_at=None),
        lambda client, row: client.url("questionnaire_question", row.pk, "keep"),
        {"en-others": "What does {name} do well?"},
        {"nb-others": "Hva gjør {name} bra?"},
        {"en-others": "What is best about {name}?"},
    ),
    "frame of a questionnaire": Page(
        "hana",
        lambda cast: Questionnaire.objects.get(published_at=None),
        lambda client, row: client.url("questionnaire_frame", row.pk),
        {"en-title": "One"},
        {"nb-step_1": "Sjelden"},
        {"en-title": "Rival"},
    ),
    "dates of a round": Page(
        "hana",
        lambda cast: make.RoundFactory(
            cohort=cast.house_of(cast.acme).cohort, key="planned", state="nominating", opens_at=NOW + timedelta(days=1)
        ),
        lambda client, row: client.url("round_dates", row.pk),
        {"closes_on": str(TODAY + timedelta(days=9))},
        {"answer_by": str(TODAY + timedelta(days=5))},
        {"closes_on": str(TODAY + timedelta(days=8))},
    ),
    "settings of rounds": Page(
        "hana",
        lambda cast: FeedbackSettings.objects.get(),
        lambda client, _row: client.url("feedback_settings"),
        {"response_rate": "60"},
        {"monthly_requests": "4"},
        {"response_rate": "50"},
    ),
    "a planned 1:1": Page(
        "ada",
        lambda cast: Session.objects.get(pairing__leader=cast.ada, pairing__kind="sponsor", state="planned"),
        lambda client, row: client.url("session_moving", row.pk),
        {"on": "2026-03-18"},
        {"place": "Room 2"},
        {"on": "2026-03-19"},
    ),
    "an action": Page(
        "sol",
        lambda cast: Action.objects.get(pairing__leader=cast.ada, pairing__kind="sponsor"),
        lambda client, row: client.url("action_wording", row.pk),
        {"text": "Try it once"},
        {"due_on": "2026-03-18"},
        {"text": "Try it twice"},
    ),
    "sponsor's week": Page(
        "hana",
        lambda cast: draft_of(cast).sponsor_weeks.first(),
        lambda client, row: client.url("draft_week", row.version_id, row.week),
        {"en-theme": "One"},
        {"minutes": "9"},
        {"en-theme": "Rival"},
    ),
}
# `EditForm` merges for all of them. What it merges differs here: fields that mean something only as a whole, several
# values, texts in languages, fields made from rows, values sent by a script's page. Each other page shows by the first
# two tests that its view asks `EditForm` and its action the revision.
KINDS = [
    *("languages of the organisation", "times of the organisation", "date of a host", "reflection", "contact heard"),
    *("charter", "objective", "parts of an objective", "KPI", "own schedule", "rota", "cohort", "step"),
    *("agenda of a circle", "a planned 1:1"),
]
ALL = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
OF_EACH_KIND = pytest.mark.parametrize("page", [PAGES[kind] for kind in KINDS], ids=KINDS)


@dataclass
class Tab:
    """What one tab shows and sends."""

    client: OrganisationClient
    url: str
    data: dict[str, Any]

    @classmethod
    def open(cls, client: OrganisationClient, url: str) -> "Tab":
        return cls(client, url, sent_by(client.get(url).context["form"]))

    def save(self, **changes: Any) -> Any:
        return self.client.post(self.url, {**self.data, **changes})

    def values(self) -> dict[str, Any]:
        """What a fresh tab would show."""
        return Tab.open(self.client, self.url).data


def sent_by(form: BaseForm) -> dict[str, Any]:
    """What a browser sends back for a form nobody touched."""
    said = {}
    for field in form:
        if isinstance(field.field, BooleanField):
            said |= {field.name: "on"} if field.value() else {}
            continue
        value = field.field.widget.format_value(field.value())
        said[field.name] = value if value is not None else ""
    return said


@pytest.fixture
def tabs(client_for: Clients, cast: Cast) -> Callable[[Page, int], list[Tab]]:
    def tabs(page: Page, count: int) -> list[Tab]:
        client = client_for(getattr(cast, page.who))
        with within(cast.acme):
            row = page.row(cast)
            url = page.address(client, row)
        return [Tab.open(client, url) for _number in range(count)]

    return tabs


def typed(values: dict[str, Any]) -> dict[str, Any]:
    """Without what no person typed."""
    return {name: value for name, value in values.items() if name not in ("opened", "key", "edition")}


def plain(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(each).replace("\r\n", "\n") for each in values]


def meant(name: str, value: Any) -> Any:
    """A zone may be written as a city or by its name; the fields read both."""
    return ZoneField().clean(value) if name == "zone" else value


def shows(values: dict[str, Any], *changes: dict[str, Any]) -> bool:
    each = [(name, value) for change in changes for name, value in change.items()]
    return all(plain(meant(name, values[name])) == plain(meant(name, value)) for name, value in each)


@ALL
def test_different_fields_of_two_tabs_are_both_saved(page: Page, tabs: Any) -> None:
    a, b = tabs(page, 2)

    assert a.save(**page.one).status_code == 302
    assert b.save(**page.other).status_code == 302

    assert shows(a.values(), page.one, page.other)


@ALL
def test_the_same_field_of_two_tabs_shows_both_and_loses_neither(page: Page, tabs: Any) -> None:
    a, b = tabs(page, 2)
    a.save(**page.rival)
    saved = a.values()

    answer = b.save(**page.one)

    form = answer.context["form"]
    assert answer.status_code == 422
    assert len(form.conflicts) == 1
    assert shows(sent_by(form), page.one)
    assert "Keep mine" in answer.content.decode()
    assert typed(a.values()) == typed(saved)

    # Saving again means it.
    assert Tab(b.client, b.url, sent_by(form)).save().status_code == 302
    assert shows(b.values(), page.one)


@OF_EACH_KIND
def test_the_other_words_can_be_taken_instead(page: Page, tabs: Any) -> None:
    a, b = tabs(page, 2)
    a.save(**page.rival)
    form = b.save(**{**page.one, **page.other}).context["form"]
    [name] = form.conflicts

    answer = Tab(b.client, b.url, sent_by(form)).save(**{choice_name(name): "theirs"})

    assert answer.status_code == 302
    assert shows(b.values(), page.rival, page.other)


@OF_EACH_KIND
def test_a_third_tab_is_asked_again(page: Page, tabs: Any) -> None:
    a, b, c = tabs(page, 3)
    a.save(**page.rival)
    asked = b.save(**page.one).context["form"]
    c_asked = c.save(**page.one).context["form"]
    assert Tab(b.client, b.url, sent_by(asked)).save().status_code == 302

    answer = Tab(c.client, c.url, sent_by(c_asked)).save(**page.other)

    assert answer.status_code == 302  # the two wrote the same
    assert shows(c.values(), page.one, page.other)


@OF_EACH_KIND
def test_the_same_save_twice_is_no_conflict(page: Page, tabs: Any) -> None:
    [tab] = tabs(page, 1)

    assert [tab.save(**page.one).status_code for _twice in range(2)] == [302, 302]


@OF_EACH_KIND
def test_an_unreadable_page_overwrites_nothing(page: Page, tabs: Any) -> None:
    a, b = tabs(page, 2)
    a.save(**page.rival)

    assert b.save(**{**page.one, "opened": "x"}).status_code == 422
    assert shows(a.values(), page.rival)


@pytest.mark.parametrize("bad", ["", "[" * 9999, "\0"], ids=["empty", "deep", "null"])
def test_a_page_is_unreadable_in_more_than_one_way(bad: str, tabs: Any) -> None:
    """`EditForm` reads it for all pages."""
    a, b = tabs(PAGES["reflection"], 2)
    a.save(**PAGES["reflection"].rival)

    assert b.save(**{**PAGES["reflection"].one, "opened": bad}).status_code == 422
    assert shows(a.values(), PAGES["reflection"].rival)


def test_two_admins_choose_another_sponsor(client_for: Clients, cast: Cast) -> None:
    with within(cast.acme):
        enrolment = cast.enrolment(cast.ada)
        new, newer = make.MembershipFactory(roles=["sponsor"]), make.MembershipFactory(roles=["sponsor"])
    hana = client_for(cast.hana)
    shown = sent_by(hana.get(hana.url("enrolment", enrolment.pk)).context["sponsor_form"])
    url = hana.url("enrolment_sponsor", enrolment.pk)

    assert hana.post(url, {**shown, "sponsor": new.pk}).status_code == 302
    answer = hana.post(url, {**shown, "sponsor": newer.pk})

    assert answer.status_code == 422
    with within(cast.acme):
        assert new.name in str(answer.context["sponsor_form"]["sponsor"].other)
        assert Enrolment.objects.get(pk=enrolment.pk).sponsor_id == new.pk
        with pytest.raises(Stale):
            change_sponsor(
                enrolment=enrolment,
                sponsor=newer,
                by=cast.hana,
                now=NOW,
                expected_revision=enrolment.revision - 1,
            )


def test_an_action_refuses_a_revision_that_is_no_longer_there(cast: Cast) -> None:
    plan = {"behaviour": "clear", "cue": "a", "response": "b", "language": "en"}
    with within(cast.acme):
        focus = Focus.objects.filter(enrolment=cast.enrolment(cast.ada)).select_related("enrolment").first()
        reword_focus(focus=focus, by=cast.ada, expected_revision=1, **plan)

        with pytest.raises(Stale) as refused:
            reword_focus(focus=focus, by=cast.ada, expected_revision=1, **{**plan, "cue": "c"})

    assert refused.value.current == {"behaviour": "clear", "cue": "a", "response": "b"}


def test_what_left_in_between_is_answered_with_a_sentence(client_for: Clients, cast: Cast, tabs: Any) -> None:
    [tab] = tabs(PAGES["reflection"], 1)
    with within(cast.acme):
        Enrolment.objects.filter(leader=cast.ada).update(left_on=TODAY)
    left = tab.save(tried="more")
    assert (left.status_code, "You have left this cohort" in left.content.decode()) == (409, True)

    with within(cast.acme):
        Reflection.objects.filter(enrolment__leader=cast.ada).delete()
    assert tab.save(tried="more").status_code == 404


def test_a_plan_set_aside_in_between_is_still_reworded(cast: Cast, tabs: Any) -> None:
    a, b = tabs(PAGES["focus"], 2)
    with within(cast.acme):
        focus = Focus.objects.filter(enrolment=cast.enrolment(cast.ada)).select_related("enrolment").first()
        archive_focus(focus=focus, today=TODAY, by=cast.ada, now=NOW)

    assert [tab.save(**PAGES["focus"].one).status_code for tab in (a, b)] == [302, 302]


def test_every_edit_form_is_opened_in_two_tabs_here() -> None:
    """A new form on the one mechanism gets a line in PAGES."""
    forms = {form.__name__ for form in form_classes() if issubclass(form, EditForm) and form is not EditForm}

    assert forms == {
        "CorrectionForm",  # another address asks first: tests/programme/test_correction.py
        "OrganisationNameForm",
        "LanguagesForm",
        "TimesForm",
        "FollowForm",  # begins with one of these
        "AimForm",
        "DayForm",
        "KpiForm",
        "NewObjectiveForm",  # begins with one of these
        "ObjectiveForm",
        "PartsForm",
        "ActionForm",
        "AfterForm",
        "AgreedForm",
        "AgreementForm",
        "BeforeForm",
        "BoxForm",
        "CadenceForm",
        "ChangeForm",
        "CharterForm",
        "CohortForm",
        "ContactForm",
        "DateForm",
        "CircleAgendaForm",
        "DraftForm",
        "DraftMilestoneForm",
        "DuringForm",
        "FeedbackSettingsForm",
        "FocusForm",
        "FrameForm",
        "GoalForm",
        "HostAnswerForm",
        "HostForm",
        "HoursForm",
        "ItemForm",
        "LeaderScheduleForm",
        "MoveForm",
        "NewFocusForm",
        "NewGoalForm",
        "NoteForm",
        "PageForm",
        "ProfileForm",
        "QuestionForm",
        "ReflectionForm",
        "RoundDatesForm",
        "ScheduleForm",
        "SearchForm",
        "SourceForm",
        "SponsorBriefForm",
        "SponsorForm",
        "SponsorWeekForm",
        "StarterForm",
        "StepForm",
        "TeamForm",
        "ThemeForm",
        "TitleForm",
        "WordsForm",
    }
