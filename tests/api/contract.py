"""Schemathesis over the description of the API, as each role: `make test-api`. Fixed seed.

The site is gunicorn with the installation's settings, at the cast's moment. The tool sits in an environment of its own
and asks over HTTP as anybody would. It looks for answers that are 5xx or not in the description, and for endpoints that
answer without a key. How long it takes is bounded by how much is tried, and by a watchdog.
"""

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from cohorts.curriculum.rows import read
from cohorts.curriculum.writer import write_files
from cohorts.curriculum.zips import zip_of
from cohorts.models import Organisation
from programme.management.commands.describe_api import FILE
from tests.api.client import key_of
from tests.api.equality import TABLE, Same
from tests.api.scoreboard import PLACE, read_calls, row_of
from tests.api.test_equality import ENDPOINTS, noun_of
from tests.architecture.routes import MISSING, keys, meaning
from tests.cast import Cast
from tests.database import as_owner
from tests.times import NOW, TODAY
from tests.website import Website, own_address, website
from tests.workers import celery_worker

SEED = "90"
WATCHDOG_SECONDS = 600
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"),
    *("ignored_auth", "unsupported_method"),
)
NARROW = ("cohorts:read", "enrolments:read", "figures:write")
WHO: dict[str, Callable[[Cast], str | None]] = {
    "no credential": lambda cast: None,
    "key, every scope": lambda cast: key_of(cast.olav),
    "key, narrow scopes": lambda cast: key_of(cast.olav, *NARROW),
    "leader": lambda cast: key_of(cast.ada, is_personal=True),
    "sponsor": lambda cast: key_of(cast.sol, is_personal=True),
    "leader and sponsor": lambda cast: key_of(cast.max, is_personal=True),
    "admin": lambda cast: key_of(cast.hana, is_personal=True),
    "coach": lambda cast: key_of(cast.cleo, is_personal=True),
    "host": lambda cast: key_of(cast.gro, is_personal=True),
}
# Operations a role may do are tried at every bound, with several examples; where it is always refused, once is enough.
EXAMPLES_OF_OWN = 6
THOROUGH = ("key, every scope", "leader")
# Rows that are removed must be none that other operations ask for.
REMOVED = {"removeEnrolment": lambda cast: cast.enrolment(cast.bo).pk, "removeMember": lambda cast: cast.pat.pk}


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Website]:
    """Gunicorn on the database of this process, which every test leaves as it was."""
    with (
        django_db_blocker.unblock(),
        website(own_address(), settings.DATA_DIR, has_pages=False, **environment()) as site,
    ):
        yield site


@pytest.fixture
def travelled(transactional_db: None, cast: Cast) -> None:
    """Both organisations live at the cast's moment, as demos do."""
    with as_owner():
        Organisation.objects.update(is_demo=True, clock_offset=NOW - timezone.now())


def environment() -> dict[str, str]:
    """Variables in which the site differs from the tests."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.api.contract_settings",
        "FEEDBACK_KEYS_DIR": str(settings.FEEDBACK_KEYS_DIR),
        "TEST_QUEUE": settings.CELERY_TASK_DEFAULT_QUEUE,
    }


def environment_of_worker() -> dict[str, str]:
    seen = {"DATABASE_URL": own_address(), "DATA_DIR": str(settings.DATA_DIR), "LOG_LEVEL": "WARNING"}
    return {**os.environ, **environment(), **seen}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.timeout(WATCHDOG_SECONDS)
def test_the_api_is_what_its_description_says(
    who: str,
    site: Website,
    cast: Cast,
    travelled: None,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    description = described(cast)  # before there is another key
    key = WHO[who](cast)
    (tmp_path / "openapi.json").write_text(json.dumps(description))
    (tmp_path / "curriculum.zip").write_bytes(zip_of(write_files(read())))
    calls = tmp_path / "calls"
    before = processor_seconds(site)
    (tmp_path / "schemathesis.toml").write_text(how_much(who))
    done = run_tool(
        tmp_path,
        *("schemathesis", "run", "openapi.json", "--url", f"http://127.0.0.1:{site.port}/o/acme/api/v1"),
        *(("--header", f"Authorization: Bearer {key}") if key else ()),
        *("--checks", ",".join(CHECKS)),
        *("--seed", SEED, "--generation-deterministic", "--no-color", "--request-timeout", "30"),
        *("--continue-on-failure", "--workers", "1"),
        SCHEMATHESIS_HOOKS="tests.api.contract_hooks",
        CALLS=str(calls),
        CURRICULUM=str(tmp_path / "curriculum.zip"),
    )
    made = read_calls(calls.read_text().splitlines())
    record_property(PLACE, row_of(who, made, processor_seconds(site) - before))

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert [call for call in made if call.status >= 500 or call.is_undocumented] == []
    assert {call.operation for call in made} == {each["operationId"] for _path, each in operations_of(description)}
    assert key or {call.status for call in made} == {401}


def processor_seconds(site: Website) -> float:
    """Used by the tool and the site so far: comparable between a busy machine and an idle one."""
    tool = resource.getrusage(resource.RUSAGE_CHILDREN)
    return tool.ru_utime + tool.ru_stime + site.processor_seconds()


def how_much(who: str) -> str:
    """The configuration of the tool: `schemathesis.toml`."""
    is_personal = not who.startswith("key")
    own, others = [], []
    for path, operation in operations_of(json.loads(FILE.read_text())):
        is_own = who in THOROUGH and noun_of(line_of(path)).is_personal == is_personal
        (own if is_own else others).append(operation["operationId"])
    thoroughly = f"generation.max-examples = {EXAMPLES_OF_OWN}\nphases.coverage.unexpected-methods = ['PUT']\n"
    once = "generation.max-examples = 1\nphases.coverage.enabled = false\n"
    kinds = [(own, thoroughly), (others, once)]
    parts = [f"[[operations]]\ninclude-operation-id = {json.dumps(names)}\n{much}" for names, much in kinds if names]
    return "\n".join(["phases.stateful.enabled = false", *parts])


def line_of(path: str) -> Same:
    """A line of the table of equality for this address: whichever method, the noun is the same."""
    name = next(route.name for route in ENDPOINTS.values() if bare(route.pattern) == bare(path))
    return next(same for same in TABLE if same.endpoint == name)


def described(cast: Cast) -> dict:
    """The description, with an id that is there, and one that is not, for each that an address names."""
    description = json.loads(FILE.read_text())
    routes = {bare(route.pattern): route for route in ENDPOINTS.values()}
    meanings = keys(cast.houses["acme"])
    for path, operation in operations_of(description):
        route = routes[bare(path)]
        named = [each for each in operation["parameters"] if each["in"] == "path"]
        removed = REMOVED.get(operation["operationId"])
        for parameter, name in zip(named, route.parameters, strict=True):
            there = removed(cast) if removed else meanings[meaning(route, name, meanings)]
            parameter["schema"] = {"enum": [there, MISSING]}
    return description


def operations_of(description: dict) -> Iterator[tuple[str, dict]]:
    for path, operations in description["paths"].items():
        for operation in operations.values():
            yield path, operation


def bare(pattern: str) -> str:
    """An address without the names of its parameters: `bookings/*/leaving/`."""
    return "/".join("*" if part[:1] in "<{" else part for part in pattern.split("/") if part)


@pytest.mark.timeout(WATCHDOG_SECONDS)
def test_a_client_made_from_the_description_works(site: Website, cast: Cast, travelled: None, tmp_path: Path) -> None:
    kinds = ("application/zip", "application/pdf", "application/x-ndjson")
    overrides = "".join(f"  {kind}: application/octet-stream\n" for kind in kinds)
    (tmp_path / "options.yaml").write_text(f"content_type_overrides:\n{overrides}")
    made = run_tool(
        tmp_path,
        *("openapi-python-client", "generate", "--path", str(FILE), "--meta", "none", "--output-path", "client"),
        *("--config", "options.yaml", "--fail-on-warning"),
    )
    assert made.returncode == 0, made.stdout + made.stderr

    said = {"API": f"http://127.0.0.1:{site.port}/o/acme/api/v1", "KEY": key_of(cast.olav)}
    said["TOKEN"] = key_of(cast.ada, is_personal=True)
    with celery_worker(environment_of_worker(), queue=settings.CELERY_TASK_DEFAULT_QUEUE, processes=1):
        script = str(Path(__file__).with_name("generated_client.py"))
        used = run_tool(tmp_path, "python", "-P", script, PYTHONPATH=str(tmp_path), **said)

    assert used.returncode == 0, used.stdout + used.stderr
    assert used.stdout.splitlines() == [
        "tried {'new_leader': 1}, True",
        "added {'new_leader': 1}, False, Sol Acme",
        "moved 10:30, then 412",
        "paused 201 201 True",
        f"logged {TODAY} True 4, listed True",
        "report asked, then ready, %PDF-, in full True",
    ]


def run_tool(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """In the environment of the tools, which have needs of their own."""
    uv = shutil.which("uv") or str(settings.BASE_DIR / ".data/tools/uv/bin/uv")
    alone = ("run", "--project", str(settings.BASE_DIR), "--locked", "--isolated", "--only-group", "contract")
    path = {"PYTHONPATH": str(settings.BASE_DIR)} | more
    return subprocess.run(
        [uv, *alone, *command], cwd=folder, env={**os.environ, **path}, capture_output=True, text=True, check=False
    )
