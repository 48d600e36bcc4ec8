"""Runs vector files through the Python package, as every other language does through its own interface.

python -m conformance [--json] FILE...
"""
