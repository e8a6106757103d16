"""The parts of a draft, each on a page of its own: the frame, the items, the open questions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.curriculum.forms.draft import DraftForm
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.frames import asked_language
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from feedback360.models import Questionnaire
from feedback360.questionnaires.actions.drafts import (
    add_item,
    add_question,
    change_frame,
    change_item,
    change_question,
    move_item,
    remove_item,
    remove_question,
)
from feedback360.questionnaires.content import TEAM, Item, OpenQuestion
from feedback360.questionnaires.forms.parts import FrameForm, ItemForm, QuestionForm
from feedback360.questionnaires.rows import content_of
from feedback360.questionnaires.views.drafts import open_draft
from feedback360.questionnaires.views.reading import SAMPLE_NAME, about

Part = dict[str, Any]


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_frame(request: MemberRequest, draft_pk: int) -> HttpResponse:
    """Title, scale words and languages."""
    draft = open_draft(request, draft_pk)
    form = FrameForm(posted(request), questionnaire=draft)

    def save() -> HttpResponse:
        change_frame(
            questionnaire=draft,
            asked_in=form.cleaned_data["asked_in"],
            text=form.texts(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        return _saved(request, form, draft)

    return _page(request, draft, form, save, "frame.html")


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_item_new(request: MemberRequest, draft_pk: int) -> HttpResponse:
    draft = open_draft(request, draft_pk)
    form = ItemForm(posted(request), questionnaire=draft)

    def save() -> HttpResponse:
        add_item(
            questionnaire=draft, facts=form.item_facts(), text=form.texts(), by=request.membership, now=request.now
        )
        return _saved(request, form, draft)

    return _page(request, draft, form, save, "item.html")


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_item(request: MemberRequest, draft_pk: int, item: str) -> HttpResponse:
    draft = open_draft(request, draft_pk)
    form = ItemForm(posted(request), questionnaire=draft, item=_part(draft, "items", item))

    def save() -> HttpResponse:
        change_item(
            questionnaire=draft,
            key=item,
            facts=form.item_facts(),
            text=form.texts(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        return _saved(request, form, draft)

    return _page(request, draft, form, save, "item.html", key=item)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_item_removal(request: MemberRequest, draft_pk: int, item: str) -> HttpResponse:
    """Asks first: its words are gone with it."""
    draft = open_draft(request, draft_pk)
    _part(draft, "items", item)
    if request.method == "POST":
        remove_item(questionnaire=draft, key=item, by=request.membership, now=request.now)
        messages.success(request, _("Removed from the draft."))
        return redirect("questionnaire", draft.pk)
    content = content_of(draft)
    return _removal(request, draft, next(each for each in content.items if each.key == item))


@allow(Permission.RUN_COHORTS)
@require_POST
def questionnaire_item_move(request: MemberRequest, draft_pk: int, item: str, *, is_later: bool) -> HttpResponse:
    draft = open_draft(request, draft_pk)
    _part(draft, "items", item)
    move_item(questionnaire=draft, key=item, is_later=is_later, by=request.membership, now=request.now)
    return redirect("questionnaire", draft.pk)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_question_new(request: MemberRequest, draft_pk: int) -> HttpResponse:
    draft = open_draft(request, draft_pk)
    form = QuestionForm(posted(request), questionnaire=draft)

    def save() -> HttpResponse:
        add_question(questionnaire=draft, text=form.texts(), by=request.membership, now=request.now)
        return _saved(request, form, draft)

    return _page(request, draft, form, save, "question.html")


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_question(request: MemberRequest, draft_pk: int, question: str) -> HttpResponse:
    draft = open_draft(request, draft_pk)
    form = QuestionForm(posted(request), questionnaire=draft, question=_part(draft, "questions", question))

    def save() -> HttpResponse:
        change_question(
            questionnaire=draft,
            key=question,
            text=form.texts(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        return _saved(request, form, draft)

    return _page(request, draft, form, save, "question.html", key=question)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_question_removal(request: MemberRequest, draft_pk: int, question: str) -> HttpResponse:
    """Asks first: its words are gone with it."""
    draft = open_draft(request, draft_pk)
    _part(draft, "questions", question)
    if request.method == "POST":
        remove_question(questionnaire=draft, key=question, by=request.membership, now=request.now)
        messages.success(request, _("Removed from the draft."))
        return redirect("questionnaire", draft.pk)
    content = content_of(draft)
    return _removal(request, draft, next(each for each in content.questions if each.key == question))


def _part(draft: Questionnaire, name: str, key: str) -> Part:
    part: Part | None = next((part for part in draft.content[name] if part["key"] == key), None)
    if part is None:
        raise Http404
    return part


def _page(
    request: MemberRequest,
    draft: Questionnaire,
    form: DraftForm,
    save: Callable[[], HttpResponse],
    template: str,
    *,
    key: str = "",
) -> HttpResponse:
    content = content_of(draft)
    language = asked_language(request)
    written = language if language in form.language_codes else form.language_codes[0]
    context = about(draft, content, written) | {"draft": draft, "key": key}
    return form_page(request, form, save, f"feedback360/questionnaires/{template}", context)


def _removal(request: MemberRequest, draft: Questionnaire, part: Item | OpenQuestion) -> HttpResponse:
    content = content_of(draft)
    language = content.language_for(page_language())
    context = about(draft, content, language) | {
        "sentence": part.sentence(relation=TEAM, language=language, name=SAMPLE_NAME),
        "is_item": isinstance(part, Item),
    }
    return render(request, "feedback360/questionnaires/removal.html", context)


def _saved(request: MemberRequest, form: DraftForm, draft: Questionnaire) -> HttpResponse:
    messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved in the draft. Only admins see it."))
    return redirect("questionnaire", draft.pk)
