"""Receive: OTLP over gRPC, key check, validator, intake journal; what was refused and why."""
