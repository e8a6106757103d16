"""What a program can rely on, in words. Tests of `tests/api/` hold the API to each."""

from django.utils.translation import gettext as _

from cohorts.web.api.lists import MAX_PAGE, PAGE
from cohorts.web.api.throttles import READS, WRITES


def promises() -> list[tuple[str, str]]:
    """Pairs of a name and a sentence."""
    said = {
        "page": PAGE,
        "most": MAX_PAGE,
        "reads": READS.partition("/")[0],
        "writes": WRITES.partition("/")[0],
    }
    return [
        (
            _("Version 1 stays"),
            _("Fields and endpoints are added; none goes or changes its meaning without a new version and a year."),
        ),
        (
            _("Refusals say why"),
            _("As problem+json, each sentence next to its field, in the language of Accept-Language."),
        ),
        (
            _("Lists have pages"),
            _("%(page)s rows, at most %(most)s; “next” leads on. Choose fields and order in the address.") % said,
        ),
        (
            _("Fetch only what changed"),
            _(
                "Ask for a list with “updated_since”. Next time, send the “as_of” of the last answer. Practices and "
                "first sign-ins don’t count: read the whole list once a day if you need them."
            ),
        ),
        (
            _("Two edits do not overwrite each other"),
            _("Send the ETag you read as If-Match. 412 says what is saved by now."),
        ),
        (
            _("Send it again without fear"),
            _("With an Idempotency-Key, a POST sent again within a day gets the first answer."),
        ),
        (
            _("Enough for everybody"),
            _("A key may read %(reads)s times and write %(writes)s times a minute; 429 says how long to wait.") % said,
        ),
    ]
