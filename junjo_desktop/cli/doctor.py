"""`doctor`: what the running app's intake says, or what stands in the way of starting one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import orjson

from junjo_desktop import __version__
from junjo_desktop.cli.access import connect
from junjo_desktop.cli.checks import check_derivation, check_folder, check_start
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import write_json, write_lines
from junjo_desktop.cli.text import harmless
from junjo_desktop.link.client import LinkClient
from junjo_desktop.link.report_json import report_to_json
from junjo_desktop.receiver.diagnosis import Finding, diagnose, findings_text


def doctor(options: Options, found: Namespace) -> int:
    """Print the findings; status 1 when one of them needs the user. Raises `UserError`."""
    client = connect(options.data_dir)
    document: dict[str, Any] = {
        "version": __version__,
        "data_dir": str(options.data_dir.root),
        "log_file": str(options.data_dir.log_file),
        "running": None,
        "intake": None,
    }
    if client is None:
        findings = (*check_folder(options.data_dir), *check_start(options))
    else:
        findings = (*check_folder(options.data_dir), *_ask(client, document))
    needs_user = any(finding.severity == "error" for finding in findings)
    if found.json:
        write_json({**document, "healthy": not needs_user, "findings": [asdict(finding) for finding in findings]})
    else:
        write_lines(_text(document, findings))
    return 1 if needs_user else 0


def _ask(client: LinkClient, document: dict[str, Any]) -> tuple[Finding, ...]:
    try:
        hello, report = client.hello(), client.report()
        derivation = orjson.loads(client.query("derivation", {}))
    finally:
        client.close()
    document["running"] = {"pid": client.pid, "version": hello.version, "window": hello.has_window}
    document["intake"] = report_to_json(report)
    return (*diagnose(report), *check_derivation(derivation))


def _text(document: dict[str, Any], findings: Sequence[Finding]) -> list[str]:
    running = document["running"]
    state = "no"
    if running:
        kind = "a window" if running["window"] else "serve"
        state = f"{kind}, version {running['version']}, process {running['pid']}"
    return [
        f"Junjo Desktop {document['version']}",
        harmless(f"data folder  {document['data_dir']}"),
        harmless(f"log          {document['log_file']}"),
        f"running      {state}",
        "",
        *(harmless(line) for line in findings_text(findings).splitlines()),
    ]
