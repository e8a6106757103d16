"""Pages as they are read: a sentence stands in one piece although its date is a `<time>`."""

import re

from django.http import HttpResponse


def with_plain_dates(page: HttpResponse | str) -> str:
    return re.sub(r"</?time\b[^>]*>", "", page if isinstance(page, str) else page.content.decode())
