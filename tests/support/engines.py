"""A real engine on free ports, and what is asked of it all the time."""

from __future__ import annotations

from junjo_desktop.app import Engine
from junjo_desktop.credentials import MemorySecretStore
from junjo_desktop.paths import DataDir
from junjo_desktop.settings import Settings
from junjo_desktop.telemetry.intake import Purpose, open_ports

FREE_PORTS = Settings(otlp_ports=(0,), validator_port=0)


def make_engine(data_dir: DataDir, settings: Settings = FREE_PORTS) -> Engine:
    """An engine that is not started; it keeps the secrets of keys in memory."""
    return Engine(data_dir, settings, secrets=MemorySecretStore())


def otlp_port(engine: Engine) -> int:
    """The first port of a started engine that takes OTLP."""
    return open_ports(engine.listeners, Purpose.OTLP)[0]


def default_key(engine: Engine) -> str:
    """The secret of the key that the first start makes."""
    secret = engine.api_keys.secret_of(engine.api_keys.list()[0].id)
    assert secret is not None
    return str(secret)
