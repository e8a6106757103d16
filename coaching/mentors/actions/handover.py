"""The leader's handover note to a new partner: given, and taken away again."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.mentors.handover import note, offered
from coaching.mentors.policies import ensure_may_hand_over
from coaching.mentors.rules import MAX_HANDOVER_CHARACTERS, ensure_handover_sentence
from coaching.models import Pairing, PairingState
from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import lock, save_revision


class NotAsShown(NotNow):
    """The note would read differently from its preview. `text` is how it reads now."""

    def __init__(self, text: str) -> None:
        super().__init__(_("Something changed since you looked. This is how it reads now."))
        self.text = text


def preview(
    *, pairing: Pairing, behaviours: Collection[str], actions: Collection[int], sentence: str, by: Membership
) -> str:
    """How the note will read. Raises what `hand_over` would raise."""
    ensure_may_hand_over(by, pairing)
    _ensure_lasting(pairing)
    ensure_handover_sentence(sentence)
    choices = offered(pairing, by)
    for each in behaviours:
        ensure_choice("behaviours", each, [behaviour.value for behaviour in choices.behaviours])
    for key in actions:
        ensure_choice("actions", key, [action.pk for action in choices.actions])
    chosen = [action for action in choices.actions if action.pk in actions]
    text = note(behaviours=behaviours, actions=chosen, sentence=sentence)
    if not text:
        raise Invalid("sentence", _("Tick something or write a sentence. Without a note they start from nothing."))
    if len(text) > MAX_HANDOVER_CHARACTERS:
        raise Invalid("actions", _("This is too long for a note. Tick fewer."))
    return text


@transaction.atomic
def hand_over(
    *,
    pairing: Pairing,
    behaviours: Collection[str],
    actions: Collection[int],
    sentence: str,
    shown: str,
    by: Membership,
    now: datetime,
) -> None:
    """Give the note exactly as it was shown; an earlier one is replaced. Raises NotAsShown if it reads differently."""
    ensure_may_hand_over(by, pairing)
    lock(pairing)
    text = preview(pairing=pairing, behaviours=behaviours, actions=actions, sentence=sentence, by=by)
    if text != shown:
        raise NotAsShown(text)
    save_revision(pairing, handover=text)
    record(by=by, verb="handed over", thing=pairing, now=now)


@transaction.atomic
def take_note_away(*, pairing: Pairing, by: Membership, now: datetime) -> None:
    """The partner cannot read it any more. Idempotent."""
    ensure_may_hand_over(by, pairing)
    lock(pairing)
    if pairing.handover:
        save_revision(pairing, handover="")
        record(by=by, verb="took handover note away", thing=pairing, now=now)


def _ensure_lasting(pairing: Pairing) -> None:
    if pairing.state != PairingState.ACTIVE:
        raise NotNow(_("These 1:1s have ended. What you wrote stays yours to read."))
