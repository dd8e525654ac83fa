"""Charts: painted by hand, readable in both themes, by mouse and keyboard."""
