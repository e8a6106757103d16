"""What every import does with an upload, whatever it holds. Nothing changes before somebody confirms it."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from cohorts.models.intake import Upload
from cohorts.web.bounds import ensure_name
from cohorts.web.refusals import NotNow

KEPT_FOR = timedelta(days=7)
UNDO_FOR = timedelta(hours=24)
MAX_FILE_NAME_CHARACTERS = 200


class PlanChanged(NotNow):
    """The import would no longer do what its preview showed."""


def stored_name(file_name: str) -> str:
    """The end of a file's name, as it is stored."""
    file_name = file_name[-MAX_FILE_NAME_CHARACTERS:]
    ensure_name("file", file_name, most=MAX_FILE_NAME_CHARACTERS, is_required=False)
    return file_name


def is_confirmed(upload: Upload) -> bool:
    """Whether there is nothing left to do. Refuses an upload that was discarded, or that a worker imports just now."""
    if upload.state == Upload.State.DISCARDED:
        raise NotNow(_("This upload was discarded. Upload the file again."))
    _ensure_not_running(upload)
    return upload.state == Upload.State.CONFIRMED


def ensure_waiting(upload: Upload) -> None:
    """Refuses what was confirmed or discarded meanwhile."""
    if is_confirmed(upload):
        raise NotNow(_("This list is imported already. Upload a new file for what is still to change."))


def _ensure_not_running(upload: Upload) -> None:
    if upload.is_running:
        raise NotNow(_("This list is being imported. Stop the import first."))


def ensure_as_shown(fingerprint: str, shown: str) -> None:
    """Raises PlanChanged if something changed since the preview, so that people see the new plan first."""
    if fingerprint != shown:
        raise PlanChanged(_("Something changed since you looked at this list. Look through it again, then confirm."))


def finish(upload: Upload, *, counts: dict[str, int]) -> None:
    """Delete what it holds; keep that the import happened, its counts, and its columns for the next file like it."""
    upload.state, upload.counts = Upload.State.CONFIRMED, counts
    columns = upload.choices.get("columns", {})
    for name, nothing in upload.NO_ROWS.items():
        setattr(upload, name, nothing)
    upload.choices = {"columns": columns}
    upload.save()


def discard(upload: Upload) -> None:
    """Delete an unconfirmed upload. Idempotent. Raises NotNow if it has been imported, or a worker imports it."""
    if not type(upload).objects.filter(pk=upload.pk).discard():
        now = type(upload).objects.only("state").get(pk=upload.pk)
        if now.state != Upload.State.DISCARDED:
            ensure_waiting(now)


def forget_old(kind: type[Upload], *, now: datetime) -> int:
    """Discard uploads unconfirmed for a week, in the open organisation. Returns how many."""
    forgotten: int = kind.objects.filter(created_at__lt=now - KEPT_FOR).discard()
    return forgotten
