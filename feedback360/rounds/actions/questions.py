"""Which questionnaire a round asks, until its raters are asked."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision
from feedback360.models import Questionnaire, Round
from feedback360.rounds.round_rules import ensure_before_launch


@transaction.atomic
def choose_questionnaire(*, round_: Round, questionnaire: Questionnaire, by: Membership, now: datetime) -> Round:
    """Let this round ask another published version. Raters are promised its questions, so it is fixed once asked."""
    lock_revision(round_, None, "state", "questionnaire")
    ensure_before_launch(round_)
    if not questionnaire.is_published:
        raise NotNow(_("Publish the draft first: rounds ask published versions only."))
    if round_.questionnaire_id != questionnaire.pk:
        save_revision(round_, questionnaire=questionnaire)
        record(
            by=by,
            verb="changed questionnaire of a round",
            thing=round_,
            now=now,
            questionnaire=questionnaire.slug,
            number=questionnaire.number,
        )
    return round_
