"""The contact two people heard side by side, on a page of its own beside their talk."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coaching.listening.actions.contacts import contact_of, note_contact
from coaching.listening.forms.contact import ContactForm
from coaching.meetings.labels import Box, other_of, readers_of
from coaching.meetings.policies import ensure_may_meet
from coaching.meetings.views.reach import session_or_404
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock

FIELDS = ("reference", "channel", "behaviour", "again_on")


@allow(Permission.MEET)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_heard(request: MemberRequest, session_pk: int) -> HttpResponse:
    """Note the contact's number, channel, behaviour and the day to listen again."""
    session = session_or_404(request, session_pk)
    ensure_may_meet(request.membership, session.pairing)
    if request.method == "POST":
        lock(session)
    heard = contact_of(session)
    initial = {name: getattr(heard, name) for name in FIELDS}
    form = ContactForm(posted(request), initial=initial, revision=heard.revision, today=request.today)

    def save() -> HttpResponse:
        note_contact(
            session=session,
            today=request.today,
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
            **form.cleaned_data,
        )
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Noted."))
        return redirect("session", pk=session_pk)

    context = {
        "session": session,
        "other": other_of(session.pairing, request.membership),
        "readers": readers_of(Box.SHARED, session.pairing, request.membership),
    }
    return form_page(request, form, save, "coaching/listening/contact_heard.html", context)
