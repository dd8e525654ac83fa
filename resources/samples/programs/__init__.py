"""Small programs that pretend to do a day of work and send true telemetry about it."""
