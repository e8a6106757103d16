"""The round's key and what it seals: whole, private, gone for good; a database alone tells nothing."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.checks import run_checks

from feedback360.staging import keys
from feedback360.staging.keys import KEY_BYTES, NoKey, create_key, destroy_key, key_of
from feedback360.staging.sealing import SMALLEST_BYTES, Unreadable, seal, slot_of, unseal

KEY, OTHER = b"k" * KEY_BYTES, b"o" * KEY_BYTES
SLOT = slot_of(KEY, 7)


@pytest.fixture
def folder(settings: pytest.FixtureRequest, tmp_path: Path) -> Path:
    settings.FEEDBACK_KEYS_DIR = tmp_path / "keys"
    return settings.FEEDBACK_KEYS_DIR


def test_a_key_is_random_and_readable_by_its_user_alone(folder: Path) -> None:
    create_key(1)
    create_key(2)

    assert len(key_of(1)) == KEY_BYTES
    assert key_of(1) != key_of(2)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == 2


def test_opening_twice_keeps_the_first_key(folder: Path) -> None:
    create_key(1)
    first = key_of(1)
    create_key(1)

    assert key_of(1) == first


def test_two_workers_creating_a_key_agree_on_one(folder: Path) -> None:
    def create_and_read(_number: int) -> bytes:
        create_key(1)
        return key_of(1)

    with ThreadPoolExecutor(8) as workers:
        assert len(set(workers.map(create_and_read, range(40)))) == 1


def test_a_crash_while_writing_leaves_no_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys.os, "fsync", _crash)
    with pytest.raises(OSError, match="full"):
        create_key(1)

    with pytest.raises(NoKey):
        key_of(1)
    assert list(folder.iterdir()) == []


def test_a_shortened_key_is_no_key(folder: Path) -> None:
    create_key(1)
    next(folder.iterdir()).write_bytes(b"short")

    with pytest.raises(NoKey):
        key_of(1)
    with pytest.raises(NoKey):
        create_key(1)


def test_a_destroyed_key_is_overwritten_and_gone(folder: Path, tmp_path: Path) -> None:
    create_key(1)
    key = key_of(1)
    same_file = tmp_path / "link"
    same_file.hardlink_to(next(folder.iterdir()))
    destroy_key(1)
    destroy_key(1)

    with pytest.raises(NoKey):
        key_of(1)
    assert same_file.read_bytes() != key


def test_what_is_sealed_opens_with_its_key_and_slot_alone() -> None:
    sealed = seal(KEY, SLOT, {"values": {"clear-1": 4}, "texts": {"more": "Ærlig 🙂"}})

    assert unseal(KEY, SLOT, sealed) == {"values": {"clear-1": 4}, "texts": {"more": "Ærlig 🙂"}}
    for key, slot in ((OTHER, SLOT), (KEY, slot_of(KEY, 8))):
        with pytest.raises(Unreadable):
            unseal(key, slot, sealed)
    for broken in (b"", sealed[:20], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(Unreadable):
            unseal(KEY, SLOT, broken)


def test_sealed_length_does_not_tell_how_much_was_written() -> None:
    lengths = {len(seal(KEY, SLOT, {"texts": {"more": "x" * length}})) for length in (0, 1, 500, 3000)}

    assert lengths == {SMALLEST_BYTES + 12 + 16}


def test_sealing_the_same_twice_gives_different_bytes() -> None:
    assert seal(KEY, SLOT, {}) != seal(KEY, SLOT, {})


def test_a_slot_tells_nothing_without_the_key() -> None:
    assert len(SLOT) == 32
    assert slot_of(KEY, 7) == SLOT
    assert len({SLOT, slot_of(KEY, 8), slot_of(OTHER, 7)}) == 3


def test_the_check_refuses_an_open_or_unusable_keys_folder(folder: Path) -> None:
    def problems() -> list[str]:
        return [str(problem.id) for problem in run_checks() if str(problem.id).startswith("feedback360")]

    assert problems() == []
    create_key(1)
    assert problems() == []
    folder.chmod(0o755)
    assert problems() == ["feedback360.E002"]
    next(folder.iterdir()).unlink()
    folder.rmdir()
    folder.write_text("a file")
    assert problems() == ["feedback360.E001"]


def _crash(_file: int) -> None:
    raise OSError("disk full")
