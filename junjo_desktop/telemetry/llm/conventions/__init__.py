"""One module for each convention in which instrumentations describe model calls; `table` says which applies."""
