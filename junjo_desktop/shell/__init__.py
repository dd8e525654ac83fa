"""The frame around the features: main window, navigation, commands, notices, crash hooks."""
