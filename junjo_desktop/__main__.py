"""`python -m junjo_desktop` and the `junjo-desktop` command."""

from __future__ import annotations

import sys

from junjo_desktop.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
