"""Benchmarks, each printed beside its floor: the least a plain program could do in the same run."""
