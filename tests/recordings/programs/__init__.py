"""The recorded programs. They run in the environment of an SDK, so nothing here imports anything of the app."""
