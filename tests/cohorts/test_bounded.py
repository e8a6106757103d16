"""Nobody fills the disk, not even without signing in."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("more", "status"), [(0, 405), (1, 413)])
def test_a_body_larger_than_any_form_is_refused_unread(more: int, status: int) -> None:
    body = b"x" * (settings.MAX_REQUEST_BYTES + more)

    response = Client().post("/help/", body, content_type="application/octet-stream")

    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
