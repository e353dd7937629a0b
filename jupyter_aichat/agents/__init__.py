"""Who does it: agents, their tools and models, and the engine that runs them as one team."""
