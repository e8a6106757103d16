"""What stands as a name in lists, subjects, headers and calendars is typed into a `NameField`, and nothing else is one.

`test_actions_refuse.py` hands each of these fields a line break and marks of direction, with the form and without it.
"""

import pytest
from django.apps import apps
from django.db import models

from coaching.hosting.forms.dates import DateForm
from coaching.hosting.forms.hosts import HostForm, NewHostForm
from coaching.meetings.forms.planning import MoveForm, PlanForm
from coaching.mentors.forms.profile import ProfileForm, SearchForm
from cohorts.enrolment.forms.cohort import CohortForm
from cohorts.people.forms.people import MemberForm, PersonForm
from cohorts.web.inputs import NameField
from feedback360.rounds.forms.nomination import NominationForm
from goals.figures.forms.kpi import KpiForm
from goals.leader_goals.forms.busy import BusyForm
from goals.objectives.forms.objective import ObjectiveForm
from goals.teams.forms.team import TeamForm, TeamMemberForm
from programme.keys.forms import KeyForm
from programme.organisation.forms import OrganisationNameForm

OURS = ("cohorts", "goals", "feedback360", "coaching", "programme")
NAMES = {
    "ApiKey.name": [(KeyForm, "name")],
    "BusyPeriod.title": [(BusyForm, "title")],
    "Cohort.name": [(CohortForm, "name")],
    "Host.name": [(HostForm, "name"), (NewHostForm, "name")],
    "Host.site": [(HostForm, "site")],
    "Kpi.name": [(KpiForm, "name")],
    "Membership.name": [
        (MemberForm, "name"),
        (PersonForm, "name"),
        (PersonForm, "manager_name"),
        (NewHostForm, "person_name"),
    ],
    "MentorProfile.site": [(ProfileForm, "site")],
    "MentorSearch.site": [(SearchForm, "site")],
    "Objective.department": [(ObjectiveForm, "department")],
    "Organisation.name": [(OrganisationNameForm, "name")],
    "Rater.name": [(NominationForm, "name")],
    "Request.name": [(NominationForm, "name")],
    "Session.place": [(PlanForm, "place"), (MoveForm, "place")],
    "Team.name": [(TeamForm, "name")],
    "TeamMember.name": [(TeamMemberForm, "name")],
    "Visit.place": [(DateForm, "place")],
    "Visit.title": [(DateForm, "title")],
}
# Named without a form: by uploading a file (`stored_name`).
WITHOUT_FORM = {
    "Intake.file_name",
    "MentorIntake.file_name",
    "FigureIntake.file_name",
    "RaterIntake.file_name",
}
SENTENCES = "sentences somebody wrote, shown in a place of their own and in no header"
CODES = "written by the program: keys, hashes, languages, paths"
NO_NAMES = {
    SENTENCES: """
        Action.reason Action.text AfterSheet.cue AfterSheet.question_left AfterSheet.response AgendaItem.text
        AgreementLine.words Ask.text BeforeSheet.agent_question BeforeSheet.host_question_1 BeforeSheet.host_question_2
        BeforeSheet.watch_1 BeforeSheet.watch_2 BeforeSheet.watch_3 BeforeSheet.working_on Charter.deciding
        Charter.differing Charter.promise Charter.purpose CheckIn.line Comment.text FactorRecovery.reason Focus.cue
        Focus.response
        Goal.let_go_reason Goal.measure Goal.outcome Goal.unit Goal.why GoalEvent.words GoalReview.line HostThanks.words
        Kpi.denominator Kpi.numerator KpiMethod.channels KpiMethod.same_issue KpiMethod.source KpiMethod.text
        MentorRequest.answer MentorRequest.words MentorWish.words Objective.let_go_reason Objective.measure
        Objective.outcome Objective.unit Objective.why ObjectiveMilestone.text ObjectivePart.text ObjectiveVoice.words
        Practice.line Practice.place Rebase.change TalkQuestion.text Visit.cancel_reason WeekNote.text
    """,
    CODES: """
        AccountMail.kind AccountMail.language ApiKey.prefix ApiKey.secret_hash ApiReply.digest ApiReply.token
        AfterSheet.language AgreementLine.about AuditEntry.by_label AuditEntry.hash AuditEntry.previous_hash
        AuditEntry.thing AuditEntry.verb CalendarMail.slot CalendarMail.sort Calibration.reference Cohort.holidays
        Cohort.region
        ContactHeard.reference FigureIntake.order Focus.behaviour Focus.language GuessCount.about Intake.shape
        ImportRun.fingerprint Invitation.token_hash KnownDevice.agent KnownDevice.key_hash OrganisationLogo.sha
        Person.password Report.file Report.language Request.group Result.digest ScaleStatistic.scale
        StagedFigure.old_entry FigureIntake.shape MentorIntake.shape RaterIntake.shape
        Step.behaviour Step.source Step.theme Subject.growth Subject.primary_scale Subject.strength
    """,
}  # fmt: skip


def text_columns() -> set[str]:
    """Columns for one line of text without a list of choices."""
    return {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.local_fields
        if type(field) is models.CharField and not field.choices
    }


def test_every_text_column_is_known_as_a_name_or_not() -> None:
    listed = [*NAMES, *WITHOUT_FORM, *(column for columns in NO_NAMES.values() for column in columns.split())]
    assert len(listed) == len(set(listed))
    assert text_columns() == set(listed)


@pytest.mark.parametrize("column", NAMES)
def test_a_name_is_typed_into_a_name_field(column: str) -> None:
    assert [name for form, name in NAMES[column] if not isinstance(form.base_fields[name], NameField)] == []
