"""A nudge of six kilobytes as the mail benches send it: one template, and people with names of all kinds."""

from collections.abc import Mapping

from django.template import Context, Engine

from cohorts.mail.compiled import CompiledMail, Mailbox, SlotKind, Slots, compile_mail

SENDER = Mailbox("nudge@embed90.test", "Embed90")
SUBJECT = "Dag 12: spør før du sjekker"
WHY = "Tillit vokser når du spør før du sjekker, og sjekker det du spurte om. "
TEXT = (
    "{% autoescape off %}Hei {{ name }}!\n\nDag {{ day }} av 90\n\n"
    + (WHY * 8 + "\n\n") * 2
    + "Jeg prøvde det: {{ log_url }}\nI dag: {{ today_url }}\n\nStopp: {{ unsubscribe }}\n{% endautoescape %}"
)
HTML = (
    '<!doctype html><html lang="nb"><body style="margin:0;font-family:sans-serif"><p>Hei {{ name }}!</p>'
    "<p>Dag {{ day }} av 90</p>\n"
    + (f'<p style="margin:0 0 16px;line-height:1.5">{WHY * 3}</p>\n' * 11)
    + '<p><a href="{{ log_url }}">Jeg prøvde det</a> · <a href="{{ today_url }}">I dag</a></p>\n'
    '<p><a href="{{ unsubscribe }}">Stopp</a></p></body></html>\n'
)
KINDS = {"name": SlotKind.TEXT, "day": SlotKind.TEXT, "log_url": SlotKind.URL, "today_url": SlotKind.URL}
NAMES = ("Kari", "Bjørn-Åge", "O'Hara", "Zoë", "Mohammed", "Åse & Ola")


def values(number: int) -> dict[str, str]:
    """What the nudge says to the leader with this number."""
    token = f"{number:08d}:1vK2eM:Yk3v0bJcN4pT9sQwXz7LhGdRfA1uEiOy"
    return {
        "to": f"leader{number}@acme.test",
        "date": "Mon, 02 Nov 2026 09:00:00 +0100",
        "message_id": f"nudge-{number}@embed90.test",
        "unsubscribe": f"https://embed90.test/stop/{token}/",
        "name": NAMES[number % len(NAMES)],
        "day": str(number % 90 + 1),
        "log_url": f"https://embed90.test/tried/{token}/",
        "today_url": "https://embed90.test/o/acme/today/?on=2026-11-02",
    }


def compiled() -> CompiledMail:
    slots = Slots(**KINDS)
    return compile_mail(
        slots,
        sender=SENDER,
        subject=SUBJECT,
        language="nb",
        text=rendered(TEXT, slots.markers),
        html=rendered(HTML, slots.markers),
    )


def rendered(source: str, context: Mapping[str, str]) -> str:
    return Engine().from_string(source).render(Context(context))
