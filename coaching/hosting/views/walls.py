"""The wall of questions before a talk, and the written answers."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coaching.hosting.actions.questions import (
    answer_question,
    ask_question,
    judge_question,
    put_question_back,
    report_question,
    take_back_question,
    vote,
)
from coaching.hosting.forms.questions import HostAnswerForm, WallQuestionForm
from coaching.hosting.policies import may_ask, may_judge, may_run
from coaching.hosting.views.reach import readable_question, readable_talk
from coaching.hosting.wall import wall_of
from coaching.models import VisitState
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock


@allow(Permission.BELONG)
@require_http_methods(["GET", "HEAD", "POST"])
def talk_wall(request: MemberRequest, pk: int) -> HttpResponse:
    """Questions by votes; a leader asks one more."""
    talk, member = readable_talk(request.membership, pk), request.membership
    form = WallQuestionForm(posted(request))

    def save() -> HttpResponse:
        said = form.cleaned_data
        ask_question(visit=talk, text=said["text"], key=said["key"], by=member, now=request.now)
        messages.success(request, _("Your question is on the wall, without your name."))
        return redirect("talk_wall", talk.pk)

    context = {
        "talk": talk,
        "wall": wall_of(talk, member),
        "is_open": may_ask(member) and talk.state == VisitState.OPEN and talk.starts_at > request.now,
        "is_leader": may_ask(member),
        "is_host": may_run(member, talk.host),
        "is_judge": may_judge(member),
        "has_begun": talk.starts_at <= request.now,
    }
    return form_page(request, form, save, "coaching/hosting/wall.html", context)


@allow(Permission.WALK)
@require_POST
def question_vote(request: MemberRequest, pk: int) -> HttpResponse:
    """Want an answer, too."""
    question = readable_question(request.membership, pk)
    vote(question=question, by=request.membership, is_on=True)
    return redirect("talk_wall", question.visit_id)


@allow(Permission.WALK)
@require_POST
def question_vote_removal(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one's vote back."""
    question = readable_question(request.membership, pk)
    vote(question=question, by=request.membership, is_on=False)
    return redirect("talk_wall", question.visit_id)


@allow(Permission.WALK)
@require_POST
def question_taking_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one's own question off the wall, with Undo."""
    question = readable_question(request.membership, pk)
    take_back_question(question=question, by=request.membership)
    messages.success(request, _("Your question is off the wall."), extra_tags=reverse("question_return", args=[pk]))
    return redirect("talk_wall", question.visit_id)


@allow(Permission.WALK)
@require_POST
def question_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo taking it off."""
    question = readable_question(request.membership, pk)
    put_question_back(question=question, by=request.membership)
    return redirect("talk_wall", question.visit_id)


@allow(Permission.BELONG)
@require_POST
def question_report(request: MemberRequest, pk: int) -> HttpResponse:
    """Hide a question until an admin has looked at it."""
    question = readable_question(request.membership, pk)
    report_question(question=question, by=request.membership, now=request.now)
    messages.success(request, _("Thank you. It is hidden until an admin has looked at it."))
    return redirect("talk_wall", question.visit_id)


@allow(Permission.RUN_COHORTS)
@require_POST
def question_keeping(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a reported question back on the wall."""
    question = readable_question(request.membership, pk)
    judge_question(question=question, keeps=True, by=request.membership, now=request.now)
    messages.success(
        request,
        _("It is on the wall again, and cannot be reported any more."),
        extra_tags=reverse("question_removal", args=[pk]),
    )
    return redirect("talk_wall", question.visit_id)


@allow(Permission.RUN_COHORTS)
@require_POST
def question_removal(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a reported question off the wall."""
    question = readable_question(request.membership, pk)
    judge_question(question=question, keeps=False, by=request.membership, now=request.now)
    messages.success(request, _("It is off the wall."), extra_tags=reverse("question_keeping", args=[pk]))
    return redirect("talk_wall", question.visit_id)


@allow(Permission.HOST)
@require_http_methods(["GET", "HEAD", "POST"])
def question_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Write the answer, before or after the talk."""
    question = readable_question(request.membership, pk)
    if not may_run(request.membership, question.visit.host):
        raise Http404
    if request.method == "POST":
        lock(question)
    form = HostAnswerForm(posted(request), question=question)

    def save() -> HttpResponse:
        answer_question(
            question=question,
            answer=form.cleaned_data["answer"],
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        said = _("Saved. Everybody who reads the wall sees it.")
        messages.success(request, SAVED_TOGETHER if form.took_over else said)
        return redirect("talk_wall", question.visit_id)

    context = {"question": question, "talk": question.visit}
    return form_page(request, form, save, "coaching/hosting/answer.html", context)
