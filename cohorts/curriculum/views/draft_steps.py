"""One step of a draft: written in all languages at once, seen as Today and as the mail while it is written."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.curriculum.actions.drafts import add_step, change_step, remove_step, swap_steps
from cohorts.curriculum.content import DAYS_OF_PROGRAMME, is_weekend, week_of
from cohorts.curriculum.forms.step import StepForm
from cohorts.curriculum.forms.wordings import language_name
from cohorts.curriculum.step_previews import Sketch, keep, kept, sketch_of
from cohorts.curriculum.views.drafts import about_draft, open_draft, written_language
from cohorts.models import CurriculumVersion, Step
from cohorts.models.cohort import Cadence
from cohorts.models.curriculum import StepText
from cohorts.nudges.mail import preview
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import posted
from cohorts.web.frames import asked_language, framed
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow

USUAL_MINUTES = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A step in the preview: in whose language, and where its mail stands."""

    text: StepText
    minutes: int
    language: str
    language_name: str
    mail_url: str


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_step(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    draft = open_draft(request, pk)
    step = get_object_or_404(draft.steps, pk=step_pk)
    form = StepForm(posted(request), version=draft, step=step)
    if form.is_valid() and _change(request, step, form):
        return _to_editor(request, draft, step)
    return _editor(request, draft, step, form)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_step_new(request: MemberRequest, pk: int) -> HttpResponse:
    """A step on a day that has none."""
    draft = open_draft(request, pk)
    form = StepForm(posted(request), version=draft, initial=_to_begin_with(request, draft))
    if form.is_valid():
        try:
            step = add_step(
                version=draft, facts=form.step_facts(), text=form.texts(), by=request.membership, now=request.now
            )
        except NotNow as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, _("Step added on day %(day)d.") % {"day": step.day})
            return _to_editor(request, draft, step)
    return _editor(request, draft, None, form)


@allow(Permission.RUN_COHORTS)
@require_POST
def draft_step_preview(request: MemberRequest, pk: int, step_pk: int | None = None) -> HttpResponse:
    """What was typed as Today and the mail would show it; nothing is saved. Without htmx, the whole editor."""
    draft = open_draft(request, pk)
    step = get_object_or_404(draft.steps, pk=step_pk) if step_pk else None
    form = StepForm(request.POST, version=draft, step=step)
    if not request.htmx:
        return _editor(request, draft, step, form, status=200)
    context = {"form": form, "draft": draft, "shown": _shown(request, draft, step, form)}
    return render(request, "cohorts/drafts/_preview.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def draft_step_mail(request: MemberRequest, pk: int, step_pk: int | None = None) -> HttpResponse:
    """The HTML of the mail for its frame: as typed, while that is remembered, else as saved."""
    draft = open_draft(request, pk)
    step = get_object_or_404(draft.steps, pk=step_pk) if step_pk else None
    typed = kept(request.GET.get("typed", ""), membership=request.membership, version=draft, step=step)
    sketch = typed or (sketch_of(step) if step else Sketch(1, USUAL_MINUTES, {}))
    mail = preview(
        step=sketch.step(),
        membership=request.membership,
        language=written_language(request, draft),
        on=request.today,
        organisation=request.organisation,
        now=request.now,
    )
    return framed(mail.html)


@allow(Permission.RUN_COHORTS)
@require_POST
def draft_step_move(request: MemberRequest, pk: int, step_pk: int, *, is_later: bool) -> HttpResponse:
    """Change places with the next step of the same kind on that side. Each way is the other's Undo."""
    draft = open_draft(request, pk)
    step = get_object_or_404(draft.steps, pk=step_pk)
    others = draft.steps.filter(kind=step.kind)
    if is_later:
        other = others.filter(day__gt=step.day).order_by("day").first()
    else:
        other = others.filter(day__lt=step.day).order_by("-day").first()
    title = step.in_language(page_language()).title
    if other is None:
        messages.info(request, _("There is no step of the same kind to swap “%(title)s” with.") % {"title": title})
    else:
        swap_steps(step=step, other=other, by=request.membership, now=request.now)
        facts = {"title": title, "day": step.day, "other": other.in_language(page_language()).title}
        back = reverse("draft_step_earlier" if is_later else "draft_step_later", args=[draft.pk, step.pk])
        said = _("“%(title)s” is now on day %(day)d, swapped with “%(other)s”.")
        messages.success(request, said % facts, extra_tags=back)
    return redirect(f"{reverse('curriculum', args=[draft.pk])}?language={asked_language(request)}#step-{step.pk}")


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_step_removal(request: MemberRequest, pk: int, step_pk: int) -> HttpResponse:
    """Asks first: its words are gone with it."""
    draft = open_draft(request, pk)
    step = get_object_or_404(draft.steps, pk=step_pk)
    if request.method == "POST":
        remove_step(step=step, by=request.membership, now=request.now)
        messages.success(request, _("Day %(day)d now has no step.") % {"day": step.day})
        return redirect(f"{reverse('curriculum', args=[draft.pk])}#week-{week_of(step.day)}")
    context = {"draft": draft, "step": step, "title": step.in_language(page_language()).title}
    return render(request, "cohorts/drafts/step_removal.html", context)


def _change(request: MemberRequest, step: Step, form: StepForm) -> bool:
    """Whether it was saved; what stands in the way is said beside the day."""
    try:
        other = change_step(
            step=step,
            facts=form.step_facts(),
            text=form.texts(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
    except NotNow as refusal:
        form.add_error("day", str(refusal))
        return False
    if other:
        facts = {"other": other.in_language(page_language()).title, "day": other.day}
        messages.success(request, _("Saved. That day was taken, so “%(other)s” is now on day %(day)d.") % facts)
    elif form.took_over:
        messages.success(request, SAVED_TOGETHER)
    else:
        messages.success(request, _("Saved in the draft. Only admins see it."))
    return True


def _to_editor(request: MemberRequest, draft: CurriculumVersion, step: Step) -> HttpResponse:
    address = reverse("draft_step", args=[draft.pk, step.pk])
    return redirect(f"{address}?language={written_language(request, draft)}")


def _editor(
    request: MemberRequest, draft: CurriculumVersion, step: Step | None, form: StepForm, *, status: int = 0
) -> HttpResponse:
    days = list(draft.steps.values_list("pk", flat=True))
    at = days.index(step.pk) if step else -1
    context = about_draft(request, draft) | {
        "step": step,
        "form": form,
        "is_full": not step and len(days) >= DAYS_OF_PROGRAMME,
        "shown": _shown(request, draft, step, form),
        "earlier": days[at - 1] if step and at else None,
        "later": days[at + 1] if step and at + 1 < len(days) else None,
    }
    status = status or (422 if form.is_bound else 200)
    return render(request, "cohorts/drafts/step.html", context, status=status)


def _shown(request: MemberRequest, draft: CurriculumVersion, step: Step | None, form: StepForm) -> Shown:
    """What stands in the form, in the language asked for."""
    language = written_language(request, draft)
    sketch = Sketch(_number(form["day"].value(), 1), _number(form["minutes"].value(), USUAL_MINUTES), form.typed())
    typed = keep(sketch, membership=request.membership, version=draft, step=step)
    mail = reverse("draft_step_mail", args=[draft.pk, step.pk]) if step else reverse("draft_new_mail", args=[draft.pk])
    return Shown(
        text=sketch.text_in(language),
        minutes=sketch.minutes,
        language=language,
        language_name=language_name(language),
        mail_url=f"{mail}?language={language}&typed={typed}",
    )


def _to_begin_with(request: MemberRequest, draft: CurriculumVersion) -> dict[str, object]:
    """The day asked for, else the first that is free."""
    taken = set(draft.steps.values_list("day", flat=True))
    free = next((day for day in range(1, DAYS_OF_PROGRAMME + 1) if day not in taken), 1)
    day = _number(request.GET.get("day"), free)
    kind = Step.Kind.EXTRA if is_weekend(day) else Step.Kind.CORE
    return {"day": day, "kind": kind, "minutes": USUAL_MINUTES, "cadence": Cadence.LIGHT.value}


def _number(value: object, otherwise: int) -> int:
    """What somebody is still typing may be anything."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 4 else otherwise
