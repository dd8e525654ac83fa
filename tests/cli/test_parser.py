"""What can be written on the command line."""

from __future__ import annotations

import pytest

from junjo_desktop.cli.options import Options
from junjo_desktop.cli.parser import parse


@pytest.mark.parametrize(
    "line",
    [
        ["--data-dir", "/d", "--otlp-port", "1", "--validator-port", "3", "--no-auth", "--otlp-port", "2", "traces"],
        ["traces", "--data-dir", "/d", "--otlp-port", "1", "--otlp-port", "2", "--validator-port", "3", "--no-auth"],
        ["--otlp-port", "1", "--no-auth", "--data-dir", "/d", "traces", "--otlp-port", "2", "--validator-port", "3"],
    ],
)
def test_common_options_stand_before_or_after_the_command(line: list[str]) -> None:
    found = parse(line)
    options = Options.of(found)
    assert found.command == "traces"
    assert str(options.data_dir.root) == "/d"
    assert (options.otlp_ports, options.validator_port, options.keys_required) == ((1, 2), 3, False)


def test_common_options_stand_after_an_action_of_keys() -> None:
    found = parse(["keys", "create", "ci", "--data-dir", "/d"])
    assert (found.action, found.name, str(Options.of(found).data_dir.root)) == ("create", "ci", "/d")
    assert str(Options.of(parse(["--data-dir", "/e", "keys", "list"])).data_dir.root) == "/e"


def test_the_later_data_folder_counts() -> None:
    assert str(Options.of(parse(["--data-dir", "/a", "serve", "--data-dir", "/b"])).data_dir.root) == "/b"


def test_what_is_not_said_is_left_to_the_settings() -> None:
    options = Options.of(parse([]))
    assert (options.otlp_ports, options.validator_port, options.keys_required) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["spans"], "--service"),
        (["traces", "--limit", "0"], "at least 1"),
        (["traces", "--limit", "-3"], "--limit"),
        (["traces", "--limit", "1_000"], "whole number"),
        (["serve", "--otlp-port", "65536"], "not a port"),
        (["serve", "--otlp-port", "٣"], "not a port"),
        (["trace"], "TRACE_ID"),
        (["keys"], "ACTION"),
        (["sql", "select 1", "--before", "x"], "--before"),
        (["sql", "select 1", "--format", "xml"], "xml"),
        (["traces", "--data", "/d"], "--data"),
    ],
)
def test_a_wrong_line_is_one_sentence_and_status_2(
    line: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        parse(line)
    out, err = capsys.readouterr()
    assert left.value.code == 2
    assert out == ""
    assert says in err
    assert "--help` shows what can be written" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "line",
    [
        ["--help"],
        *([name, "--help"] for name in ("serve", "demo", "doctor", "keys", "services", "spans", "traces", "sql")),
    ],
)
def test_every_command_explains_itself(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        parse(line)
    assert left.value.code == 0
    assert "--data-dir DIR" in capsys.readouterr().out
