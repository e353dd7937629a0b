"""Large artifacts inside a transaction: kept whole beside the log, one row for each form."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from jupyter_aichat.store.schema import ARTIFACT
from jupyter_aichat.store.scope import Scope

__all__ = ["ArtifactScope"]


class ArtifactScope(Scope):
    """The part of a transaction that knows artifacts. Whose thread it is has been asked before."""

    def keep_artifact(self, thread_id: str, artifact_id: str, forms: Mapping[str, bytes]) -> None:
        """Keep all forms of an artifact, by MIME type. One that is kept already stays as it is."""
        self._writing()
        mine = (ARTIFACT.c.thread_id == thread_id, ARTIFACT.c.id == artifact_id)
        if self._connection.execute(sa.select(ARTIFACT.c.mime).where(*mine)).first() is not None:
            return
        rows = [
            {"thread_id": thread_id, "id": artifact_id, "mime": mime, "data": data}
            for mime, data in forms.items()
        ]
        if rows:
            self._connection.execute(sa.insert(ARTIFACT), rows)

    def artifact(self, thread_id: str, artifact_id: str, mime: str) -> bytes | None:
        """One form of an artifact; `None`: it is not kept."""
        mine = (ARTIFACT.c.thread_id == thread_id, ARTIFACT.c.id == artifact_id, ARTIFACT.c.mime == mime)
        data: bytes | None = self._connection.execute(sa.select(ARTIFACT.c.data).where(*mine)).scalar()
        return None if data is None else bytes(data)
