"""Settings: what is written wrongly is said and defaulted, and saving loses nothing that the user wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from junjo_desktop.errors import UserError
from junjo_desktop.settings import THEMES, Settings, load_settings, save_settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


PORTS = st.integers(0, 65_535)
ANY_SETTINGS = st.builds(
    Settings,
    otlp_ports=st.lists(PORTS, min_size=1).map(tuple),
    validator_port=PORTS,
    theme=st.sampled_from(THEMES),
    accept_without_key=st.booleans(),
    retention_days=st.integers(0, 36_500),
    retention_gb=st.just(0.0) | st.floats(0.1, 100_000),
)


def test_without_a_file_the_defaults_hold(path: Path) -> None:
    assert load_settings(path) == (Settings(), ())
    assert not path.exists()


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(saved=ANY_SETTINGS)
def test_what_is_saved_is_loaded_again(path: Path, saved: Settings) -> None:
    save_settings(path, saved)
    assert load_settings(path) == (saved, ())


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ("otlp_ports = []", "otlp_ports must be a list of ports"),
        ("otlp_ports = [70000]", "otlp_ports must be a list of ports"),
        ("otlp_ports = 4317", "otlp_ports must be a list of ports"),
        ("validator_port = true", "validator_port must be a port"),
        ('theme = "pink"', "theme must be one of system, light, dark"),
        ("accept_without_key = 1", "accept_without_key must be true or false"),
        ("retention_days = -1", "retention_days must be a whole number of days"),
        ("retention_days = 1.5", "retention_days must be a whole number of days"),
        ("retention_days = true", "retention_days must be a whole number of days"),
        ("retention_gb = 0.01", "retention_gb must be a number of gigabytes"),
        ("retention_gb = nan", "retention_gb must be a number of gigabytes"),
        ("retention_gb = inf", "retention_gb must be a number of gigabytes"),
        ('retention_gb = "10"', "retention_gb must be a number of gigabytes"),
        ("telemetry = 5", "telemetry is not a setting"),
    ],
)
def test_an_entry_written_wrongly_is_said_and_the_others_count(path: Path, line: str, warning: str) -> None:
    others = "" if line.startswith("theme") else 'theme = "dark"\n'
    path.write_text(f"{others}{line}\n", encoding="utf-8")
    settings, (said,) = load_settings(path)
    assert settings == (Settings(theme="dark") if others else Settings())
    assert said.startswith(f"{path}: {warning}")


def test_a_size_without_a_decimal_point_is_a_size(path: Path) -> None:
    path.write_text("retention_gb = 3\nretention_days = 0\n", encoding="utf-8")
    assert load_settings(path) == (Settings(retention_gb=3.0, retention_days=0), ())


@pytest.mark.parametrize("content", [b"theme = ", b"\xff\xfe", b"[[["])
def test_a_file_that_is_not_toml_is_said_and_kept_when_settings_are_saved(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    settings, (said,) = load_settings(path)
    assert settings == Settings()
    assert f"{path} cannot be read" in said
    save_settings(path, Settings(theme="dark"))
    assert load_settings(path) == (Settings(theme="dark"), ())
    assert (path.parent / "settings.toml.unreadable").read_bytes() == content


def test_saving_keeps_comments_and_what_it_does_not_know(path: Path) -> None:
    path.write_text('# mine\ntheme = "light" # by day\nunheard = [1]\n', encoding="utf-8")
    save_settings(path, Settings(theme="dark"))
    text = path.read_text(encoding="utf-8")
    assert "# mine" in text
    assert "# by day" in text
    assert "unheard = [1]" in text
    assert 'theme = "dark"' in text
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_what_could_not_be_loaded_again_is_not_saved(path: Path) -> None:
    with pytest.raises(UserError, match="theme must be one of"):
        save_settings(path, Settings(theme="pink"))
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "settings.toml"
    with pytest.raises(UserError, match="cannot be written") as refused:
        save_settings(path, Settings())
    assert str(path) in refused.value.message
    assert refused.value.hint


def test_a_folder_in_its_place_is_said(path: Path) -> None:
    path.mkdir()
    assert f"{path} cannot be read" in load_settings(path)[1][0]
    with pytest.raises(UserError, match="cannot be written"):
        save_settings(path, Settings())
