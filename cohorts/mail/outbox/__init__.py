"""One way out for every mail: from a due row to a committed outcome, in batches of one organisation.

    due ──▶ sending ──▶ sent
     ▲         ├──────▶ skipped     a stop condition of its kind
     └─────────┤ retry  ├─▶ failed  refused for good, or unreachable too long
      lease ran out     └─▶ ambiguous

Claim (commit) → write and send over a kept connection (no transaction open) → outcomes (commit, with the next claim).
A mail is claimed by changing its state, so two workers never hold the same one. The lease of a batch is renewed while
it is being sent. A worker that dies leaves one that runs out within a minute, and `release_expired` puts its mails
back: then, and only between the server's 250 and our commit, a mail may go twice, with the same Message-ID.

A kind of mail is a table under `OutboxRow` and a `MailKind` that says what belongs to it alone: what it reads, when it
must not go, and how it is written.
"""

from cohorts.mail.outbox.delivery import deliver, post, sending_ends_at
from cohorts.mail.outbox.kinds import BULK_MAILS_PER_BATCH, MAILS_PER_BATCH, MailKind
from cohorts.mail.outbox.rows import organisations_waiting, release_expired
from cohorts.mail.outbox.rules import BACKOFF_MINUTES, MAX_ATTEMPTS

__all__ = [
    "BACKOFF_MINUTES",
    "BULK_MAILS_PER_BATCH",
    "MAILS_PER_BATCH",
    "MAX_ATTEMPTS",
    "MailKind",
    "deliver",
    "organisations_waiting",
    "post",
    "release_expired",
    "sending_ends_at",
]
