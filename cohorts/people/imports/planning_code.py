"""Which code made a plan: with other code, a stored plan is made again."""

from functools import cache
from hashlib import sha256
from pathlib import Path

APP = Path(__file__).resolve().parents[2]
SOURCES = (".py", ".yaml", ".json")


@cache
def planning_code(app: Path = APP) -> str:
    """A hash of every rule a plan can depend on: of the whole app, so that no list of modules can miss one."""
    whole = sha256()
    for path in sorted(path for path in app.rglob("*") if path.suffix in SOURCES):
        source = path.read_bytes()
        whole.update(f"{path.relative_to(app)} {len(source)} ".encode() + source)
    return whole.hexdigest()
