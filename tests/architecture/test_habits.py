"""What strangers rely on before they read the code: the licence, CI, the locked groups, the changelog."""

import ast
import re
import tomllib
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

PROJECT = Path(__file__).resolve().parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())
WORKFLOW: dict[str, Any] = YAML(typ="safe").load((PROJECT / ".github/workflows/ci.yml").read_text())
PRE_COMMIT: dict[str, Any] = YAML(typ="safe").load((PROJECT / ".pre-commit-config.yaml").read_text())
MAKEFILE = (PROJECT / "Makefile").read_text()
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]


def test_ci_runs_every_python_that_is_promised() -> None:
    oldest, beyond = re.findall(r"3\.(\d+)", PYPROJECT["project"]["requires-python"])

    tested = WORKFLOW["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert tested == [f"3.{minor}" for minor in range(int(oldest), int(beyond))]


def test_ci_pins_foreign_actions_to_a_commit() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]

    assert used
    assert [action for action in used if not re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", action)] == []


def test_ci_runs_only_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    called = {
        name
        for text in [*(step.get("run", "") for step in STEPS), (PROJECT / ".ci/run").read_text()]
        for name in re.findall(r"\bmake ([a-z-]+)", text)
    }

    assert {"check", "secrets", "test", "test-local", "test-faults", "audit"} <= called <= targets


def test_every_test_is_run_by_one_of_the_four_targets() -> None:
    """`make test` leaves out exactly what `test-local`, `test-faults` and `attack` run."""
    usual = re.search(r"-m '(.*?)'", PYPROJECT["tool"]["pytest"]["ini_options"]["addopts"])
    asked = re.findall(r"pytest -m (\w+) (?:-\S+ \S+ )*\$\(ARGS\)", MAKEFILE)
    attacked = re.findall(r'pytest .*-m "" (\S+) \$\(ARGS\)', MAKEFILE)  # a folder, whatever the markers
    marked = re.compile(r"^@pytest\.mark\.attack$", re.MULTILINE)
    attacks = [path for path in (PROJECT / "tests").rglob("test_*.py") if marked.search(path.read_text())]

    assert usual
    assert usual[1] == " and ".join(f"not {marker}" for marker in [*asked, "attack"])
    assert attacks
    assert len(attacked) == 1
    assert all(path.is_relative_to(PROJECT / attacked[0]) for path in attacks)


def test_pre_commit_uses_the_locked_tools() -> None:
    hooks = [hook for repository in PRE_COMMIT["repos"] for hook in repository["hooks"]]

    assert {repository["repo"] for repository in PRE_COMMIT["repos"]} == {"local"}
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)


def test_the_licence_is_the_one_that_is_declared() -> None:
    assert (PROJECT / "LICENSE").read_text().startswith(f"{PYPROJECT['project']['license']} License\n")


def test_only_local_servers_import_what_the_image_lacks() -> None:
    lacking = {re.split(r"[=<>]", line)[0] for line in PYPROJECT["dependency-groups"]["local"]}
    modules = {module for module, owners in packages_distributions().items() if lacking & set(owners)}
    outside = [
        path
        for app in ("coaching", "cohorts", "feedback360", "goals", "programme")
        for path in (PROJECT / app).rglob("*.py")
    ]
    importing = {
        str(path.relative_to(PROJECT))
        for path in outside
        if not path.is_relative_to(PROJECT / "programme/local")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        if name.split(".")[0] in modules or name.startswith("programme.local")
    }

    assert len(modules) >= len(lacking)
    assert importing == set()


def test_the_changelog_names_versions_with_dates_newest_first() -> None:
    headings = re.findall(r"^## (.*)$", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)
    released = [re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d\d-\d\d)", heading) for heading in headings[1:]]

    assert headings[0] == "[Unreleased]"
    assert all(released), headings
    versions = [tuple(map(int, match.groups()[:3])) for match in released]
    dates = [date.fromisoformat(match[4]) for match in released]
    assert versions == sorted(set(versions), reverse=True)
    assert dates == sorted(dates, reverse=True)
    assert ".".join(map(str, versions[0])) == PYPROJECT["project"]["version"]


def test_the_changelog_sorts_changes_by_kind() -> None:
    kinds = set(re.findall(r"^### (.*)$", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE))

    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Upgrading"}
