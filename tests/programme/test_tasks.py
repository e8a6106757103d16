"""Periodic work: running it twice changes nothing the second time."""

from collections import Counter
from datetime import timedelta

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils import timezone

from cohorts.mail.outbox import MailKind
from cohorts.models.intake import Upload
from cohorts.models.mail import MailState
from cohorts.nudges import engine
from cohorts.tenancy.wall import current_organisation_id, within
from feedback360.models import Round
from programme import mails, tasks
from programme.schedule import SCHEDULE
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db
KINDS_OF_UPLOADS = [model for model in apps.get_models() if issubclass(model, Upload)]


def test_every_line_of_the_schedule_names_a_task_that_exists() -> None:
    for line in SCHEDULE.values():
        assert hasattr(tasks, str(line["task"]).removeprefix("programme.tasks."))


def test_planning_rounds_twice_plans_once(cast: Cast) -> None:
    with within(cast.acme):
        make.MilestoneFactory(version=cast.house_of(cast.acme).version, key="round-end", kind="round", day=78)
    found = []
    for _ in range(2):
        tasks.turn_rounds(cast.acme.pk)
        with within(cast.acme):
            found.append(list(Round.objects.order_by("pk").values()))

    assert found[0] == found[1]


def keys_of_sessions() -> set[str]:
    return set(Session.objects.values_list("session_key", flat=True))


def test_tidying_twice_is_tidying_once(cast: Cast) -> None:
    now, kept = timezone.now(), {*keys_of_sessions(), "new"}
    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))

    for _ in range(2):
        tasks.tidy()

        assert keys_of_sessions() == kept
        with within(cast.acme):
            states = {kind: set(kind.objects.values_list("state", flat=True)) for kind in KINDS_OF_UPLOADS}
        assert states == {kind: {"discarded"} for kind in KINDS_OF_UPLOADS}


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Organisations whose nudges were looked after; the first one fails, whatever is done."""
    asked: list[int] = []

    def fail_at_the_first(*_arguments: object, **_named: object) -> int:
        asked.append(current_organisation_id())
        if asked[-1] == asked[0]:
            raise ZeroDivisionError
        return 0

    monkeypatch.setattr(engine, "plan_unplanned", fail_at_the_first)
    monkeypatch.setattr(engine.outbox, "release_expired", fail_at_the_first)
    return asked


def test_an_organisation_that_fails_holds_back_no_nudges_of_others(cast: Cast, failing: list[int]) -> None:
    both = [cast.acme.pk, cast.zenith.pk]

    tasks.deliver(both)

    assert failing == both


def test_a_time_limit_ends_the_task(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def take_too_long(**_named: object) -> int:
        asked.append(current_organisation_id())
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(engine, "plan_unplanned", take_too_long)

    with pytest.raises(SoftTimeLimitExceeded):
        tasks.deliver([cast.acme.pk, cast.zenith.pk])

    assert asked == [cast.acme.pk]


def test_the_sweep_hands_out_what_is_left_although_one_organisation_fails(
    cast: Cast, failing: list[int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    both, handed = sorted([cast.acme.pk, cast.zenith.pk]), list[int]()
    monkeypatch.setattr(engine, "left_behind", lambda **_named: both)
    monkeypatch.setattr(tasks.deliver, "delay", handed.extend)

    tasks.sweep()

    assert (failing, handed) == (both, both)
    (said,) = [line for line in caplog.records if line.levelname == "ERROR"]
    assert "an act failed in one organisation" in said.getMessage()


def test_a_kind_of_mail_that_fails_holds_back_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    def fail_at_the_first(kind: MailKind, *_arguments: object, **_named: object) -> Counter[MailState]:
        asked.append(kind.name)
        if len(asked) == 1:
            raise ZeroDivisionError
        return Counter()

    monkeypatch.setattr(mails.outbox, "deliver", fail_at_the_first)

    tasks.send_mails(cast.acme.pk)

    assert asked == [kind.name for kind in mails.WRITTEN_KINDS]
    (said,) = [line for line in caplog.records if line.levelname == "ERROR"]
    assert "a kind of mail was not sent" in said.getMessage()
