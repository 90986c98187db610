"""The factorage command from Python: arguments in, polars frames out. No formula is written here.

The program is the one that FACTORAGE names, else the one that cargo has built, else the one on the
path. Paths are relative to the project.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import polars as pl

PROJECT = Path(__file__).resolve().parent.parent


def program() -> str:
    """The command."""
    built = [PROJECT / "target" / kind / "factorage" for kind in ("release", "debug")]
    found = [str(path) for path in built if path.is_file()]
    named = os.environ.get("FACTORAGE") or next(iter(found), None) or shutil.which("factorage")
    if not named:
        raise FileNotFoundError("factorage: build it with `cargo build --release`")
    return named


def run(*arguments: object, stdin: str | None = None) -> str:
    """Runs the command in the project's folder and returns what it prints.

    Raises RuntimeError with its own sentence when it fails.
    """
    words = [program(), *map(str, arguments)]
    done = subprocess.run(
        words, cwd=PROJECT, input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"exit code {done.returncode}")
    return done.stdout


def ingest(*files: str) -> dict[str, Any]:
    """A ledger as it was read: counts, invoices, settlements, warnings, rejects."""
    return json.loads(run("ingest", *files, "--json"))


def evaluate(*files: str, **options: object) -> dict[str, Any]:
    """The document of a purchase offer; options are those of the command line, as_of="2026-06-30"."""
    return json.loads(run("evaluate", *files, "--json", *_flags(options)))


def backtest(*files: str, origins: list[str], **options: object) -> dict[str, Any]:
    """The scoring model tested on days in the past of a ledger."""
    flags = _flags(options)
    return json.loads(run("backtest", *files, "--origins", ",".join(origins), "--json", *flags))


def report(portfolio: str, **options: object) -> dict[str, Any]:
    """The risk report of a portfolio: a section is a dictionary of tables."""
    return json.loads(run("report", portfolio, "--json", *_flags(options)))


def calc(name: str, **values: object) -> dict[str, Any]:
    """A published formula; the keys are those of `factorage calc NAME --help`."""
    return json.loads(run("calc", name, stdin=json.dumps(values)))


def generate(path: Path, **options: object) -> Path:
    """Writes a synthetic ledger, the same for the same seed."""
    run("generate", "--out", path, *_flags(options))
    return path


def frame(rows: list[dict[str, Any]], numbers: tuple[str, ...] = ()) -> pl.DataFrame:
    """Rows as a frame; the columns in `numbers`, amounts as decimal texts, become numbers."""
    table = pl.DataFrame(rows, infer_schema_length=None)
    return table.with_columns(pl.col(name).cast(pl.Float64) for name in numbers)


def _flags(options: dict[str, object]) -> list[str]:
    """Options as the command line has them; one that is True stands without a value."""
    names = {f"--{name.replace('_', '-')}": value for name, value in options.items()}
    return [name if value is True else f"{name}={value}" for name, value in names.items()]
