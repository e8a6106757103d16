"""`make setup`: system libraries, uv, and the environment described by uv.lock.

Runs on the system's Python before an environment exists: standard library only, and old syntax, so that an old
Python gets as far as uv, which then finds or downloads a newer one.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TOOLS = PROJECT / ".data" / "tools"
LIBRARIES = {
    "libpango-1.0-0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"),
}
# For names in every script on printed pages; the Dockerfile installs the same.
FONTS = {
    "fonts-noto-core": "NotoSansDevanagari-Regular.ttf",
    "fonts-noto-cjk": "NotoSansCJK-Regular.ttc",
    "fonts-noto-color-emoji": "NotoColorEmoji.ttf",
}
FONT_FOLDERS = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
HEADLESS = "chromium-headless-shell"  # as Debian calls it; the same pages take a fifth less processor time
BROWSERS = [HEADLESS, "chromium", "chromium-browser", "google-chrome"]


class SetupError(Exception):
    """Message for the terminal."""


def main() -> None:
    TOOLS.parent.mkdir(exist_ok=True)
    TOOLS.parent.chmod(0o700)  # for this user alone; what is below, the next start of the servers closes
    try:
        install_system_packages(testing="--testing" in sys.argv)
        run([*find_uv(), "sync", "--locked", "--quiet"], "uv could not make the environment from uv.lock.")
    except SetupError as error:
        sys.exit(str(error))


def install_system_packages(*, testing: bool) -> None:
    """Install the Debian packages that are missing, if any."""
    missing = [package for package, names in LIBRARIES.items() if not any(map(is_library, names))]
    if testing and not shutil.which("xgettext"):
        missing.append("gettext")
    if missing:
        apt_install(missing)
    install_fonts()
    if testing:
        install_browser()


def install_browser() -> None:
    """Headless Chromium where this system has it, else any browser of `BROWSERS`. Raises SetupError."""
    if shutil.which(HEADLESS):
        return
    if any(map(shutil.which, BROWSERS)):
        if works(["apt-cache", "show", HEADLESS]):
            with suppress(SetupError):
                apt_install([HEADLESS])
        return
    try:
        apt_install([HEADLESS])
    except SetupError:
        apt_install(["chromium"])


def install_fonts() -> None:
    """Without them everything runs; letters of some scripts are then printed as boxes, and the worker's log says so."""
    missing = [package for package, name in FONTS.items() if not has_font(name)]
    if not missing or sys.platform != "linux":
        return
    try:
        apt_install(missing)
    except SetupError as error:
        print(f"{error} Until then, names in some scripts are printed as boxes.", flush=True)


def has_font(name: str) -> bool:
    return any(next(folder.rglob(name), None) for folder in FONT_FOLDERS if folder.exists())


def is_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def apt_install(packages: list[str]) -> None:
    advice = f"Please install {' '.join(packages)} (Debian's names), then run this again."
    apt = as_root(shutil.which("apt-get"))
    if apt is None:
        raise SetupError(advice)
    print(f"Installing {' '.join(packages)} …", flush=True)
    options = ["-qq", "-o=DPkg::Lock::Timeout=300", "-o=Dpkg::Use-Pty=0"]
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.call([*apt, *options, "update"], env=environment)
    run([*apt, *options, "install", "--no-install-recommends", "--yes", *packages], advice, env=environment)


def as_root(program: str | None) -> list[str] | None:
    """The command prefixed so that it runs as root without a prompt; None if that is impossible."""
    if program is None:
        return None
    if os.geteuid() == 0:
        return [program]
    sudo = shutil.which("sudo")
    if sudo and subprocess.call([sudo, "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return [sudo, "-n", "DEBIAN_FRONTEND=noninteractive", program]
    return None


def find_uv() -> list[str]:
    """The installed uv, or else one under .data/tools."""
    ours = TOOLS / "uv" / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(ours)):
        if candidate and works([candidate, "--version"]):
            return [candidate]
    print(f"Installing uv into {TOOLS} …", flush=True)
    install_uv(TOOLS / "uv")
    return [str(ours)]


def install_uv(folder: Path) -> None:
    """Install uv into a virtual environment. A bare Debian lacks `ensurepip`, but may have pip or let us install it."""
    pip = ["install", "--quiet", "--disable-pip-version-check", "uv"]
    sentence = "uv could not be installed with pip."
    if make_virtual_environment(folder):
        run([str(folder / "bin" / "pip"), *pip], sentence)
        return
    if works([sys.executable, "-m", "pip", "--version"]):
        run([sys.executable, "-m", "pip", *pip, "--target", str(folder)], sentence)
        return
    apt_install(["python3-venv"])
    if not make_virtual_environment(folder):
        raise SetupError("Python cannot make a virtual environment; please install uv, then run this again.")
    run([str(folder / "bin" / "pip"), *pip], sentence)


def make_virtual_environment(folder: Path) -> bool:
    """Create a virtual environment; false, with nothing left behind, if this Python cannot."""
    shutil.rmtree(str(folder), ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if works([sys.executable, "-m", "venv", str(folder)]):
        return True
    shutil.rmtree(str(folder), ignore_errors=True)
    return False


def works(command: list[str]) -> bool:
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def run(command: list[str], sentence: str, env: dict[str, str] | None = None) -> None:
    if subprocess.call(command, cwd=str(PROJECT), env=env):
        raise SetupError(sentence)


if __name__ == "__main__":
    main()
