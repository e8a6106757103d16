"""The pages of every import: upload, preview, confirm, and the rows left out as a file.

An import has five routes with one beginning: `<route>`, `<route>_columns`, `<route>_confirmation`, `<route>_discard`,
`<route>_problems`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.imports.chosen import Chosen
from cohorts.imports.columns import known_columns, passed_words, sentences_about_missing, some_named, warnings_about
from cohorts.imports.file import ListKind, UnreadableFile
from cohorts.imports.forms import ColumnsForm
from cohorts.imports.rereading import about_of, keep_draft, shown_choice
from cohorts.imports.uploads import PlanChanged
from cohorts.models.intake import Upload
from cohorts.web.csv_download import csv_response
from cohorts.web.forms import form_page, posted
from cohorts.web.language import page_language
from cohorts.web.refusals import Invalid

PAGE_ROWS = 100
CHECK_COLUMNS, LOOK_THROUGH = gettext_lazy("Check the columns"), gettext_lazy("Look through the list")
HappensWords = Mapping[Any, tuple[str, str | Promise]]  # what happens -> tone and words, in the order of the page


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A row of the file, or what was found in it, and what happens to it. Problems are pairs of column and sentence."""

    number: int | None
    name: str
    email: str
    tone: str
    happens: str
    notes: tuple[str, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    about: str = ""
    choices: tuple[tuple[str, str | Promise], ...] = ()  # what can be decided about it: value and words


@dataclass(frozen=True, slots=True)
class Preview:
    """What an upload would do, as its page shows it. `acting` is how many rows would change something."""

    counts: Mapping[str, int]
    acting: int
    left_out: int
    fingerprint: str
    lines: Any  # of PreviewLine: a list, or what reads them a page at a time


def upload_page(
    request: HttpRequest, form: forms.Form, store: Callable[[UploadedFile], HttpResponse], context: dict[str, Any]
) -> HttpResponse:
    """Show the form, store what was sent, or say why it cannot be read.

    `context` has `title`, `columns`, `hint`, `back_url` and `back_label`; where an upload waits to be confirmed, what
    `waiting_upload` says of it.
    """
    if form.is_valid():
        try:
            return store(form.cleaned_data["file"])
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
    context = {"form": form, **context}
    return render(request, "cohorts/imports/upload.html", context, status=422 if form.is_bound else 200)


def columns_page(
    request: HttpRequest,
    upload: Any,
    *,
    kind: ListKind,
    choose: Callable[[Chosen], object],
    route: str,
    upload_url: str,
    context: dict[str, Any],
) -> HttpResponse:
    """What each column is taken for, before anything is planned. *Back* keeps what was chosen so far.

    An upload that was stored before columns were goes on to its preview. `context` has `back_url` and `back_label`.
    """
    about, goes_back = about_of(upload), "back" in request.POST
    if not about.columns:
        return redirect(route, upload.pk)
    form = ColumnsForm(posted(request), about=about, kind=kind, shown=shown_choice(upload), is_draft=goes_back)

    def save() -> HttpResponse:
        if goes_back:
            keep_draft(upload=upload, chosen=form.chosen(), kind=kind)
            return redirect(upload_url)
        try:
            choose(form.chosen())
        except UnreadableFile as refusal:
            raise Invalid("sheet", str(refusal)) from refusal
        return redirect(f"{route}_columns" if form.is_another_sheet else route, upload.pk)

    said = {
        "intake": upload,
        "about": about,
        "passed": passed_words(about),
        "warnings": warnings_about(upload.counts.get("columns", {})),
        "missing": sentences_about_missing(upload.counts.get("columns", {}), about, kind),
    }
    return form_page(request, form, save, "cohorts/imports/columns.html", {**said, **context})


def waiting_upload(uploads: Any, route: str) -> dict[str, Any]:
    """What the page of an upload says of the one that waits to be confirmed. `uploads` are somebody's own."""
    waiting = uploads.waiting().first()
    if not waiting:
        return {}
    has_columns = bool(about_of(waiting).columns)
    url = reverse(f"{route}_columns" if has_columns else route, args=[waiting.pk])
    return {"waiting": waiting, "waiting_url": url, "waiting_words": CHECK_COLUMNS if has_columns else LOOK_THROUGH}


def wants_problems(request: HttpRequest) -> bool:
    return request.GET.get("show") == "problems"


def with_problems(lines: Iterable[PreviewLine], request: HttpRequest) -> list[PreviewLine]:
    """The lines somebody wants to see: all of them, or those with problems."""
    return [line for line in lines if line.problems or not wants_problems(request)]


def preview_context(
    request: HttpRequest,
    upload: Upload,
    preview: Preview,
    *,
    route: str,
    words: HappensWords,
    label: Callable[[str], str],
) -> dict[str, Any]:
    """What `cohorts/imports/preview.html` reads, beside `back_url` and `back_label`."""
    about = about_of(upload)
    return {
        "intake": upload,
        "route": route,
        "about": about,
        "passed": passed_words(about),
        "warnings": warnings_about(upload.counts.get("columns", {})),
        "columns": [(header, label(name)) for header, name in known_columns(upload.counts.get("columns", {}), about)],
        "unused": some_named(upload.counts.get("unused", [])),
        "counts": [(*words[kind], preview.counts[kind]) for kind in words if preview.counts.get(kind)],
        "acting": preview.acting,
        "left_out": preview.left_out,
        "page": Paginator(preview.lines, PAGE_ROWS).get_page(request.GET.get("page")),
        "wants_problems": wants_problems(request),
        "fingerprint": preview.fingerprint,
    }


def shown_fingerprint(request: HttpRequest) -> str:
    return request.POST.get("fingerprint", "")


def confirmed(request: HttpRequest, confirm: Callable[[], HttpResponse], *, route: str, pk: int) -> HttpResponse:
    """What `confirm` answers, or the preview again with the sentence why."""
    try:
        return confirm()
    except PlanChanged as refusal:
        messages.warning(request, str(refusal))
        return redirect(route, pk)


def discarded(request: HttpRequest, address: HttpResponse) -> HttpResponse:
    messages.success(request, _("List discarded. Nothing was changed."))
    return address


def problems_file(name: str, labels: Iterable[str], rows: Iterator[Sequence[object]]) -> HttpResponse:
    """Rows left out, with headers an upload understands and the problem in the last column."""
    return csv_response(name, [_("Row"), *labels, _("Problem")], rows, language=page_language())


def in_one_cell(problems: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{column}: {sentence}" for column, sentence in problems)
