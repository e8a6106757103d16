"""Nobody fills the disk, not even without signing in."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("megabytes", "status"), [(11, 405), (13, 413)])
def test_a_body_larger_than_any_form_is_refused_unread(megabytes: int, status: int) -> None:
    body = b"x" * (megabytes * 1024 * 1024)

    response = Client().post("/help/", body, content_type="application/octet-stream")

    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
