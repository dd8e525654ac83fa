"""Making the engine as the command line says."""

from __future__ import annotations

from junjo_desktop.app import Engine
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark
from junjo_desktop.credentials import SecretStore
from junjo_desktop.settings import load_settings


def make_engine(options: Options, secrets: SecretStore | None = None) -> Engine:
    """Return an engine that is not started; what is wrong with the settings file is said on stderr.

    Raises `DataFolderError` when the folder cannot be made or written.
    """
    options.data_dir.prepare()
    settings, warnings = load_settings(options.data_dir.settings)
    for warning in warnings:
        remark(warning)
    return Engine(
        options.data_dir,
        settings,
        otlp_ports=options.otlp_ports,
        validator_port=options.validator_port,
        keys_required=options.keys_required,
        secrets=secrets,
    )
