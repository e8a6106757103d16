"""The pipelined writer against a real server that misbehaves: one outcome for every message, and the right one."""

import datetime
import logging
import signal
import ssl
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cohorts.mail.smtp import Kind, Outgoing, Pipeline, Server, Unsendable, ascii_address, wire_form
from cohorts.mail.smtp.connection import Connection
from tests.smtp_server import SmtpServer

SENT, TRANSIENT, PERMANENT, AMBIGUOUS = Kind
PATIENT, IMPATIENT = 10.0, 1.0
PIPELINED, LOCKSTEP = ("PIPELINING",), ()
BOTH = pytest.mark.parametrize("extensions", [PIPELINED, LOCKSTEP], ids=["pipelined", "lockstep"])


def letter(number: int, *, body: bytes = b"Hei!\r\n") -> Outgoing[int]:
    content = b"Message-ID: <%d@embed90.test>\r\nSubject: Day %d\r\n\r\n%b" % (number, number, body)
    return Outgoing(number, "nudge@embed90.test", f"leader{number}@acme.test", content)


def letters(count: int) -> list[Outgoing[int]]:
    return [letter(number) for number in range(count)]


def pipeline_to(server: SmtpServer, *, timeout: float = PATIENT, recycle_after: int = 100, **options) -> Pipeline[int]:
    options = {"hello": "client.test", "timeout": timeout} | options
    return Pipeline(Server("127.0.0.1", server.port, **options), recycle_after=recycle_after)


def kinds_after(server: SmtpServer, messages, **options) -> dict[int, Kind]:
    """Key → kind; fails when a key has no outcome or two."""
    messages = list(messages)
    with pipeline_to(server, **options) as pipeline:
        outcomes = list(pipeline.send(messages))
    assert Counter(outcome.key for outcome in outcomes) == Counter(message.key for message in messages)
    return {outcome.key: outcome.kind for outcome in outcomes}


def delivered(server: SmtpServer) -> list[int]:
    return [int(message_id.strip("<>").split("@")[0]) for message_id in server.accepted_ids]


@BOTH
def test_every_message_arrives_once_and_unchanged(extensions):
    with SmtpServer(extensions=extensions) as server:
        kinds = kinds_after(server, letters(250))

    assert kinds == dict.fromkeys(range(250), SENT)
    assert delivered(server) == list(range(250))
    assert server.accepted[7].content == letter(7).content
    assert server.accepted[7].recipients == ("leader7@acme.test",)
    assert server.accepted[7].sender == "nudge@embed90.test"


@pytest.mark.parametrize(("extensions", "waits"), [(PIPELINED, 1), (LOCKSTEP, 4)])
def test_a_pipeline_waits_once_per_message(extensions, waits):
    with SmtpServer(extensions=extensions) as server, pipeline_to(server) as pipeline:
        list(pipeline.send([letter(0)]))
        before = server.reads
        list(pipeline.send(letters(20)))
        first_envelope = 1 if waits == 1 else 0

        assert server.reads - before == 20 * waits + first_envelope


@BOTH
@pytest.mark.parametrize(("read_size", "write_size"), [(1, None), (3, 1), (7, 5), (65_536, 1)])
def test_traffic_in_small_pieces_makes_no_difference(extensions, read_size, write_size):
    with SmtpServer(extensions=extensions, read_size=read_size, write_size=write_size) as server:
        server.script.answer("RCPT", "550-5.1.1 Nobody\r\n550-of that name\r\n550 here", recipient="leader1@acme.test")
        kinds = kinds_after(server, letters(4))

    assert kinds == {0: SENT, 1: PERMANENT, 2: SENT, 3: SENT}
    assert delivered(server) == [0, 2, 3]


REFUSALS = [
    (step, reply, kind)
    for step in ("MAIL", "RCPT", "DATA", "DOT")
    for reply, kind in [
        ("450 4.2.0 Mailbox busy", TRANSIENT),
        ("451 4.3.0 Greylisted", TRANSIENT),
        ("452 4.2.2 Over quota", TRANSIENT),
        ("550 5.1.1 No such user", PERMANENT),
        ("552 5.2.2 Too much mail", PERMANENT),
        ("554 5.7.1 Spam", PERMANENT),
    ]
]


@BOTH
@pytest.mark.parametrize("trusting", [False, True], ids=["strict", "trusting"])
@pytest.mark.parametrize(("step", "reply", "kind"), REFUSALS)
def test_a_refusal_hits_its_own_message_only(extensions, trusting, step, reply, kind):
    with SmtpServer(extensions=extensions, trusting=trusting) as server:
        server.script.answer(step, reply, skip=2, times=1)
        with pipeline_to(server) as pipeline:
            outcomes = list(pipeline.send(letters(5)))

    assert [(outcome.key, outcome.kind) for outcome in outcomes] == [
        (0, SENT),
        (1, SENT),
        (2, kind),
        (3, SENT),
        (4, SENT),
    ]
    assert outcomes[2].code == int(reply[:3])
    assert outcomes[2].text == reply[4:]
    assert delivered(server) == [0, 1, 3, 4]
    assert server.connections == 1


@BOTH
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "DOT"])
def test_421_closes_and_leaves_the_rest_unattempted(extensions, step):
    with SmtpServer(extensions=extensions) as server:
        server.script.answer(step, "421 4.3.2 Shutting down", skip=2)
        with pipeline_to(server) as pipeline:
            outcomes = list(pipeline.send(letters(6)))

    assert [outcome.kind for outcome in outcomes] == [SENT, SENT] + [TRANSIENT] * 4
    assert [outcome.code for outcome in outcomes[2:]] == [421] * 4
    assert outcomes[-1].text == "not attempted: 4.3.2 Shutting down"
    assert server.connections == 1


@BOTH
@pytest.mark.parametrize("resets", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("MAIL", TRANSIENT),
        ("RCPT", TRANSIENT),
        ("DATA", TRANSIENT),
        ("CONTENT", AMBIGUOUS),
        ("DOT", AMBIGUOUS),
        ("ACCEPTED", AMBIGUOUS),
    ],
)
def test_a_broken_connection_costs_one_attempt_and_is_replaced(extensions, resets, step, kind):
    with SmtpServer(extensions=extensions) as server:
        server.script.drop(step, resets=resets, skip=2, times=1)
        kinds = kinds_after(server, letters(6))

    assert kinds[2] is kind
    # What follows an ambiguous message had its envelope on the broken connection.
    assert kinds[3] is (TRANSIENT if kind is AMBIGUOUS else SENT)
    assert [kinds[key] for key in (0, 1, 4, 5)] == [SENT] * 4
    assert server.connections == 2
    assert (2 in delivered(server)) is (step == "ACCEPTED")


@pytest.fixture
def silences(monkeypatch):
    """How many exchanges of each connection ended in silence."""
    counted, note_failure = Counter(), Connection._note_failure

    def note(connection, error):
        counted[connection] += isinstance(error, TimeoutError)
        return note_failure(connection, error)

    monkeypatch.setattr(Connection, "_note_failure", note)
    return counted


SILENT = {
    "MAIL": TRANSIENT,
    "RCPT": TRANSIENT,
    "DATA": TRANSIENT,
    "CONTENT": AMBIGUOUS,
    "DOT": AMBIGUOUS,
    "ACCEPTED": AMBIGUOUS,
}


def test_silence_is_waited_for_once_and_not_tried_twice(silences):
    def fall_silent(extensions, step):
        with SmtpServer(extensions=extensions) as server:
            server.script.hang(step, skip=2)
            return kinds_after(server, letters(6), timeout=IMPATIENT), server.connections

    cases = list(product((PIPELINED, LOCKSTEP), SILENT))
    for (_, step), found in side_by_side(fall_silent, cases):
        kinds = {0: SENT, 1: SENT, 2: SILENT[step], 3: TRANSIENT, 4: TRANSIENT, 5: TRANSIENT}
        assert found == (kinds, 1), step
    assert list(silences.values()) == [1] * len(cases)


def test_a_server_that_drips_its_reply_cannot_outlast_the_timeout(silences):
    """All of the reply takes seven seconds, each byte of it far less than the timeout."""

    def drip(extensions, step):
        with SmtpServer(extensions=extensions) as server:
            server.script.drip(step, 0.05)
            return kinds_after(server, letters(3), timeout=IMPATIENT)

    cases = list(product((PIPELINED, LOCKSTEP), ("MAIL", "RCPT", "DOT")))
    for (_, step), kinds in side_by_side(drip, cases):
        assert kinds == {0: SILENT[step], 1: TRANSIENT, 2: TRANSIENT}, step
    assert list(silences.values()) == [1] * len(cases)


def side_by_side(scenario, cases):
    """Each case and what came of it. They wait at the same time, so that all of them take as long as one."""
    with ThreadPoolExecutor(len(cases)) as pool:
        return list(zip(cases, pool.map(lambda case: scenario(*case), cases), strict=True))


def test_a_server_that_stops_reading_a_large_message_had_no_dot():
    large = letter(0, body=b"x" * 70 + b"\r\n" * 8_000_000)
    with SmtpServer() as server:
        server.script.hang("CONTENT")
        kinds = kinds_after(server, [large, letter(1)], timeout=IMPATIENT)

    assert kinds == {0: TRANSIENT, 1: TRANSIENT}


def test_a_server_that_hangs_up_on_a_large_message_had_no_dot():
    large = letter(0, body=b"x" * 70 + b"\r\n" * 8_000_000)
    with SmtpServer() as server:
        server.script.drop("CONTENT", times=1)
        kinds = kinds_after(server, [large, letter(1), letter(2)])

    assert kinds == {0: TRANSIENT, 1: TRANSIENT, 2: SENT}


def test_without_a_conversation_nothing_is_attempted_and_nothing_is_final():
    def misbehave(step, action):
        with SmtpServer() as server:
            {
                "answer": lambda: server.script.answer(step, "421 4.7.0 Too many connections"),
                "drop": lambda: server.script.drop(step),
                "hang": lambda: server.script.hang(step),
            }[action]()
            return kinds_after(server, letters(3), timeout=IMPATIENT), server.connections

    cases = list(product(("CONNECT", "EHLO"), ("answer", "drop", "hang")))
    for case, found in side_by_side(misbehave, cases):
        assert found == (dict.fromkeys(range(3), TRANSIENT), 1), case


def test_a_refused_greeting_is_transient_for_all_messages():
    with SmtpServer() as server:
        server.script.answer("CONNECT", "554 5.7.1 You are on a list")
        with pipeline_to(server) as pipeline:
            [outcome] = pipeline.send(letters(1))

    assert outcome == (0, TRANSIENT, 554, "not attempted: 5.7.1 You are on a list")


def test_connection_refused_is_transient():
    with SmtpServer() as server:
        pass

    assert kinds_after(server, letters(3)) == dict.fromkeys(range(3), TRANSIENT)


def test_a_server_without_ehlo_is_served_step_by_step():
    with SmtpServer() as server:
        server.script.answer("EHLO", "502 5.5.1 Never heard of it")
        kinds = kinds_after(server, letters(3))

    assert kinds == dict.fromkeys(range(3), SENT)


@BOTH
@pytest.mark.parametrize(
    ("step", "reply", "kinds"),
    [
        ("MAIL", "354 Pardon?", {0: TRANSIENT, 1: SENT}),
        ("RCPT", "Hello", {0: TRANSIENT, 1: SENT}),
        ("DATA", "250 Pardon?", {0: TRANSIENT, 1: SENT}),
        ("DOT", "354 More?", {0: AMBIGUOUS, 1: TRANSIENT}),
        ("DOT", "", {0: AMBIGUOUS, 1: TRANSIENT}),
    ],
)
def test_nonsense_is_never_taken_for_an_answer(extensions, step, reply, kinds):
    with SmtpServer(extensions=extensions) as server:
        server.script.answer(step, reply, times=1)

        assert kinds_after(server, letters(2)) == kinds


@pytest.mark.parametrize("code", [530, 535])
def test_a_missing_sign_in_is_our_fault_and_not_the_message_s(code):
    with SmtpServer() as server:
        server.script.answer("MAIL", f"{code} 5.7.0 Authentication required")

        assert kinds_after(server, letters(2)) == {0: TRANSIENT, 1: TRANSIENT}


@BOTH
def test_any_reply_may_have_several_lines(extensions):
    with SmtpServer(extensions=extensions) as server:
        server.script.answer("MAIL", "250-2.1.0 Who\r\n250 else")
        server.script.answer("RCPT", "250-2.1.5 Welcome\r\n250-dear\r\n250")
        server.script.answer("DATA", "354-Go\r\n354 ahead")

        assert kinds_after(server, letters(3)) == dict.fromkeys(range(3), SENT)


def test_a_reply_without_end_is_not_waited_for():
    with SmtpServer() as server:
        server.script.answer("RCPT", "\r\n".join(["250-And another thing"] * 5_000 + ["250 Done"]))
        kinds = kinds_after(server, letters(3))

    assert kinds == dict.fromkeys(range(3), TRANSIENT)


@BOTH
def test_a_server_that_will_not_start_afresh_is_left(extensions):
    with SmtpServer(extensions=extensions) as server:
        server.script.answer("RCPT", "550 5.1.1 No", recipient="leader0@acme.test")
        server.script.answer("RSET", "500 5.5.1 What?")
        kinds = kinds_after(server, letters(3))

    assert kinds == {0: PERMANENT, 1: TRANSIENT, 2: SENT}
    assert server.connections == 2


@BOTH
def test_after_two_broken_connections_the_rest_is_transient(extensions):
    with SmtpServer(extensions=extensions) as server:
        server.script.drop("RCPT")
        kinds = kinds_after(server, letters(6))

    assert kinds == dict.fromkeys(range(6), TRANSIENT)
    assert server.connections == 2


@BOTH
def test_broken_connections_with_success_between_them_do_not_add_up(extensions):
    with SmtpServer(extensions=extensions) as server:
        for number in (1, 3, 5):
            server.script.drop("RCPT", recipient=f"leader{number}@acme.test")
        kinds = kinds_after(server, letters(7))

    assert kinds == {0: SENT, 1: TRANSIENT, 2: SENT, 3: TRANSIENT, 4: SENT, 5: TRANSIENT, 6: SENT}


@BOTH
def test_a_connection_is_changed_after_so_many_messages(extensions):
    with SmtpServer(extensions=extensions) as server:
        kinds = kinds_after(server, letters(7), recycle_after=3)

    assert kinds == dict.fromkeys(range(7), SENT)
    assert delivered(server) == list(range(7))
    assert server.connections == 3
    assert server.commands.count("QUIT") == 3


def test_a_server_that_will_not_say_goodbye_changes_nothing():
    with SmtpServer() as server:
        server.script.hang("QUIT", times=1)
        server.script.drop("QUIT")
        kinds = kinds_after(server, letters(4), recycle_after=2, timeout=IMPATIENT)

    assert kinds == dict.fromkeys(range(4), SENT)


def test_the_connection_is_reused_between_batches():
    with SmtpServer() as server, pipeline_to(server) as pipeline:
        first = list(pipeline.send(letters(2)))
        second = list(pipeline.send(letters(2)))

    assert [outcome.kind for outcome in first + second] == [SENT] * 4
    assert server.connections == 1


def test_a_connection_that_died_while_idle_costs_no_attempt():
    with SmtpServer() as server, pipeline_to(server) as pipeline:
        server.script.drop("RSET")
        server.script.answer("RCPT", "550 5.1.1 No", recipient="leader1@acme.test", times=1)
        list(pipeline.send(letters(2)))
        for connection in list(server._open):
            connection.shutdown(2)
        outcomes = list(pipeline.send(letters(3)))

    assert [outcome.kind for outcome in outcomes] == [SENT] * 3
    assert server.connections == 2


def test_a_pipeline_recovers_in_its_next_batch():
    with SmtpServer() as server, pipeline_to(server) as pipeline:
        server.script.answer("MAIL", "421 4.3.2 Restarting", times=1)
        first = list(pipeline.send(letters(2)))
        second = list(pipeline.send(letters(2)))

    assert [outcome.kind for outcome in first] == [TRANSIENT] * 2
    assert [outcome.kind for outcome in second] == [SENT] * 2


def test_a_failing_renderer_does_not_take_the_message_on_its_way_with_it():
    def rendered():
        yield from letters(2)
        raise RuntimeError("template")

    outcomes = []
    with SmtpServer() as server, pipeline_to(server) as pipeline:
        with pytest.raises(RuntimeError):
            outcomes.extend(outcome for outcome in pipeline.send(rendered()) if outcomes.append(outcome))
        again = list(pipeline.send([letter(9)]))

    assert [(outcome.key, outcome.kind) for outcome in outcomes] == [(0, SENT), (1, SENT)]
    assert [outcome.kind for outcome in again] == [SENT]


class TimeLimit(Exception):
    """What a worker's soft time limit raises, in the middle of anything."""


@pytest.fixture
def time_limit():
    """A function that has TimeLimit raised here in so many seconds. Not by SIGALRM: pytest-timeout has that."""

    def strike(*arguments: object) -> None:
        raise TimeLimit

    def limit(seconds: float) -> None:
        threading.Timer(seconds, signal.pthread_kill, (threading.get_ident(), signal.SIGUSR1)).start()

    before = signal.signal(signal.SIGUSR1, strike)
    yield limit
    signal.signal(signal.SIGUSR1, before)


@BOTH
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_time_limit_leaves_no_replies_for_the_next_send(extensions, step, time_limit):
    with SmtpServer(extensions=extensions) as server, pipeline_to(server) as pipeline:
        server.script.delay(step, 0.6, skip=1, times=1)
        time_limit(0.3)
        with pytest.raises(TimeLimit):
            list(pipeline.send(letters(4)))
        server.script.answer("RCPT", "550 5.1.1 No", recipient="leader8@acme.test")
        outcomes = list(pipeline.send([letter(8), letter(9)]))

    assert [(outcome.key, outcome.kind) for outcome in outcomes] == [(8, PERMANENT), (9, SENT)]
    assert max(Counter(delivered(server)).values()) == 1


def test_stopping_early_leaves_no_message_half_sent():
    with SmtpServer() as server, pipeline_to(server) as pipeline:
        sending = pipeline.send(letters(5))
        assert next(sending).key == 0
        sending.close()
        list(pipeline.send([letter(9)]))

    assert delivered(server) == [0, 9]


@pytest.mark.parametrize(
    ("body", "received"),
    [
        (b"plain\r\n", b"plain\r\n"),
        (b"no end", b"no end\r\n"),
        (b".\r\n", b".\r\n"),
        (b"..\r\n.a\r\n...\r\n", b"..\r\n.a\r\n...\r\n"),
        (b"a\r\n.\r\nMAIL FROM:<x@y>\r\n", b"a\r\n.\r\nMAIL FROM:<x@y>\r\n"),
        (b"a\n.\nMAIL FROM:<x@y>\n", b"a\r\n.\r\nMAIL FROM:<x@y>\r\n"),
        (b"a\n.\r\nb\r.\r\nc", b"a\r\n.\r\nb\r\n.\r\nc\r\n"),
        (b"a\r\r\n.\r\r\nb", b"a\r\n\r\n.\r\n\r\nb\r\n"),
        (b"", b""),
    ],
)
def test_dots_and_line_ends_arrive_as_meant_and_smuggle_nothing(body, received):
    with SmtpServer(read_size=3) as server:
        kinds = kinds_after(server, [letter(0, body=body), letter(1)])

    assert kinds == {0: SENT, 1: SENT}
    assert [message.content for message in server.accepted] == [letter(0, body=received).content, letter(1).content]


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=200).map(lambda data: bytes(byte & 127 or 10 for byte in data)))
@example(b".")
@example(b".\r\n.a\n.")
def test_the_wire_form_ends_with_its_only_final_dot(content):
    wire = wire_form(content)

    assert wire.endswith(b"\r\n.\r\n") or wire == b".\r\n"
    assert (b"\r\n" + wire).find(b"\r\n.\r\n") == len(wire) - 3
    assert wire.count(b"\n") == wire.count(b"\r") == wire.count(b"\r\n")


@pytest.mark.parametrize(
    "message",
    [
        letter(1)._replace(recipient="leader1@acme.test>\r\nRCPT TO:<spy@evil.test"),
        letter(1)._replace(recipient="leader1@acme.test\n"),
        letter(1)._replace(recipient="leader 1@acme.test"),
        letter(1)._replace(recipient="<leader1@acme.test>"),
        letter(1)._replace(recipient="åse@acme.test"),
        letter(1)._replace(recipient="leader1"),
        letter(1)._replace(recipient=""),
        letter(1)._replace(recipient="x" * 250 + "@acme.test"),
        letter(1)._replace(sender="nudge@embed90.test> SIZE=1\r\nRSET"),
        letter(1)._replace(content="Åse".encode()),
        letter(1)._replace(content=b"a\0b"),
    ],
)
def test_an_unsendable_message_does_not_affect_others(message):
    with SmtpServer() as server:
        kinds = kinds_after(server, [letter(0), message, letter(2)])

    assert kinds == {0: SENT, 1: PERMANENT, 2: SENT}
    assert "RSET" not in server.commands


def test_addresses_as_they_travel():
    assert ascii_address("kari@blåbær.no") == "kari@xn--blbr-roah.no"
    assert ascii_address("o'hara+cc@acme.test") == "o'hara+cc@acme.test"
    assert ascii_address('"a b"@acme.test') == '"a b"@acme.test'
    with pytest.raises(Unsendable):
        ascii_address("kari@" + "ø" * 70 + ".no")


def test_a_bounce_free_message_has_no_sender():
    with SmtpServer() as server:
        kinds_after(server, [letter(0)._replace(sender="")])

    assert server.accepted[0].sender == ""


def test_nothing_private_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    with SmtpServer() as server:
        server.script.answer("RCPT", "550 5.1.1 <leader1@acme.test> is unknown", recipient="leader1@acme.test")
        server.script.drop("DOT", recipient="leader2@acme.test")
        kinds_after(server, [letter(number, body=b"private\r\n") for number in range(4)])

    assert "message 1 is permanent, code 550" in caplog.text
    assert "message 2 is ambiguous, code None" in caplog.text
    for secret in ("acme.test", "private", "Hei"):
        assert secret not in caplog.text


def test_passwords_are_not_in_repr():
    assert "hunter2" not in repr(Server("mail.test", password="hunter2"))  # pragma: allowlist secret


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A server context for localhost, and a client context that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context, ssl.create_default_context(cafile=path)


def secure_kinds(server: SmtpServer, context: ssl.SSLContext | None, **options) -> dict[int, Kind]:
    secured = Server("localhost", server.port, hello="client.test", timeout=PATIENT, context=context, **options)
    with Pipeline(secured) as pipeline:
        return {outcome.key: outcome.kind for outcome in pipeline.send(letters(3))}


@pytest.mark.parametrize("is_tls", [False, True], ids=["starttls", "tls"])
def test_mail_travels_encrypted_and_signed_in(certificate, is_tls):
    ours, theirs = certificate
    with SmtpServer(context=ours, is_tls=is_tls, credentials=("embed90", "secret")) as server:
        kinds = secure_kinds(server, theirs, use_ssl=is_tls, use_tls=not is_tls, username="embed90", password="secret")

    assert kinds == dict.fromkeys(range(3), SENT)
    assert server.connections == 1


def test_a_lost_encrypted_connection_is_ambiguous_after_the_dot_only(certificate):
    ours, theirs = certificate
    with SmtpServer(context=ours) as server:
        server.script.drop("DOT", times=1)
        kinds = secure_kinds(server, theirs, use_tls=True)

    assert kinds == {0: AMBIGUOUS, 1: TRANSIENT, 2: SENT}


def test_required_tls_is_never_bypassed(certificate):
    ours, theirs = certificate
    with SmtpServer() as plain, SmtpServer(context=ours) as stranger:
        assert secure_kinds(plain, theirs, use_tls=True) == dict.fromkeys(range(3), TRANSIENT)
        assert secure_kinds(stranger, None, use_tls=True) == dict.fromkeys(range(3), TRANSIENT)
    assert not plain.accepted
    assert not stranger.accepted


def test_a_wrong_password_makes_all_messages_transient(certificate):
    ours, theirs = certificate
    with SmtpServer(context=ours, credentials=("embed90", "secret")) as server:
        kinds = secure_kinds(server, theirs, use_tls=True, username="embed90", password="guess")

    assert kinds == dict.fromkeys(range(3), TRANSIENT)
    assert "MAIL" not in server.commands


STEPS = st.sampled_from(["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT", "DOT", "ACCEPTED", "RSET", "QUIT"])
WHEN = st.fixed_dictionaries({"skip": st.integers(0, 4), "times": st.integers(1, 3)})
REPLIES = st.sampled_from(
    ["421 4.3.2 Bye", "450 4.2.0 Later", "451-4.3.0 Much\r\n451 later", "550 5.1.1 No", "Hm", "354 Hm"]
)
REFUSING_STEPS = st.sampled_from(["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT", "RSET", "QUIT"])
ANSWERS = st.tuples(st.just("answer"), REFUSING_STEPS, REPLIES, WHEN)
DROPS = st.tuples(st.just("drop"), STEPS, st.booleans(), WHEN)
HANGS = st.tuples(st.just("hang"), STEPS, st.just(None), st.fixed_dictionaries({"skip": st.integers(0, 6)}))


@settings(max_examples=150, deadline=None)
@given(
    faults=st.lists(ANSWERS | DROPS, max_size=5),
    hangs=st.lists(HANGS, max_size=1),
    extensions=st.sampled_from([PIPELINED, LOCKSTEP]),
    trusting=st.booleans(),
    sizes=st.sampled_from([(65_536, None), (5, 1), (1, 3)]),
    recycle_after=st.integers(1, 5),
    batches=st.lists(st.integers(0, 6), min_size=1, max_size=2),
)
def test_whatever_happens_each_message_has_one_outcome_and_it_is_true(
    faults, hangs, extensions, trusting, sizes, recycle_after, batches
):
    numbers = iter(range(100))
    given_letters = [[letter(next(numbers)) for _ in range(size)] for size in batches]
    with SmtpServer(extensions=extensions, trusting=trusting, read_size=sizes[0], write_size=sizes[1]) as server:
        for action, step, detail, when in faults:
            if action == "answer":
                server.script.answer(step, detail, **when)
            else:
                server.script.drop(step, resets=detail, **when)
        for _, step, _, when in hangs:
            server.script.hang(step, times=1, **when)
        with pipeline_to(server, timeout=0.15 if hangs else PATIENT, recycle_after=recycle_after) as pipeline:
            outcomes = [outcome for batch in given_letters for outcome in pipeline.send(batch)]

    assert sorted(outcome.key for outcome in outcomes) == [message.key for batch in given_letters for message in batch]
    accepted = Counter(delivered(server))
    # On a busy machine a server may seem silent that is not, when the timeout is as short as a hang demands here.
    # Whoever hangs up on what travels behind a dot resets the connection, and an answer still on its way is lost.
    hang_ups = [fault for fault in faults if fault[0] == "drop" or fault[2].startswith("421")]
    may_be_ambiguous = hangs or hang_ups or {fault[1] for fault in faults} & {"CONTENT", "DOT", "ACCEPTED"}
    for outcome in outcomes:
        if outcome.kind is AMBIGUOUS:
            assert may_be_ambiguous
            assert accepted[outcome.key] <= 1
        else:
            assert accepted[outcome.key] == (outcome.kind is SENT)
