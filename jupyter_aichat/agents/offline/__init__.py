"""The offline analyst: agents that plan with rules, for when no model is configured.

`OfflineChatModel` takes a model's place in the same graphs with the same tools: `plan` tells the next step of an agent
from its messages. The supervisor hands over (`supervisor`), the analyst finds the table, learns its columns and has
figures calculated (`analyst`), the writer makes a report (`writer`). What a sentence says is read in three layers:
`intent` (without knowing the table), `slots` (with its columns), `followup` (with the questions before it).
"""

from jupyter_aichat.agents.offline.model import OfflineChatModel

__all__ = ["OfflineChatModel"]
