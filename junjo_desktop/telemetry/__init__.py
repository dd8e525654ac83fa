"""What is observed: spans, logs, intake, and what their attributes mean. No Qt, no SQL, no network."""
