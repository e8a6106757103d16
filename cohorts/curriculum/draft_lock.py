"""A draft held by one change at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import CurriculumVersion
from cohorts.web.refusals import NotNow


@contextmanager
def locked_draft(version_id: int, now: datetime) -> Iterator[CurriculumVersion]:
    """Lock the draft for a change, and note when it was changed. Raises NotNow for a published version."""
    with transaction.atomic():
        locked = CurriculumVersion.objects.select_for_update(of=("self",)).select_related("curriculum")
        draft = locked.get(pk=version_id)
        if draft.is_published:
            raise NotNow(_("This version is published and never changes. Work on a new version instead."))
        yield draft
        CurriculumVersion.objects.filter(pk=version_id, published_at=None).update(changed_at=now)
