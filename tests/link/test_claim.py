"""One process at a time holds a data folder."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from junjo_desktop.errors import AlreadyRunningError, DataFolderError
from junjo_desktop.link.claim import claim
from junjo_desktop.paths import DataDir
from tests.support.holder import held_by_another_process


def test_a_second_holder_is_refused_and_told_where(data_dir: DataDir) -> None:
    first = claim(data_dir, 0)
    with pytest.raises(AlreadyRunningError, match="uses the data folder") as caught:
        claim(data_dir, 0)
    assert str(data_dir.root) in caught.value.message
    first.release()
    claim(data_dir, 0).release()


def test_a_short_holder_is_waited_for(data_dir: DataDir) -> None:
    first = claim(data_dir, 0)
    threading.Timer(0.2, first.release).start()
    claim(data_dir, 30).release()


def test_a_killed_holder_leaves_the_folder_free(data_dir: DataDir) -> None:
    with held_by_another_process(data_dir.root) as holder:
        with pytest.raises(AlreadyRunningError):
            claim(data_dir, 0)
        holder.kill()
        holder.wait()
        claim(data_dir, 0).release()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DataFolderError, match="cannot be written"):
        claim(DataDir(tmp_path / "file"), 0)
