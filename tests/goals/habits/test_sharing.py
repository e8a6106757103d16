"""A share names a person. Whoever becomes the sponsor next reads nothing older until the leader says so."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import connection

from cohorts.audit import record
from cohorts.models import AuditEntry, Enrolment, Membership
from cohorts.people.actions.members import change_sponsor
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from goals.habits.actions.focus import pick_focus
from goals.habits.actions.reflection import change_audience, write_reflection
from goals.habits.actions.sharing import answer_sharing, share_focus
from goals.habits.policies import may_read_reflection, may_see_focus
from goals.habits.sharing import sharing_questions
from goals.models import Audience, Focus, Goal, Reflection, Share, Shared, SharingAnswer
from programme.digests.mail import ClaimedDigest, Writer
from programme.models import Report
from programme.reports.facts import facts_of
from programme.sponsor.overview import overview_of
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

pytestmark = pytest.mark.usefixtures("clock")
Clients = Callable[[Membership], object]


def give(cast: Cast, leader: Membership, sponsor: Membership | None) -> Enrolment:
    enrolment = Enrolment.objects.select_related("leader", "sponsor", "cohort").get(leader=leader)
    change_sponsor(enrolment=enrolment, sponsor=sponsor, by=cast.hana, now=NOW)
    return Enrolment.objects.select_related("leader", "sponsor", "cohort").get(leader=leader)


def readable(member: Membership) -> tuple[set[int], set[int]]:
    """Keys of reflections and plans; the query and the policy must agree."""
    found = []
    for model, may in ((Reflection, may_read_reflection), (Focus, may_see_focus)):
        seen = set(model.objects.visible_to(member).values_list("pk", flat=True))
        assert seen == {each.pk for each in model.objects.select_related("enrolment") if may(member, each)}
        found.append(seen)
    return found[0], found[1]


def write(enrolment: Enrolment, audience: str = Audience.SPONSOR, **more: object) -> Reflection:
    words = {"tried": "acme bait newest"}
    return write_reflection(
        enrolment=enrolment,
        step=None,
        words=words,
        audience=audience,
        key=uuid4(),
        today=TODAY,
        by=enrolment.leader,
        now=NOW,
        **more,
    )


def answer(enrolment: Enrolment, kind: Shared, is_open: bool) -> None:
    (asked,) = [question for question in sharing_questions(enrolment) if question.kind is kind]
    answer_sharing(
        enrolment=enrolment,
        kind=kind,
        reader=asked.reader,
        up_to=asked.up_to,
        is_open=is_open,
        by=enrolment.leader,
        now=NOW,
    )


def test_new_sponsor_reads_nothing_older(cast: Cast) -> None:
    with within(cast.acme):
        before = readable(cast.sol)
        assert all(before)

        give(cast, cast.ada, cast.max)
        bo = Enrolment.objects.get(leader=cast.bo)

        reflections, plans = readable(cast.max)
        assert not Reflection.objects.filter(pk__in=reflections).exclude(enrolment__leader__in=[cast.max, cast.bo])
        assert not Focus.objects.filter(pk__in=plans).exclude(enrolment__leader__in=[cast.max, cast.bo])
        assert Reflection.objects.filter(pk__in=reflections, enrolment=bo).exists()  # the other leader's stay open
        assert readable(cast.sol) == (set(), set())


def test_sponsor_who_comes_back_reads_what_named_them(cast: Cast) -> None:
    with within(cast.acme):
        before = readable(cast.sol)
        give(cast, cast.ada, cast.max)
        ada = give(cast, cast.ada, cast.sol)

        assert readable(cast.sol) == before
        assert sharing_questions(ada) == []


def test_new_shares_name_the_sponsor_of_now(cast: Cast) -> None:
    with within(cast.acme):
        ada = give(cast, cast.ada, cast.max)
        shared = write(ada)
        Focus.objects.filter(enrolment=ada).update(archived_on=TODAY)
        plan = {"behaviour": "clear", "cue": "new", "response": "new", "language": "en"}
        focus = pick_focus(enrolment=ada, today=TODAY, by=ada.leader, now=NOW, **plan)

        assert may_read_reflection(cast.max, shared)
        assert may_see_focus(cast.max, focus)
        assert not may_read_reflection(cast.sol, shared)


def test_share_goes_to_nobody_when_the_page_named_an_earlier_sponsor(cast: Cast) -> None:
    """The sponsor changed while the form was open: the one now was never on the page."""
    with within(cast.acme):
        ada = give(cast, cast.ada, cast.max)

        written = write(ada, reader_id=cast.sol.pk)

        assert not may_read_reflection(cast.max, written)
        assert [question.kind for question in sharing_questions(ada)] == list(Shared)


def test_leader_is_asked_once_for_each_kind(cast: Cast) -> None:
    with within(cast.acme):
        ada = give(cast, cast.ada, cast.max)
        asked = {question.kind: (question.count, question.earlier) for question in sharing_questions(ada)}
        assert asked == {
            Shared.REFLECTION: (1, "Sol Acme"),
            Shared.FOCUS: (2, "Sol Acme"),
            Shared.GOAL: (3, "Sol Acme"),
        }

        answer(ada, Shared.REFLECTION, is_open=True)
        answer(ada, Shared.FOCUS, is_open=False)
        answer(ada, Shared.GOAL, is_open=True)

        assert sharing_questions(ada) == []
        assert Goal.objects.visible_to(cast.max).filter(enrolment=ada).count() == 3
        mine = readable(cast.max)
        assert Reflection.objects.filter(pk__in=mine[0], enrolment=ada).count() == 1
        assert not Focus.objects.filter(pk__in=mine[1], enrolment=ada).exists()
        assert not Reflection.objects.filter(pk__in=mine[0], enrolment=ada, audience=Audience.PRIVATE).exists()
        verbs = AuditEntry.objects.filter(thing_id=ada.pk, verb__contains="new sponsor").values_list("verb", flat=True)
        assert sorted(verbs) == ["left closed to new sponsor", "opened to new sponsor", "opened to new sponsor"]


def test_plan_left_closed_can_be_shared_later(cast: Cast) -> None:
    with within(cast.acme):
        ada = give(cast, cast.ada, cast.max)
        answer(ada, Shared.FOCUS, is_open=False)
        focus = Focus.objects.select_related("enrolment__sponsor").filter(enrolment=ada).first()

        for _twice in range(2):
            share_focus(focus=focus, by=cast.ada, now=NOW)

        assert may_see_focus(cast.max, focus)


def test_answer_about_an_earlier_sponsor_opens_nothing(cast: Cast) -> None:
    with within(cast.acme):
        ada = give(cast, cast.ada, cast.max)
        (asked, _plans, _goals) = sharing_questions(ada)
        ada = give(cast, cast.ada, make.MembershipFactory(name="Anne Moe", roles=["sponsor"]))

        with pytest.raises(NotNow, match="sponsor has changed again"):
            answer_sharing(
                enrolment=ada,
                kind=asked.kind,
                reader=cast.max,
                up_to=asked.up_to,
                is_open=True,
                by=cast.ada,
                now=NOW,
            )
        assert not SharingAnswer.objects.filter(enrolment=ada).exclude(reader=cast.sol).exists()


def test_leader_without_a_sponsor_is_asked_nothing(cast: Cast) -> None:
    with within(cast.acme):
        ada = give(cast, cast.ada, None)

        assert sharing_questions(ada) == []
        assert readable(cast.sol) == (set(), set())


def test_private_again_takes_every_name_off(cast: Cast) -> None:
    with within(cast.acme):
        ada = give(cast, cast.ada, cast.max)
        answer(ada, Shared.REFLECTION, is_open=True)
        shared = Reflection.objects.get(enrolment=ada, audience=Audience.SPONSOR)

        change_audience(reflection=shared, audience=Audience.PRIVATE, by=cast.ada, now=NOW)
        ada = give(cast, cast.ada, cast.sol)

        assert not Share.objects.filter(reflection=shared).exists()
        assert not may_read_reflection(cast.sol, shared)
        assert [question.kind for question in sharing_questions(ada)] == []


def test_page_mail_and_print_ask_the_same_rule(cast: Cast, client_for: Clients) -> None:
    """The new sponsor's pages, weekly mail and printed copy have nothing older; then the leader says yes."""
    shared = "acme bait sponsor"

    def what_max_gets() -> tuple[str, str, list[str], int, int]:
        client = client_for(cast.max)
        with within(cast.acme):
            ada = Enrolment.objects.get(leader=cast.ada)
            overview = overview_of(cast.max, organisation=cast.acme, now=NOW, language="en")
            line = next(line for line in overview.lines if line.enrolment.pk == ada.pk)
            writer = Writer(cast.acme, NOW)
            digest = ClaimedDigest(1, 1, NOW, "max@acme.test", cast.max.pk, TODAY)
            writer.prepare([digest])
            mail = writer.content(digest)
            report = make.ReportFactory.build(
                enrolment=ada, asked_by=cast.max, copy=Report.Copy.SPONSOR, on=TODAY, asked_at=NOW, language="en"
            )
            facts = facts_of(report, cast.acme)
        page = client.get(client.url("leader", ada.pk)).content.decode()
        home = client.get(client.url("sponsor_home")).content.decode()
        assert (f"{line.newly_shared} new reflection" in mail.decode()) == bool(line.newly_shared)
        return page + home, mail.decode(), [each.plan for each in facts.focuses], facts.shared_count, line.newly_shared

    with within(cast.acme):
        Reflection.objects.filter(enrolment__leader=cast.ada).update(written_at=NOW)
        Reflection.objects.filter(enrolment__leader=cast.bo).delete()
        ada = give(cast, cast.ada, cast.max)
    pages, _mail, plans, count, new = what_max_gets()
    assert (shared in pages, "plan 1 of Ada" in pages, plans, count, new) == (False, False, [], 0, 0)

    with within(cast.acme):
        answer(ada, Shared.REFLECTION, is_open=True)
        answer(ada, Shared.FOCUS, is_open=True)
    pages, _mail, plans, count, new = what_max_gets()
    assert (shared in pages, "plan 1 of Ada" in pages, len(plans), count, new) == (True, True, 2, 1, 1)


def test_today_asks_and_the_answer_ends_the_question(cast: Cast, client_for: Clients) -> None:
    with within(cast.acme):
        give(cast, cast.ada, cast.max)
    ada = client_for(cast.ada)

    page = ada.get(ada.url("today")).content.decode()
    assert page.count("Max Acme is your sponsor now") == 1
    assert "You shared one reflection with Sol Acme." in page
    assert "2 plans of yours are from before the change." in page
    assert "3 goals of yours are from before the change." in page

    with within(cast.acme):
        questions = sharing_questions(Enrolment.objects.select_related("sponsor").get(leader=cast.ada))
    for question, said in zip(questions, ("yes", "no", "yes"), strict=True):
        fields = {"kind": question.kind.value, "reader": question.reader.pk, "up_to": question.up_to, "answer": said}
        assert ada.post(ada.url("sharing"), fields).status_code == 302

    assert "is your sponsor now" not in ada.get(ada.url("today")).content.decode()
    assert ada.post(ada.url("sharing"), {"kind": "x"}).status_code == 302


def test_labels_name_people(cast: Cast, client_for: Clients) -> None:
    ada, sol = client_for(cast.ada), client_for(cast.sol)
    with within(cast.acme):
        shared = Reflection.objects.get(enrolment__leader=cast.ada, audience=Audience.SPONSOR)
        focus = Focus.objects.filter(enrolment__leader=cast.ada).first()
    only = "Only you and Sol Acme can read this"

    assert only in ada.get(ada.url("reflection", shared.pk)).content.decode()
    assert only in ada.get(ada.url("reflection_new")).content.decode()
    assert only in ada.get(ada.url("focus_wording", focus.pk)).content.decode()
    with within(cast.acme):
        Focus.objects.filter(pk=focus.pk).update(archived_on=TODAY)
    assert (
        "Only you and Sol Acme can read your plans"
        in ada.get(f"{ada.url('focus_new')}?behaviour=clear").content.decode()
    )
    assert "Sol Acme and me" in ada.get(ada.url("reflections")).content.decode()
    assert "Only Ada Acme and you can read this" in sol.get(sol.url("reflection", shared.pk)).content.decode()

    with within(cast.acme):
        give(cast, cast.ada, cast.max)
    for page in (ada.url("reflection", shared.pk), ada.url("focus_wording", focus.pk)):
        said = ada.get(page).content.decode()
        assert "Only you can read this" in said
        assert "Share with Max Acme" in said
    assert "Sol Acme and me" not in ada.get(ada.url("reflections")).content.decode()


@pytest.fixture
def migrate(cast: Cast) -> Callable[[], None]:
    """Run the data migration over the rows of the cast, inside their organisation, as it stands now."""
    name = import_module("goals.migrations.0007_existing_shares").NAME

    def run() -> None:
        Share.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(name)

    return run


def readers_of(leader: Membership) -> set[str]:
    return set(Share.objects.filter(reflection__enrolment__leader=leader).values_list("reader__name", flat=True))


def test_migration_names_the_only_sponsor_there_was(cast: Cast, migrate: Callable[[], None]) -> None:
    with within(cast.acme):
        migrate()

        assert readers_of(cast.ada) == {"Sol Acme"}
        assert Share.objects.filter(focus__enrolment__leader=cast.ada, reader=cast.sol).count() == 2


def test_migration_names_the_sponsor_of_that_time(cast: Cast, migrate: Callable[[], None]) -> None:
    with within(cast.acme):
        ada = give(cast, cast.ada, cast.max)
        written = write(ada)
        later = NOW.replace(day=20)
        change_sponsor(enrolment=ada, sponsor=cast.sol, by=cast.hana, now=later)
        migrate()

        assert set(Share.objects.filter(reflection=written).values_list("reader", flat=True)) == {cast.max.pk}


def test_migration_leaves_closed_what_the_trail_cannot_tell(cast: Cast, migrate: Callable[[], None]) -> None:
    with within(cast.acme):
        Reflection.objects.update(written_at=NOW - timedelta(days=8))
        ada = give(cast, cast.ada, cast.max)  # who was it before? The trail names the new one only
        migrate()
        assert readers_of(cast.ada) == set()
        assert [question.earlier for question in sharing_questions(ada)] == ["", "", ""]
        assert readers_of(cast.bo) == {"Max Acme"}

        record(by=cast.hana, verb="added person", thing=ada.cohort, now=NOW, happens="sponsor_changes")
        migrate()
        assert readers_of(cast.bo) == set()  # a list moved somebody in the cohort, it may have been Bo
