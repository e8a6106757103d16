"""The logo of an organisation: what is taken for one, who changes it, and where it shows."""

import io
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ImageCms import ImageCmsProfile, createProfile

from cohorts.imports.apart import Limits
from cohorts.logos.png import size_of
from cohorts.logos.upload import MAIL, PAGE, read_logo
from cohorts.models import AuditEntry, Membership, Organisation, OrganisationLogo
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from programme.demo import people
from programme.demo.people import COMPANIES
from programme.organisation.actions import forget_logos, put_logo_back, remove_logo, upload_logo
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.logos import READ, REFUSED, SCRIPT, logo_png, wordmark, written
from tests.times import NOW

Clients = Callable[[Membership], OrganisationClient]
EARLIER = "#8a1f2b"


def upload(cast: Cast, content: bytes | None = None, by: Membership | None = None) -> str:
    """Returns the hash of the logo before."""
    with within(cast.acme):
        return upload_logo(
            organisation=cast.acme,
            file=io.BytesIO(content or logo_png()),
            file_name="logo.png",
            by=by or cast.olav,
            now=NOW,
        )


def read(name: str, content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(read_logo(io.BytesIO(content), name).image))


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_logo_is_refused_with_a_sentence(name: str) -> None:
    file_name, build, words = REFUSED[name]

    with pytest.raises(Invalid, match=words) as refusal:
        read_logo(io.BytesIO(build()), file_name)

    assert refusal.value.field == "logo"


@pytest.mark.parametrize("name", READ)
def test_any_picture_becomes_a_png_of_pixels_alone(name: str) -> None:
    file_name, build, colour = READ[name]

    drawn = read_logo(io.BytesIO(build()), file_name)

    picture = Image.open(io.BytesIO(drawn.image)).convert("RGB")
    middle = picture.getpixel((picture.width // 2, picture.height // 2))
    assert max(abs(is_ - should) for is_, should in zip(middle, colour, strict=True)) <= 3
    assert SCRIPT not in drawn.image + drawn.mail_image


def test_what_a_camera_wrote_stays_behind() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Secret camera", 6  # lies on its side

    options = {
        "exif": exif,
        "comment": b"Secret place",
        "icc_profile": ImageCmsProfile(createProfile("sRGB")).tobytes(),
    }
    taken = written(Image.new("RGB", (180, 100), "navy"), "JPEG", **options)

    drawn = read_logo(io.BytesIO(taken), "logo.jpg")
    assert b"Secret" not in drawn.image + drawn.mail_image
    assert size_of(drawn.image) == (100, 180)  # upright


def test_a_picture_that_takes_more_than_a_logo_may_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    large = written(Image.new("RGBA", (2_400, 2_400), "navy"))
    monkeypatch.setattr("cohorts.logos.upload.LIMITS", Limits(memory_bytes=16 * 1024 * 1024))

    with pytest.raises(Invalid, match="more time or memory"):
        read_logo(io.BytesIO(large), "logo.png")


def test_a_logo_is_cut_to_what_is_seen_and_fits_every_place() -> None:
    drawn = read_logo(io.BytesIO(logo_png(size=(2500, 500))), "logo.png")

    width, height = size_of(drawn.image)
    assert (width, height) == (480, round(480 * 300 / 1951))  # the edges around the bars are gone
    assert size_of(drawn.mail_image) <= MAIL
    assert Image.open(io.BytesIO(drawn.mail_image)).convert("RGBA").getextrema()[3] == (255, 255)
    noise = Image.effect_noise((900, 360), 120).convert("RGB")
    loud = read_logo(io.BytesIO(written(noise, "JPEG")), "logo.jpg")
    assert size_of(loud.image) <= PAGE
    assert len(loud.image) <= 64 * 1024
    assert len(loud.mail_image) <= 8 * 1024


@pytest.mark.parametrize(
    ("colour", "ground", "ink"),
    [
        ("#0e2a47", "#00000000", "dark"),
        ("#ffffff", "#00000000", "light"),
        ("#d0342c", "#00000000", "any"),
        ("#0e2a47", "#ffffff", "any"),  # brings its own ground
    ],
)
def test_the_ink_says_on_which_page_a_logo_is_lost(colour: str, ground: str, ink: str) -> None:
    assert read_logo(io.BytesIO(written(wordmark(colour, ground=ground))), "logo.png").ink == ink


@pytest.mark.parametrize("spoil", ["ink", "size", "chunk", "tail", "no picture"])
def test_what_a_reader_in_strange_hands_answers_is_looked_at(spoil: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page, mail = logo_png(size=(480, 90)), logo_png(size=(300, 60))
    answers = {
        "ink": ("blue", page),
        "size": ("dark", logo_png(size=(481, 90))),
        "chunk": ("dark", written(wordmark(size=(480, 90)), dpi=(300, 300))),
        "tail": ("dark", page + SCRIPT),
        "no picture": ("dark", SCRIPT),
    }
    ink, picture = answers[spoil]
    line = ["logo", ink, b64encode(picture).decode(), b64encode(mail).decode()]
    monkeypatch.setattr("cohorts.logos.upload.read_apart", lambda *_args, **_options: iter([line]))

    with pytest.raises(Invalid, match="cannot be read"):
        read_logo(io.BytesIO(b""), "logo.png")


def test_the_logos_of_the_demo_are_taken() -> None:
    logos = [company.logo for company in COMPANIES if company.logo]

    assert logos
    for name in logos:
        assert read(name, (Path(people.__file__).parent / name).read_bytes()).width == PAGE.width


def test_only_an_owner_of_this_organisation_changes_its_logo(cast: Cast) -> None:
    upload(cast)
    for outsider in (cast.hana, cast.ada, cast.zara):
        with pytest.raises(NotYours):
            upload(cast, logo_png(EARLIER), by=outsider)
        with within(cast.acme), pytest.raises(NotYours):
            remove_logo(organisation=cast.acme, by=outsider, now=NOW)
        with within(cast.acme), pytest.raises(NotYours):
            put_logo_back(organisation=cast.acme, sha="", by=outsider, now=NOW)

    assert Organisation.objects.get(pk=cast.acme.pk).logo == cast.acme.logo


def test_an_upload_shows_everywhere_and_undo_brings_the_earlier_back(cast: Cast, client_for: Clients) -> None:
    upload(cast, logo_png(EARLIER))
    earlier = cast.acme.logo
    client = client_for(cast.olav)

    page = client.post(client.url("settings_logo"), {"logo": SimpleUploadedFile("logo.png", logo_png())}, follow=True)

    logo = Organisation.objects.get(pk=cast.acme.pk).logo
    assert logo
    assert logo != earlier
    assert page.content.decode().count(logo.url) == 3  # the topbar, a light page, a dark page
    assert f'alt="{cast.acme.name}"' in client.get(client.url("members")).content.decode()
    (message,) = page.context["messages"]
    undone = client.post(message.extra_tags, follow=True)
    assert Organisation.objects.get(pk=cast.acme.pk).logo == earlier
    assert [change.did for change in undone.context["changes"]] == [
        "Put the earlier logo back",
        "Changed the logo",
        "Changed the logo",
    ]


def test_a_refused_file_stores_nothing_and_says_why_beside_the_field(cast: Cast, client_for: Clients) -> None:
    client = client_for(cast.olav)

    page = client.post(client.url("settings_logo"), {"logo": SimpleUploadedFile("logo.png", SCRIPT)})

    assert page.status_code == 422
    assert "not a PNG, JPEG or WebP" in page.context["form"].errors["logo"][0]
    assert Organisation.objects.get(pk=cast.acme.pk).logo is None
    with within(cast.acme):
        assert not OrganisationLogo.objects.filter(put_away_at=None).exists()
        assert not AuditEntry.objects.filter(verb="changed logo").exists()


def test_a_removed_logo_can_be_put_back_for_a_day(cast: Cast) -> None:
    upload(cast)
    with within(cast.acme):
        sha = remove_logo(organisation=cast.acme, by=cast.olav, now=NOW)
        forget_logos(now=NOW + timedelta(hours=23))
        put_logo_back(organisation=cast.acme, sha=sha, by=cast.olav, now=NOW)
        assert cast.acme.logo
        remove_logo(organisation=cast.acme, by=cast.olav, now=NOW)
        forget_logos(now=NOW + timedelta(hours=25))
        with pytest.raises(NotNow):
            put_logo_back(organisation=cast.acme, sha=sha, by=cast.olav, now=NOW)


def test_a_shown_logo_is_never_forgotten(cast: Cast) -> None:
    upload(cast)
    with within(cast.acme):
        forget_logos(now=NOW + timedelta(days=400))
        assert OrganisationLogo.objects.filter(sha=cast.acme.logo.sha).exists()


def test_the_picture_is_kept_for_long_and_comes_from_one_organisation(cast: Cast, client: OrganisationClient) -> None:
    upload(cast)
    logo = cast.acme.logo

    answer = client.get(logo.url)

    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert size_of(answer.content) == (logo.width, logo.height)
    assert client.get(logo.url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    for unknown in (logo.url.replace("/acme/", "/zenith/"), logo.url.replace(logo.sha, "0" * 64)):
        assert client.get(unknown).status_code == 404
