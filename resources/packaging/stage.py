"""Stage `build/package`: `python -m resources.packaging.stage [FOLDER]`, then run Briefcase in that folder.

Briefcase reads its configuration from pyproject.toml alone. Ours stands in briefcase.toml, so that packaging facts have
a file of their own; here both become one.
"""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path

import tomlkit

ROOT = Path(__file__).parents[2]
CONTENTS = ("junjo_desktop", "resources", "tests", "LICENSE", "README.md", "CHANGELOG.md")


def stage(target: Path) -> Path:
    """Fill `target` (emptied first) with a project that the unmodified Briefcase understands; return it."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    facts = tomllib.loads((ROOT / "briefcase.toml").read_text(encoding="utf-8"))
    project["tool"]["briefcase"] = facts["tool"]["briefcase"]
    # PEP 639 allows patterns here; Briefcase 0.4.7 takes them for file names.
    found = (path for pattern in project["project"]["license-files"] for path in ROOT.glob(pattern))
    project["project"]["license-files"] = sorted(path.relative_to(ROOT).as_posix() for path in found)
    (target / "pyproject.toml").write_text(tomlkit.dumps(project), encoding="utf-8")
    for name in CONTENTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy2(source, target / name)
    return target


if __name__ == "__main__":
    print(stage(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "package"))
