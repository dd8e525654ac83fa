"""The graph of a run: what was laid down, and which way the run took. `layout*.py` and `picture*.py` are Qt-free."""
