"""The live events of a draft, and the weeks of its sponsors."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.curriculum.actions.drafts import add_milestone, change_milestone, change_sponsor_week, remove_milestone
from cohorts.curriculum.forms.draft import DraftForm
from cohorts.curriculum.forms.milestone import DraftMilestoneForm
from cohorts.curriculum.forms.sponsor_week import SponsorWeekForm
from cohorts.curriculum.views.drafts import about_draft, open_draft, tell_saved
from cohorts.models import CurriculumVersion, Milestone
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission

USUAL_MINUTES = 45


@allow(Permission.RUN_COHORTS)
@require_safe
def draft_milestones(request: MemberRequest, pk: int) -> HttpResponse:
    draft = open_draft(request, pk)
    language = page_language()
    rows = [(milestone, milestone.in_language(language)) for milestone in draft.milestones.all()]
    return render(request, "cohorts/drafts/milestones.html", about_draft(request, draft) | {"rows": rows})


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_milestone_new(request: MemberRequest, pk: int) -> HttpResponse:
    draft = open_draft(request, pk)
    begin = {"kind": Milestone.Kind.CIRCLE, "minutes": USUAL_MINUTES}
    form = DraftMilestoneForm(posted(request), version=draft, initial=begin)

    def save() -> HttpResponse:
        add_milestone(
            version=draft, facts=form.milestone_facts(), text=form.texts(), by=request.membership, now=request.now
        )
        messages.success(request, _("Added. Cohorts see it once the draft is published and they use that version."))
        return redirect("draft_milestones", draft.pk)

    return _page(request, draft, form, save, "cohorts/drafts/milestone.html", milestone=None)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_milestone(request: MemberRequest, pk: int, milestone_pk: int) -> HttpResponse:
    draft = open_draft(request, pk)
    milestone = get_object_or_404(draft.milestones, pk=milestone_pk)
    form = DraftMilestoneForm(posted(request), version=draft, milestone=milestone)

    def save() -> HttpResponse:
        change_milestone(
            milestone=milestone,
            facts=form.milestone_facts(),
            text=form.texts(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        tell_saved(request, form)
        return redirect("draft_milestones", draft.pk)

    return _page(request, draft, form, save, "cohorts/drafts/milestone.html", milestone=milestone)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_milestone_removal(request: MemberRequest, pk: int, milestone_pk: int) -> HttpResponse:
    """Asks first: its words are gone with it."""
    draft = open_draft(request, pk)
    milestone = get_object_or_404(draft.milestones, pk=milestone_pk)
    if request.method == "POST":
        remove_milestone(milestone=milestone, by=request.membership, now=request.now)
        messages.success(request, _("Removed from the draft."))
        return redirect("draft_milestones", draft.pk)
    title = milestone.in_language(page_language()).title
    context = {"draft": draft, "milestone": milestone, "title": title}
    return render(request, "cohorts/drafts/milestone_removal.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_week(request: MemberRequest, pk: int, week: int) -> HttpResponse:
    """The theme of one week, and the sponsor's part in it."""
    draft = open_draft(request, pk)
    row = get_object_or_404(draft.sponsor_weeks, week=week)
    form = SponsorWeekForm(posted(request), version=draft, week=row)

    def save() -> HttpResponse:
        theme, text = form.theme_and_text()
        change_sponsor_week(
            week=row,
            theme=theme,
            minutes=form.cleaned_data["minutes"],
            text=text,
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        tell_saved(request, form)
        return redirect("draft_week", draft.pk, week)

    weeks = list(draft.sponsor_weeks.values_list("week", flat=True))
    at = weeks.index(week)
    return _page(
        request,
        draft,
        form,
        save,
        "cohorts/drafts/week.html",
        week=row,
        earlier=weeks[at - 1] if at else None,
        later=weeks[at + 1] if at + 1 < len(weeks) else None,
    )


def _page(
    request: MemberRequest,
    draft: CurriculumVersion,
    form: DraftForm,
    save: Callable[[], HttpResponse],
    template: str,
    **more: object,
) -> HttpResponse:
    return form_page(request, form, save, template, about_draft(request, draft) | more)
