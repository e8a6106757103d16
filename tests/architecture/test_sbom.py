"""The bill of materials names everything that the image runs, and the same sources give the same bytes."""

import json
import shutil
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from packaging.utils import canonicalize_name
from referencing import Registry, Resource

from programme.local.advisories import advisories
from programme.local.sbom import bill_of_materials

PROJECT = Path(__file__).resolve().parents[2]
OURS = PROJECT / ".data" / "tools" / "uv" / "bin" / "uv"


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    uv = shutil.which("uv") or str(OURS)
    command = [uv, "export", "--locked", "--offline", "--quiet", "--no-default-groups", "--format", "cyclonedx1.5"]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return json.loads(said)


def bill(exported: dict[str, Any]) -> dict[str, Any]:
    return bill_of_materials(
        exported,
        vendored=(PROJECT / "static" / "vendor" / "VENDORED.md").read_text(),
        images=(PROJECT / "Dockerfile").read_text() + (PROJECT / "docker-compose.yml").read_text(),
    )


def locked() -> set[tuple[str, str]]:
    """What the application needs by uv.lock, found without uv: from package to package, extras included."""
    lock = tomllib.loads((PROJECT / "uv.lock").read_text())
    by_name: dict[str, list[dict[str, Any]]] = {}
    for package in lock["package"]:
        by_name.setdefault(package["name"], []).append(package)
    found: set[tuple[str, str]] = set()
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    waiting = list(by_name["embed90"][0]["dependencies"])
    while waiting:
        wanted = waiting.pop()
        for package in by_name[wanted["name"]]:
            if wanted.get("version", package["version"]) != package["version"]:
                continue
            key = (package["name"], package["version"], tuple(wanted.get("extra", ())))
            if key in seen:
                continue
            seen.add(key)
            found.add(key[:2])
            waiting += package.get("dependencies", [])
            for extra in key[2]:
                waiting += package.get("optional-dependencies", {}).get(extra, [])
    return found


def of_kind(bill: dict[str, Any], start: str) -> list[dict[str, Any]]:
    return [part for part in bill["components"] if part["purl"].startswith(start)]


def test_the_bill_has_every_locked_package_and_no_other(exported: dict[str, Any]) -> None:
    named = {(canonicalize_name(part["name"]), part["version"]) for part in of_kind(bill(exported), "pkg:pypi/")}

    assert len(named) > 60
    assert named == locked()


def test_the_bill_has_the_vendored_files_with_their_hashes(exported: dict[str, Any]) -> None:
    parts = of_kind(bill(exported), "pkg:npm/")
    hashes = {file["name"]: file["hashes"][0]["content"] for part in parts for file in part["components"]}
    vendored = {
        str(path.relative_to(PROJECT))
        for path in (PROJECT / "static" / "vendor").rglob("*")
        if path.is_file() and path.name != "VENDORED.md"
    }

    assert {part["purl"] for part in parts} == {
        "pkg:npm/bootstrap@5.3.8",
        "pkg:npm/%40fontsource-variable/figtree@5.3.0",
    }
    assert set(hashes) == vendored
    assert all(len(sha256) == 64 for sha256 in hashes.values())


def test_the_bill_has_the_images_of_others(exported: dict[str, Any]) -> None:
    images = of_kind(bill(exported), "pkg:docker/")

    assert [image["name"] for image in images] == ["postgres", "python", "valkey/valkey"]


def test_the_bill_is_the_same_each_time(exported: dict[str, Any]) -> None:
    later = json.loads(json.dumps(exported))
    later["serialNumber"], later["metadata"]["timestamp"] = "urn:uuid:another", "2030-01-01T00:00:00Z"
    other = json.loads(json.dumps(exported))
    other["components"].pop()

    assert json.dumps(bill(later)) == json.dumps(bill(exported))
    assert bill(other)["serialNumber"] != bill(exported)["serialNumber"]


def test_the_bill_follows_cyclonedx(exported: dict[str, Any]) -> None:
    folder = files("cyclonedx.schema") / "_res"
    schema = json.loads((folder / "bom-1.5.SNAPSHOT.schema.json").read_text())
    base = schema["$id"].rpartition("/")[0]
    names = [f"{name}.SNAPSHOT.schema.json" for name in ("spdx", "jsf-0.82")]
    others = [(f"{base}/{name}", Resource.from_contents(json.loads((folder / name).read_text()))) for name in names]
    registry = Registry().with_resources(others)

    jsonschema.Draft7Validator(schema, registry=registry).validate(bill(exported))


@contextmanager
def advisory_service(*results: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Answers every question with these results; yields its address and what was asked."""
    asked: list[Any] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"results": results}).encode())

        def log_message(self, *args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()


SMALL = {
    "components": [{"purl": "pkg:npm/bootstrap@3.0.0"}, {"purl": "pkg:docker/a@1"}, {"purl": "pkg:pypi/polib@1.2"}]
}


def test_a_known_advisory_is_found_by_package() -> None:
    with advisory_service({"vulns": [{"id": "GHSA-1"}]}, {}) as (address, asked):
        found = advisories(SMALL, address)

    assert found == {"pkg:npm/bootstrap@3.0.0": ["GHSA-1"]}
    assert [query["package"]["purl"] for query in asked[0]["queries"]] == [
        "pkg:npm/bootstrap@3.0.0",
        "pkg:pypi/polib@1.2",
    ]


def test_a_short_answer_is_not_taken_for_no_advisories() -> None:
    with advisory_service({}) as (address, _), pytest.raises(ValueError, match="zip"):
        advisories(SMALL, address)
