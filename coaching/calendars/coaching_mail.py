"""The mails of coaching as one kind of the outbox. Each package describes its own as a `Kind`; `coaching.mails` lists
them all.

A kind has two templates, `emails/coaching/<name>.subject` and `.txt`: one line that names nobody, and one or two
sentences. They get what `needed` returns, the reader's `name` and `organisation_name`. Around them the writer puts the
greeting, the button and the way to stop these mails.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from django.utils import translation
from django.utils.functional import Promise
from psycopg import sql

from coaching.calendars.choices import Switch, members_without, stop_token
from coaching.models import CoachingMail
from cohorts.logos.stored import mail_logo
from cohorts.mail.message import first_name, whole_message
from cohorts.mail.server import message_id
from cohorts.models import Organisation
from cohorts.models.mail import Reason
from cohorts.tenancy.addresses import absolute, front_door, inside

NAME = "coaching"

DETAILS = sql.SQL("""
SELECT claimed.id, claimed.attempts, claimed.due_at, person.email
FROM claimed
    JOIN cohorts_membership AS member ON member.organisation_id = %(organisation)s AND member.id = claimed.recipient_id
    JOIN cohorts_person AS person ON person.id = member.person_id
ORDER BY claimed.id
""")

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of coaching mail.

    `needed` is its stop condition: asked right before sending, for many at once, it returns the facts of the mails that
    are still needed by `CoachingMail.pk`; the others are skipped. Facts are names, numbers and dates, never what
    somebody wrote; `lines`, pairs of a sentence and an address, become a list.
    `page` is the name of a page inside the organisation and its arguments, `act` what the button says.
    `is_asked_for`: the recipient asked for this very mail, so nothing stops it.
    """

    name: str
    act: str | Promise
    page: Callable[[CoachingMail], tuple[Any, ...]]
    needed: Callable[[Sequence[CoachingMail], Organisation, datetime], Mapping[int, Facts]]
    is_asked_for: bool = False


class ClaimedCoachingMail(NamedTuple):
    """One such mail in a worker's hands."""

    id: int
    attempts: int
    due_at: datetime
    email: str


class CoachingWriter:
    """Writes the mails of coaching of one organisation."""

    kinds: ClassVar[Mapping[str, Kind]] = {}

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._now = now
        self._mails: dict[int, CoachingMail] = {}
        self._facts: dict[int, Facts] = {}
        self._unsubscribed: set[int] = set()

    def prepare(self, mails: Sequence[ClaimedCoachingMail]) -> None:
        rows = CoachingMail.objects.select_related("recipient__person")
        self._mails = rows.in_bulk([mail.id for mail in mails])
        by_kind = defaultdict(list)
        for row in self._mails.values():
            by_kind[row.kind].append(row)
        for name, group in by_kind.items():
            self._facts |= self.kinds[name].needed(group, self._organisation, self._now) if name in self.kinds else {}
        members = {row.recipient_id for row in self._mails.values()}
        self._unsubscribed = members_without(Switch.REMINDERS, members)

    def reason_to_skip(self, mail: ClaimedCoachingMail, now: datetime) -> str | None:
        """An empty reason: it is not needed any more."""
        row = self._mails[mail.id]
        if not row.recipient.is_active:
            return Reason.LEFT
        if row.pk not in self._facts:
            return ""
        if row.recipient_id in self._unsubscribed and not self.kinds[row.kind].is_asked_for:
            return Reason.UNSUBSCRIBED
        return None

    def content(self, mail: ClaimedCoachingMail) -> bytes:
        organisation, row = self._organisation, self._mails[mail.id]
        kind, recipient = self.kinds[row.kind], row.recipient
        language = recipient.person.language
        stop = None
        if not kind.is_asked_for:
            stop = absolute(front_door("unsubscribe_coaching", stop_token(recipient, Switch.REMINDERS)))
        with translation.override(language):
            act = str(kind.act)
        context = {
            **self._facts[row.pk],
            "organisation_name": organisation.name,
            "name": first_name(recipient.name),
            "language": language,
            "kind": kind.name,
            "subject_template": f"emails/coaching/{kind.name}.subject",
            "body_template": f"emails/coaching/{kind.name}.txt",
            "act": act,
            "page_url": absolute(inside(organisation.slug, *kind.page(row))),
            "unsubscribe_url": stop,
        }
        return whole_message(
            NAME,
            context,
            to=mail.email,
            language=language,
            message_id=message_id(NAME, mail.id),
            now=self._now,
            logo=mail_logo(organisation),
            unsubscribe=stop,
        )
