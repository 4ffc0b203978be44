"""Measurements of Anhuan on one machine: ``make bench``, or ``python -m bench --help``."""
