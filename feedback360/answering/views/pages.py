"""The rater's pages: leaders, start, one item a screen, open questions, review, sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from cohorts.mail.message import first_name
from cohorts.tenancy.wall import within
from cohorts.web.forms import form_page, posted
from cohorts.web.language import page_language
from cohorts.web.refusals import Invalid
from feedback360.answering.actions.answering import save_answers, send_answers, sheet_of
from feedback360.answering.forms.answers import AnswerForm, CommentsForm
from feedback360.answering.identifying_words import Finding, identifying_words
from feedback360.answering.promises import deadline, facts, is_attributed, leader_name, promise
from feedback360.answering.rules import AlreadySent, is_open
from feedback360.answering.sheet import Sheet
from feedback360.answering.views.by_link import about_leader, by_link, gone, repair, why_closed
from feedback360.answering.visit import requests_of
from feedback360.models import Request, RequestState
from feedback360.questionnaires.content import Item, Questionnaire
from feedback360.questionnaires.rows import content_of
from feedback360.rounds.rater_links import RaterLink
from feedback360.rounds.rater_rules import ANSWERING, NOMINATED


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """An item on the review page, with the words of the answer; empty where there is none."""

    sentence: str
    answer: str
    url: str


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """A comment on the review page, with what could tell who wrote it."""

    sentence: str
    text: str
    findings: list[Finding]


@by_link
def leaders(request: HttpRequest, link: RaterLink, *, token: str) -> HttpResponse:
    """All leaders this rater is asked about; with one, that leader's page."""
    with within(link.organisation_id):
        asked = requests_of(link)
    if not asked:
        return gone(request, "replaced")
    if len(asked) == 1:
        return redirect("rater_start", token, asked[0].pk)
    with translation.override(asked[0].rater.language):
        now = asked[0].organisation.now(timezone.now())
        if not is_open(asked[0].subject.round, now=now):
            return gone(request, why_closed(asked[0].subject.round))
        context = page_context(asked[0], token) | {"requests": asked, "deadline": deadline(asked[0])}
        response = render(request, "feedback360/answering/leaders.html", context)
        response["Content-Language"] = translation.get_language()
        return response


@about_leader
def start(request: HttpRequest, asked: Request, *, token: str, now: datetime) -> HttpResponse:
    """Who asks, what for, who reads it; or thanks, once it was sent. The first POST begins."""
    content = content_of(asked.subject.round.questionnaire)
    with within(asked.organisation_id):
        sheet, is_sent = sheet_of(asked)
        if is_sent:
            repair(asked)
            return _sent(request, asked, token)
        in_group = Request.objects.filter(subject=asked.subject_id, group=asked.group, state__in=ANSWERING).count()
    items = content.items_for(asked.relation)
    context = page_context(asked, token) | {
        "facts": list(facts(asked, content, asked=in_group)),
        "next_url": _first_open(asked, token, content, sheet),
        "answered": sum(each.key in sheet.values for each in items),
        "count": len(items),
        "may_decline": asked.relation in NOMINATED,
    }
    return render(request, "feedback360/answering/start.html", context)


@about_leader
def item(request: HttpRequest, asked: Request, *, token: str, now: datetime, key: str) -> HttpResponse:
    """One item: saved as soon as it is chosen, and by Next and Back."""
    content = content_of(asked.subject.round.questionnaire)
    items = content.items_for(asked.relation)
    place = next((number for number, each in enumerate(items) if each.key == key), None)
    if place is None:
        raise Http404
    language = content.language_for(page_language())
    with within(asked.organisation_id):
        sheet = _unsent(asked) if request.method != "POST" else Sheet()
        form = AnswerForm(
            posted(request),
            item=items[place],
            content=content,
            relation=asked.relation,
            language=language,
            name=first_name(leader_name(asked)),
            sheet=sheet,
        )

        def save() -> HttpResponse:
            if form.values:
                save_answers(request=asked, values=form.values, now=now)
            if request.htmx:  # type: ignore[attr-defined]
                return HttpResponse(status=204)
            before, after = _around(asked, token, items, place)
            return redirect(before if "back" in request.POST else after)

        context = page_context(asked, token) | {
            "content_language": language,
            "number": place + 1,
            "count": len(items),
            "promise": promise(asked),
        }
        return form_page(request, form, save, "feedback360/answering/item.html", context)


@about_leader
def words(request: HttpRequest, asked: Request, *, token: str, now: datetime) -> HttpResponse:
    """The open questions, all optional."""
    content = content_of(asked.subject.round.questionnaire)
    language = content.language_for(page_language())
    with within(asked.organisation_id):
        sheet = _unsent(asked) if request.method != "POST" else Sheet()
        form = CommentsForm(
            posted(request),
            content=content,
            relation=asked.relation,
            language=language,
            name=first_name(leader_name(asked)),
            sheet=sheet,
        )

        def save() -> HttpResponse:
            save_answers(request=asked, texts=form.cleaned_data, now=now)
            if request.htmx:  # type: ignore[attr-defined]
                return HttpResponse(status=204)
            last = content.items_for(asked.relation)[-1].key
            if "back" in request.POST:
                return redirect("rater_item", token, asked.pk, last)
            return redirect("rater_review", token, asked.pk)

        context = page_context(asked, token) | {"is_attributed": is_attributed(asked), "content_language": language}
        return form_page(request, form, save, "feedback360/answering/words.html", context)


@about_leader
def review(request: HttpRequest, asked: Request, *, token: str, now: datetime) -> HttpResponse:
    """Everything once more, with what could tell who wrote it; sent for good by POST."""
    if request.method == "POST":
        return _send(request, asked, token, now)
    return _review(request, asked, token)


def _send(request: HttpRequest, asked: Request, token: str, now: datetime) -> HttpResponse:
    try:
        send_answers(request=asked, now=now)
    except Invalid as refusal:
        return _review(request, asked, token, refusal=str(refusal))
    return redirect("rater_start", token, asked.pk)


def _review(request: HttpRequest, asked: Request, token: str, *, refusal: str = "") -> HttpResponse:
    content = content_of(asked.subject.round.questionnaire)
    with within(asked.organisation_id):
        sheet = _unsent(asked)
    lines = list(_lines(asked, token, content, sheet))
    context = page_context(asked, token) | {
        "lines": lines,
        "answered": len([line for line in lines if line.answer]),
        "words": list(_written(asked, content, sheet)),
        "content_language": content.language_for(page_language()),
        "is_attributed": is_attributed(asked),
        "refusal": refusal,
    }
    return render(request, "feedback360/answering/review.html", context, status=422 if refusal else 200)


def _sent(request: HttpRequest, asked: Request, token: str) -> HttpResponse:
    """Thanks, and the next leader who waits."""
    link = RaterLink(asked.organisation_id, asked.rater_id, asked.rater.link_version)
    waiting = [each for each in requests_of(link) if each.pk != asked.pk and each.state == RequestState.ASKED]
    context = page_context(asked, token) | {
        "is_attributed": is_attributed(asked),
        "deadline": deadline(asked),
        "waiting": waiting,
        "next_url": reverse("rater_start", args=[token, waiting[0].pk]) if waiting else "",
    }
    return render(request, "feedback360/answering/sent.html", context)


def page_context(asked: Request, token: str) -> dict[str, Any]:
    return {
        "asked": asked,
        "token": token,
        "leader": leader_name(asked),
        "first_name": first_name(leader_name(asked)),
        "house": asked.organisation,
    }


def _unsent(asked: Request) -> Sheet:
    sheet, is_sent = sheet_of(asked)
    if is_sent:
        raise AlreadySent
    return sheet


def _first_open(asked: Request, token: str, content: Questionnaire, sheet: Sheet) -> str:
    """Where to go on: the first item without an answer, else the review."""
    for each in content.items_for(asked.relation):
        if each.key not in sheet.values:
            return reverse("rater_item", args=[token, asked.pk, each.key])
    return reverse("rater_review", args=[token, asked.pk])


def _around(asked: Request, token: str, items: tuple[Item, ...], place: int) -> tuple[str, str]:
    """The addresses before and after this item."""

    def url(number: int) -> str:
        return reverse("rater_item", args=[token, asked.pk, items[number].key])

    after = url(place + 1) if place + 1 < len(items) else reverse("rater_words", args=[token, asked.pk])
    before = url(place - 1) if place else reverse("rater_start", args=[token, asked.pk])
    return before, after


def _lines(asked: Request, token: str, content: Questionnaire, sheet: Sheet) -> Iterator[ItemAnswer]:
    language, name = content.language_for(page_language()), first_name(leader_name(asked))
    scale = content.scales[language]
    steps = (scale.cannot_say(asked.relation), *scale.steps)
    for each in content.items_for(asked.relation):
        answer = steps[sheet.values[each.key]] if each.key in sheet.values else ""
        sentence = each.sentence(relation=asked.relation, language=language, name=name)
        yield ItemAnswer(sentence, answer, reverse("rater_item", args=[token, asked.pk, each.key]))


def _written(asked: Request, content: Questionnaire, sheet: Sheet) -> Iterator[WrittenAnswer]:
    language, name = content.language_for(page_language()), first_name(leader_name(asked))
    for question in content.questions:
        text = sheet.written.get(question.key, "")
        if text:
            sentence = question.sentence(relation=asked.relation, language=language, name=name)
            found = [] if is_attributed(asked) else identifying_words(text, leader=leader_name(asked))
            yield WrittenAnswer(sentence, text, found)
