"""Models of this server: which one answers whom, and connecting one without a restart.

The environment and the settings decide for everybody; what a person connects goes before them, for that person only, and is kept in
this process's memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from jupyter_aichat.agents.models.address import parse_address
from jupyter_aichat.agents.models.choice import Chosen, ModelSetting, choose, split_model
from jupyter_aichat.agents.models.discover import list_models, resolve
from jupyter_aichat.agents.models.providers import is_openai_host
from jupyter_aichat.agents.teams import PluginView, Teams
from jupyter_aichat.errors import AichatError, CommandRefused, ModelFailed
from jupyter_aichat.gateway.identity import LOCAL

if TYPE_CHECKING:
    from jupyter_aichat.agents.models.choice import ModelChoice
    from jupyter_aichat.agents.port import Engine
    from jupyter_aichat.gateway.settings import Settings

__all__ = ["Models"]


@dataclass(frozen=True, slots=True)
class _Connected:
    """What a person has connected."""

    setting: ModelSetting
    environment: Mapping[str, str]
    keys: Mapping[str, SecretStr] = field(default_factory=dict)


class Models:
    """Chooses and builds; `teams` keeps what was built."""

    def __init__(self, settings: Settings, environment: Mapping[str, str], teams: Teams) -> None:
        self._setting = ModelSetting(settings.model, settings.base_url, settings.context_tokens or None)
        self._environment = environment
        self._teams = teams
        self._connected: dict[str, _Connected] = {}
        self._chosen: dict[tuple[str, str | None], Chosen] = {}

    async def engine_for(self, owner: str, model: str | None) -> Engine:
        """The team that answers an owner's message, with the model that it asks for and the agents that there are now.

        Raises `CommandRefused` for a model that cannot be.
        """
        chosen = await self._choose(owner, model)
        return await asyncio.to_thread(self._teams.engine, chosen, self._resolver(owner))

    async def current(self, owner: str) -> ModelChoice:
        """The model that answers when a message names none."""
        return (await self._choose(owner, None)).choice

    async def health(self, owner: str) -> dict[str, Any]:
        """The model in use and why, without its key. `connected`: the owner has chosen it, and can go back."""
        view = _view(await self.current(owner))
        return {**view, "connected": True} if owner in self._connected else view

    async def offered(self, owner: str) -> list[dict[str, str]]:
        """The models that the server in use lists, the one in use first."""
        chosen = await self._choose(owner, None)
        current = chosen.choice
        names = [current.name]
        if current.provider == "openai":
            try:
                listed = await list_models(current, chosen.credentials)
            except ModelFailed:
                listed = ()
            names += [m.name for m in listed if m.name != current.name]
        return [{"id": f"{current.provider}:{n}", "provider": current.provider, "label": n} for n in names]

    async def connect(self, owner: str, *, provider: str, base_url: str, model: str, api_key: str) -> None:
        """Use this model for the owner from the next message on.

        Raises `CommandRefused` when the address or the model's name does not fit.
        """
        named = f"{provider}:{model}" if provider and model and not split_model(model)[0] else model
        setting = ModelSetting(named or self._setting.model, base_url or self._setting.base_url)
        try:
            environment = self._lent_to(base_url)
            chosen = choose(setting, environment, {})
            if chosen.choice.offline and api_key:
                setting = replace(setting, model="openai:" + (model or "gpt-5-mini"))
                chosen = choose(setting, environment, {})
        except AichatError as error:
            raise CommandRefused("bad_request", str(error)) from error
        keys = {chosen.choice.host or chosen.choice.provider: SecretStr(api_key)} if api_key else {}
        self._connected[owner] = _Connected(setting, environment, keys)
        self._forget(owner)
        await self.current(owner)

    def keys(self) -> list[str]:
        """All keys that people have connected: secret, wherever they are seen."""
        return [key.get_secret_value() for one in self._connected.values() for key in one.keys.values()]

    async def disconnect(self, owner: str) -> None:
        """Back to what the environment and the settings say."""
        self._connected.pop(owner, None)
        self._forget(owner)

    async def agents(self) -> dict[str, Any]:
        """Who can answer, and who was offered and cannot, as the files stand now."""
        told: dict[str, Any] = {"agents": await asyncio.to_thread(self._teams.agents)}
        if unusable := await asyncio.to_thread(self._teams.unusable):
            told["unusable"] = unusable
        return told

    async def plugins(self) -> list[PluginView]:
        """What was offered by plugins, with the error where it could not be used."""
        return await asyncio.to_thread(self._teams.plugins)

    async def warm_up(self) -> None:
        """Build the team that answers by default, so that the first message does not wait for it."""
        try:
            await self.engine_for(LOCAL, None)
        except AichatError:
            return  # told to whoever asks

    async def close(self) -> None:
        """Close connections to models."""
        await self._teams.close()

    async def _choose(self, owner: str, model: str | None) -> Chosen:
        known = self._chosen.get((owner, model))
        if known is not None and known.ask is None:
            return known
        connected = self._connected.get(owner)
        setting = connected.setting if connected else self._setting
        if model:
            setting = setting.with_model(model)
        try:
            environment = connected.environment if connected else self._environment
            chosen = await resolve(choose(setting, environment, connected.keys if connected else {}))
        except AichatError as error:
            raise CommandRefused("bad_request", str(error)) from error
        if connected is not None and chosen.choice.url:
            reason = f"You connected {chosen.choice.name} at {chosen.choice.host}."
            chosen = replace(chosen, choice=replace(chosen.choice, reason=reason))
        self._chosen[owner, model] = chosen
        return chosen

    def _resolver(self, owner: str) -> Callable[[str], Chosen]:
        """For agents that name a model of their own."""
        connected = self._connected.get(owner)
        setting = connected.setting if connected else self._setting
        keys = connected.keys if connected else {}
        environment = connected.environment if connected else self._environment
        return lambda model: choose(setting.with_model(model), environment, keys)

    def _lent_to(self, base_url: str) -> Mapping[str, str]:
        """The environment as a typed address gets to see it: the server's own key is for where the server was sent."""
        if not base_url:
            return self._environment
        host = parse_address(base_url, "The address").host
        own = choose(self._setting, self._environment, {}).choice.host
        if host == own or is_openai_host(host):
            return self._environment
        return {name: value for name, value in self._environment.items() if name != "OPENAI_API_KEY"}

    def _forget(self, owner: str) -> None:
        for key in [k for k in self._chosen if k[0] == owner]:
            del self._chosen[key]


def _view(choice: ModelChoice) -> dict[str, Any]:
    view = {
        "id": choice.id,
        "provider": choice.provider,
        "url": choice.url,
        "host": choice.host,
        "local": choice.local,
        "reason": choice.reason,
        "offline": choice.offline,
    }
    return {k: v for k, v in view.items() if v is not None}
