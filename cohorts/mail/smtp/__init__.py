"""Bulk mail over SMTP in one round trip per message.

An ordinary client waits four times per message: after MAIL, RCPT, DATA and the final dot. If the server offers
PIPELINING (RFC 2920), `Pipeline` writes the content of one message together with MAIL, RCPT and DATA of the next, then
reads all four replies, each of which still decides its own message. Otherwise it goes command by command.

Guarantees:

- Every message gets exactly one `Outcome`, wherever the server refuses, disconnects or stops answering.
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
