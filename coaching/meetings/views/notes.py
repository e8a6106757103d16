"""The two notes of a talk, saved while somebody types."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coaching.meetings.actions.notes import save_note, share_words, shared_text
from coaching.meetings.forms.writing import NoteForm, ShareForm
from coaching.meetings.labels import Box, other_of, readers_of
from coaching.meetings.policies import ensure_may_meet
from coaching.meetings.private_notes import keep_own_note, own_note
from coaching.meetings.rules import MAX_NOTE_CHARACTERS
from coaching.meetings.views.meeting import meeting_context
from coaching.meetings.views.reach import session_or_404
from coaching.models import Session
from cohorts.web.edit_form import saw
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock

BEFORE = -1  # no revision: what the page saw is not what is saved


@allow(Permission.MEET)
@require_POST
def session_note(request: MemberRequest, pk: int) -> HttpResponse:
    """Save the note that both read, with what the other wrote in it meanwhile."""
    found = session_or_404(request, pk)
    lock(found)
    form = note_form(shared_text(found), request.POST)
    if form.is_valid():
        words = form.words()
        if form.took_over:
            words["key"] = None  # it holds the other's lines, too: these are not this form's words alone
        saved = save_note(session=found, by=request.membership, now=request.now, **words)
        form = _saved(request, form, saved)
    return _answer(request, found, Box.SHARED, form)


@allow(Permission.MEET)
@require_POST
def session_own_note(request: MemberRequest, pk: int) -> HttpResponse:
    """Save the note that only its writer reads."""
    found = session_or_404(request, pk)
    lock(found)
    form = note_form(own_note(found, request.membership), request.POST)
    if form.is_valid():
        words = form.words()
        if form.took_over:
            words["key"] = None
        saved = keep_own_note(session=found, by=request.membership, now=request.now, **words)
        form = _saved(request, form, saved)
    return _answer(request, found, Box.PRIVATE, form)


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def session_sharing(request: MemberRequest, pk: int) -> HttpResponse:
    """Copy chosen words of one's own note into the shared one. Nothing that is private is ever opened."""
    found = session_or_404(request, pk)
    ensure_may_meet(request.membership, found.pairing)
    form = ShareForm(posted(request), initial={"words": own_note(found, request.membership).text})

    def save() -> HttpResponse:
        share_words(session=found, words=form.cleaned_data["words"], by=request.membership, now=request.now)
        messages.success(request, _("Copied into the shared note. Your own note is as it was."))
        return redirect(f"{reverse('session', args=[pk])}#note")

    context = {
        "session": found,
        "other": other_of(found.pairing, request.membership),
        "readers": readers_of(Box.SHARED, found.pairing, request.membership),
    }
    return form_page(request, form, save, "coaching/meetings/session_sharing.html", context)


def note_form(note: Any, data: QueryDict) -> NoteForm:
    """The form for a note. Where this very form wrote last, its newer words are not compared with its older ones."""
    is_own = note.key is not None and data.get("key") == str(note.key)
    return NoteForm(data, initial={"text": note.text}, revision=None if is_own else note.revision)


def _saved(request: MemberRequest, form: NoteForm, note: Any) -> NoteForm:
    """The form as the page goes on with it: the saved words, or those that did not fit beside a sentence."""
    if not form.left_out:
        fresh = NoteForm(initial={"text": note.text}, revision=note.revision)
        sent = form.fields["text"].to_python(request.POST.get("text", ""))
        fresh.sent = saw(note.revision if note.text == sent else BEFORE, {"text": {"text": sent}})
        return fresh
    form.saved_as({"text": note.text}, note.revision)
    sentence = ngettext(
        "The first %(most)s characters are saved. %(count)s more is only in this box: shorten the note to save it.",
        "The first %(most)s characters are saved. %(count)s more are only in this box: shorten the note to save them.",
        form.left_out,
    )
    form.add_error("text", sentence % {"most": MAX_NOTE_CHARACTERS, "count": form.left_out})
    return form


def _answer(request: MemberRequest, found: Session, box: Box, form: NoteForm) -> HttpResponse:
    is_shared = box == Box.SHARED
    status = 422 if form.is_bound else 200
    if not request.htmx:
        if status == 200:
            return redirect(f"{reverse('session', args=[found.pk])}#notes")
        refused: dict[str, Any] = {"note_form" if is_shared else "private_form": form}
        context = meeting_context(request, found, **refused)
        return render(request, "coaching/meetings/session.html", context, status=status)
    note = shared_text(found) if is_shared else own_note(found, request.membership)
    context = {
        "session": found,
        "may_write": True,
        "note": note,
        "private": note,
        "note_form": form,
        "private_form": form,
        "readers": readers_of(Box.SHARED, found.pairing, request.membership),
        "private_readers": readers_of(Box.PRIVATE, found.pairing, request.membership),
    }
    fragment = "coaching/meetings/_note.html" if is_shared else "coaching/meetings/_own_note.html"
    return render(request, fragment, context, status=status)
