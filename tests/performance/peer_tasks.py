"""The peer of the e-mail bench: one Celery task a recipient, Django's EmailMultiAlternatives, as most would build it.

Built to be fast at that: late acknowledgement and ignored results as ours, the connections to the mail server and to
the database kept per process, one query to load and one statement to settle a nudge, templates cached.
"""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import timezone

from cohorts.mail.message import first_name, inline_styles
from cohorts.mail.signed_links import nudge_token
from cohorts.models import Nudge
from cohorts.tenancy.addresses import absolute, front_door, inside
from cohorts.tenancy.wall import within
from tests.performance.celery_peer import app

_kept = get_connection()


@app.task(name="peer.send")
def send(organisation_id: int, nudge_id: int) -> None:
    with within(organisation_id):
        rows = Nudge.objects.select_related("step", "enrolment__leader__person", "organisation")
        nudge = rows.get(pk=nudge_id, state="due")
        _message(nudge).send()
        Nudge.objects.filter(pk=nudge.pk, state="due").update(state="sent", sent_at=timezone.now(), attempts=1)


def _message(nudge: Nudge) -> EmailMultiAlternatives:
    leader, organisation = nudge.enrolment.leader, nudge.organisation
    token = nudge_token(organisation.pk, nudge.enrolment_id, nudge.on, leader.link_version)
    step = nudge.step.in_language(leader.person.language)
    stop = absolute(front_door("unsubscribe", token))
    context = {
        "step": step,
        "minutes": nudge.step.minutes,
        "language": step.language,
        "subject": step.title,
        "organisation_name": organisation.name,
        "schedule_url": absolute(inside(organisation.slug, "schedule")),
        "unsubscribe_url": stop,
        "name": first_name(leader.name),
        "day": nudge.day,
        "log_url": absolute(front_door("one_tap", token)),
        "today_url": absolute(inside(organisation.slug, "today")) + f"?on={nudge.on}",
    }
    message = EmailMultiAlternatives(
        step.title,
        render_to_string("emails/nudge.txt", context),
        settings.MAIL_FROM,
        [leader.person.email],
        headers={
            "Message-ID": f"<nudge-{nudge.pk}@{settings.MAIL_DOMAIN}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        connection=_open(),
    )
    message.attach_alternative(inline_styles(render_to_string("emails/nudge.html", context)), "text/html")
    return message


def _open():
    _kept.open()  # does nothing while it is open; a message then leaves it open
    return _kept
