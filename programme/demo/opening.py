"""Open a demo organisation as a real one is opened: an owner, a cohort, an HR export uploaded and confirmed."""

import csv
import io
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from cohorts.curriculum.rows import EARLIER, STANDARD, load_curriculum
from cohorts.enrolment.actions.closed_days import close_day
from cohorts.enrolment.actions.cohorts import CohortPlan, open_cohort
from cohorts.models import Cohort, Membership, Organisation, Role
from cohorts.people.actions.intakes import ImportContext, confirm_intake, upload_intake
from cohorts.people.actions.invitations import accept_invitations
from cohorts.people.actions.members import add_member, change_manager
from cohorts.people.actions.plans import plan_upload
from cohorts.schedule.closed_days import closed_days
from cohorts.schedule.day1 import first_open
from cohorts.tenancy.wall import within
from programme.demo.people import Company
from programme.membership.correction import correct
from programme.organisation.actions import upload_logo

IMPORTS_AT = time(13)
DAYS_BEFORE_DAY_1 = 32  # a Thursday: time to choose raters before the first 360 opens, eight days before day 1


def open_company(company: Company) -> Organisation:
    """Create the organisation with its cohort and people, on a Thursday a month before its day 1."""
    zone = ZoneInfo(company.zone)
    day1 = _monday(timezone.now().astimezone(zone)) - timedelta(weeks=company.weeks_ago)
    start = datetime.combine(day1 - timedelta(days=DAYS_BEFORE_DAY_1), IMPORTS_AT, tzinfo=zone)
    organisation = Organisation.objects.create(
        name=company.name,
        slug=company.slug,
        language=company.language,
        zone=zone,
        is_demo=True,
        clock_offset=start - timezone.now(),
    )
    with within(organisation):
        admin = _people_in_charge(company, organisation, start)
        if company.logo:
            _logo(company, organisation, start)
        cohort = _cohort(company, zone, day1, start, admin)
        _import(company, organisation, cohort, admin, start)
        _correct(company, admin, start + timedelta(hours=1))
    return organisation


def _monday(now: datetime) -> date:
    return now.date() - timedelta(days=now.weekday())


def _people_in_charge(company: Company, organisation: Organisation, now: datetime) -> Membership:
    def join(email: str, name: str, role: str) -> Membership:
        return add_member(
            organisation=organisation,
            email=email,
            name=name,
            roles=[role],
            language=company.language,
            by=None,
            now=now,
        )

    for email, name in company.owners.items():
        join(email, name, Role.OWNER)
    manager = join(*company.manager, Role.SPONSOR)
    sponsors = [join(email, name, Role.SPONSOR) for email, name in company.sponsors.items()]
    for email, name in company.coaches.items():
        join(email, name, Role.COACH)
    admins = [join(email, name, Role.ADMIN) for email, name in company.admins.items()]
    for member in Membership.objects.select_related("person"):
        accept_invitations(person=member.person, now=now)  # everybody else joined before the leaders
    for sponsor in sponsors:
        change_manager(member=sponsor, manager=manager, by=admins[0], now=now)
    return admins[0]


def _logo(company: Company, organisation: Organisation, now: datetime) -> None:
    owner = Membership.objects.with_role(Role.OWNER).earliest("pk")
    with (Path(__file__).parent / company.logo).open("rb") as file:
        upload_logo(organisation=organisation, file=file, file_name=company.logo, by=owner, now=now)


def _cohort(company: Company, zone: ZoneInfo, day1: date, now: datetime, admin: Membership) -> Cohort:
    plan = CohortPlan(
        name=company.cohort,
        version=load_curriculum(EARLIER if company.moves_in_week else STANDARD, now=now),
        classroom_ends_on=day1 - timedelta(days=3),
        day1_on=day1,
        zone=zone,
        nudge_hour=time(9),
        working_days=[1, 2, 3, 4, 5],
        holidays=company.holidays,
        region=company.region,
    )
    cohort = open_cohort(plan=plan, by=admin, now=now)
    if company.closes:
        name, days = company.closes
        on = first_open(day1 + timedelta(days=days), cohort.working_days, closed_days(cohort))
        close_day(cohort=cohort, on=on, name=name, by=admin, now=now)
    return cohort


def _import(company: Company, organisation: Organisation, cohort: Cohort, admin: Membership, now: datetime) -> None:
    at = ImportContext(organisation=organisation, cohort=cohort, by=admin, today=now.date(), now=now)
    intake = upload_intake(cohort=cohort, file=BytesIO(_export(company)), file_name="hr-export.csv", by=admin, now=now)
    plan = plan_upload(intake, organisation=organisation)
    confirm_intake(intake=intake, fingerprint=plan.fingerprint, at=at)


def _correct(company: Company, admin: Membership, now: datetime) -> None:
    """The leaders whose invitation came back."""
    for email, wrong in company.mistyped.items():
        member = Membership.objects.get(person__email=wrong)
        correct(member=member, name=member.name, email=email, by=admin, now=now)


def _export(company: Company) -> bytes:
    """A CSV file as HR systems export it: semicolons and Windows-1252."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";")
    writer.writerow(["Navn", "E-post", "Nærmeste leder", "Leders e-post", "Språk"])
    for leader in company.leaders:
        sponsor = company.sponsors[leader.sponsor]
        writer.writerow(
            [leader.name, company.mistyped.get(leader.email, leader.email), sponsor, leader.sponsor, leader.language]
        )
    return sheet.getvalue().encode("cp1252")
