"""What a rater is told before they answer, built from the round as it runs, so that it cannot promise more.

Two modes: answers counted in a group with a threshold, and answers shown with a name (manager, self).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.mail.message import first_name
from cohorts.schedule.date_words import date_words, fill, moment_words
from feedback360.models import Request
from feedback360.questionnaires.content import MANAGER, SELF, Questionnaire


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the start page; `icon` is a heroicon's name."""

    icon: str
    title: str
    text: str


def facts(request: Request, content: Questionnaire, *, asked: int) -> Iterator[Fact]:
    """`asked` is how many are asked in the rater's group."""
    first = first_name(leader_name(request))
    yield Fact("eye", _("Who reads it"), _who_reads(request, first))
    yield Fact("user-group", *_group(request, first, asked))
    yield Fact("lock-closed", *_link(request))
    yield Fact("pencil-square", _("What we can't hide"), _cannot_hide(request))
    yield Fact("clock", _minutes(request, content), _parts(request, content))
    yield Fact("link", _("This link is yours alone"), _whose_link(request))


def promise(request: Request) -> str:
    """The sentence under every item."""
    if request.relation == SELF:
        return _("Your own view is shown as yours, next to what the others say.")
    if request.relation == MANAGER:
        return _("You answer as the manager, so this is shown as yours.")
    enough = request.subject.round.threshold
    return _("Shown only if at least %(enough)d people in your group answer this. Nobody sees yours alone.") % {
        "enough": enough
    }


def leader_name(request: Request) -> str:
    return request.subject.enrolment.leader.name


def deadline(request: Request) -> str:
    return _in_words(request, request.subject.round.closes_at)


def is_attributed(request: Request) -> bool:
    return request.relation in (MANAGER, SELF)


def _who_reads(request: Request, first: str) -> str:
    """The report is read by the leader and by the sponsor they have then, who may be somebody else by that time."""
    sponsor = request.subject.enrolment.sponsor
    words = {"first": first, "sponsor": sponsor.name if sponsor else ""}
    if request.relation == MANAGER:
        return _("%(first)s, in the report after the round has closed.") % words
    if request.relation == SELF:
        if sponsor is None:
            return _("You and the person you report to. You see the others' answers only after the round has closed.")
        return (
            _(
                "You and the person you report to, now %(sponsor)s. You see the others' answers only after the round"
                " has closed."
            )
            % words
        )
    if sponsor is None:
        return _("%(first)s and the person %(first)s reports to. Neither sees who said what.") % words
    return _("%(first)s and the person %(first)s reports to, now %(sponsor)s. Neither sees who said what.") % words


def _group(request: Request, first: str, asked: int) -> tuple[str, str]:
    if request.relation == SELF:
        return _("You answer about yourself"), _(
            "The same items as your team. Your answers are shown as yours, next to theirs."
        )
    if request.relation == MANAGER:
        return _("You answer as the manager"), _(
            "Your answers and your words are shown as the manager's: %(first)s will know that they are yours."
        ) % {"first": first}
    titles = {
        "team": _("You answer as part of the team"),
        "peers": _("You answer as one of the peers"),
        "colleagues": _("You answer as one of the team and peers, taken together"),
    }
    enough = {"asked": asked, "enough": request.subject.round.threshold}
    return titles[request.group], ngettext(
        "%(asked)d person is asked in this group. With fewer than %(enough)d answers nothing of it is shown, and it is"
        " deleted.",
        "%(asked)d people are asked in this group. With fewer than %(enough)d answers nothing of it is shown, and it is"
        " deleted.",
        asked,
    ) % enough


def _link(request: Request) -> tuple[str, str]:
    title = _("When nobody can link answers to you")
    if is_attributed(request):
        title = _("How your answers are stored until then")
        sentence = _(
            "Until %(deadline)s they are kept encrypted and nobody reads them. Then they go into the report as yours."
        )
    else:
        sentence = _(
            "Until the round closes on %(deadline)s your answers are kept encrypted; only someone who runs this"
            " installation and holds both its database and the key could open them. At closing they are shuffled,"
            " stored without you, and the key is destroyed. From then on nobody can."
        )
    return title, fill(sentence, {"deadline": deadline(request)})


def _cannot_hide(request: Request) -> str:
    if is_attributed(request):
        return _("Nothing: your answers are shown with your name. Leave other people's names out.")
    return _("Your way of writing. Leave names, dates and single events out of your comments.")


def _minutes(request: Request, content: Questionnaire) -> str:
    minutes = ceil(content.seconds_for(request.relation) / 60)
    return ngettext("About %(minutes)d minute", "About %(minutes)d minutes", minutes) % {"minutes": minutes}


def _parts(request: Request, content: Questionnaire) -> str:
    items, questions = len(content.items_for(request.relation)), len(content.questions)
    part = ngettext("%(items)d short item", "%(items)d short items", items) % {"items": items}
    more = ngettext("%(questions)d question you may skip", "%(questions)d questions you may skip", questions) % {
        "questions": questions
    }
    by = _in_words(request, request.subject.round.reminds_at)
    sentence = _("%(items)s and %(questions)s. Please answer by %(by)s.")
    return fill(sentence, {"items": part, "questions": more, "by": by})


def _whose_link(request: Request) -> str:
    return _("It was sent to %(name)s. Anybody who opens it can answer in your name, so don't forward it.") % {
        "name": request.rater.name
    }


def _in_words(request: Request, instant: datetime) -> str:
    local = timezone.localtime(instant, request.subject.round.cohort.zone)
    words = {"date": date_words(local.date(), "WEEKDAY_FORMAT"), "time": moment_words(local, "TIME_FORMAT")}
    return fill(_("%(date)s, %(time)s"), words)
