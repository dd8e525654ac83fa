"""The snippets as text: nothing missing, nothing shown that must be covered. The Connect tests run them."""

from __future__ import annotations

import ast
import json
import shlex
import subprocess
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junjo_desktop.receiver.snippets import MASK, SNIPPETS, Target, Variant, environment, mask

SECRET = "jd_s3cret-value_0123456789"
VARIANTS = [
    pytest.param(variant, id=f"{snippet.id}-{variant.title}") for snippet in SNIPPETS for variant in snippet.variants
]
HOSTILE_KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_snippet_holds_the_port_and_the_key(variant: Variant) -> None:
    text = variant.write(Target(41234, SECRET))
    assert "41234" in text
    assert SECRET in text


@pytest.mark.parametrize("variant", VARIANTS)
def test_without_a_key_none_is_mentioned_except_where_the_sdk_insists(variant: Variant) -> None:
    text = variant.write(Target(41234))
    assert "headers" not in text.lower()
    assert "api_key" not in text or 'api_key=""' in text


@pytest.mark.parametrize("variant", VARIANTS)
def test_python_snippets_are_python(variant: Variant) -> None:
    if variant.language == "python":
        ast.parse(variant.write(Target(1, SECRET)))


@given(HOSTILE_KEYS)
def test_any_key_survives_in_python_text(key: str) -> None:
    for snippet in SNIPPETS:
        for variant in snippet.variants:
            if variant.language == "python":
                nodes = ast.walk(ast.parse(variant.write(Target(1, key))))
                assert key in [node.value for node in nodes if isinstance(node, ast.Constant)]


@given(HOSTILE_KEYS)
def test_any_key_survives_in_a_header_variable(key: str) -> None:
    header = environment(Target(1, key))["OTEL_EXPORTER_OTLP_HEADERS"]
    name, _, value = header.partition("=")
    assert (name, unquote(value)) == ("x-junjo-api-key", key)
    assert "," not in value
    assert ";" not in value


def test_a_shell_reads_the_variables_back() -> None:
    shell = next(variant for snippet in SNIPPETS for variant in snippet.variants if variant.language == "shell")
    target = Target(41234, 'a key\'with "quotes" $HOME `id`')
    program = f'{shell.write(target)}\nprintf %s "$OTEL_EXPORTER_OTLP_HEADERS"'
    read = subprocess.run(["/bin/sh", "-c", program], capture_output=True, text=True, check=True)
    assert read.stdout == environment(target)["OTEL_EXPORTER_OTLP_HEADERS"]
    assert all(line.startswith("export ") and len(shlex.split(line)) == 2 for line in shell.write(target).splitlines())


@given(st.text(min_size=6))
def test_masking_leaves_no_trace_of_the_secret(secret: str) -> None:
    for snippet in SNIPPETS:
        for variant in snippet.variants:
            plain = variant.write(Target(1, secret))
            covered = mask(plain, secret)
            assert MASK in covered
            assert json.dumps(secret) not in covered


def test_a_target_does_not_show_its_key() -> None:
    assert SECRET not in repr(Target(1, SECRET))
