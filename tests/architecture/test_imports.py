"""The arrows of ARCHITECTURE.md, checked by import-linter; and a wrong arrow is found."""

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
        ("layers", 'layers = ["cohorts", "feedback360", "goals", "programme"]'),
        ("layers", 'containers = ["cohorts"]\nlayers = ["models", "actions"]'),
        ("forbidden", 'source_modules = ["cohorts"]\nforbidden_modules = ["django"]'),
    ],
)
def test_a_wrong_arrow_is_found(kind: str, lines: str, tmp_path: Path) -> None:
    """The same tool with contracts turned upside down finds what we really do."""
    config = tmp_path / "contracts.toml"
    config.write_text(
        "[tool.importlinter]\n"
        'root_packages = ["cohorts", "feedback360", "goals", "programme"]\ninclude_external_packages = true\n'
        f'[[tool.importlinter.contracts]]\nname = "Upside down"\ntype = "{kind}"\n{lines}\n'
    )

    assert lint("--config", str(config)).returncode == 1
