"""The agents that come with the package: one module each, with its `SPEC`."""
