"""What a query can be asked of; for those who build on the store."""

from junjo_desktop.telemetry.query.subject import Subject

__all__ = ["Subject"]
