"""Exceptions: one class for each family of reasons. Generated from the core's table (`cargo xtask python`)."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias
