"""A curriculum leaves one organisation as files and comes into another: the same files, all of them or none."""

import io
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cohorts.curriculum.files import MAX_FILES_BYTES
from cohorts.curriculum.rows import STANDARD, load_curriculum, read
from cohorts.curriculum.writer import write_files
from cohorts.curriculum.zips import files_of_zip, zip_of
from cohorts.imports.records import Refused
from cohorts.models import AuditEntry, Curriculum, CurriculumVersion, Person
from cohorts.tenancy.wall import within
from tests import factories as make

NUMBER = read().version


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def zara(client_for, cast):
    return client_for(cast.zara)


@pytest.fixture(scope="module")
def standard():
    """The files of the standard curriculum by name."""
    return write_files(read())


def upload(client, data, **headers):
    file = SimpleUploadedFile("curriculum.zip", data, content_type="application/zip")
    return client.post(client.url("curriculum_import"), {"file": file}, **headers)


def download(client, version):
    answer = client.get(client.url("curriculum_files", version.pk))
    return answer, files_of_zip(answer.content)


def draft_of(organisation, slug):
    with within(organisation):
        return CurriculumVersion.objects.get(curriculum__slug=slug, published_at=None)


def counts(organisation):
    with within(organisation):
        return Curriculum.objects.count(), CurriculumVersion.objects.count(), AuditEntry.objects.count()


def changed(files, name, before, after):
    text = files[name].decode()
    assert before in text
    return files | {name: text.replace(before, after, 1).encode()}


def test_a_version_is_downloaded_as_exactly_its_files(hana, acme, standard):
    with within(acme):
        version = load_curriculum()

    answer, files = download(hana, version)

    assert files == standard
    assert files == {path.name: path.read_bytes() for path in STANDARD.glob("*.yaml")}
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == (f'attachment; filename="adaptive-contact-centre-leadership-{NUMBER}.zip"')


def test_export_import_export_gives_the_same_bytes(hana, zara, acme, zenith):
    with within(acme):
        version = load_curriculum()
    leaving, files = download(hana, version)

    answer = upload(zara, leaving.content)

    draft = draft_of(zenith, version.curriculum.slug)
    assert answer["Location"] == zara.url("curriculum", draft.pk)
    arrived, again = download(zara, draft)
    assert again == files
    assert arrived.content == leaving.content


def test_where_its_number_is_taken_only_the_number_changes(hana, acme, standard):
    with within(acme):
        version = load_curriculum()

    upload(hana, zip_of(standard))

    draft = draft_of(acme, version.curriculum.slug)
    answer, files = download(hana, draft)
    assert draft.number == NUMBER + 1
    assert {name for name in files if files[name] != standard[name]} == {"curriculum.yaml"}
    assert files == changed(standard, "curriculum.yaml", f"version: {NUMBER}\n", f"version: {NUMBER + 1}\n")
    assert f"-{NUMBER + 1}.zip" in answer["Content-Disposition"]


def test_the_largest_number_leaves_room_for_the_next(hana, acme, standard):
    upload(hana, zip_of(changed(standard, "curriculum.yaml", f"version: {NUMBER}\n", "version: 9999\n")))

    assert draft_of(acme, "adaptive-contact-centre-leadership").number == 1000


def test_an_import_is_a_draft_and_on_record(hana, acme, standard):
    page = upload(hana, zip_of(standard), follow=True).content.decode()

    draft = draft_of(acme, read().slug)
    assert "Imported as a draft." in page
    with within(acme):
        entry = AuditEntry.objects.latest("number")
        assert (entry.verb, entry.thing_id, entry.by_id) == ("imported draft", draft.pk, hana.membership.pk)


def test_an_invalid_import_reports_places_and_stores_nothing(hana, acme, standard):
    files = changed(standard, "week-03.yaml", "kind: core", "kind: vital")
    files = changed(files, "brief.yaml", "minutes: 3", "minutes: 300")
    before = counts(acme)

    answer = upload(hana, zip_of(files))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2 errors" in page
    assert "brief.yaml:1: minutes" in page
    assert "Expected a whole number from 1 to 10, found 300." in page
    assert "week-03.yaml:" in page
    assert counts(acme) == before


def test_of_many_problems_the_first_fifty_are_shown_and_all_are_counted(hana, standard):
    weeks = {name: data.replace(b"kind: core", b"kind: vital") for name, data in standard.items()}

    page = upload(hana, zip_of(weeks)).content.decode()

    count = sum(data.count(b"kind: core") for data in standard.values())
    assert count > 50
    assert f"{count} errors" in page
    assert page.count('<strong class="code">') == 50


def test_an_open_draft_is_shown_on_the_import_page(hana, acme, standard):
    upload(hana, zip_of(standard))
    before = counts(acme)

    answer = upload(hana, zip_of(standard))

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "replaces": ["This curriculum already has a draft. Publish or discard it first."]
    }
    assert counts(acme) == before


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04 and then nothing"])
def test_what_is_no_zip_is_refused_with_a_sentence(hana, data):
    answer = upload(hana, data)

    assert answer.status_code == 422
    assert "Expected a zip file that opens" in answer.content.decode()


def test_a_file_that_is_too_large_is_refused_unread(hana):
    answer = upload(hana, b"0" * (MAX_FILES_BYTES + 1))

    assert answer.context["form"].errors == {"file": ["That file is larger than 512 kB. Nothing was stored."]}


def test_a_small_zip_that_unpacks_to_much_is_refused(hana):
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", 8) as archive:
        archive.writestr("curriculum.yaml", b"#" * (MAX_FILES_BYTES + 1))

    answer = upload(hana, buffer.getvalue())

    assert len(buffer.getvalue()) < 10_000
    assert answer.status_code == 422
    assert f"at most {MAX_FILES_BYTES} bytes in all files together" in answer.content.decode()


@pytest.mark.parametrize(("key", "sentence"), [("too_much", "Pack the files again."), ("busy", "Wait a minute")])
def test_a_zip_that_costs_too_much_is_refused_beside_the_field(hana, monkeypatch, key, sentence):
    def refuse(*_args: object, **_limits: object) -> None:
        raise Refused(key)

    monkeypatch.setattr("cohorts.curriculum.uploads.read_apart", refuse)
    answer = upload(hana, b"x")

    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors["file"][0]


def test_a_missing_file_is_a_field_error(hana):
    answer = hana.post(hana.url("curriculum_import"))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_the_example_is_the_standard_curriculum(hana, standard):
    answer = hana.get(hana.url("curriculum_example"))

    assert files_of_zip(answer.content) == standard


def test_a_half_written_draft_is_downloaded_as_it_is(hana, acme):
    with within(acme):
        draft = make.CurriculumVersionFactory(published_at=None)
        make.StepFactory(version=draft, day=4)

    _answer, files = download(hana, draft)

    assert b"Day 4 core: title (en)" in files["week-01.yaml"]


def test_another_organisations_files_are_missing(hana, cast, zenith):
    foreign = cast.house_of(zenith).version

    assert hana.get(hana.url("curriculum_files", foreign.pk)).status_code == 404


def test_a_norwegian_admin_reads_the_problems_in_norwegian(cast, client_for, standard):
    Person.objects.filter(pk=cast.hana.person_id).update(language="nb")
    files = changed(standard, "week-03.yaml", "kind: core", "kind: vital")
    files = changed(files, "milestones.yaml", "title: Kick-off with", "title: Kick-off at a table or on screen with")
    files = changed(files, "week-01.yaml", "    key: one-plan-for-one-moment\n", "")
    files["brief.yaml"] = b"en:\n  title: One: two\n"

    page = upload(client_for(cast.hana), zip_of(files)).content.decode()

    assert "Ventet høyst 45 tegn, fant 50 tegn." in page
    assert "Ventet én av core, extra, fant &#x27;vital&#x27;." in page
    assert "Ventet dette feltet, fant ingenting." in page
    assert "Ventet anførselstegn rundt en tekst med kolon i, fant &#x27;title: One: two&#x27;." in page
    assert "expected" not in page.lower()
