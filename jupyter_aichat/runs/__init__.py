"""The use case: a person's message becomes a run, a run becomes events of the thread's log. asyncio only."""
