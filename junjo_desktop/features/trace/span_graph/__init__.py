"""The lens Graph: which spans call which, with how often, how long, and how many failed."""
