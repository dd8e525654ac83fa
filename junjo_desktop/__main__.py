"""`python -m junjo_desktop` and the `junjo-desktop` command."""

from __future__ import annotations

import os
import sys

# gRPC reads these when it is first imported. Its own lines on stderr repeat what we say in sentences, or are noise;
# and we never fork a process that goes on to use gRPC, which its fork handlers would slow down and remark on.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")


def main() -> int:
    """Run the command line, or the child process that calls models."""
    if sys.argv[1:] == ["--generation-worker"]:  # the app starts itself: see `generation.worker`
        from junjo_desktop.generation.worker_child import main as run
    else:
        from junjo_desktop.cli.main import main as run
    return run()


if __name__ == "__main__":
    sys.exit(main())
