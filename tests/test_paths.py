"""The data folder: made for its owner alone, or refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from junjo_desktop.errors import DataFolderError
from junjo_desktop.paths import DataDir, default_data_dir, resource_path


def test_a_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = DataDir(tmp_path / "new" / "junjo-desktop")
    folder.prepare()
    assert [path.stat().st_mode & 0o777 for path in (folder.root, folder.logs)] == [0o700, 0o700]
    assert list(folder.root.iterdir()) == [folder.logs]


def test_a_folder_that_cannot_be_made_is_refused_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFolderError) as refused:
        DataDir(tmp_path / "file" / "data").prepare()
    assert str(tmp_path / "file" / "data") in refused.value.message
    assert "--data-dir" in refused.value.hint


def test_the_environment_names_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JUNJO_DESKTOP_DATA_DIR", str(tmp_path))
    assert default_data_dir() == DataDir(tmp_path)


def test_resources_are_found() -> None:
    assert resource_path("fonts").is_dir()
