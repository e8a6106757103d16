"""Bulk mail over SMTP in one round trip per message.

A mailing library waits four times per message: after MAIL, RCPT, DATA and the final dot. When the server offers
PIPELINING (RFC 2920), `Pipeline` writes the rest of one message together with MAIL, RCPT and DATA of the next, and then
reads all four replies, each of which still decides about its own message. Without the offer it goes step by step.

What a caller may rely on:

- Every message given gets exactly one `Outcome`, at whatever step the server refuses, hangs up or falls silent.
- At most one message per connection is ever between its final dot and the server's answer. Only that one can become
  `AMBIGUOUS`; the envelope travelling with it has sent no content yet and is at worst `TRANSIENT`.
- No exchange outlasts `Server.timeout`. After silence or a 421 nothing more is attempted in that `send`.
- Nothing here logs an address or a line of content: keys, kinds and codes only. `Outcome.text` is the server's own
  sentence and often quotes the recipient, so it belongs on an admin's page and not in a log either.
"""

from cohorts.mail.smtp.connection import Server
from cohorts.mail.smtp.messages import Kind, Outcome, Outgoing, Unsendable, ascii_address, wire_form
from cohorts.mail.smtp.pipeline import Pipeline

__all__ = ["Kind", "Outcome", "Outgoing", "Pipeline", "Server", "Unsendable", "ascii_address", "wire_form"]
