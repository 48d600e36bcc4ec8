"""What is published of the Python package: the wheels say the truth about themselves, hold what they should, and work
alone; the source distribution builds."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tarfile
import textwrap
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ARCHITECTURE = platform.machine()
TARGET = os.environ.get("CARGO_TARGET_DIR", str(REPOSITORY / "target"))
OLDEST_GLIBC = (2, 17)
MOST_BYTES = 3 * 1024 * 1024
"""Of a wheel. Half of it is SQLite and the events."""
PROGRAM = """
import hookproof, hookproof.testing, logging
from hookproof import *

headers = hookproof.testing.Signer("a1b2c3d4", "the signature secret of your dashboard").headers(body := b"{}")
log, handle = logging.getLogger(), lambda event: print("handled", event.signed)

def answer():
    # README

print(answer(), answer())
"""
ANSWERS = "handled True\nNone 200\n"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that is published, just built."""
    directory = REPOSITORY / "build" / "wheels"
    run([REPOSITORY / "scripts" / "wheel", directory], PYTHON=sys.executable)
    return directory


@pytest.fixture(scope="session")
def wheel(published: Path) -> Path:
    [wheel] = published.glob("*manylinux*.whl")
    return wheel


@pytest.fixture(scope="session")
def source(published: Path) -> Path:
    [source] = published.glob("*.tar.gz")
    return source


@pytest.fixture(scope="session")
def extension(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        return Path(archive.extract("hookproof/_native.abi3.so", directory))


def run(command: list[str | Path], cwd: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def test_one_wheel_for_each_c_library(published: Path) -> None:
    rustlib = Path(run(["rustc", "--print", "sysroot"]).strip()) / "lib/rustlib"
    tags = {"manylinux2014"}
    # Said loudly by scripts/wheel where it is missing.
    if (rustlib / f"{ARCHITECTURE}-unknown-linux-musl").is_dir():
        tags.add("musllinux_1_2")
    found = [path.name for path in published.glob("*.whl")]
    assert len(found) == len(tags) and all(any(tag in name for name in found) for tag in tags)
    assert all(name.split("-")[2:4] == ["cp311", "abi3"] for name in found)


def test_the_tag_is_true(wheel: Path, extension: Path) -> None:
    said = run([sys.executable, "-m", "auditwheel", "show", wheel])
    assert f'following platform tag:\n"manylinux_2_17_{ARCHITECTURE}"' in said.replace("\r", "")
    # What auditwheel says, seen with other eyes.
    versions = re.findall(r"\bGLIBC_(\d+)\.(\d+)", run(["readelf", "--version-info", "--wide", extension]))
    assert versions and max((int(major), int(minor)) for major, minor in versions) <= OLDEST_GLIBC
    dynamic = run(["readelf", "--dynamic", "--wide", extension])
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    assert needed <= {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "libgcc_s.so.1", *loaders()}
    assert "RPATH" not in dynamic and "RUNPATH" not in dynamic


def loaders() -> set[str]:
    return {"ld-linux-x86-64.so.2"} if ARCHITECTURE == "x86_64" else {"ld-linux-aarch64.so.1"}


def test_nothing_but_the_module_is_exported(extension: Path) -> None:
    symbols = run(["nm", "--dynamic", "--defined-only", extension]).split()
    assert symbols[2::3] == ["PyInit__native"]


def test_the_contents(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        info = next(name.split("/")[0] for name in names if ".dist-info/" in name)
        sources = {f"hookproof/{path.name}" for path in (REPOSITORY / "python/hookproof").iterdir() if path.is_file()}
        assert "hookproof/py.typed" in sources and "hookproof/_native.pyi" in sources
        records = {"METADATA", "WHEEL", "RECORD", "licenses/LICENSE-MIT", "licenses/LICENSE-APACHE"}
        assert names == sources | {"hookproof/_native.abi3.so"} | {f"{info}/{name}" for name in records}
        for licence in ("LICENSE-MIT", "LICENSE-APACHE"):
            assert archive.read(f"{info}/licenses/{licence}") == (REPOSITORY / licence).read_bytes()
        here = [str(REPOSITORY), os.environ.get("CARGO_HOME", str(Path.home() / ".cargo"))]
        for name in names:
            assert not any(path.encode() in archive.read(name) for path in here), name
    assert wheel.stat().st_size < MOST_BYTES


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return message_from_string(archive.read(name).decode())


def test_the_metadata(wheel: Path) -> None:
    fields = metadata(wheel)
    assert fields["Name"] == "hookproof" and fields["Requires-Python"] == ">=3.11"
    assert fields["License-Expression"] == "MIT OR Apache-2.0" and fields.get_all("Requires-Dist") is None
    assert f'version = "{fields["Version"]}"' in (REPOSITORY / "Cargo.toml").read_text()
    page = fields.get_payload()
    assert isinstance(page, str) and page.strip() == (REPOSITORY / "python/README.md").read_text().strip()
    assert "markdown" in str(fields["Description-Content-Type"])


def readme_program(directory: Path) -> str:
    """The example of the README, with a request that is signed: handled once, and told to be a repeat then."""
    [code] = re.findall(r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.DOTALL)
    code = code.replace('"/var/lib/app/seen.db"', repr(str(directory / "seen.db")))
    setup, work = code.split("...\n")
    return PROGRAM.replace("def answer", setup + "\ndef answer").replace(
        "# README", textwrap.indent(work, "    ").lstrip()
    )


def installed(wheel: Path, directory: Path) -> Path:
    """The interpreter of an environment that has the wheel and nothing else."""
    run([sys.executable, "-m", "venv", directory])
    python = directory / "bin" / "python"
    run([python, "-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel])
    return python


def test_it_works_alone(wheel: Path, tmp_path: Path) -> None:
    python = installed(wheel, tmp_path / "clean")
    assert run([python, "-I", "-c", readme_program(tmp_path)], cwd=tmp_path) == ANSWERS
    listed = run([python, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"])
    assert {line.split("=")[0] for line in listed.split()} <= {"hookproof", "pip", "setuptools"}


def test_it_compiles_for_free_threads(tmp_path: Path) -> None:
    """No such interpreter is needed for that, and none is there to run it."""
    config = tmp_path / "interpreter.txt"
    config.write_text(
        "implementation=CPython\nversion=3.14\nshared=true\nabi3=false\npointer_width=64\n"
        "build_flags=Py_GIL_DISABLED\nsuppress_build_script_link_lines=true\n"
    )
    run(
        ["cargo", "check", "--quiet", "--locked", "-p", "hookproof-python", "--no-default-features"],
        cwd=REPOSITORY,
        PYO3_CONFIG_FILE=str(config),
        CARGO_TARGET_DIR=f"{TARGET}/free-threads",
    )
    # And the module says that it needs no lock of the interpreter.
    assert "#[pymodule(gil_used = false)]" in (REPOSITORY / "python/src/lib.rs").read_text()


def test_the_sources_build(source: Path, tmp_path: Path) -> None:
    with tarfile.open(source) as archive:
        names = archive.getnames()
        top = names[0].split("/")[0]
        for needed in ("pyproject.toml", "Cargo.lock", "LICENSE-MIT", "LICENSE-APACHE", "core/src/lib.rs"):
            assert f"{top}/{needed}" in names
        assert not [name for name in names if name.endswith((".so", ".pyc", ".whl"))]
    run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"),
            # The tools are those of this environment, and the crates those that are there: nothing is downloaded.
            *("--no-index", "--no-build-isolation", "--wheel-dir", tmp_path, source),
        ],
        cwd=tmp_path,
        # As quick to build as what the other tests use.
        MATURIN_PEP517_ARGS="--profile checked",
        CARGO_NET_OFFLINE="true",
        CARGO_TARGET_DIR=TARGET,
        PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    )
    [built] = tmp_path.glob("*.whl")
    python = installed(built, tmp_path / "clean")
    assert run([python, "-I", "-c", readme_program(tmp_path)], cwd=tmp_path) == ANSWERS
    assert metadata(built).get_payload()
