"""Tornado and Jupyter Server: the extension, its routes, sockets, and the only composition root."""
