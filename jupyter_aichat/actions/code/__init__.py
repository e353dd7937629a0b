"""Reading an agent's code without running it: what `jupyter_aichat.actions.effects` is made of."""
