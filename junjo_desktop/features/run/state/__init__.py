"""The state of a store around one update, on the page of a run. `panel.StatePanel` is the part to be placed."""
