"""Schemathesis over the description of the API, as each role: `make test-api`. Fixed seed, at most three minutes.

It looks for answers that are 5xx, that the description does not have, and for endpoints that answer without a key.
It is a tool with an environment of its own, and asks over HTTP as anybody would.
"""

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from cohorts.web.api import door, throttles
from cohorts.web.api.scopes import scopes_of
from programme.management.commands.describe_api import FILE
from tests.api.client import key_of
from tests.browser import Live
from tests.cast import Cast

SEED = "90"
SECONDS_EACH = 600  # a busy machine; all together take about three minutes of a quiet one
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"),
    *("ignored_auth", "unsupported_method"),
)
ORGANISATION, READING = scopes_of(is_personal=False), [each for each in scopes_of(is_personal=False) if "read" in each]
WHO = {
    "nobody": lambda cast: "e90_00000000_" + "x" * 43,
    "key": lambda cast: key_of(cast.olav),
    "key that reads": lambda cast: key_of(cast.olav, *READING),
    "leader": lambda cast: key_of(cast.ada, is_personal=True),
    "sponsor": lambda cast: key_of(cast.sol, is_personal=True),
    "leader and sponsor": lambda cast: key_of(cast.max, is_personal=True),
    "admin": lambda cast: key_of(cast.hana, is_personal=True),
    "coach": lambda cast: key_of(cast.cleo, is_personal=True),
    "host": lambda cast: key_of(cast.gro, is_personal=True),
}
# Of each operation, with every bound tried on purpose; the others are refused nearly everything, in one way.
THOROUGH, EXAMPLES, FEW = ("key", "leader"), 4, 1


@pytest.mark.parametrize("who", WHO)
@pytest.mark.timeout(SECONDS_EACH)
def test_the_api_is_what_its_description_says(
    who: str, live: Live, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(throttles, "READS", "1000000/m")
    monkeypatch.setattr(throttles, "WRITES", "1000000/m")
    monkeypatch.setattr(door, "WRONG_KEYS", "1000000/m")
    begun = time.monotonic()
    phases, examples = ("examples,coverage,fuzzing", EXAMPLES) if who in THOROUGH else ("examples,fuzzing", FEW)
    done = run_tool(
        tmp_path,
        *("schemathesis", "run", str(FILE), "--url", f"{live.address}/o/acme/api/v1"),
        *("--header", f"Authorization: Bearer {WHO[who](cast)}", "--checks", ",".join(CHECKS)),
        *("--phases", phases, "--max-examples", str(examples), "--seed", SEED),
        *("--generation-deterministic", "--no-color", "--request-timeout", "30"),
        *("--continue-on-failure", "--workers", "1"),
        *(
            "--exclude-operation-id",
            "importCurriculum",
        ),  # it knows no zip files: test_people_and_curricula.py imports one
    )
    print(f"\n{who}: {time.monotonic() - begun:.0f} s", *done.stdout.splitlines()[-12:], sep="\n")

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.timeout(SECONDS_EACH)
def test_a_client_made_from_the_description_works(live: Live, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "options.yaml").write_text("content_type_overrides:\n  application/zip: application/octet-stream\n")
    made = run_tool(
        tmp_path,
        *("openapi-python-client", "generate", "--path", str(FILE), "--meta", "none", "--output-path", "client"),
        *("--config", "options.yaml", "--fail-on-warning"),
    )
    assert made.returncode == 0, made.stdout + made.stderr

    script = Path(__file__).with_name("generated_client.py")
    address = f"{live.address}/o/acme/api/v1"
    used = run_tool(tmp_path, "python", str(script), str(tmp_path), address, key_of(cast.olav))

    assert used.returncode == 0, used.stderr
    first, second, third = used.stdout.splitlines()
    assert first.startswith("True {'new_leader': 1} Sol Acme")
    assert second.startswith("10:30 412 This was changed in the meantime.")
    assert third == "201 201 True"


def run_tool(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """In the environment of the tools, which have needs of their own."""
    uv = shutil.which("uv") or str(settings.BASE_DIR / ".data/tools/uv/bin/uv")
    alone = ("run", "--project", str(settings.BASE_DIR), "--locked", "--isolated", "--only-group", "contract")
    return subprocess.run([uv, *alone, *command], cwd=folder, capture_output=True, text=True, check=False)
