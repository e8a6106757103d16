"""Write a reflection, reword it on the same day, and choose who can read it."""

from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.enrolment.current import date_at, take_turns
from cohorts.models import Enrolment, Membership, Step
from cohorts.web.arrivals import ensure_edition, was_overtaken
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision
from goals.habits.actions.sharing import name_reader
from goals.habits.policies import ensure_may_keep
from goals.habits.rules import WORDS, ensure_audience, ensure_words
from goals.models import Audience, Reflection, Shared


@transaction.atomic
def write_reflection(
    *,
    enrolment: Enrolment,
    step: Step | None,
    words: dict[str, str],
    audience: str,
    key: UUID,
    today: date,
    by: Membership,
    now: datetime,
    edition: int | None = None,
    reader_id: int | None = None,
) -> Reflection:
    """Save the answers to the four questions. The same key again updates the reflection, unless its words are older.

    `reader_id` is the sponsor whom the page named. Should it be another one by now, they do not read it.

    Past its day a reflection stands; newer words under its key then become a reflection of their own day.
    """
    ensure_may_keep(by, enrolment)
    ensure_words(words)
    ensure_audience(audience)
    ensure_edition(edition)
    take_turns(enrolment)
    said = {**{name: words.get(name, "") for name in WORDS}, "audience": audience}
    same = _of_key(enrolment, key)
    if same is not None and _differs(same, said) and not may_reword(same, today=today):
        key = uuid5(key, today.isoformat())
        same = _of_key(enrolment, key)
    if same is not None:
        return _write_again(same, said, edition, by, now, reader_id)
    _ensure_reader(enrolment, audience)
    reflection = Reflection.objects.create(
        enrolment=enrolment, key=key, edition=edition, step=step, on=today, written_at=now, **said
    )
    if audience != Audience.PRIVATE:
        _share(reflection, reader_id, by, now)
    return reflection


def may_reword(reflection: Reflection, *, today: date) -> bool:
    """Whether it can be reworded: until the end of the day on which it was written."""
    return date_at(reflection.enrolment, reflection.written_at) == today


@transaction.atomic
def reword_reflection(
    *,
    reflection: Reflection,
    words: dict[str, str],
    today: date,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> Reflection:
    """Reword the answers on the day they were written. Raises Stale when they are not the expected revision."""
    ensure_may_keep(by, reflection.enrolment)
    lock_revision(reflection, expected_revision, *WORDS)
    if not may_reword(reflection, today=today):
        raise NotNow(_("A reflection can be changed on the day it was written. You can always write a new one."))
    ensure_words(words)
    _reword(reflection, {name: words.get(name, "") for name in WORDS}, by, now)
    return reflection


@transaction.atomic
def change_audience(
    *, reflection: Reflection, audience: str, by: Membership, now: datetime, reader_id: int | None = None
) -> Reflection:
    """Open a reflection to the sponsor of now, or to nobody. The trail says that, and never what it says."""
    enrolment = reflection.enrolment
    ensure_may_keep(by, enrolment)
    ensure_audience(audience)
    _ensure_reader(enrolment, audience)
    take_turns(enrolment)
    was, reflection.audience = reflection.audience, audience
    reflection.save(update_fields=["audience"])
    if audience == Audience.PRIVATE:
        reflection.shares.all().delete()
        if was != audience:
            record(by=by, verb="made reflection private", thing=reflection, now=now, audience=audience)
    elif not reflection.shares.filter(reader=enrolment.sponsor_id).exists():
        _share(reflection, reader_id, by, now)
    return reflection


def _share(reflection: Reflection, reader_id: int | None, by: Membership, now: datetime) -> None:
    sponsor = reflection.enrolment.sponsor
    if sponsor is not None and reader_id in {None, sponsor.pk}:
        name_reader(Shared.REFLECTION, [reflection], sponsor, now)
        audience = reflection.audience
        record(by=by, verb="shared reflection", thing=reflection, now=now, audience=audience, reader=sponsor.pk)


def _of_key(enrolment: Enrolment, key: UUID) -> Reflection | None:
    written = Reflection.objects.filter(enrolment=enrolment, key=key).select_related("enrolment")
    return written.select_for_update(of=("self",), no_key=True).first()


def _differs(reflection: Reflection, said: dict[str, str]) -> bool:
    return any(getattr(reflection, name) != value for name, value in said.items())


def _write_again(
    reflection: Reflection,
    said: dict[str, str],
    edition: int | None,
    by: Membership,
    now: datetime,
    reader_id: int | None,
) -> Reflection:
    if was_overtaken(edition, reflection.edition):
        return reflection
    if edition is not None:
        reflection.edition = edition
        reflection.save(update_fields=["edition"])
    _reword(reflection, {name: said[name] for name in WORDS}, by, now)
    return change_audience(reflection=reflection, audience=said["audience"], by=by, now=now, reader_id=reader_id)


def _reword(reflection: Reflection, words: dict[str, str], by: Membership, now: datetime) -> None:
    """The trail says that somebody else's reading changed; what nobody else reads leaves no trace."""
    if not _differs(reflection, words):
        return
    save_revision(reflection, **words)
    if reflection.audience != Audience.PRIVATE:
        record(by=by, verb="changed reflection", thing=reflection, now=now)


def _ensure_reader(enrolment: Enrolment, audience: str) -> None:
    if audience == Audience.SPONSOR and enrolment.sponsor_id is None:
        raise NotNow(_("You have no sponsor at the moment, so there is nobody to share this with."))
