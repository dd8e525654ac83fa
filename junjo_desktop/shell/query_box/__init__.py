"""The query box: one language above every list. `box.QueryBox` makes a search field understand it."""
