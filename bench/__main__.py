"""``make bench``: runs every ``bench/bench_*.py`` and fails when a target is missed.

``--trust FILE`` writes what was shown of the properties people must be able to trust, in the form
of ``tests/trust``; ``--only NAME`` runs one file.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import bench


def main() -> int:
    """Run all benchmarks; 1 when any missed its target."""
    told = argparse.ArgumentParser(prog="python -m bench")
    told.add_argument("--trust", metavar="FILE", type=Path)
    told.add_argument("--only", metavar="NAME")
    asked = told.parse_args()
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__, "bench."))
    names = [name for name in names if name.startswith(f"bench.{asked.only or 'bench_'}")]
    modules = [importlib.import_module(name) for name in names]
    met = [module.main() for module in modules]
    if asked.trust:
        shown: dict[str, Any] = {}
        for module in modules:
            shown |= getattr(module, "SHOWN", {})
        text = json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True)
        asked.trust.write_text(text + "\n", "utf-8")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
