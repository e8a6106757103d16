"""Pages travel compressed in the best way a client knows; what is small, no text or unasked for stays as it is."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory

from cohorts.web.middleware import compress

PAGE = "<p>The path, step by step.</p>" * 200
Answer = Callable[[], HttpResponseBase]


def page() -> HttpResponse:
    return HttpResponse(PAGE)


def answered(answer: Answer, accepted: str | None) -> HttpResponseBase:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    return compress(lambda request: answer())(RequestFactory().get("/", headers=headers))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0, gzip;q=0", None),
        ("vibrant, x-br", None),
        ("identity", None),
        ("", None),
        (None, None),
    ],
)
def test_a_page_is_compressed_as_the_client_accepts(accepted: str | None, encoding: str | None) -> None:
    response = answered(page, accepted)

    decode = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert response.get("Content-Encoding") == encoding
    assert decode(response.content).decode() == PAGE
    assert "Accept-Encoding" in response["Vary"], "a proxy must keep the ways apart"
    if encoding:
        assert len(response.content) < len(PAGE) / 10
        assert response["Content-Length"] == str(len(response.content))


@pytest.mark.parametrize(
    "answer",
    [
        lambda: HttpResponse("short"),
        lambda: HttpResponse(1000 * b"%PDF", content_type="application/pdf"),
        lambda: HttpResponse(PAGE, headers={"Content-Encoding": "zstd"}),
        lambda: StreamingHttpResponse(iter([PAGE])),
    ],
    ids=["small", "no text", "compressed already", "streamed"],
)
def test_what_gains_nothing_is_left_alone(answer: Answer) -> None:
    before, response = answer(), answered(answer, "br, gzip")

    assert response.get("Content-Encoding") == before.get("Content-Encoding")
    assert b"".join(response) == b"".join(before)


def test_two_gzipped_pages_differ_in_length_at_random() -> None:
    """BREACH compares lengths; gzip's come with random padding."""
    assert len({len(answered(page, "gzip").content) for _ in range(50)}) > 5
