"""Keys, addresses and headers of providers: the user's own, else the environment's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from junjo_desktop.credentials import KeptIn, Secret, SecretStore
from junjo_desktop.errors import UsageError
from junjo_desktop.generation.providers import PROVIDERS, Provider, Route, provider_named, route_of
from junjo_desktop.state.provider_settings import ProviderSetting, ProviderSettings

_BASE_URL_VARIABLES = {
    "openai": ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "anthropic": ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE"),
    "gemini": ("GEMINI_API_BASE",),
    "azure": ("AZURE_API_BASE",),
}


class KeySource(StrEnum):
    """Where a key comes from, as it is shown."""

    KEYRING = "keyring"
    MEMORY = "memory"
    ENVIRONMENT = "environment"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Access:
    """What is needed to ask a provider. Secrets show themselves in no `repr`."""

    key: Secret | None = None
    base_url: str | None = None
    headers: Mapping[str, Secret] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ProviderState:
    """A provider as lists show it. `variable` is the environment variable that holds the key, where it is that one."""

    provider: Provider
    key_source: KeySource
    variable: str | None = None
    base_url: str | None = None
    base_url_variable: str | None = None
    header_names: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether it can be asked, as far as keys go."""
        return self.key_source is not KeySource.NONE or not self.provider.needs_key


class ProviderAccess:
    """The providers of one user. Reading a secret may block, as the keyring does: not for the GUI thread."""

    def __init__(self, settings: ProviderSettings, secrets: SecretStore, environment: Mapping[str, str]) -> None:
        self._settings = settings
        self._secrets = secrets
        self._environment = environment
        self._this_run: set[str] = set()
        """Providers whose key is in memory alone, for want of a keyring."""

    @property
    def problem(self) -> str | None:
        """Why secrets are not kept in the system keyring; None when they are."""
        return self._secrets.problem

    def states(self) -> tuple[ProviderState, ...]:
        """Return every known provider and those with names of the user's own, without reading a secret."""
        kept = {setting.name: setting for setting in self._settings.all()}
        names = [provider.name for provider in PROVIDERS]
        names += [name for name in kept if name not in names]
        return tuple(self._state(provider_named(name), kept.get(name, ProviderSetting(name))) for name in names)

    def route(self, model: str) -> Route:
        """Return where a model's name leads. Raises `UsageError`."""
        return route_of(model, {setting.name for setting in self._settings.all()})

    def access_to(self, provider: Provider) -> Access:
        """Return the key, the address and the headers for a provider."""
        kept = self._settings.of(provider.name)
        state = self._state(provider, kept)
        is_kept = kept.has_key or provider.name in self._this_run
        key = self._secrets.get(_key_name(provider.name)) if is_kept else None
        if key is None and (variable := self._variable(provider)) is not None:
            key = Secret(self._environment[variable])
        held = self._secrets.get(_headers_name(provider.name)) if kept.header_names else None
        headers = {name: Secret(value) for name, value in json.loads(held).items()} if held else {}
        return Access(key, state.base_url, headers)

    def put(
        self,
        name: str,
        *,
        key: str | None = None,
        base_url: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> KeptIn | None:
        """Set what is given of a provider and leave the rest; say where its key went. Raises `UsageError`."""
        provider = provider_named(name)
        _check(provider.name, base_url)
        kept, kept_in = self._settings.of(provider.name), None
        if key is not None:
            kept_in = self._secrets.set(_key_name(provider.name), key)
            kept = replace(kept, has_key=kept_in == "keyring")
            (self._this_run.discard if kept.has_key else self._this_run.add)(provider.name)
        if base_url is not None:
            kept = replace(kept, base_url=base_url.rstrip("/") or None)
        if headers is not None:
            self._secrets.set(_headers_name(provider.name), json.dumps(dict(headers)))
            kept = replace(kept, header_names=tuple(sorted(headers)))
        self._settings.put(kept)
        return kept_in

    def remove(self, name: str) -> bool:
        """Forget the key, the address and the headers of a provider; say whether anything was set."""
        told = provider_named(name).name
        self._secrets.delete(_key_name(told))
        self._secrets.delete(_headers_name(told))
        self._this_run.discard(told)
        return self._settings.remove(told)

    def _state(self, provider: Provider, kept: ProviderSetting) -> ProviderState:
        variable = self._variable(provider)
        source = KeySource.NONE if variable is None else KeySource.ENVIRONMENT
        if kept.has_key or provider.name in self._this_run:
            source = KeySource.KEYRING if kept.has_key else KeySource.MEMORY
        address_variable = next(
            (name for name in _BASE_URL_VARIABLES.get(provider.name, ()) if self._environment.get(name)), None
        )
        if kept.base_url is not None:
            address_variable = None
        told = self._environment[address_variable] if address_variable else provider.base_url
        return ProviderState(
            provider,
            source,
            variable if source is KeySource.ENVIRONMENT else None,
            kept.base_url or told,
            address_variable,
            kept.header_names,
        )

    def _variable(self, provider: Provider) -> str | None:
        return next((name for name in provider.key_variables if self._environment.get(name)), None)


def _check(name: str, base_url: str | None) -> None:
    if not name or "/" in name or any(character.isspace() for character in name):
        raise UsageError(f"{name!r} is no name of a provider.", "Use letters, digits, - and _.")
    if base_url and not base_url.startswith(("http://", "https://")):
        raise UsageError(f"{base_url!r} is no base URL.", "It begins with http:// or https://.")


def _key_name(name: str) -> str:
    return f"provider-key:{name}"


def _headers_name(name: str) -> str:
    return f"provider-headers:{name}"
