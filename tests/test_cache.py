"""A cache gives back what was put there, or nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mesh_infra import cache as module
from mesh_infra.cache import FOLDER, SWITCH, FolderCache, NoCache, digest, user_cache

VALUE = {"findings": [["pii-untagged", 3, None, True, "caf\u00e9"]]}


def entries(folder: Path) -> list[Path]:
    """The files that hold values."""
    return sorted(file for file in folder.glob("*/*/*") if file.is_file())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cache's folder that holds one value."""
    FolderCache(tmp_path / "cache").put(VALUE, "one", "two")
    return tmp_path / "cache"


class TestWhatIsKept:
    def test_a_value_is_there_in_the_next_process(self, folder: Path) -> None:
        assert FolderCache(folder).get("one", "two") == VALUE

    def test_under_its_whole_key_alone(self, folder: Path) -> None:
        others = (("one",), ("two", "one"), ("onetwo",), ("one", "two", ""), ("", "one", "two"))
        assert [FolderCache(folder).get(*key) for key in others] == [None] * len(others)

    def test_for_its_owner_alone(self, folder: Path) -> None:
        assert folder.stat().st_mode & 0o077 == 0

    def test_the_newer_value_of_a_key_holds(self, folder: Path) -> None:
        FolderCache(folder).put("newer", "one", "two")
        assert FolderCache(folder).get("one", "two") == "newer"
        assert len(entries(folder)) == 1

    def test_several_write_at_once(self, tmp_path: Path) -> None:
        cache = FolderCache(tmp_path / "cache")
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: cache.put(["x" * 10_000], str(n % 4)), range(80)))
        assert [cache.get(str(n)) for n in range(4)] == [["x" * 10_000]] * 4
        assert len(entries(tmp_path / "cache")) == 4


class TestWhatIsNotBelieved:
    @pytest.mark.parametrize(
        "damage",
        [
            lambda raw: raw[:0],
            lambda raw: raw[:1],
            lambda raw: raw[: len(raw) // 2],
            lambda raw: raw[:-1],
            lambda raw: raw + b" ",
            lambda raw: raw.replace(b"3", b"4"),
            lambda raw: b"\x00" * len(raw),
            lambda raw: raw.partition(b"\n")[2],
        ],
    )
    def test_an_entry_that_is_not_what_was_written(self, folder: Path, damage: Callable[[bytes], bytes]) -> None:
        (file,) = entries(folder)
        file.write_bytes(damage(file.read_bytes()))
        assert FolderCache(folder).get("one", "two") is None
        FolderCache(folder).put(VALUE, "one", "two")
        assert FolderCache(folder).get("one", "two") == VALUE

    def test_an_entry_of_another_key(self, folder: Path) -> None:
        FolderCache(folder).put("other", "other")
        (mine,) = (file for file in entries(folder) if b"pii" in file.read_bytes())
        (other,) = (file for file in entries(folder) if file != mine)
        mine.write_bytes(other.read_bytes())
        assert FolderCache(folder).get("one", "two") is None

    def test_an_entry_of_other_code(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "code_digest", lambda: digest("another version"))
        assert FolderCache(folder).get("one", "two") is None

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
    def test_a_folder_that_others_can_write_to(self, folder: Path) -> None:
        folder.chmod(0o777)
        assert FolderCache(folder).get("one", "two") is None
        FolderCache(folder).put(VALUE, "three")
        assert len(entries(folder)) == 1


class TestWhereNothingCanBeKept:
    def test_a_file_stands_in_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "cache").write_text("")
        cache = FolderCache(tmp_path / "cache")
        cache.put(VALUE, "one")
        assert cache.get("one") is None

    def test_a_folder_stands_in_the_way_of_an_entry(self, folder: Path) -> None:
        (file,) = entries(folder)
        file.unlink()
        file.mkdir()
        cache = FolderCache(folder)
        cache.put(VALUE, "one", "two")
        assert cache.get("one", "two") is None


class TestWhatGoes:
    def test_what_nobody_used_for_long(self, folder: Path) -> None:
        FolderCache(folder).put("used", "used")
        (old,) = (file for file in entries(folder) if b"pii" in file.read_bytes())
        for file in (old, folder / "swept"):
            os.utime(file, (0, 0))
        FolderCache(folder).put("new", "new")
        assert not old.exists()
        assert [FolderCache(folder).get(key) for key in ("used", "new")] == ["used", "new"]

    def test_nothing_that_is_not_its_own(self, folder: Path) -> None:
        theirs = folder / "photos" / "2019" / "cat.jpg"
        theirs.parent.mkdir(parents=True)
        theirs.write_text("x")
        for file in (theirs, folder / "swept"):
            os.utime(file, (0, 0))
        FolderCache(folder).put("new", "new")
        assert theirs.exists()

    def test_what_is_used_stays(self, folder: Path) -> None:
        for file in (*entries(folder), folder / "swept"):
            os.utime(file, (0, 0))
        assert FolderCache(folder).get("one", "two") == VALUE
        FolderCache(folder).put("new", "new")
        assert FolderCache(folder).get("one", "two") == VALUE

    def test_the_oldest_where_it_is_too_much(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (old,) = entries(folder)
        os.utime(old, (old.stat().st_atime, old.stat().st_mtime - 60))
        os.utime(folder / "swept", (0, 0))
        monkeypatch.setattr(module, "MOST_BYTES", 100)
        FolderCache(folder).put("new", "new")
        assert [FolderCache(folder).get("one", "two"), FolderCache(folder).get("new")] == [None, "new"]


class TestWhereItLies:
    @pytest.mark.parametrize("word", ["off", "OFF", "0", "no"])
    def test_it_can_be_switched_off(self, word: str, tmp_path: Path) -> None:
        cache = user_cache(tmp_path / "mesh", {SWITCH: word, FOLDER: str(tmp_path)})
        assert isinstance(cache, NoCache)
        cache.put(VALUE, "one")
        assert cache.get("one") is None

    def test_in_the_folder_that_is_named(self, tmp_path: Path) -> None:
        user_cache(tmp_path / "mesh", {FOLDER: str(tmp_path / "here")}).put(VALUE, "one")
        assert len(entries(tmp_path / "here")) == 1

    @pytest.mark.parametrize("place", ["repository/.cache", "repository/meshes/acme/.cache", "repository"])
    def test_never_where_a_commit_could_put_it(self, tmp_path: Path, place: str) -> None:
        mesh = tmp_path / "repository" / "meshes" / "acme"
        mesh.mkdir(parents=True)
        (tmp_path / "repository" / ".git").touch()
        assert isinstance(user_cache(mesh, {FOLDER: str(tmp_path / place)}), NoCache)

    @pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="these have folders of their own")
    @pytest.mark.parametrize(
        ("named", "place"),
        [("xdg", "xdg/mesh-infra/checks"), ("relative", ".cache/mesh-infra/checks"), ("", ".cache/mesh-infra/checks")],
    )
    def test_in_the_users_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, place: str) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        home = str(tmp_path / named) if named == "xdg" else named
        user_cache(tmp_path / "mesh", {"XDG_CACHE_HOME": home}).put(VALUE, "one")
        assert len(entries(tmp_path / place)) == 1
