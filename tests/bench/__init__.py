"""Measurements, run by hand: `python -m tests.bench.NAME`. Each prints a table and writes JSON with `--json FILE`."""
