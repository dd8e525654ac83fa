"""The telemetry store: one DuckDB file, written by the indexer alone, read by everyone else."""
