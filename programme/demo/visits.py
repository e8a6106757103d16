"""Demo hosts and guests: a visit that was, one with a waiting list ahead, a talk, all by the actions of real ones."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import translation

from coaching.hosting.actions.dates import open_dates
from coaching.hosting.actions.hosts import add_host, change_host, show_host
from coaching.hosting.facts import DateFacts, HostFacts
from coaching.models import Booking, BookingState, Host, HostFormat, Visit
from coaching.visiting.actions.bookings import book
from coaching.visiting.actions.sheets import answer_tried, save_after, save_before, save_during
from cohorts.models import Enrolment, Membership, Organisation
from cohorts.schedule.time_zones import local_date
from programme.demo.acting import first_admin
from programme.demo.people import Company
from programme.demo.visits_words import AFTER, BEFORE, DURING, SITE

HOSTS_FROM_DAY = 8
VISIT_DAYS, TALK_DAY = (24, 52, 94), 61
PLACES, TALK_PLACES = 3, 40
BOOKS_AHEAD = timedelta(days=26)
WRITES_BEFORE = timedelta(days=4)
ASKED_AFTER = timedelta(days=14)
BEHAVIOURS = ["clear", "understanding", "encouraging"]


def visit(company: Company, organisation: Organisation, now: datetime) -> None:
    """One evening of hosts and guests in the open organisation."""
    on = local_date(now, organisation.zone)
    rows = Enrolment.objects.active().select_related("leader__person").order_by("pk")
    enrolments = [each for each in rows if _takes_part(company, each)]
    if not enrolments or on < enrolments[0].day1_on + timedelta(days=HOSTS_FROM_DAY):
        return
    with translation.override(company.language):
        if not Host.objects.exists():
            _open_house(company, organisation, enrolments[0].day1_on, now)
        _book(enrolments, on, now)
        for booking in _bookings():
            _write_sheets(booking, on, now)


def _takes_part(company: Company, enrolment: Enrolment) -> bool:
    character = company.character_of(enrolment.leader.person.email)
    return character is not None and character.starts


def _open_house(company: Company, organisation: Organisation, day1: date, now: datetime) -> None:
    words, admin = SITE[company.language], first_admin()
    email, name = company.host
    host = add_host(
        organisation=organisation,
        name=words["name"],
        is_site=True,
        is_from_outside=False,
        email=email,
        person_name=name,
        language=company.language,
        by=admin,
        now=now,
    )
    facts = HostFacts(
        name=words["name"],
        site=words["site"],
        zone=organisation.zone,
        about=words["about"],
        behaviours=BEHAVIOURS,
        formats=[HostFormat.VISIT, HostFormat.TALK],
        languages=[company.language],
        is_remote=True,
        places=PLACES,
        notice_days=5,
        monthly_ceiling=4,
        will_not_show=words["will_not_show"],
        access_notes=words["access"],
        house_rules=words["rules"],
        is_competitor=False,
    )
    change_host(host=host, facts=facts, by=admin, now=now)
    show_host(host=host, by=admin, now=now)
    visits = {f"day_{number}": day1 + timedelta(days=day - 1) for number, day in enumerate(VISIT_DAYS, start=1)}
    _open(host, words["visit"], HostFormat.VISIT, PLACES, visits, admin, now)
    talks = {"day_1": day1 + timedelta(days=TALK_DAY - 1)}
    _open(host, words["talk"], HostFormat.TALK, TALK_PLACES, talks, admin, now)


def _open(
    host: Host, title: str, kind: HostFormat, capacity: int, days: dict[str, date], by: Membership, now: datetime
) -> None:
    is_talk = kind == HostFormat.TALK
    facts = DateFacts(
        format=kind,
        title=title,
        about="",
        behaviours=BEHAVIOURS[:2],
        language=host.languages[0],
        capacity=capacity,
        minutes=60 if is_talk else 180,
        is_remote=is_talk,
        place="" if is_talk else host.site,
        link="https://meet.example/floor" if is_talk else "",
    )
    key = uuid5(NAMESPACE_URL, f"dates {host.pk} {kind}")
    open_dates(host=host, facts=facts, days=days, at=time(9), key=key, by=by, now=now)


def _book(enrolments: Iterable[Enrolment], on: date, now: datetime) -> None:
    """Two leaders an evening, from some weeks ahead; more want to come than there are places."""
    for ahead in Visit.objects.open().filter(starts_at__gt=now + timedelta(days=1), starts_at__lt=now + BOOKS_AHEAD):
        going = set(ahead.bookings.live().values_list("guest_id", flat=True))
        most = 6 if ahead.format == HostFormat.VISIT else 9
        for enrolment in [each for each in enrolments if each.leader_id not in going][: min(2, most - len(going))]:
            key = uuid5(NAMESPACE_URL, f"booking {ahead.pk} {enrolment.leader_id} {on}")
            book(visit=ahead, rules_version=ahead.host.rules_version, key=key, by=enrolment.leader, now=now)


def _bookings() -> Iterable[Booking]:
    mine = Booking.objects.filter(state=BookingState.BOOKED, visit__format=HostFormat.VISIT).order_by("pk")
    return mine.select_related("visit__host", "guest__person")


def _write_sheets(booking: Booking, on: date, now: datetime) -> None:
    """Before it most write what they come for; on the day what they saw, the day after what they try."""
    day, language = local_date(booking.starts_at, booking.visit.host.zone), booking.guest.person.language
    key = uuid5(booking.uid, "sheets")
    is_late = booking.pk % 4 == 0  # one in four comes unprepared
    if on == day - WRITES_BEFORE and not is_late:
        save_before(booking=booking, lines=BEFORE[language], key=key, by=booking.guest, now=now)
    elif on == day:
        save_during(booking=booking, notes=DURING[language], behaviours=["clear"], key=key, by=booking.guest, now=now)
    elif on == day + timedelta(days=1):
        words = AFTER[language]
        save_after(
            booking=booking,
            behaviour="clear",
            cue=words["cue"],
            response=words["response"],
            language=language,
            question_left=words["question"],
            thanks=words["thanks"],
            would_host="encouraging" if booking.pk % 3 == 0 else "",
            key=key,
            by=booking.guest,
            now=now,
        )
    elif on == day + ASKED_AFTER and (sheet := booking.after_sheets.select_related("booking__visit__host").first()):
        answer_tried(sheet=sheet, was_tried=booking.pk % 3 != 1, by=booking.guest, now=now)
