"""Model calls in one vocabulary (`call`, `steps`), whoever instrumented the program; a module for each convention."""
