"""A draft of a questionnaire as a whole: begun, copied, discarded, published."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.curriculum.forms.wordings import language_name
from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.problem_words import sentence_beside
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.languages import LANGUAGES
from cohorts.web.permissions import Permission
from feedback360.models import Questionnaire
from feedback360.questionnaires.actions.drafts import copy_questionnaire, discard_draft, publish, start_draft
from feedback360.questionnaires.check import problems_of
from feedback360.questionnaires.forms.copy import QuestionnaireCopyForm
from feedback360.questionnaires.rows import content_of
from feedback360.questionnaires.rules import ensure_draft
from feedback360.questionnaires.views.reading import about
from feedback360.questionnaires.wordings import FRAME_WORDINGS, ITEM_WORDINGS, QUESTION_WORDINGS

PART = re.compile(r"(items|questions)\[(\d+)\]\.")
INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is in the way at one place, and the page that fixes it."""

    label: str
    url: str
    sentences: list[str]


def open_draft(request: MemberRequest, pk: int) -> Questionnaire:
    """The draft a page works on; who posts has it to themself until the answer. Raises NotNow when it is published."""
    rows = Questionnaire.objects.all()
    if request.method == "POST":
        rows = rows.select_for_update()
    draft = get_object_or_404(rows, pk=pk)
    ensure_draft(draft)
    return draft


@allow(Permission.RUN_COHORTS)
@require_POST
def questionnaire_draft(request: MemberRequest, pk: int) -> HttpResponse:
    """The next version to work on; the draft there is already, when there is one."""
    row = get_object_or_404(Questionnaire, pk=pk)
    draft = Questionnaire.objects.filter(slug=row.slug, published_at=None).first()
    if draft is None:
        draft = start_draft(questionnaire=row, by=request.membership, now=request.now)
        said = _("Draft of version %(number)d started. Only admins see it until you publish it.")
        messages.success(request, said % {"number": draft.number})
    return redirect("questionnaire", draft.pk)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_copy(request: MemberRequest, pk: int) -> HttpResponse:
    """A questionnaire of one's own that begins as this one."""
    row = get_object_or_404(Questionnaire, pk=pk)
    form = QuestionnaireCopyForm(posted(request), questionnaire=row)

    def save() -> HttpResponse:
        draft = copy_questionnaire(questionnaire=row, titles=form.titles(), by=request.membership, now=request.now)
        messages.success(request, _("Copied as a draft. Only admins see it until you publish it."))
        return redirect("questionnaire", draft.pk)

    return form_page(request, form, save, "feedback360/questionnaires/copy.html", _about(row))


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_discard(request: MemberRequest, draft_pk: int) -> HttpResponse:
    """Asks first: what is thrown away is gone."""
    draft = open_draft(request, draft_pk)
    if request.method == "POST":
        discard_draft(questionnaire=draft, by=request.membership, now=request.now)
        messages.success(request, _("Draft discarded."))
        return redirect("questionnaire_list")
    return render(request, "feedback360/questionnaires/discard.html", _about(draft))


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_publishing(request: MemberRequest, draft_pk: int) -> HttpResponse:
    """Says what is in the way; posted, the draft is published."""
    draft = open_draft(request, draft_pk)
    if request.method == "POST":
        publish(questionnaire=draft, by=request.membership, now=request.now)
        said = _("Version %(number)d is published and never changes from here on.")
        messages.success(request, said % {"number": draft.number})
        return redirect("questionnaire_rounds", draft.pk)
    context = _about(draft) | {"obstacles": _obstacles(draft)}
    return render(request, "feedback360/questionnaires/publishing.html", context)


def _about(row: Questionnaire) -> dict[str, object]:
    content = content_of(row)
    return about(row, content, content.language_for(page_language()))


def _obstacles(draft: Questionnaire) -> list[Obstacle]:
    found: dict[tuple[str, str], list[str]] = {}
    for problem in problems_of(draft):
        found.setdefault(_place_of(problem, draft), []).append(_sentence(problem))
    return [Obstacle(label, url, sentences) for (label, url), sentences in found.items()]


def _place_of(problem: Problem, draft: Questionnaire) -> tuple[str, str]:
    """The name of what is wrong, and the address where it is fixed."""
    if part := PART.match(problem.field):
        name, at = part[1], int(part[2])
        key = draft.content[name][at]["key"]
        label, route = (
            (_("Item %(number)d"), "questionnaire_item")
            if name == "items"
            else (_("Open question %(number)d"), "questionnaire_question")
        )
        return label % {"number": at + 1}, reverse(route, args=[draft.pk, key])
    if problem.field in ("items", "questions"):
        return _("The items as a whole"), reverse("questionnaire", args=[draft.pk])
    return _("Title, scale and languages"), reverse("questionnaire_frame", args=[draft.pk])


def _sentence(problem: Problem) -> str:
    """What is wrong, in the words of the form where it is fixed."""
    *_before, part, field = ["", *INDEX.sub("", PART.sub("", problem.field)).split(".")]
    labels = {wording.name: str(wording.label) for wording in (*QUESTION_WORDINGS, *ITEM_WORDINGS, *FRAME_WORDINGS)}
    labels |= {"steps": _("Scale"), "scales": _("Scale"), "titles": _("Title")}
    labels |= {"asked_of": _("Who is asked"), "items": _("Who is asked")}
    language = next((language_name(code) for code in (field, part) if code in LANGUAGES), "")
    label = labels.get(field) or labels.get(part)
    where = f"{label} ({language})" if label and language else label or language or field
    return sentence_beside(where, problem)
