"""`keys`: made, listed, revoked; the secret is printed once and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.program import answer, call, run


def test_the_secret_is_all_that_goes_to_stdout(tmp_path: Path) -> None:
    made = run("keys", "create", "my program", "--data-dir", tmp_path / "data")
    assert made.returncode == 0
    secret = made.stdout.removesuffix("\n")
    assert secret.startswith("jd_")
    assert len(secret.split()) == 1
    assert "“my program” is made" in made.stderr
    assert secret not in made.stderr
    for file in (tmp_path / "data").rglob("*"):
        assert file.is_dir() or secret.encode() not in file.read_bytes(), file


def test_without_a_keyring_the_user_is_told_to_copy_the_secret_now(tmp_path: Path) -> None:
    made = call("keys", "create", "ci", "--data-dir", tmp_path / "data")
    assert "Copy its secret now" in made.stderr
    assert json.loads(call("keys", "create", "x", "--json", "--data-dir", tmp_path / "data").stdout)["kept_in"] is None


def test_keys_are_listed_without_their_secrets_and_gone_when_revoked(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    made = json.loads(call("keys", "create", "ci", "--json", "--data-dir", folder).stdout)
    listed = answer("keys", "list", "--json", "--data-dir", folder)
    assert [(key["id"], key["name"], key["last_used_ns"]) for key in listed] == [(made["id"], "ci", None)]
    text = call("keys", "list", "--data-dir", folder).stdout
    assert made["id"] in text
    assert made["secret"] not in text
    assert call("keys", "revoke", made["id"], "--json", "--data-dir", folder).returncode == 0
    assert answer("keys", "list", "--json", "--data-dir", folder) == []


def test_an_unknown_key_cannot_be_revoked(tmp_path: Path) -> None:
    for _ in range(2):
        outcome = call("keys", "revoke", "nope\x1b", "--data-dir", tmp_path / "data")
        assert (outcome.returncode, outcome.stdout) == (1, "")
        assert "no valid key with the id nope␛" in outcome.stderr
    assert not (tmp_path / "data").exists()


def test_listing_makes_nothing(tmp_path: Path) -> None:
    outcome = call("keys", "list", "--data-dir", tmp_path / "data")
    assert (outcome.returncode, outcome.stdout) == (0, "")
    assert "keys create NAME" in outcome.stderr
    assert not (tmp_path / "data").exists()


def test_a_key_needs_a_usable_name(tmp_path: Path) -> None:
    for name in ("", "   ", "x" * 101, "bad\x1bname"):
        outcome = call("keys", "create", name, "--data-dir", tmp_path / "data")
        assert (outcome.returncode, outcome.stdout) == (2, ""), name
