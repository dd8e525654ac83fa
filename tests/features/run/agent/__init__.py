"""The panel of an agent's run."""
