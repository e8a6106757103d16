"""The arrows of ARCHITECTURE.md, checked by import-linter; and a wrong arrow is found."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

PROJECT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint(*arguments: str, folder: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    command = [str(LINT_IMPORTS), "--no-cache", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_every_arrow_points_down() -> None:
    done = lint()

    assert done.returncode == 0, done.stdout


def test_every_app_of_ours_is_under_the_contracts() -> None:
    ours = [name for name in settings.INSTALLED_APPS if (PROJECT / name).is_dir() and name != "tests"]

    assert sorted(ours) == sorted(CONTRACTS["root_packages"])


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("layers", 'layers = ["cohorts", "feedback360", "goals", "coaching", "programme"]'),
        ("layers", 'containers = ["cohorts"]\nlayers = ["models", "actions"]'),
        ("forbidden", 'source_modules = ["cohorts"]\nforbidden_modules = ["django"]'),
    ],
)
def test_a_wrong_arrow_is_found(kind: str, lines: str, tmp_path: Path) -> None:
    """The same tool with contracts turned upside down finds what we really do."""
    config = tmp_path / "contracts.toml"
    config.write_text(
        "[tool.importlinter]\n"
        'root_packages = ["coaching", "cohorts", "feedback360", "goals", "programme"]\n'
        "include_external_packages = true\n"
        f'[[tool.importlinter.contracts]]\nname = "Upside down"\ntype = "{kind}"\n{lines}\n'
    )

    assert lint("--config", str(config)).returncode == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("feedback360/rounds/peek.py", "from feedback360.models.answers import Answer"),
        ("feedback360/rounds/peek.py", "from feedback360.models import answers"),
        ("feedback360/results/peek.py", "from feedback360.models.answers import Comment"),
        ("feedback360/results/peek.py", "from feedback360.visibility.inputs import LeaderRound"),
        ("feedback360/results/peek.py", "from feedback360.visibility.leader import decide"),
        ("coaching/branches/peek.py", "from coaching.models.private_note import PrivateNote"),
        ("coaching/meetings/peek.py", "from coaching.models import private_note"),
    ],
)
def test_a_look_past_the_wall_is_found(module: str, line: str, tmp_path: Path) -> None:
    """The contracts that protect answers and private notes, over copies of the apps without and with such a module."""
    for app in ("coaching", "feedback360"):
        shutil.copytree(PROJECT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__"))
    protecting = [contract for contract in CONTRACTS["contracts"] if contract["type"] == "protected"]
    config = tmp_path / "contracts.toml"
    lines = ['[tool.importlinter]\nroot_packages = ["coaching", "feedback360"]']
    for contract in protecting:
        lines.append('[[tool.importlinter.contracts]]\nname = "Protected"\ntype = "protected"')
        lines += [f"{name} = {contract[name]}" for name in ("protected_modules", "allowed_importers")]
    config.write_text("\n".join(lines))

    assert lint("--config", str(config), folder=tmp_path).returncode == 0

    (tmp_path / module).write_text(f"{line}\n")

    assert lint("--config", str(config), folder=tmp_path).returncode == 1
