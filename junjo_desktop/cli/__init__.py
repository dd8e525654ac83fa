"""The command line. Qt-free but for the window itself; each command loads only what it needs."""
