"""A mail filled in from segments is the mail that the templates would have made, byte tricks and all."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cohorts.mail.compiled import CompiledMail, Mailbox, SlotKind, Slots, compile_mail, quoted_printable
from cohorts.mail.smtp import wire_form

ENGINE = Engine()
SUBJECT = "Dag 3, {{ name }}: gå på én runde"
TEXT = """\
{% autoescape off %}Hei {{ name }}!

.en linje med punktum
I dag: {{ focus }}{{ name }}. Dette er en lang linje som må brytes fordi den har flere enn 76 tegn, ikke sant?
{{ focus }}
{{ link }}

Slutt å få dette: {{ unsubscribe }}
{{ dashes }}
{{ name }}{% endautoescape %}""".replace("{{ dashes }}", "-- ")
HTML = """<!doctype html><html lang="nb"><body style="margin:0;font-family:sans-serif">
<p>Hei {{ name }}!</p><p title="{{ focus }}">{{ focus }}</p>
<p><a href="{{ link }}">Jeg prøvde det</a> &middot; {{ name }}{{ focus }}</p>
.<p>{{ unsubscribe }}</p></body></html>
"""
SENDER = Mailbox("nudge@embed90.test", "Acme Kundesenter Ærlig")
KINDS = {"name": SlotKind.TEXT, "focus": SlotKind.TEXT, "link": SlotKind.URL}
ENVELOPE = {
    "to": "kari@acme.test",
    "date": "Mon, 02 Nov 2026 09:00:00 +0100",
    "message_id": "nudge.17@embed90.test",
    "unsubscribe": "https://embed90.test/o/acme/stop/abc:1/?a=b&c=.",
}
LINK = "https://embed90.test/o/acme/today/" + "x" * 80 + "?key=a.b&then=1"
VALUES = {"name": "Kari", "focus": "lytte", "link": LINK, **ENVELOPE}

WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=120),
    st.text("aæøåÆØÅ .=\"'<>&🙂\t\n\r", max_size=200),
    st.sampled_from(
        [
            "Bjørn-Åge Ødegård",
            "<script>alert('x')</script>",
            'O"Hara & Søn',
            "🧑‍🤝‍🧑" * 12,
            "a" * 300,
            "." * 160,
            " " * 90,
            "x\r\nBcc: spy@evil.test",
            "x\n.\nMAIL FROM:<spy@evil.test>",
            "=?utf-8?q?Spy?=",
            "",
            "From me",
            "--=_",
        ]
    ),
).map(lambda value: value.rstrip("\r"))  # a lone CR before a slot's LF would be one line end to the templates
LINKS = st.text("abc.='?&/:%~-_", max_size=200).map("https://embed90.test/".__add__)


def template(source: str, values: dict[str, str], *, escapes: bool = True) -> str:
    return ENGINE.from_string(source).render(Context(values, autoescape=escapes))


def compiled(*, subject: str = SUBJECT, text: str = TEXT, html: str = HTML, **options) -> CompiledMail:
    slots = Slots(**KINDS)
    return compile_mail(
        slots,
        sender=options.get("sender", SENDER),
        reply_to=options.get("reply_to"),
        language="nb",
        subject=template(subject, slots.markers, escapes=False),
        text=template(text, slots.markers),
        html=template(html, slots.markers),
    )


MAIL = compiled()
MAIL_WITH_PLAIN_SUBJECT = compiled(subject="Dag 3: gå på én runde")


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def parts(message: EmailMessage) -> tuple[str, str]:
    return tuple(message.get_body([kind]).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))


def plain_path(values: dict[str, str], *, subject: str) -> bytes:
    """What Django would send for the same templates."""
    message = EmailMultiAlternatives(
        subject=template(subject, values, escapes=False),
        body=template(TEXT, values),
        from_email=f"{SENDER.name} <{SENDER.address}>",
        to=[values["to"]],
        headers={
            "Date": values["date"],
            "Message-ID": f"<{values['message_id']}>",
            "List-Unsubscribe": f"<{values['unsubscribe']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            "Content-Language": "nb",
        },
    )
    message.attach_alternative(template(HTML, values), "text/html")
    return message.message().as_bytes(linesep="\r\n")


def headers(message: EmailMessage) -> dict[str, str]:
    return {name: str(value) for name, value in message.items() if name != "Content-Type"}


def assert_well_formed(content: bytes) -> None:
    assert content.isascii()
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")
    assert b"\r\n." not in content
    assert wire_form(content) == content + b".\r\n"
    head, _, body = content.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert max(map(len, head.split(b"\r\n"))) <= 998
    message = parsed(content)
    assert not message.defects
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not any(part.defects for part in message.iter_parts())


@settings(deadline=None)  # the machine may be busy
@given(name=WORDS, focus=WORDS, link=LINKS)
@example(name=".", focus=".", link="https://embed90.test/" + "." * 200)
@example(name="a ", focus=" a", link="https://embed90.test/=3D")
@example(name="\n", focus="a\rb", link="https://embed90.test/")
def test_segments_say_exactly_what_the_templates_say(name, focus, link):
    values = VALUES | {"name": name, "focus": focus, "link": link}

    ours = MAIL_WITH_PLAIN_SUBJECT.render(values)
    theirs = parsed(plain_path(values, subject="Dag 3: gå på én runde"))

    assert_well_formed(ours)
    assert parts(parsed(ours)) == parts(theirs)
    assert headers(parsed(ours)) == headers(theirs)


@settings(deadline=None)  # the machine may be busy
@given(name=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=100))
@example(name="Bjørn-Åge Ødegård")
@example(name="=?utf-8?q?Spy?=")
@example(name="a" * 200)
@example(name="🧑‍🤝‍🧑" * 12)
def test_a_subject_may_have_a_slot(name):
    ours = parsed(MAIL.render(VALUES | {"name": name}))

    assert ours["Subject"] == f"Dag 3, {name}: gå på én runde"
    assert not ours["Subject"].defects
    assert_well_formed(MAIL.render(VALUES | {"name": name}))


@pytest.mark.parametrize("name", ["", " ", "  Kari  ", "a b"])
def test_white_space_in_a_subject_is_preserved(name):
    assert parsed(MAIL.render(VALUES | {"name": name}))["Subject"] == f"Dag 3, {name}: gå på én runde"


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("Day 3: walk the floor", b"Subject: Day 3: walk the floor\r\n"),
        ("Dag 3: gå", b"Subject: =?utf-8?q?Dag_3=3A_g=C3=A5?=\r\n"),
        ("=?utf-8?q?Spy?=", b"Subject: =?utf-8?q?=3D=3Futf=2D8=3Fq=3FSpy=3F=3D?=\r\n"),
        ("{{ name }}: walk", b"Subject: =?utf-8?q?Kari?=\r\n =?utf-8?q?=3A_walk?=\r\n"),
        ("Walk, {{ name }}", b"Subject: =?utf-8?q?Walk=2C_?=\r\n =?utf-8?q?Kari?=\r\n"),
        ("long " * 20, b"Subject: =?utf-8?q?" + b"long_" * 10 + b"lo?=\r\n =?utf-8?q?ng_"),
    ],
)
def test_subjects_are_plain_when_they_can_be(subject, line):
    content = compiled(subject=subject).render(VALUES)

    assert line in content
    assert parsed(content)["Subject"] == template(subject, VALUES)


@pytest.mark.parametrize(
    ("slot", "value"),
    [
        ("name", "Kari\r\nBcc: spy@evil.test"),
        ("name", "Kari\nSubject: x"),
        ("name", "Kari\r"),
        ("name", "Kari\x7f"),
        ("name", "Kari\ud800"),
        ("to", "kari@acme.test\r\nBcc: spy@evil.test"),
        ("to", "kari@acme.test, spy@evil.test"),
        ("to", "Kari <kari@acme.test>"),
        ("to", "åse@acme.test"),
        ("date", "Mon\r\nBcc: spy@evil.test"),
        ("date", ""),
        ("message_id", "x@y>\r\nBcc: spy@evil.test"),
        ("message_id", "no-domain"),
        ("message_id", "<x@y>"),
        ("unsubscribe", "https://embed90.test/>, <mailto:spy@evil.test"),
        ("unsubscribe", "https://embed90.test/\r\nBcc: spy@evil.test"),
        ("unsubscribe", "javascript:alert(1)"),
        ("unsubscribe", "/o/acme/stop/"),
        ("link", "javascript:alert(1)"),
        ("link", "https://embed90.test/å"),
        ("link", "https://embed90.test/ x"),
        ("link", 'https://embed90.test/"onclick="x'),
        ("link", "https://embed90.test/" + "x" * 1000),
    ],
)
def test_a_value_that_does_not_fit_is_refused(slot, value):
    with pytest.raises(ValueError):
        MAIL.render(VALUES | {slot: value})


def test_a_missing_value_is_noticed():
    with pytest.raises(KeyError):
        MAIL.render({name: value for name, value in VALUES.items() if name != "focus"})


def test_one_person_leaves_no_trace_in_the_next_one_s_mail():
    first = MAIL.render(VALUES)
    MAIL.render(VALUES | {"name": "Ola", "focus": "spørre", "to": "ola@acme.test"})

    assert MAIL.render(VALUES) == first


@pytest.mark.parametrize("filter_", ["upper", "truncatechars:12", "slice:'3:'", "title"])
def test_a_filter_that_changes_a_marker_is_noticed(filter_):
    with pytest.raises(ValueError, match="changed the marker"):
        compiled(text=f"{{{{ name|{filter_} }}}}")


def test_markers_cannot_be_guessed_from_another_mail():
    assert not set(Slots(**KINDS).markers.values()) & set(Slots(**KINDS).markers.values())


def test_content_that_contains_another_mail_s_marker_stays_content():
    stray = Slots(**KINDS).markers["name"]
    text, _ = parts(parsed(compiled(text=stray).render(VALUES)))

    assert text == stray


@pytest.mark.parametrize(
    ("mailbox", "name", "address"),
    [
        (Mailbox("nudge@acme.test"), "", "nudge@acme.test"),
        (Mailbox("nudge@acme.test", "Acme, Inc."), "Acme, Inc.", "nudge@acme.test"),
        (Mailbox("nudge@acme.test", 'The "A" \\ Team'), 'The "A" \\ Team', "nudge@acme.test"),
        (Mailbox("nudge@blåbær.no", "Blåbær"), "Blåbær", "nudge@xn--blbr-roah.no"),
    ],
)
def test_names_of_senders(mailbox, name, address):
    message = parsed(compiled(sender=mailbox, reply_to=mailbox).render(VALUES))

    for header in ("From", "Reply-To"):
        [found] = message[header].addresses
        assert (found.display_name, found.addr_spec) == (name, address)


def test_a_long_name_of_a_sender_is_folded():
    content = compiled(sender=Mailbox("nudge@acme.test", "Blåbær " * 12)).render(VALUES)
    [line] = re.findall(rb"From: ((?:.+\r\n )*.+)\r\n", content)

    assert max(map(len, line.split(b"\r\n"))) <= 76
    assert str(make_header(decode_header(line.decode()))) == "Blåbær " * 12 + " <nudge@acme.test>"


@pytest.mark.parametrize("name", ["Acme\r\nBcc: spy@evil.test", "Acme\n"])
def test_a_sender_s_name_cannot_add_headers(name):
    with pytest.raises(ValueError):
        compiled(sender=Mailbox("nudge@acme.test", name))


def test_an_international_domain_is_sent_in_ascii():
    assert parsed(MAIL.render(VALUES | {"to": "kari@blåbær.no"}))["To"] == "kari@xn--blbr-roah.no"


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("a ")
@example("a \nb\t\n ")
@example("x" * 74 + " ")
@example("." * 200)
@example("é" * 100)
def test_quoted_printable_survives(text):
    encoded = quoted_printable(text)
    message = parsed(
        b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' + encoded
    )

    assert message.get_content() == text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    assert all(len(line) <= 75 or (line.endswith(b"=") and len(line) == 76) for line in encoded.split(b"\r\n"))
    assert not any(line.startswith(b".") or line.endswith(b" ") for line in encoded.split(b"\r\n"))
