"""Every mail of every curriculum in the repository, as it would go out."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import resolve

from cohorts.curriculum.files import CURRICULA, read_curriculum
from cohorts.models import Membership, Organisation, Person, Step
from cohorts.nudges import mail

FOLDERS = sorted(path.parent for path in CURRICULA.glob("*/*/curriculum.yaml"))
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LINK = re.compile(r'href="([^"]+)"|(https?://\S+)')
DOOR = re.compile(r"/o/[\w-]+(?=/)")


def previews(folder: Path) -> Iterator[mail.Preview]:
    """What a leader gets on each day in each language; nothing of it is in the database."""
    curriculum = read_curriculum(folder)
    organisation = Organisation(pk=1, slug="acme", name="Acme")
    ada = Membership(name="Ada Berg", person=Person(email="ada@acme.test"))
    for step in curriculum.steps:
        texts = {language: vars(text) for language, text in step.texts.items()}
        row = Step(day=step.day, minutes=step.minutes, text=texts)
        for language in curriculum.languages:
            yield mail.preview(
                step=row, membership=ada, language=language, on=NOW.date(), organisation=organisation, now=NOW
            )


def page_of(link: str) -> str:
    """The name of the page a link opens: inside an organisation when it passes its door, else at the front."""
    address = urlsplit(link)
    assert f"{address.scheme}://{address.netloc}" == settings.BASE_URL
    inside = DOOR.match(address.path)
    if inside:
        return f"inside {resolve(address.path[inside.end() :], settings.ORGANISATION_URLCONF).url_name}"
    return f"front {resolve(address.path, settings.ROOT_URLCONF).url_name}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_every_link_in_every_mail_opens_a_page_of_ours(folder: Path) -> None:
    links = [
        {found or bare for found, bare in LINK.findall(body)}
        for mail in previews(folder)
        for body in (mail.text, mail.html)
    ]

    pages = {link: page_of(link) for link in set().union(*links)}

    expected = {"front one_tap", "front unsubscribe", "inside today", "inside schedule"}
    assert all({pages[link] for link in found} == expected for found in links)
