"""From the terminal: `jupyter aichat ask "…"` and `jupyter aichat health`. A client of the wire like any other.

It starts fast, so it imports neither pydantic nor anything of the server's side; what it knows of the wire is checked
against `protocol` in its tests.
"""
