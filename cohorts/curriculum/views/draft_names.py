"""The short texts of a draft: its title, its themes, its ready-made plans."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.curriculum.actions.pages import add_theme, change_starter, change_theme, change_title, remove_theme
from cohorts.curriculum.behaviours import Behaviour, Situation
from cohorts.curriculum.forms.names import StarterForm, ThemeForm, TitleForm
from cohorts.curriculum.views.drafts import about_draft, open_draft, tell_saved
from cohorts.curriculum.views.places import findings_on
from cohorts.models import CurriculumVersion
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_title(request: MemberRequest, pk: int) -> HttpResponse:
    """What the curriculum is called from this version on."""
    draft = open_draft(request, pk)
    form = TitleForm(posted(request), version=draft)

    def save() -> HttpResponse:
        change_title(
            version=draft,
            titles=form.titles(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        tell_saved(request, form)
        return redirect("curriculum", draft.pk)

    return form_page(request, form, save, "cohorts/drafts/title.html", about_draft(request, draft))


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_theme_new(request: MemberRequest, pk: int) -> HttpResponse:
    draft = open_draft(request, pk)
    form = ThemeForm(posted(request), version=draft)

    def save() -> HttpResponse:
        add_theme(version=draft, text=form.texts(), by=request.membership, now=request.now)
        messages.success(request, _("Added. Steps can take it up now."))
        return redirect("curriculum_themes", draft.pk)

    return form_page(request, form, save, "cohorts/drafts/theme.html", about_draft(request, draft))


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_theme(request: MemberRequest, pk: int, theme: str) -> HttpResponse:
    draft = _with_theme(request, pk, theme)
    form = ThemeForm(posted(request), version=draft, theme=theme)

    def save() -> HttpResponse:
        change_theme(
            version=draft,
            theme=theme,
            text=form.texts(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        tell_saved(request, form)
        return redirect("curriculum_themes", draft.pk)

    context = about_draft(request, draft) | {"theme": theme, "findings": findings_on(draft, "theme", theme)}
    return form_page(request, form, save, "cohorts/drafts/theme.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_theme_removal(request: MemberRequest, pk: int, theme: str) -> HttpResponse:
    """Asks first, or says which steps take it up."""
    draft = _with_theme(request, pk, theme)
    if request.method == "POST":
        remove_theme(version=draft, theme=theme, by=request.membership, now=request.now)
        messages.success(request, _("Removed from the draft."))
        return redirect("curriculum_themes", draft.pk)
    language = page_language()
    steps = [(step, step.in_language(language)) for step in draft.steps.filter(theme=theme)]
    context = about_draft(request, draft) | {"name": draft.theme_in(theme, language), "steps": steps}
    return render(request, "cohorts/drafts/theme_removal.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_starter(request: MemberRequest, pk: int, behaviour: str, situation: str) -> HttpResponse:
    """The plan for one behaviour in one situation, written or not."""
    draft = _with_situation(request, pk, behaviour, situation)
    form = StarterForm(posted(request), version=draft, behaviour=behaviour, situation=situation)

    def save() -> HttpResponse:
        change_starter(
            version=draft,
            behaviour=behaviour,
            situation=situation,
            text=form.texts(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        tell_saved(request, form)
        return redirect(_starters_at(draft, behaviour))

    context = _about_starter(request, draft, behaviour, situation)
    context["findings"] = findings_on(draft, "starter", f"{behaviour}.{situation}")
    return form_page(request, form, save, "cohorts/drafts/starter.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_starter_removal(request: MemberRequest, pk: int, behaviour: str, situation: str) -> HttpResponse:
    """Asks first: its words are gone with it, and a draft without it cannot be published."""
    draft = _with_situation(request, pk, behaviour, situation)
    if request.method == "POST":
        change_starter(
            version=draft, behaviour=behaviour, situation=situation, text={}, by=request.membership, now=request.now
        )
        messages.success(request, _("Removed from the draft."))
        return redirect(_starters_at(draft, behaviour))
    context = _about_starter(request, draft, behaviour, situation)
    return render(request, "cohorts/drafts/starter_removal.html", context)


def _with_theme(request: MemberRequest, pk: int, theme: str) -> CurriculumVersion:
    draft = open_draft(request, pk)
    if theme not in draft.themes:
        raise Http404
    return draft


def _with_situation(request: MemberRequest, pk: int, behaviour: str, situation: str) -> CurriculumVersion:
    if behaviour not in Behaviour.values or situation not in Situation.values:
        raise Http404
    return open_draft(request, pk)


def _about_starter(
    request: MemberRequest, draft: CurriculumVersion, behaviour: str, situation: str
) -> dict[str, object]:
    return about_draft(request, draft) | {
        "behaviour": Behaviour(behaviour),
        "situation": Situation(situation),
        "name": f"{Behaviour(behaviour).label} · {Situation(situation).label}",
        "is_written": bool(draft.starters.get(behaviour, {}).get(situation)),
    }


def _starters_at(draft: CurriculumVersion, behaviour: str) -> str:
    return f"{reverse('curriculum_starters', args=[draft.pk])}#{behaviour}"
