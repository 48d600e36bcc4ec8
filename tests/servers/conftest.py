import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import running_server  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    """Builds once; when that fails, every test says so without trying again."""
    running_server.binary()
