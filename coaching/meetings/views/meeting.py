"""The page of one talk, made for use while two people talk; closing it, and the leader's answer to it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching.meetings.actions.answers import answer_session
from coaching.meetings.actions.sessions import NothingWritten, hold_session, reopen_session
from coaching.meetings.boxes import FilledBox, filled_boxes, talk_of
from coaching.meetings.forms.agreed import LineForm
from coaching.meetings.forms.boxes import BoxForm
from coaching.meetings.forms.writing import AgendaForm, NoteForm, TalkAnswerForm
from coaching.meetings.labels import Box, other_of, readers_of
from coaching.meetings.meeting_page import actions_of, agenda_of
from coaching.meetings.policies import may_act
from coaching.meetings.private_notes import own_note
from coaching.meetings.views.reach import session_or_404
from coaching.models import NOTE, PairingState, Session, SessionState, SessionText
from cohorts.models import Membership
from cohorts.schedule.date_words import date_words, join, moment_words
from cohorts.web.forms import beside_its_field
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission


@allow(Permission.MEET)
@require_safe
def session(request: MemberRequest, pk: int) -> HttpResponse:
    """Agenda and actions left, notes right."""
    found = session_or_404(request, pk)
    return render(request, "coaching/meetings/session.html", meeting_context(request, found))


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def session_closing(request: MemberRequest, pk: int) -> HttpResponse:
    """Close the talk. One without a note or an action asks whether there was nothing to agree."""
    found = session_or_404(request, pk)
    context = {"session": found, "other": other_of(found.pairing, request.membership)}
    if request.method != "POST":
        return render(request, "coaching/meetings/session_closing.html", context)
    nothing = request.POST.get("nothing") == "1"
    try:
        hold_session(session=found, by=request.membership, now=request.now, nothing_to_agree=nothing)
    except NothingWritten:
        return render(request, "coaching/meetings/session_closing.html", context)
    messages.success(request, _("The talk is closed."), extra_tags=reverse("session_reopening", args=[pk]))
    return redirect("session", pk=pk)


@allow(Permission.MEET)
@require_POST
def session_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """The leader says whether it was so."""
    found = session_or_404(request, pk)
    form = TalkAnswerForm(request.POST)
    with beside_its_field(form):
        if form.is_valid():
            answer_session(session=found, by=request.membership, now=request.now, **form.cleaned_data)
            return redirect(f"{reverse('session', args=[pk])}#answer")
    context = meeting_context(request, found, answer_form=form)
    return render(request, "coaching/meetings/session.html", context, status=422)


@allow(Permission.MEET)
@require_POST
def session_reopening(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo closing."""
    found = session_or_404(request, pk)
    reopen_session(session=found, by=request.membership, now=request.now)
    return redirect("session", pk=pk)


def _facts(found: Session) -> str:
    start = timezone.localtime(found.starts_at)
    end = start + timedelta(minutes=found.minutes)
    times = join("–", [moment_words(at, "TIME_FORMAT") for at in (start, end)])
    facts: list[str] = [join(", ", [date_words(start.date(), "WEEKDAY_FORMAT", is_first=True), times])]
    if found.state in (SessionState.PLANNED, SessionState.HELD):
        facts.append(_("talk %(number)s") % {"number": found.held_before + 1})  # type: ignore[attr-defined]
    else:
        facts.append(str(found.get_state_display()))
    return join(" · ", [*facts, *([found.place] if found.place else [])])


def box_forms(
    found: Session, member: Membership, texts: list[SessionText], refused: tuple[str, BoxForm] | None
) -> list[tuple[FilledBox, BoxForm]]:
    """Each box with its form, the one that was refused as it came back."""
    key, form = refused or ("", BoxForm())
    return [
        (each, form if each.box.key == key else BoxForm(filled=each)) for each in filled_boxes(found, member, texts)
    ]


def meeting_context(
    request: MemberRequest, found: Session, refused_box: tuple[str, BoxForm] | None = None, **forms: Any
) -> dict[str, Any]:
    """Everything the page shows. `forms` are those that came back with something to correct in them."""
    pairing, member = found.pairing, request.membership
    actions = actions_of(found)
    is_planned, is_held = found.state == SessionState.PLANNED, found.state == SessionState.HELD
    answers = list(found.acknowledgements.all()) if is_held else []
    texts = list(found.texts.prefetch_related("versions") if answers else found.texts.all())
    note = next((text for text in texts if text.part == NOTE), SessionText(session=found, revision=0))
    private = own_note(found, member)
    boxes = box_forms(found, member, texts, refused_box)
    is_leader = member.pk == pairing.leader_id
    is_active = pairing.state == PairingState.ACTIVE
    return {
        "session": found,
        "pairing": pairing,
        "facts": _facts(found),
        "other": other_of(pairing, member),
        "is_leader": is_leader,
        "agenda": agenda_of(found, actions),
        "actions": actions,
        "open_count": sum(action.closed_at is None for action in actions),
        "note": note,
        "earlier": list(note.versions.all()) if answers and note.pk else [],
        "note_form": NoteForm(initial={"text": note.text}, revision=note.revision),
        "private": private,
        "private_form": NoteForm(initial={"text": private.text}, revision=private.revision),
        "talk": talk_of(found),
        "boxes": boxes,
        "waiting_boxes": [filled.box.key for filled, _form in boxes if filled.waits],
        "line_form": LineForm(pairing=pairing, by=member, today=request.today),
        "item_form": AgendaForm(),
        "readers": readers_of(Box.SHARED, pairing, member),
        "private_readers": readers_of(Box.PRIVATE, pairing, member),
        "answers": answers,
        "answer_form": TalkAnswerForm() if is_leader and is_held and is_active else None,
        "only_reads": not may_act(member, pairing),
        "is_planned": is_planned,
        "is_held": is_held,
        "is_ahead": is_planned and found.starts_at > request.now,
        "may_write": is_active and (is_planned or is_held),
        "may_agree": is_active and (is_planned or is_held),
        **forms,
    }
