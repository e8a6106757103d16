"""What hosts, their dates and questions to a talk are held to. Asked by the forms, decided in the actions."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.hosting.facts import DateFacts, HostFacts
from coaching.models import Host, HostBlackout, HostFormat, SpokenLanguage, TalkQuestion, Visit, VisitState
from coaching.models.hosting import MAX_CAPACITY, MAX_IN_A_MONTH, MAX_NOTICE_DAYS, ON_THE_WALL
from coaching.models.invited import MAX_MINUTES, MIN_MINUTES
from cohorts.curriculum.behaviours import Behaviour
from cohorts.schedule.date_words import date_words, fill
from cohorts.schedule.time_zones import local_date, offered_zones
from cohorts.web.bounds import ensure_choice, ensure_choices, ensure_date, ensure_name, ensure_number, ensure_text
from cohorts.web.refusals import Invalid, NotNow

MAX_DAYS_AHEAD = 550
MAX_BLACKOUT_DAYS = 120
MAX_BLACKOUTS = 24
MAX_OPEN_QUESTIONS = 5
LENGTHS = {"name": 120, "site": 120, "about": 1500, "will_not_show": 1000, "access_notes": 1500, "house_rules": 3000}
NAMES = ("name", "site")
MAX_TITLE, MAX_ABOUT, MAX_PLACE, MAX_LINK, MAX_REASON = 120, 1500, 120, 500, 300
MAX_QUESTION, MAX_ANSWER = 300, 3000


def ensure_profile(facts: HostFacts) -> None:
    for field, most in LENGTHS.items():
        ensure = ensure_name if field in NAMES else ensure_text
        ensure(field, getattr(facts, field), most=most, is_required=field == "name")
    ensure_choices("behaviours", facts.behaviours, Behaviour.values, none=_("Choose at least one behaviour."))
    ensure_choices("formats", facts.formats, HostFormat.values, none=_("Choose at least one way to come."))
    ensure_choices("languages", facts.languages, SpokenLanguage.values, none=_("Choose at least one language."))
    ensure_choice("zone", str(facts.zone), offered_zones())
    ensure_places("places", facts.places)
    ensure_number("notice_days", facts.notice_days, 0, MAX_NOTICE_DAYS)
    if facts.monthly_ceiling is not None:
        ensure_number("monthly_ceiling", facts.monthly_ceiling, 1, MAX_IN_A_MONTH)


def ensure_name_free(name: str, *, but: Host | None = None) -> None:
    if Host.objects.filter(name__iexact=name.strip()).exclude(pk__in=[but.pk] if but else []).exists():
        raise Invalid("name", _("There is a host with this name already."))


def ensure_places(field: str, count: int) -> None:
    if count < 1:
        raise Invalid(
            field, _("A talk or closed? A talk takes up to 3,000 people. To close a date, cancel it and say why.")
        )
    ensure_number(field, count, 1, MAX_CAPACITY)


def ensure_can_be_shown(host: Host) -> None:
    if not (host.behaviours and host.formats and host.languages):
        raise NotNow(_("Say first what there is to see, in which ways and in which languages."))


def ensure_nothing_ahead(host: Host, now: datetime) -> None:
    """Guests who have a place keep it: a host with open dates cannot be hidden."""
    count = host.visits.open().filter(starts_at__gt=now).count()
    if count:
        raise NotNow(
            ngettext(
                "There is %(count)d date ahead. Cancel it first, so that guests hear of it.",
                "There are %(count)d dates ahead. Cancel them first, so that guests hear of it.",
                count,
            )
            % {"count": count}
        )


def ensure_blackout(host: Host, starts_on: date, ends_on: date, *, today: date) -> None:
    ensure_date("starts_on", starts_on)
    ensure_date("ends_on", ends_on)
    if ends_on < starts_on:
        raise Invalid("ends_on", _("The last day is before the first."))
    if ends_on < today:
        raise Invalid("ends_on", _("These days are over."))
    if (ends_on - starts_on).days >= MAX_BLACKOUT_DAYS:
        raise Invalid("ends_on", _("At most %(count)d days at a time.") % {"count": MAX_BLACKOUT_DAYS})
    if host.blackouts.filter(ends_on__gte=today).count() >= MAX_BLACKOUTS:
        raise NotNow(_("There are %(count)d such periods already, which is the most.") % {"count": MAX_BLACKOUTS})


def ensure_date_facts(host: Host, facts: DateFacts) -> None:
    """The words fit, the host offers this, and people know where to go."""
    ensure_choice("format", facts.format, host.formats)
    ensure_name("title", facts.title, most=MAX_TITLE)
    ensure_text("about", facts.about, most=MAX_ABOUT, is_required=False)
    ensure_choices("behaviours", facts.behaviours, Behaviour.values, none=_("Choose at least one behaviour."))
    ensure_choice("language", facts.language, SpokenLanguage.values)
    ensure_places("capacity", facts.capacity)
    ensure_number("minutes", facts.minutes, MIN_MINUTES, MAX_MINUTES)
    ensure_name("place", facts.place, most=MAX_PLACE, is_required=False)
    ensure_link(facts.link)
    ensure_meeting_point(is_remote=facts.is_remote, place=facts.place, link=facts.link)


def ensure_link(link: str) -> None:
    ensure_text("link", link, most=MAX_LINK, is_required=False)
    if link and not link.startswith(("https://", "http://")):
        raise Invalid("link", _("A link begins with https://."))


def ensure_meeting_point(*, is_remote: bool, place: str, link: str) -> None:
    if is_remote and not link.strip():
        raise Invalid("link", _("Guests join by video: give the link."))
    if not is_remote and not place.strip():
        raise Invalid("place", _("Say where guests come to."))


def ensure_start(host: Host, starts_at: datetime, minutes: int, *, field: str, now: datetime) -> None:
    """Ahead, with the notice the host asks for, and on none of the days they are closed."""
    if starts_at <= now:
        raise Invalid(field, _("This is in the past."))
    day, today = local_date(starts_at, host.zone), local_date(now, host.zone)
    if (day - today).days > MAX_DAYS_AHEAD:
        raise Invalid(field, _("At most a year and a half ahead."))
    if (day - today).days < host.notice_days:
        first = date_words(today + timedelta(days=host.notice_days), "WEEKDAY_FORMAT")
        raise Invalid(
            field,
            fill(
                ngettext(
                    "%(name)s needs %(count)d day of notice: the first possible day is %(day)s.",
                    "%(name)s needs %(count)d days of notice: the first possible day is %(day)s.",
                    host.notice_days,
                ),
                {"name": host.name, "count": host.notice_days, "day": first},
            ),
        )
    _ensure_open_days(host, starts_at, minutes, field)


def _ensure_open_days(host: Host, starts_at: datetime, minutes: int, field: str) -> None:
    last = local_date(starts_at + timedelta(minutes=minutes), host.zone)
    closed = host.blackouts.filter(starts_on__lte=last, ends_on__gte=local_date(starts_at, host.zone)).first()
    if closed:
        raise Invalid(field, closed_sentence(host, closed))


def closed_sentence(host: Host, closed: HostBlackout) -> str:
    first, last = (date_words(on, "MONTH_DAY_FORMAT") for on in (closed.starts_on, closed.ends_on))
    sentence = _("%(name)s takes nobody from %(first)s to %(last)s.")
    return fill(sentence, {"name": host.name, "first": first, "last": last})


def ensure_room_in_month(host: Host, day: date, *, field: str, but: Visit | None = None) -> None:
    """No more dates in a month than the host said."""
    if host.monthly_ceiling is None:
        return
    with timezone.override(host.zone):
        month = host.visits.open().filter(starts_at__year=day.year, starts_at__month=day.month)
        count = month.exclude(pk=but.pk if but else None).count()
    if count >= host.monthly_ceiling:
        raise Invalid(
            field,
            fill(
                ngettext(
                    "%(name)s takes at most %(count)d date in a month, and %(month)s is full.",
                    "%(name)s takes at most %(count)d dates in a month, and %(month)s is full.",
                    host.monthly_ceiling,
                ),
                {"name": host.name, "count": host.monthly_ceiling, "month": date_words(day, "YEAR_MONTH_FORMAT")},
            ),
        )


def ensure_open(visit: Visit, now: datetime) -> None:
    """A date can be changed until it begins."""
    if visit.state != VisitState.OPEN:
        raise NotNow(_("This date is cancelled."))
    if visit.starts_at <= now:
        raise NotNow(_("This date has begun or is over."))


def overlapping(host: Host, visits: Iterable[Visit]) -> list[Visit]:
    """The host's other open dates at the same time as one of these. Allowed, but said."""
    found: dict[int, Visit] = {}
    for visit in visits:
        near = (visit.starts_at - timedelta(minutes=MAX_MINUTES), visit.ends_at)
        others = host.visits.open().filter(starts_at__range=near).exclude(pk=visit.pk)
        found |= {each.pk: each for each in others if each.starts_at < visit.ends_at and each.ends_at > visit.starts_at}
    return list(found.values())


def ensure_question(visit: Visit, text: str, now: datetime) -> None:
    ensure_text("text", text, most=MAX_QUESTION)
    if visit.state != VisitState.OPEN:
        raise NotNow(_("This date is cancelled."))
    if visit.starts_at <= now:
        raise NotNow(_("The talk has begun, so no more questions are taken. Answers come here."))


def ensure_few_questions(asked: int) -> None:
    if asked >= MAX_OPEN_QUESTIONS:
        raise NotNow(_("You have asked %(count)d questions here. Take one back to ask another.") % {"count": asked})


def ensure_on_the_wall(question: TalkQuestion) -> None:
    if question.state not in ON_THE_WALL:
        raise NotNow(_("This question is not on the wall."))
