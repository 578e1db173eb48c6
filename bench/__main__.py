"""``make bench``: runs every ``bench/bench_*.py`` and fails when a target is missed."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench


def main() -> int:
    """Run all benchmarks; 1 when any missed its target."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__, "bench."))
    met = [
        importlib.import_module(name).main() for name in names if name.startswith("bench.bench_")
    ]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
