"""The printed report: who may have which copy, what each says, that it prints, and that it is nobody else's."""

import ctypes
import re
import socket
import zlib
from datetime import timedelta

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.utils import translation
from pypdfium2 import raw

from coaching.models import Pairing
from cohorts.models import AuditEntry, Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow, NotYours
from goals.models import Dial, Focus, Reflection
from programme.models import Report
from programme.reports import pdf
from programme.reports.actions import ask_again, ask_report, forget_expired, is_lost
from programme.reports.facts import facts_of
from programme.reports.links import download_key
from programme.reports.pdf import BASE, OnlyOurs, print_page
from programme.reports.printing import make_report, page_of
from tests import factories as make
from tests.programme.ninety_days import LINE, SECRET, SHARED, walk
from tests.times import NOW, TODAY


def printed(cast, copy, *, language="en", days=90, reflections=60, leader="ada"):
    """The PDF of one copy, in this process."""
    enrolment = cast.enrolment(getattr(cast, leader))
    by = {"own": enrolment.leader, "sponsor": enrolment.sponsor, "admin": cast.hana}[copy]
    with within(cast.acme):
        on = walk(enrolment, days=days, reflections=reflections)
        report = Report(enrolment=enrolment, asked_by=by, copy=copy, language=language, on=on, asked_at=NOW)
        with translation.override(language):
            html = page_of(facts_of(report, cast.acme), language)
    return print_page(html)


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return " ".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", " ")


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("copy", ["own", "sponsor", "admin"])
def test_each_copy_takes_two_to_six_pages_even_after_ninety_days(cast, copy, language):
    document = printed(cast, copy, language=language, leader="bo")

    assert 2 <= document.pages <= 6
    assert len(pypdfium2.PdfDocument(document.content)) == document.pages


def test_the_first_day_shows_too_early_instead_of_zero(cast):
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        walk(enrolment, days=1, reflections=0)
        enrolment.practices.all().delete()
        Focus.objects.filter(enrolment=enrolment).delete()
        report = Report(
            enrolment=enrolment, asked_by=cast.ada, copy="own", language="en", on=enrolment.day1_on, asked_at=NOW
        )
        text = text_of(print_page(page_of(facts_of(report, cast.acme), "en")).content)

    assert "No practice is logged yet." in text
    assert re.search(r"(?<!\d)0%", text) is None


def test_the_longest_reflection_still_prints_with_the_rest_left_in_the_app(cast):
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        on = walk(enrolment, days=80)
        longest = dict.fromkeys(("tried", "happened", "learned", "next"), "Long words, wrapped. " * 47)
        Reflection.objects.filter(enrolment=enrolment).update(**longest)
        report = Report(enrolment=enrolment, asked_by=cast.ada, copy="own", language="en", on=on, asked_at=NOW)
        document = print_page(page_of(facts_of(report, cast.acme), "en"))

    assert document.pages <= 6
    assert "The latest 1 of" in text_of(document.content)


def test_only_the_own_copy_prints_reflections_and_no_copy_prints_the_line(cast):
    own, sponsors, admins = (text_of(printed(cast, copy).content) for copy in ("own", "sponsor", "admin"))

    assert SECRET in own
    assert SHARED in own
    assert LINE not in own
    for bait in (SECRET, SHARED, LINE):
        assert bait not in sponsors
        assert bait not in admins


def test_an_admin_reads_numbers_and_no_plan(cast):
    plan = "a call ends badly and the agent looks at me"

    assert plan in text_of(printed(cast, "sponsor").content)
    assert plan not in text_of(printed(cast, "admin").content)


def test_every_copy_explains_its_numbers(cast):
    text = text_of(printed(cast, "admin").content)

    for line in ("Comparison group", "None.", "Weight version", "v1", "Reserve weeks used", "Baseline: day 1"):
        assert line in text


def test_the_pdf_is_tagged_titled_bookmarked_and_numbered(cast):
    document = printed(cast, "own")
    read = pypdfium2.PdfDocument(document.content)

    assert read.get_metadata_value("Title") == "Progress report: Ada Acme, day 80 of 90"  # ten days of it were paused
    assert read.is_tagged()
    assert language_of(read) == "en"
    assert b"pdfuaid:part" in inflated(document.content)
    assert [bookmark.get_title() for bookmark in read.get_toc()][:2] == ["Ada Acme", "In numbers"]
    assert f"Page {document.pages} of {document.pages}" in text_of(document.content)


def test_it_is_set_in_our_own_fonts_only(cast):
    read = pypdfium2.PdfDocument(printed(cast, "own", leader="bo").content)

    fonts = {
        item.get_font().get_base_name() for page in read for item in page.get_objects() if hasattr(item, "get_font")
    }

    assert {name.partition("+")[2].partition("-")[0] for name in fonts} == {"Figtree"}


NAMES = {
    "latin": "Şükrü Łukasz Nguyễn Thị Ánh Tuyết ẞ",
    "cyrillic": "Ёлкина Їжакевич",
    "greek": "Γιώργος Παπαδόπουλος",
    "arabic": "محمد پژمان ٹ",
    "hebrew": "דוד לוי",
    "devanagari": "देवेन्द्र कुमार",
    "bengali": "বাংলা নাম",
    "tamil": "நித்யா",
    "sinhala": "සඳුනි",
    "thai": "ราตรี สุขใจ",
    "khmer": "សុខា",
    "chinese": "王小明 張偉 𠮷",
    "japanese": "山田たろう サクラ",
    "korean": "김민수",
    "georgian": "ქეთევან",
    "armenian": "Արամ",
    "ethiopic": "ኃይለ",
    "tifinagh": "ⵉⴷⵉⵔ",
    "emoji": "Kari 👍🏽 🇳🇴 👩‍💻 ✓",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_in_any_script_is_printed_in_letters(name):
    line = f"<html lang='nb'><body data-page='' data-of=''><h1>{name}</h1><p>{name} <strong>{name}</strong></p>"

    assert print_page(f"{line}</body></html>").missing == set()


def smallest_letters(content: bytes) -> float:
    """The size, in points, of the smallest text on any page, drawings included."""
    sizes = []
    for page in pypdfium2.PdfDocument(content):
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=5):
            size = ctypes.c_float()
            raw.FPDFTextObj_GetFontSize(item, ctypes.byref(size))
            sizes.append(size.value * abs(item.get_matrix().d))
    return round(min(sizes), 1)


@pytest.mark.parametrize("copy", ["own", "admin"])
def test_nothing_is_printed_smaller_than_eight_and_a_half_points(cast, copy):
    assert smallest_letters(printed(cast, copy, leader="bo").content) >= 8.5


def test_the_rate_with_reserve_weeks_is_printed_only_where_it_differs(cast):
    enrolment = cast.enrolment(cast.ada)

    def labels(on) -> list[str]:
        report = Report(enrolment=enrolment, asked_by=cast.hana, copy="admin", language="en", on=on, asked_at=NOW)
        return [str(headline.label) for headline in facts_of(report, cast.acme).headlines]

    with within(cast.acme):
        on = walk(enrolment, reflections=0)
        soon = enrolment.day1_on + timedelta(days=20)
        enrolment.practices.filter(on__lt=soon).delete()
        dials = Dial.objects.filter(focus__enrolment=enrolment)
        dials.update(level=2)
        assert "With reserve weeks" not in labels(on)
        dials.filter(starts_on__lt=soon).update(level=0)
        assert "With reserve weeks" in labels(on)


def test_no_section_begins_at_the_foot_of_a_page(cast):
    """Below a heading of a section stand its first lines; after the last heading of a page something follows."""
    document = pypdfium2.PdfDocument(printed(cast, "own", leader="bo").content)
    headings = [bookmark.get_title() for bookmark in document.get_toc()]
    for page in document:
        *words, _leader, _number = page.get_textpage().get_text_range().split("\r\n")
        assert words[-1] not in headings
        assert words[-2] not in headings


def test_printing_opens_no_connection_and_no_foreign_file(cast, monkeypatch, tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    asked = []
    monkeypatch.setattr(OnlyOurs, "fetch", _watched(OnlyOurs.fetch, asked))

    print_page(f"<html><body><img src='{address}' alt='x'/><img src='file://{secret}' alt='y'/></body></html>")

    with pytest.raises(TimeoutError):
        listener.accept()
    listener.close()
    assert {url for url, answer in asked if answer is None} == {address, f"file://{secret}"}


def _watched(fetch, asked):
    def watched(self, url, headers=None):
        answer = None
        try:
            answer = fetch(self, url, headers)
        finally:
            asked.append((url, answer))
        return answer

    return watched


def test_without_the_guard_the_same_page_would_reach_the_network():
    """The negative control of the test above."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    fetcher = pdf.URLFetcher(timeout=0.1)

    with pytest.raises(OSError):
        fetcher.fetch(address)

    listener.accept()[0].close()
    listener.close()


@pytest.mark.parametrize("name", ["css/base.css", "../programme/settings.py", "vendor/figtree/../../css/base.css"])
def test_only_the_named_files_are_handed_out(name):
    with pytest.raises(ValueError, match="nothing but its own"):
        OnlyOurs().fetch(BASE + name)


def test_control_characters_do_not_stop_a_report():
    assert print_page("<html><body><p>bell \x07 and \x0b tab</p></body></html>").pages == 1


# Asking


def test_each_may_ask_for_their_own_copy_only(cast):
    enrolment = cast.enrolment(cast.ada)
    allowed = {
        (name, copy)
        for name in ("ada", "bo", "sol", "max", "hana", "olav")
        for copy in ("own", "sponsor", "admin")
        if _may(cast, getattr(cast, name), enrolment, copy)
    }

    assert allowed == {("ada", "own"), ("sol", "sponsor"), ("hana", "admin"), ("olav", "admin")}


def _may(cast, by, enrolment, copy):
    with within(cast.acme):
        try:
            ask_report(enrolment=enrolment, by=by, copy=copy, language="en", today=TODAY, now=NOW)
        except NotYours:
            return False
    return True


def asked(cast, by, copy="own"):
    """A report in line. The one the cast has in line already is out of the way."""
    with within(cast.acme):
        Report.objects.filter(language="en", expires_at=NOW + timedelta(days=1)).delete()
        return ask_report(enrolment=cast.enrolment(cast.ada), by=by, copy=copy, language="en", today=TODAY, now=NOW)


def again(report):
    with within(report.organisation_id):
        return Report.objects.get(pk=report.pk)


def test_asking_twice_while_it_is_under_way_is_one_report(cast):
    assert asked(cast, cast.ada) == asked(cast, cast.ada)


def test_asking_leaves_a_trail_without_words(cast):
    report = asked(cast, cast.ada)

    with within(cast.acme):
        entry = AuditEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.thing_id, entry.details) == ("asked for report", report.pk, {"copy": "own"})


def test_a_worker_prints_it_into_the_folder_of_its_organisation(cast):
    report = asked(cast, cast.ada)

    make_report(cast.acme.pk, report.pk, now=NOW)

    done = again(report)
    assert (done.state, done.progress, done.lease_until) == ("ready", 100, None)
    assert done.file.startswith(f"{cast.acme.pk}/reports/")
    assert default_storage.open(done.file).read(5) == b"%PDF-"
    assert done.pages >= 2


def test_the_same_words_are_printed_once(cast, monkeypatch):
    first, second = asked(cast, cast.ada), None
    make_report(cast.acme.pk, first.pk, now=NOW)
    second = asked(cast, cast.ada)
    monkeypatch.setattr("programme.reports.printing.print_page", None)

    make_report(cast.acme.pk, second.pk, now=NOW)

    assert first.pk != second.pk
    assert again(second).file == again(first).file
    assert again(second).pages == again(first).pages


NOBODYS_LETTER = "\U00011f04"  # of Kawi, in Unicode since 2022; the fonts of Debian 12 are older


def with_a_letter_of_nobody(cast):
    with within(cast.acme):
        Membership.objects.filter(pk=cast.ada.pk).update(name=f"Ada {NOBODYS_LETTER}")


def test_a_letter_without_a_font_is_told_to_the_operator_without_the_name(cast, log):
    with_a_letter_of_nobody(cast)
    report = asked(cast, cast.ada)

    make_report(cast.acme.pk, report.pk, now=NOW)

    line = next(line for line in log.getvalue().splitlines() if "letters without a font" in line)
    assert f"report_id={report.pk} letters=U+11F04" in line
    assert NOBODYS_LETTER not in log.getvalue()


def test_a_report_with_boxes_is_printed_anew_when_asked_again(cast):
    with_a_letter_of_nobody(cast)
    first = asked(cast, cast.ada)
    make_report(cast.acme.pk, first.pk, now=NOW)
    second = asked(cast, cast.ada)

    make_report(cast.acme.pk, second.pk, now=NOW)

    assert again(first).file != again(second).file


def test_two_workers_do_not_print_one_report_twice(cast, monkeypatch):
    report = asked(cast, cast.ada)
    calls = []

    def at_the_same_time(html, pictures):
        calls.append(html)
        make_report(cast.acme.pk, report.pk, now=NOW)
        return print_page(html, pictures)

    monkeypatch.setattr("programme.reports.printing.print_page", at_the_same_time)

    make_report(cast.acme.pk, report.pk, now=NOW)

    assert len(calls) == 1
    assert again(report).attempts == 1


def broken(html, pictures):
    raise RuntimeError(SECRET)


def test_a_failed_report_can_be_retried(cast, monkeypatch, caplog):
    report = asked(cast, cast.ada)
    with monkeypatch.context() as patched:
        patched.setattr("programme.reports.printing.print_page", broken)
        make_report(cast.acme.pk, report.pk, now=NOW)
    assert again(report).state == "failed"
    assert SECRET not in caplog.text

    with within(cast.acme):
        ask_again(report=again(report), by=cast.ada, now=NOW)
    make_report(cast.acme.pk, report.pk, now=NOW)

    assert again(report).state == "ready"


def test_a_finished_report_cannot_be_retried(cast):
    report = asked(cast, cast.ada)
    make_report(cast.acme.pk, report.pk, now=NOW)

    with within(cast.acme), pytest.raises(NotNow):
        ask_again(report=again(report), by=cast.ada, now=NOW)


def test_a_worker_that_died_is_taken_over_when_its_lease_is_out(cast):
    report = asked(cast, cast.ada)
    with within(cast.acme):
        Report.objects.filter(pk=report.pk).update(state="working", attempts=1, lease_until=NOW + timedelta(minutes=6))

    make_report(cast.acme.pk, report.pk, now=NOW)
    assert again(report).state == "working"
    assert not is_lost(again(report), NOW)

    later = NOW + timedelta(minutes=7)
    assert is_lost(again(report), later)
    make_report(cast.acme.pk, report.pk, now=later)
    assert again(report).state == "ready"


def test_what_killed_three_workers_is_given_up(cast):
    report = asked(cast, cast.ada)
    with within(cast.acme):
        Report.objects.filter(pk=report.pk).update(state="working", attempts=3, lease_until=NOW)

    make_report(cast.acme.pk, report.pk, now=NOW + timedelta(minutes=1))

    assert again(report).state == "failed"


def test_after_a_week_report_and_file_are_gone(cast, django_capture_on_commit_callbacks):
    report = asked(cast, cast.ada)
    make_report(cast.acme.pk, report.pk, now=NOW)
    file = again(report).file

    with django_capture_on_commit_callbacks(execute=True), within(cast.acme):
        forget_expired(now=NOW + timedelta(days=7))

    with within(cast.acme):
        assert not Report.objects.filter(pk=report.pk).exists()
    assert not default_storage.exists(file)


def test_a_file_is_kept_while_a_report_uses_it(cast, django_capture_on_commit_callbacks):
    old = asked(cast, cast.ada)
    make_report(cast.acme.pk, old.pk, now=NOW)
    young = asked(cast, cast.ada)
    make_report(cast.acme.pk, young.pk, now=NOW)
    with within(cast.acme):
        Report.objects.filter(pk=old.pk).update(expires_at=NOW)

    with django_capture_on_commit_callbacks(execute=True), within(cast.acme):
        forget_expired(now=NOW)

    assert default_storage.exists(again(young).file)


# The pages


def test_from_asking_to_the_file(cast, client_for, django_capture_on_commit_callbacks):
    ada = client_for(cast.ada)
    enrolment = cast.enrolment(cast.ada)
    assert ada.get(ada.url("report_new", enrolment.pk)).status_code == 200

    with django_capture_on_commit_callbacks() as callbacks:
        answer = ada.post(ada.url("report_new", enrolment.pk), {"copy": "own", "language": "nb"})
    with within(cast.acme):
        report = Report.objects.filter(language="nb").get()
    assert answer.headers["Location"] == ada.url("report", report.pk)
    assert [each.__qualname__ for each in callbacks].count("hand_out.<locals>.<lambda>") == 1
    waiting = ada.get(ada.url("report", report.pk))
    assert b"<progress" in waiting.content
    assert b"every 2s" in waiting.content
    assert b'http-equiv="refresh"' in waiting.content

    make_report(cast.acme.pk, report.pk, now=NOW)
    ready = ada.get(ada.url("report", report.pk), headers={"HX-Request": "true"})
    assert b"every 2s" not in ready.content
    with within(cast.acme):
        key = download_key(again(report), cast.ada)
    file = ada.get(ada.url("report_file", report.pk, key))
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in file.headers["Cache-Control"]
    assert file.content.startswith(b"%PDF-")


@pytest.fixture
def ready(cast):
    report = asked(cast, cast.ada)
    make_report(cast.acme.pk, report.pk, now=NOW)
    return again(report)


def test_the_key_runs_out_after_ten_minutes(cast, client_for, clock, ready):
    ada, key = client_for(cast.ada), download_key(ready, cast.ada)
    clock.shift(timedelta(minutes=11))

    assert ada.get(ada.url("report_file", ready.pk, key)).status_code == 409


@pytest.mark.parametrize("name", ["bo", "sol", "hana", "olav", "max"])
def test_the_key_works_only_for_its_member(cast, client_for, ready, name):
    other = client_for(getattr(cast, name))

    assert other.get(other.url("report", ready.pk)).status_code == 404
    assert other.get(other.url("report_file", ready.pk, download_key(ready, cast.ada))).status_code == 404


def test_another_organisation_finds_nothing(cast, client_for, ready):
    zara = client_for(cast.zara)

    assert zara.get(zara.url("report_new", cast.enrolment(cast.ada).pk)).status_code == 404
    assert zara.get(zara.url("report", ready.pk)).status_code == 404


def test_a_former_sponsor_cannot_download_the_copy(cast, client_for):
    report = asked(cast, cast.sol, "sponsor")
    make_report(cast.acme.pk, report.pk, now=NOW)
    key = download_key(again(report), cast.sol)
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        enrolment.sponsor = cast.max
        enrolment.save(update_fields=["sponsor"])
    sol = client_for(cast.sol)

    assert sol.get(sol.url("report_file", report.pk, key)).status_code == 403


def test_a_copy_that_is_not_theirs_is_refused_in_the_form(cast, client_for):
    sol = client_for(cast.sol)
    form = {"copy": "own", "language": "en"}

    assert sol.post(sol.url("report_new", cast.enrolment(cast.ada).pk), form).status_code == 422


def test_the_waiting_page_resends_a_lost_message(cast, client_for, clock, django_capture_on_commit_callbacks):
    report = asked(cast, cast.ada)
    ada = client_for(cast.ada)
    with django_capture_on_commit_callbacks() as at_once:
        ada.get(ada.url("report", report.pk))
    clock.shift(timedelta(minutes=2))

    with django_capture_on_commit_callbacks() as later:
        ada.get(ada.url("report", report.pk))

    assert (len(at_once), len(later)) == (0, 1)


def test_pictures_say_what_they_show_and_signs_say_nothing(cast):
    read = pypdfium2.PdfDocument(printed(cast, "own").content)

    said = [text.strip() for text in alternative_texts(read[0])]

    assert [text.partition(".")[0] for text in said if text] == ["The ninety days", "Practice days a week"]
    assert "" in said


def inflated(content: bytes) -> bytes:
    """Everything that is compressed in a PDF, one after the other."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", content, re.DOTALL)
    return b"\n".join(zlib.decompress(stream) for stream in streams if stream.startswith(b"x"))


def language_of(document: pypdfium2.PdfDocument) -> str:
    size = raw.FPDFCatalog_GetLanguage(document.raw, None, 0)
    text = (ctypes.c_ushort * (size // 2))()
    raw.FPDFCatalog_GetLanguage(document.raw, text, size)
    return bytes(text).decode("utf-16-le").rstrip("\0")


def alternative_texts(page: pypdfium2.PdfPage) -> list[str]:
    """What the figures of a page say to somebody who cannot see them, in order."""
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    texts: list[str] = []
    for index in range(raw.FPDF_StructTree_CountChildren(tree)):
        _gather(raw.FPDF_StructTree_GetChildAtIndex(tree, index), texts)
    raw.FPDF_StructTree_Close(tree)
    return texts


def _gather(element: object, texts: list[str]) -> None:
    if not element:
        return
    if size := raw.FPDF_StructElement_GetAltText(element, None, 0):
        text = ctypes.create_string_buffer(size)
        raw.FPDF_StructElement_GetAltText(element, text, size)
        texts.append(text.raw.decode("utf-16-le").rstrip("\0"))
    for index in range(raw.FPDF_StructElement_CountChildren(element)):
        _gather(raw.FPDF_StructElement_GetChildAtIndex(element, index), texts)


def headline(cast, copy, label):
    """The number and sentence of one line of a copy, or None if the copy has no such line."""
    enrolment = cast.enrolment(cast.ada)
    by = {"own": enrolment.leader, "sponsor": enrolment.sponsor, "admin": cast.hana}[copy]
    with within(cast.acme):
        report = Report(enrolment=enrolment, asked_by=by, copy=copy, language="en", on=TODAY, asked_at=NOW)
        lines = {each.label: each for each in facts_of(report, cast.acme).headlines}
    return lines.get(label) and (lines[label].number, lines[label].sentence)


def test_only_the_leaders_copy_says_what_their_sponsor_did(cast):
    assert headline(cast, "own", "Sponsor’s part") is not None
    assert headline(cast, "sponsor", "Sponsor’s part") is None
    assert headline(cast, "admin", "Sponsor’s part") is None


def test_a_sponsors_copy_counts_no_talk_with_others(cast):
    at = NOW - timedelta(days=1)
    with within(cast.acme):
        for pairing in Pairing.objects.filter(leader=cast.ada):
            make.SessionFactory(pairing=pairing, starts_at=at, state="held", held_at=at)

    assert headline(cast, "own", "Talks")[0] == headline(cast, "admin", "Talks")[0] == "2 of 2"
    assert headline(cast, "sponsor", "Talks")[0] == "1 of 1"


def test_no_copy_tells_of_a_visit_missed(cast):
    with within(cast.acme):
        visit = make.VisitFactory(starts_at=NOW - timedelta(days=3))
        make.BookingFactory(visit=visit, guest=cast.ada, state="no_show", seat=1, seats=visit.capacity)

    for copy in ("own", "sponsor", "admin"):
        assert headline(cast, copy, "Visits") == ("–", "No visit or talk has been made yet.")
