"""A graph in layers, left to right: where its boxes stand and its lines run, how one looks at it, and as a file."""
