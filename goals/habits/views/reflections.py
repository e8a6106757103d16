"""Write, read and reword a reflection, and choose who else can read it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, respond
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from goals.habits.actions.reflection import change_audience, may_reword, reword_reflection, write_reflection
from goals.habits.forms.history import ReflectionFilter
from goals.habits.forms.reflection import AudienceForm, ReflectionForm, WordsForm
from goals.habits.policies import may_keep, may_read_reflection
from goals.habits.quotes import quote_of
from goals.habits.readers import readers_of_reflection, readers_of_shared
from goals.habits.rules import WORDS
from goals.habits.step_lookup import last_step
from goals.models import Reflection, Share

PER_PAGE = 20


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def reflection_new(request: MemberRequest) -> HttpResponse:
    """The form with the four questions, beside the question of the newest step."""
    enrolment = ensure_enrolment(request.membership)
    today = date_at(enrolment, request.now)
    step = last_step(enrolment, today)
    form = ReflectionForm(posted(request), enrolment=enrolment)

    def save() -> HttpResponse:
        reflection = write_reflection(
            enrolment=enrolment,
            step=step,
            words=form.words(),
            audience=form.cleaned_data["audience"],
            key=form.cleaned_data["key"],
            edition=form.cleaned_data["edition"],
            reader_id=form.cleaned_data["reader_id"],
            today=today,
            by=request.membership,
            now=request.now,
        )
        context = {**_context(request, reflection), "is_new": True}
        return respond(request, "goals/_reflection.html", context, back_to="reflection", pk=reflection.pk)

    context = {"readers": form.readers, "draft": f"reflection:{enrolment.pk}:{today.isoformat()}"}
    context["question"] = step.in_language(page_language()).question if step else ""
    page = "goals/_reflection_form.html" if request.htmx else "goals/reflection_new.html"
    return form_page(request, form, save, page, context)


@allow(Permission.READ_PROGRESS)
@require_GET
def reflection(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one reflection to those who may read it."""
    return render(request, "goals/reflection.html", _context(request, _reachable(request, pk)))


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def reflection_wording(request: MemberRequest, pk: int) -> HttpResponse:
    """Reword it on the day it was written."""
    found = _reachable(request, pk)
    if request.method == "POST":
        lock(found)
    initial = {name: getattr(found, name) for name in WORDS}
    form = WordsForm(posted(request), initial=initial, revision=found.revision)

    def save() -> HttpResponse:
        reword_reflection(
            reflection=found,
            words=form.words(),
            today=date_at(found.enrolment, request.now),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        if form.took_over:
            messages.success(request, SAVED_TOGETHER)
        return redirect("reflection", pk=pk)

    return form_page(request, form, save, "goals/reflection_wording.html", _context(request, found))


@allow(Permission.WALK)
@require_POST
def reflection_audience(request: MemberRequest, pk: int) -> HttpResponse:
    """Open a reflection to the sponsor, or close it again."""
    found = _reachable(request, pk)
    form = AudienceForm(request.POST)
    if form.is_valid():
        audience, reader_id = form.cleaned_data["audience"], form.cleaned_data["reader_id"]
        change_audience(
            reflection=found, audience=audience, reader_id=reader_id, by=request.membership, now=request.now
        )
    return respond(request, "goals/_reflection.html", _context(request, found), back_to="reflection", pk=pk)


@allow(Permission.WALK)
@require_GET
def reflections(request: MemberRequest) -> HttpResponse:
    """List all reflections, newest first."""
    thanks = Share.objects.filter(reflection=OuterRef("pk"), thanked_at__isnull=False).order_by("thanked_at")
    mine = Reflection.objects.filter(enrolment__leader=request.membership)
    form = ReflectionFilter(request.GET)
    listed = form.narrow(mine).naming_reader().annotate(thanked_by=Subquery(thanks.values("reader__name")[:1]))
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "quotes": [quote_of(each) for each in page],
        "chips": form.chips(mine),
        "words": form.chosen("words"),
        "kept": [("audience", form.chosen("audience"))] if form.chosen("audience") else [],
    }
    return render(request, "goals/reflections.html", context)


def _reachable(request: MemberRequest, pk: int) -> Reflection:
    reachable = Reflection.objects.visible_to(request.membership)
    return get_object_or_404(reachable.select_related("enrolment__leader", "enrolment__sponsor", "step"), pk=pk)


def _context(request: MemberRequest, found: Reflection) -> dict[str, object]:
    is_own = may_keep(request.membership, found.enrolment)
    readers, sponsor = readers_of_reflection(found.enrolment), found.enrolment.sponsor
    is_open = sponsor is not None and may_read_reflection(sponsor, found)
    today = date_at(found.enrolment, request.now)
    answers = [(WordsForm.base_fields[name].label, getattr(found, name)) for name in WORDS]
    return {
        "reflection": found,
        "answers": [(label, answer) for label, answer in answers if answer],
        "is_own": is_own,
        "is_open": is_open,
        "sponsor": sponsor if is_own else None,
        "may_reword": is_own and may_reword(found, today=today),
        "readers": readers["sponsor" if is_open else "private"] if is_own else readers_of_shared(found),
        "thanked_by": _thanked_by(found) if is_own else "",
        "question": found.step.in_language(page_language()).question if found.step else "",
    }


def _thanked_by(found: Reflection) -> str:
    """Who read it and said thank you."""
    thanks = found.shares.filter(thanked_at__isnull=False).order_by("thanked_at")
    return ", ".join(thanks.values_list("reader__name", flat=True))
