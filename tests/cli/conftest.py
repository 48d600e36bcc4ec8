import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import listening  # noqa: E402


@pytest.fixture(scope="session")
def binary() -> Path:
    """The command, built once."""
    return listening.command()
