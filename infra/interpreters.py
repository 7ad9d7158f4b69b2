"""Finds a Python interpreter of a given version on this machine; knows where they usually are, installs none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def interpreter(version: str) -> Path | None:
    """A working interpreter of `version` ("3.13"), or None."""
    return next((path for path in _candidates(version) if _is(path, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    yield Path(sys.executable)
    for folder in os.get_exec_path():
        yield Path(folder) / f"python{version}"
    # a pyenv shim exists for versions that are not switched on, so the versions themselves are asked too
    for pattern in (".pyenv/versions/{}.*/bin/python{}", ".local/share/uv/python/cpython-{}.*/bin/python{}"):
        yield from sorted(Path.home().glob(pattern.format(version, version)))


def _is(path: Path, version: str) -> bool:
    if not path.is_file():
        return False
    asked = [str(path), "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - a file named python
    return said.stdout.strip() == version


if __name__ == "__main__":
    sys.stdout.write(f"{interpreter(sys.argv[1]) or sys.executable}\n")
