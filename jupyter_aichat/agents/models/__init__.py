"""Models: which one answers and why, how its stream is read, and what its failures mean to a person.

`choice` decides (pure), `discover` asks a server what it has, `build` makes the LangChain model, `failures` explains
what went wrong. `fast_model` is the reading of streams that makes a token cheap; `decode`, `stream`, `idle`,
`tool_deltas` and `retry` are its parts.
"""
