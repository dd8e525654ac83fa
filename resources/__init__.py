"""What the app carries with it, and the programs that made it. Nothing here is imported by the app."""
