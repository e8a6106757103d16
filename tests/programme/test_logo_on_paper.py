"""The logo at the head of printed reports: the picture itself, in its own colours, and nothing from anywhere else."""

import io

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from goals.models import Team
from programme.models import Report
from programme.reports.printing import make_report
from tests import factories as make
from tests.cast import Cast
from tests.logos import give_logo
from tests.times import NOW

pytestmark = pytest.mark.django_db
RED = (138, 31, 43)


def printed(cast: Cast, what: str) -> tuple[str, Image.Image]:
    """Where a printed report is stored, and the head of its first page."""
    with within(cast.acme):
        team = Team.objects.get(leader=cast.ada) if what == "charter" else None
        report = make.ReportFactory(enrolment=cast.enrolment(cast.ada), team=team, asked_by=cast.ada, state="waiting")
    make_report(cast.acme.pk, report.pk, now=NOW)
    with within(cast.acme):
        report = Report.objects.get(pk=report.pk)
        assert report.state == "ready"
    with default_storage.open(report.file) as file:
        page = pypdfium2.PdfDocument(io.BytesIO(file.read()))[0]
    picture = page.render(scale=1).to_pil().convert("RGB")
    return report.file, picture.crop((0, 0, picture.width, picture.height // 4))


def inked(picture: Image.Image) -> int:
    """How many pixels have the colour of the logo."""
    colours = picture.getcolors(picture.width * picture.height)
    return sum(count for count, colour in colours if all(abs(a - b) < 30 for a, b in zip(colour, RED, strict=True)))


@pytest.mark.parametrize("what", ["progress", "charter"])
def test_the_logo_stands_at_the_head_of_a_printed_report(what: str, cast: Cast) -> None:
    before, head = printed(cast, what)
    assert inked(head) == 0

    give_logo(cast.acme, "#8a1f2b")
    with_logo, head = printed(cast, what)

    assert inked(head) > 300
    assert with_logo != before  # a report printed before is not handed out for one with a logo


def test_a_report_is_printed_with_the_name_when_the_picture_is_gone(cast: Cast) -> None:
    """Somebody changed the logo twice while a report waited."""
    logo = give_logo(cast.acme, "#8a1f2b")
    with within(cast.acme):
        logo.delete()

    _file, head = printed(cast, "progress")

    assert inked(head) == 0
    assert Organisation.objects.get(pk=cast.acme.pk).logo
