"""The built-in tools: they read, and never write. One module each, offered through the entry-point group."""
