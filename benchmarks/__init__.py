"""Measurements, one file per question; each runs by itself, as in ``python -m benchmarks.eager``."""
