"""Log records as lists and panes show them: how severe, when, and one record whole."""
