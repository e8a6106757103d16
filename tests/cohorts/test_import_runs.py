"""The pages of a long list: handed to a worker, followed, stopped, taken back; each ending has its sentence."""

import html
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone

from cohorts.models import Enrolment, ImportRun, Intake, IntakePart, Membership
from cohorts.people.actions import import_runs, undoing
from cohorts.people.actions.import_runs import NotOurs, _saying, begin_import, carry_out, lost_imports
from cohorts.people.views import intakes as views
from cohorts.tenancy.wall import within
from programme import tasks
from tests import factories as make
from tests.cast import Cast
from tests.times import TODAY

LIST = "Name;E-mail\n" + "\n".join(f"Leader {number};leader{number}@long.test" for number in range(6))


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def sent(monkeypatch):
    """What was handed to workers."""
    messages = []
    monkeypatch.setattr("programme.celery.app.send_task", lambda name, arguments: messages.append(arguments))
    return messages


@pytest.fixture
def running(hana, cast, acme, sent, monkeypatch, django_capture_on_commit_callbacks):
    """A list longer than a request should import, confirmed."""
    monkeypatch.setattr(views, "IN_A_WORKER_ABOVE_ROWS", 5)
    monkeypatch.setattr(import_runs, "IN_A_WORKER_ABOVE_ROWS", 5)
    with within(acme):
        cohort = make.CohortFactory(version=cast.house_of(acme).version, day1_on=TODAY + timedelta(days=30))
    hana.post(hana.url("intake_new", cohort.pk), {"file": SimpleUploadedFile("long.csv", LIST.encode())})
    with within(acme):
        key = Intake.objects.get(file_name="long.csv").pk
    shown = hana.get(hana.url("intake", key)).context["fingerprint"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = hana.post(hana.url("intake_confirmation", key), {"fingerprint": shown})
    assert answer["Location"] == hana.url("intake_progress", key)
    with within(acme):
        return ImportRun.objects.select_related("intake").get(intake=key)


def page(hana, running, **headers):
    answer = hana.get(hana.url("intake_progress", running.intake_id), **headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def text(markup):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", markup)))


def imported(acme):
    with within(acme):
        return Membership.objects.filter(person__email__endswith="@long.test").count()


def test_a_long_list_goes_to_a_worker_with_its_organisation_first(hana, acme, running, sent):
    assert sent == [[acme.pk, running.pk]]
    assert imported(acme) == 0

    again = hana.post(hana.url("intake_confirmation", running.intake_id), {"fingerprint": running.fingerprint})

    assert again["Location"] == hana.url("intake_progress", running.intake_id)
    with within(acme):
        assert ImportRun.objects.filter(intake=running.intake_id).count() == 1


def test_the_page_says_how_far_it_is_with_and_without_script(hana, acme, running):
    with within(acme):
        ImportRun.objects.filter(pk=running.pk).update(
            state="working", people=6, total=12, done=3, lease_until=timezone.now()
        )
    whole, part = page(hana, running), page(hana, running, HTTP_HX_REQUEST="true")
    assert '<noscript> <meta http-equiv="refresh" content="3"> </noscript>' in whole
    assert "<html" not in part
    for soup in (whole, part):
        assert 'value="25"' in soup
        assert f'hx-get="{hana.url("intake_progress", running.intake_id)}" hx-trigger="every 2s"' in soup
        assert "Adding people: 3 of 6" in text(soup)
        assert "You can close this page" in text(soup)
    with within(acme):
        ImportRun.objects.filter(pk=running.pk).update(done=8)
    assert "Planning the ninety days: 2 of 6 leaders" in text(page(hana, running))
    listed = hana.get(hana.url("imports", running.intake.cohort_id))
    assert hana.url("intake_progress", running.intake_id) in listed.content.decode()


@pytest.mark.parametrize("name", ["intake", "intake_columns"])
def test_pages_of_the_list_lead_to_its_progress_meanwhile(hana, running, name):
    assert hana.get(hana.url(name, running.intake_id))["Location"] == hana.url("intake_progress", running.intake_id)


def test_nobody_plans_it_again_while_a_worker_reads_its_plan(hana, acme, running):
    with within(acme):
        Membership.objects.filter(pk=hana.membership.pk).update(name="Another")
        before = list(IntakePart.objects.filter(intake=running.intake_id).values_list("pk", "outcomes"))
        plan = Intake.objects.get(pk=running.intake_id).plan

    answer = hana.get(hana.url("intake_problems", running.intake_id))

    assert answer.status_code == 409
    with within(acme):
        assert Intake.objects.get(pk=running.intake_id).plan == plan
        assert list(IntakePart.objects.filter(intake=running.intake_id).values_list("pk", "outcomes")) == before


def test_it_cannot_be_discarded_meanwhile(hana, acme, running):
    hana.post(hana.url("intake_discard", running.intake_id))

    with within(acme):
        assert IntakePart.objects.filter(intake=running.intake_id).exists()
        Intake.objects.all().discard()
        assert IntakePart.objects.filter(intake=running.intake_id).exists()


@pytest.mark.django_db(transaction=True)
def test_when_it_is_whole_the_page_says_what_happened_and_stops_asking(hana, acme, running):
    carry_out(acme, running.pk, now=timezone.now)

    soup = page(hana, running)

    assert imported(acme) == 6
    assert "6 leaders added." in text(soup)
    assert "every 2s" not in soup
    assert hana.url("intake_undoing", running.intake_id) in soup


def test_stopping_it_brings_the_list_back(hana, acme, running):
    answer = hana.post(hana.url("intake_cancellation", running.intake_id), follow=True)

    assert "Nobody was added" in answer.content.decode()
    assert answer.request["PATH_INFO"] == hana.url("intake", running.intake_id)
    carry_out(acme, running.pk, now=timezone.now)
    assert imported(acme) == 0


@pytest.mark.parametrize(("state", "words"), views.STOPPED.items())
def test_each_way_to_end_has_a_sentence_and_a_way_on(hana, acme, running, state, words):
    with within(acme):
        ImportRun.objects.filter(pk=running.pk).update(state=state)
        Intake.objects.filter(pk=running.intake_id).update(is_running=False)

    soup = page(hana, running)

    assert str(words) in text(soup)
    assert f'href="{hana.url("intake", running.intake_id)}"' in soup


def test_what_no_worker_has_is_handed_out_again_by_the_page_and_by_the_minute(
    hana, acme, running, sent, monkeypatch, django_capture_on_commit_callbacks
):
    with within(acme):
        ImportRun.objects.filter(pk=running.pk).update(asked_at=timezone.now() - timedelta(minutes=2))
    with django_capture_on_commit_callbacks(execute=True):
        page(hana, running)
    assert sent == [[acme.pk, running.pk]] * 2
    handed = []
    monkeypatch.setattr(tasks.import_people, "delay", lambda *arguments: handed.append(arguments))
    monkeypatch.setattr(tasks.worker_time, "now", timezone.now)

    tasks.imports()

    assert handed == lost_imports(now=timezone.now()) == [(acme.pk, running.pk)]


def test_every_state_in_which_nothing_came_has_a_sentence():
    assert set(ImportRun.State) - set(ImportRun.OPEN) - {ImportRun.State.DONE} == set(views.STOPPED)


def test_a_list_is_not_handed_out_twice(acme, cast, running):
    with within(acme):
        intake = Intake.objects.get(pk=running.intake_id)
        assert begin_import(intake=intake, fingerprint="x", by=cast.hana, now=timezone.now()).pk == running.pk


def test_the_second_connection_keeps_no_organisation(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    """A pool may give it to the next request."""
    made, kind = [], type(connections["default"])
    copied = kind.copy
    monkeypatch.setattr(kind, "copy", lambda self: made.append(copied(self)) or made[-1])
    with _saying(cast.acme.pk, 1, 1, timezone.now) as say:
        with pytest.raises(NotOurs):
            say(1, people=1, total=1)
        with made[0].cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('app.organisation', true), '')")
            (organisation,) = cursor.fetchone()

    assert organisation == ""


# Undo


@pytest.fixture
def undoing_it(hana, acme, running, sent, django_capture_on_commit_callbacks):
    """The list was imported, and its undo is handed to a worker. For tests with transactions of their own."""
    carry_out(acme, running.pk, now=timezone.now)
    sent.clear()
    answer = hana.post(hana.url("intake_undoing", running.intake_id))
    assert answer["Location"] == hana.url("intake_progress", running.intake_id)
    with within(acme):
        run = ImportRun.objects.get(is_undo=True)
    assert sent == [[acme.pk, run.pk]]
    assert still_there(acme) == (6, 6)
    return run


def still_there(acme):
    """How many of the list are members, and enrolled."""
    with within(acme):
        leaders = Membership.objects.active().filter(person__email__endswith="@long.test")
        return leaders.count(), Enrolment.objects.filter(leader__in=leaders).count()


def turned(acme, run):
    with within(acme):
        return ImportRun.objects.get(pk=run.pk)


@pytest.mark.django_db(transaction=True)
def test_a_long_list_is_taken_back_by_a_worker(hana, acme, running, sent, undoing_it):
    assert hana.post(hana.url("intake_undoing", running.intake_id)).status_code == 302
    with within(acme):
        assert ImportRun.objects.filter(is_undo=True).count() == 1
    whole, part = page(hana, running), page(hana, running, HTTP_HX_REQUEST="true")
    assert "<html" not in part
    for soup in (whole, part):
        assert "Taking the import back" in text(soup)
        assert f'hx-get="{hana.url("intake_progress", running.intake_id)}" hx-trigger="every 2s"' in soup
    listed = hana.get(hana.url("imports", running.intake.cohort_id)).content.decode()
    assert "long.csv is being taken back." in text(listed)
    assert hana.url("intake_undoing", running.intake_id) not in listed

    carry_out(acme, undoing_it.pk, now=timezone.now)

    assert still_there(acme) == (0, 0)
    assert turned(acme, undoing_it).state == "done"
    soup = page(hana, running)
    assert "The import was taken back, and links in its invitations no longer work." in text(soup)
    assert "every 2s" not in soup
    assert hana.post(hana.url("intake_cancellation", running.intake_id)).status_code == 409
    carry_out(acme, undoing_it.pk, now=timezone.now)
    again = hana.post(hana.url("intake_undoing", running.intake_id))
    assert again["Location"] == hana.url("imports", running.intake.cohort_id)
    with within(acme):
        undone = Intake.objects.get(pk=running.intake_id)
        assert (bool(undone.undone_at), undone.is_running, undone.made) == (True, False, {})


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_fails_on_the_way_leaves_everybody_and_another_ends_it(acme, running, undoing_it, monkeypatch):
    send_off = undoing._send_off

    def failing(*arguments, **named):
        send_off(*arguments, **named)
        raise RuntimeError("a name")

    with monkeypatch.context() as broken:
        broken.setattr(undoing, "_send_off", failing)
        carry_out(acme, undoing_it.pk, now=timezone.now)

    assert still_there(acme) == (6, 6)
    assert turned(acme, undoing_it).state == "working"
    assert lost_imports(now=timezone.now()) == [(acme.pk, undoing_it.pk)]
    carry_out(acme, undoing_it.pk, now=timezone.now)
    assert still_there(acme) == (0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["cancelled", "refused", "no_admin"])
def test_an_undo_that_ends_on_the_way_leaves_everybody(acme, running, undoing_it, monkeypatch, what):
    """Everybody of the list is gone already when it happens, but not committed."""
    send_off = undoing._send_off

    def meanwhile(keys, **named):
        send_off(keys, **named)
        by_another(acme, *MEANWHILE[what])

    monkeypatch.setattr(undoing, "_send_off", meanwhile)
    if what == "refused":
        by_another(acme, *MEANWHILE[what])

    carry_out(acme, undoing_it.pk, now=timezone.now)

    assert turned(acme, undoing_it).state == what
    assert still_there(acme) == (6, 6)
    with within(acme):
        undone = Intake.objects.get(pk=running.intake_id)
        assert (undone.stands, undone.is_running) == (True, False)


MEANWHILE = {
    "cancelled": (
        "UPDATE cohorts_importrun SET state = 'cancelled', lease_until = NULL WHERE is_undo",
        "UPDATE cohorts_intake SET is_running = false",
    ),
    "refused": ("UPDATE cohorts_invitation SET accepted_at = now() WHERE accepted_at IS NULL",),
    "no_admin": ("UPDATE cohorts_membership SET roles = '{leader}' WHERE id IN (SELECT by_id FROM cohorts_importrun)",),
}


def by_another(acme, *statements):
    """Over another connection, as a page would; nothing here waits for what the worker holds."""
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT set_config('app.organisation', %s, false)", [str(acme.pk)])
            cursor.execute("SET lock_timeout = '2s'")
            for statement in statements:
                cursor.execute(statement)
    finally:
        other.close()


@pytest.fixture
def confirmed(acme, running):
    """The list as if it had been imported with one member, who is returned."""
    with within(acme):
        member = make.MembershipFactory(roles=["leader"])
        ImportRun.objects.filter(pk=running.pk).update(state="done")
        done = {"state": "confirmed", "is_running": False, "confirmed_at": timezone.now(), "counts": {"rows": 6}}
        Intake.objects.filter(pk=running.intake_id).update(made={"members": [member.pk]}, **done)
    return member


def test_stopping_an_undo_goes_back_to_the_imports(hana, acme, running, confirmed):
    hana.post(hana.url("intake_undoing", running.intake_id))
    answer = hana.post(hana.url("intake_cancellation", running.intake_id), follow=True)

    assert answer.request["PATH_INFO"] == hana.url("imports", running.intake.cohort_id)
    assert "Nobody was removed" in answer.content.decode()
    with within(acme):
        carry_out(acme, ImportRun.objects.get(is_undo=True).pk, now=timezone.now)
        assert Membership.objects.get(pk=confirmed.pk).is_active


def test_an_undo_that_cannot_be_is_refused_before_a_worker_has_it(hana, acme, running, confirmed):
    with within(acme):
        make.InvitationFactory(membership=confirmed, accepted_at=timezone.now())

    answer = hana.post(hana.url("intake_undoing", running.intake_id))

    assert answer.status_code == 409
    assert "has started or signed in" in text(answer.content.decode())
    with within(acme):
        assert not ImportRun.objects.filter(is_undo=True).exists()


@pytest.mark.parametrize(("state", "words"), views.UNDO_STOPPED.items())
def test_each_way_to_end_an_undo_has_a_sentence(hana, acme, running, confirmed, state, words):
    hana.post(hana.url("intake_undoing", running.intake_id))
    with within(acme):
        ImportRun.objects.filter(is_undo=True).update(state=state)
        Intake.objects.filter(pk=running.intake_id).update(is_running=False)

    assert str(words) in text(page(hana, running))
    ended = set(ImportRun.State) - set(ImportRun.OPEN) - {ImportRun.State.DONE}
    assert ended - {ImportRun.State.CHANGED} == set(views.UNDO_STOPPED)
