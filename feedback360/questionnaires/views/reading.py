"""The questionnaires of an organisation, read by its admins: the list, one version, and what a rater sees of it."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts.curriculum.behaviours import Behaviour
from cohorts.curriculum.forms.wordings import language_name
from cohorts.web.frames import asked_language
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from feedback360.models import Questionnaire, Relation
from feedback360.questionnaires.areas import Area
from feedback360.questionnaires.content import RELATIONS, TEAM, Item, Scale
from feedback360.questionnaires.content import Questionnaire as Content
from feedback360.questionnaires.rows import content_of, standard_questionnaire

MAX_SHOWN = 200  # versions on the list; an organisation edits its questionnaire a few times a year
SAMPLE_NAME = "Ingrid"


@dataclass(frozen=True, slots=True)
class Line:
    """One item in a list: what the team reads, what it counts in, who is asked."""

    key: str
    text: str
    behaviour: str
    area: str
    asked_of: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One item as a rater reads it. `templates/feedback360/_item.html` draws it."""

    name: str
    sentence: str
    choices: list[tuple[str, str]]
    cannot_say: str


@allow(Permission.RUN_COHORTS)
@require_safe
def questionnaire_list(request: MemberRequest) -> HttpResponse:
    """Each questionnaire with its versions, newest first."""
    rows = Questionnaire.objects.order_by("slug", "-number")[:MAX_SHOWN]
    cards = [_card(list(versions)) for _slug, versions in groupby(rows, key=lambda row: row.slug)]
    return render(request, "feedback360/questionnaires/list.html", {"cards": cards})


@allow(Permission.RUN_COHORTS)
@require_POST
def questionnaire_standard(request: MemberRequest) -> HttpResponse:
    """Give an organisation from before there were questionnaires the one that ships."""
    row = standard_questionnaire(now=request.now)
    messages.success(request, _("Added. Rounds use it until you publish a version of your own."))
    return redirect("questionnaire", row.pk)


@allow(Permission.RUN_COHORTS)
@require_safe
def questionnaire(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything one version asks; for a draft, where to edit it."""
    row = get_object_or_404(Questionnaire, pk=pk)
    content = content_of(row)
    language = content.language_for(asked_language(request))
    context = about(row, content, language) | {
        "lines": [_line(item, language) for item in content.items],
        "questions": [
            (question.key, question.sentence(relation=TEAM, language=language, name=SAMPLE_NAME))
            for question in content.questions
        ],
        "scale": content.scales[language],
    }
    return render(request, "feedback360/questionnaires/questionnaire.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def questionnaire_preview(request: MemberRequest, pk: int) -> HttpResponse:
    """The items as a rater of one relation sees them, in one language."""
    row = get_object_or_404(Questionnaire, pk=pk)
    content = content_of(row)
    asked = asked_language(request)
    language = content.language_for(asked)
    relation = request.GET.get("relation", TEAM)
    relation = relation if relation in RELATIONS else TEAM
    scale = content.scales[language]
    context = about(row, content, language) | {
        "relation": relation,
        "relations": [
            {
                "url": f"?relation={each}&language={language}",
                "label": Relation(each).label,
                "count": len(content.items_for(each)),
                "is_current": each == relation,
            }
            for each in RELATIONS
        ],
        "name": SAMPLE_NAME,
        "asked": [_asked(item, relation, language, scale) for item in content.items_for(relation)],
        "questions": [
            question.sentence(relation=relation, language=language, name=SAMPLE_NAME) for question in content.questions
        ],
        "missing_language": "" if asked == language else language_name(asked),
    }
    return render(request, "feedback360/questionnaires/preview.html", context)


def about(row: Questionnaire, content: Content, language: str) -> dict[str, Any]:
    """What every page about a version says at its top."""
    return {
        "questionnaire": row,
        "title": content.titles[content.language_for(page_language())],
        "language": language,
        "language_name": language_name(language),
        "languages": [(code, language_name(code)) for code in content.languages],
    }


def _card(versions: list[Questionnaire]) -> dict[str, Any]:
    draft = next((row for row in versions if not row.is_published), None)
    newest = next((row for row in versions if row.is_published), versions[0])
    content = content_of(newest)
    return {
        "title": content.titles[content.language_for(page_language())],
        "items": len(content.items),
        "questions": len(content.questions),
        "versions": versions,
        "draft": draft,
        "newest": newest,
    }


def _line(item: Item, language: str) -> Line:
    return Line(
        key=item.key,
        text=item.sentence(relation=TEAM, language=language, name=SAMPLE_NAME),
        behaviour=str(Behaviour(item.behaviour).label),
        area=str(Area(item.area).label),
        asked_of=[str(Relation(relation).label) for relation in item.asked_of],
    )


def _asked(item: Item, relation: str, language: str, scale: Scale) -> Asked:
    return Asked(
        name=item.key,
        sentence=item.sentence(relation=relation, language=language, name=SAMPLE_NAME),
        choices=[(str(value), word) for value, word in enumerate(scale.steps, start=1)],
        cannot_say=scale.cannot_say(relation),
    )
