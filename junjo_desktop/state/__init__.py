"""What must survive "delete all telemetry": `state.sqlite3`, its numbered migrations, and facts about SQLite files."""

from junjo_desktop.state.database import BUSY_MS, open_state

__all__ = ["BUSY_MS", "open_state"]
