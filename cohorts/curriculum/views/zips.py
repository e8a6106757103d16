"""A curriculum as files: out of an organisation and into one, the same files both ways."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.curriculum.actions.drafts import import_draft
from cohorts.curriculum.content import Curriculum
from cohorts.curriculum.files import CurriculumInvalid
from cohorts.curriculum.forms.zips import CurriculumZipForm
from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.problem_words import sentence_of
from cohorts.curriculum.rows import content_of, read
from cohorts.curriculum.uploads import read_zip
from cohorts.curriculum.writer import write_files
from cohorts.curriculum.zips import zip_of
from cohorts.imports.file import UnreadableFile
from cohorts.models import CurriculumVersion
from cohorts.web.file_names import as_download
from cohorts.web.forms import posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow

SHOWN = 50


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_files(request: MemberRequest, pk: int) -> HttpResponse:
    """The files of a version; a half-written draft's are as half-written."""
    version = get_object_or_404(CurriculumVersion.objects.select_related("curriculum"), pk=pk)
    return _download(content_of(version))


@allow(Permission.RUN_COHORTS)
@require_safe
def curriculum_example(request: MemberRequest) -> HttpResponse:
    """The standard curriculum, to see what a whole one looks like."""
    return _download(read())


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def curriculum_import(request: MemberRequest) -> HttpResponse:
    """All of a zip becomes a draft, or nothing does and every reason is told."""
    form = CurriculumZipForm(posted(request), request.FILES if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            written = read_zip(form.cleaned_data["file"])
            draft = import_draft(
                content=written, replaces=form.cleaned_data["replaces"], by=request.membership, now=request.now
            )
        except CurriculumInvalid as refusal:
            problems = refusal.problems
            form.add_error("file", _("The files have errors. Nothing was imported."))
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
        except NotNow as refusal:
            form.add_error("replaces", str(refusal))  # a draft stands there: beside what puts the files in its place
        else:
            messages.success(request, _("Imported as a draft. Only admins see it until you publish it."))
            return redirect("curriculum", draft.pk)
    context = {
        "form": form,
        "problems": [(problem.place, sentence_of(problem)) for problem in problems[:SHOWN]],
        "count": len(problems),
        "shown": SHOWN,
    }
    return render(request, "cohorts/curricula/curriculum_import.html", context, status=422 if form.is_bound else 200)


def _download(written: Curriculum) -> HttpResponse:
    response = HttpResponse(zip_of(write_files(written)), content_type="application/zip")
    as_download(response, f"{written.slug}-{written.version}.zip")
    return response
