"""Two admins who save the same step at the very same moment: the second is told, never the first overwritten."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection

from cohorts.models import CurriculumVersion
from cohorts.tenancy.wall import within
from cohorts.web.revisions import save_revision
from tests.cohorts.test_draft_pages import EN, NB, form_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def step(acme):
    with within(acme):
        draft = CurriculumVersion.objects.get(published_at=None)
        draft.themes = {"presence": {"en": "Presence", "nb": "Nærvær"}}
        draft.save()
        step = draft.steps.get(day=50)
        step.text = {"en": EN, "nb": NB}
        step.save()
    return step


def test_a_concurrent_save_waits_and_is_reported(client_for, cast, acme, step):
    hana = client_for(cast.hana)
    url = hana.url("draft_step", step.version_id, step.pk)
    typed = form_at(hana, url) | {"en-title": "Hana's title"}
    has_begun = Event()

    def save():
        has_begun.set()
        try:
            return hana.post(url, typed)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with within(acme):  # Olav's request: the draft is his until it ends
            CurriculumVersion.objects.select_for_update().get(pk=step.version_id)
            hanas = threads.submit(save)
            has_begun.wait()
            with pytest.raises(TimeoutError):
                hanas.result(timeout=1)
            save_revision(step, text={"en": EN | {"title": "Olav's title"}, "nb": NB})
        answer = hanas.result(timeout=20)

    assert answer.status_code == 422
    assert answer.context["form"].other_of("en-title").words == ["Olav's title"]
    with within(acme):
        assert CurriculumVersion.objects.get(pk=step.version_id).steps.get(day=50).text["en"]["title"] == "Olav's title"
