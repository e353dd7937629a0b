"""RunSaver: the checkpoints of unfinished runs, in memory, and one blob to keep while a run waits for a person.

LangGraph's `thread_id` is our run's key. There is no checkpoint database: a run that ends is forgotten, and one that
waits is dumped into its own row of the store. Only LangGraph's public saver contract is used (`aput`, `aput_writes`,
`aget_tuple`, `adelete_thread`). Only the latest checkpoint of each namespace is kept: a run never travels back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import ormsgpack
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from typing_extensions import override

__all__ = ["RunSaver"]

VERSION = 1

Typed = tuple[str, bytes]
"""A value as LangGraph's serializer gives it: how it is encoded, and the bytes."""


@dataclass(slots=True)
class _Slot:
    """The latest checkpoint of one namespace, and what its tasks have written since."""

    id: str
    parent: str | None
    checkpoint: Typed
    metadata: Typed
    writes: dict[tuple[str, int], tuple[str, Typed]] = field(default_factory=dict)


class RunSaver(BaseCheckpointSaver[str]):
    """A checkpointer for runs that begin with `begin` and end with `adelete_thread`."""

    def __init__(self) -> None:
        # None: only LangGraph's own list of plain types is read back; a blob cannot name a class of its choice
        super().__init__(serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        self._runs: dict[str, dict[str, _Slot]] = {}

    @property
    def keys(self) -> frozenset[str]:
        """The runs that something is kept of."""
        return frozenset(self._runs)

    def begin(self, key: str) -> None:
        """Accept the checkpoints of a run, from nothing."""
        self._runs[key] = {}

    @override
    async def adelete_thread(self, thread_id: str) -> None:
        """Forget a run. What a cancelled one still writes afterwards finds no run and is dropped."""
        self._runs.pop(thread_id, None)

    @override
    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Take a checkpoint in the place of the namespace's last one."""
        where: dict[str, Any] = config["configurable"]
        if (run := self._runs.get(where["thread_id"])) is not None:
            run[where.get("checkpoint_ns", "")] = _Slot(
                checkpoint["id"],
                where.get("checkpoint_id"),
                self.serde.dumps_typed(checkpoint),
                self.serde.dumps_typed(metadata),
            )
        return _at(where["thread_id"], where.get("checkpoint_ns", ""), checkpoint["id"])

    @override
    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Take what a task has written since the checkpoint."""
        where: dict[str, Any] = config["configurable"]
        slot = self._runs.get(where["thread_id"], {}).get(where.get("checkpoint_ns", ""))
        if slot is None or slot.id != where["checkpoint_id"]:
            return
        for i, (channel, value) in enumerate(writes):
            at = (task_id, WRITES_IDX_MAP.get(channel, i))
            if at[1] < 0 or at not in slot.writes:  # control writes (negative) are replaced, results stay
                slot.writes[at] = (channel, self.serde.dumps_typed(value))

    @override
    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Give the latest checkpoint of a namespace, or the one asked for if it is still that."""
        where: dict[str, Any] = config["configurable"]
        key, namespace = where["thread_id"], where.get("checkpoint_ns", "")
        slot = self._runs.get(key, {}).get(namespace)
        if slot is None or where.get("checkpoint_id") not in {None, slot.id}:
            return None
        return CheckpointTuple(
            _at(key, namespace, slot.id),
            self.serde.loads_typed(slot.checkpoint),
            self.serde.loads_typed(slot.metadata),
            _at(key, namespace, slot.parent) if slot.parent else None,
            [
                (task, channel, self.serde.loads_typed(value))
                for (task, _), (channel, value) in slot.writes.items()
            ],
        )

    def dump(self, key: str) -> bytes:
        """All that is kept of a run. Raises `KeyError` for a run that did not begin here."""
        slots = [
            [
                namespace,
                slot.id,
                slot.parent,
                slot.checkpoint,
                slot.metadata,
                [[*at, *write] for at, write in slot.writes.items()],
            ]
            for namespace, slot in self._runs[key].items()
        ]
        return ormsgpack.packb([VERSION, slots])

    def load(self, key: str, blob: bytes) -> None:
        """Bring a run back. Raises `ValueError` for a blob of another version of this module."""
        version, slots = ormsgpack.unpackb(blob)
        if version != VERSION:
            raise ValueError(
                f"A checkpoint of version {version!r} cannot be read; this is version {VERSION}."
            )
        self._runs[key] = {
            namespace: _Slot(
                own_id,
                parent,
                tuple(checkpoint),
                tuple(metadata),
                {(task, i): (channel, tuple(value)) for task, i, channel, value in writes},
            )
            for namespace, own_id, parent, checkpoint, metadata, writes in slots
        }


def _at(key: str, namespace: str, checkpoint_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": key, "checkpoint_ns": namespace, "checkpoint_id": checkpoint_id}}
