"""The factorage command from Python: arguments in, polars frames out. No formula is written here.

The program is the one that FACTORAGE names, else the one that cargo has built last, else the one on
the path. Paths are relative to the project's folder, not to that of the notebook.
"""

import json
import os
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

PROJECT = Path(__file__).resolve().parent.parent


def program() -> str:
    """The command: of those that cargo has built the newest."""
    built = [PROJECT / "target" / kind / "factorage" for kind in ("release", "debug")]
    found = [path for path in built if path.is_file()]
    newest = max(found, key=lambda path: path.stat().st_mtime, default=None)
    named = os.environ.get("FACTORAGE") or newest or shutil.which("factorage")
    if not named:
        raise FileNotFoundError("factorage: build it with `cargo build --release`")
    return str(named)


def run(*arguments: object, stdin: str | None = None) -> str:
    """Runs the command in the project's folder and returns what it prints.

    Raises RuntimeError with its own sentence when it fails.
    """
    words = [program(), *map(str, arguments)]
    done = subprocess.run(
        words, cwd=PROJECT, input=stdin, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"exit code {done.returncode}")
    return done.stdout


def document(*arguments: object, stdin: str | None = None) -> dict[str, Any]:
    """What the command prints as JSON.

    Raises ValueError naming the program when that is none.
    """
    text = run(*arguments, stdin=stdin)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{program()} does not print JSON: {text[:80]!r}") from error


def ingest(*files: str, **options: object) -> dict[str, Any]:
    """A ledger as it was read: counts, invoices, settlements, warnings, rejects."""
    return document("ingest", *files, "--json", *_flags(options))


def evaluate(*files: str, **options: object) -> dict[str, Any]:
    """The document of a purchase offer; options are those of the command line, as_of="2026-06-30"."""
    return document("evaluate", *files, "--json", *_flags(options))


def backtest(*files: str, origins: list[str], **options: object) -> dict[str, Any]:
    """The scoring model tested on days in the past of a ledger."""
    flags = _flags(options | {"origins": ",".join(origins)})
    return document("backtest", *files, "--json", *flags)


def report(portfolio: str, **options: object) -> dict[str, Any]:
    """The risk report of a portfolio: a section is a dictionary of tables."""
    return document("report", portfolio, "--json", *_flags(options))


def calc(name: str, **values: object) -> dict[str, Any]:
    """A published formula; the keys are those of `factorage calc NAME --help`."""
    return document("calc", name, stdin=json.dumps(values))


def generate(path: Path, **options: object) -> Path:
    """Writes a synthetic ledger, the same for the same seed."""
    run("generate", "--out", path, *_flags(options))
    return path


def frame(rows: list[dict[str, Any]], numbers: tuple[str, ...] = ()) -> pl.DataFrame:
    """Rows as a frame; the columns in `numbers`, amounts as decimal texts, become numbers."""
    table = pl.DataFrame(rows, infer_schema_length=None)
    return table.with_columns(pl.col(name).cast(pl.Float64) for name in numbers)


def month_ends(last: date, count: int) -> list[date]:
    """So many ends of months up to a day, the oldest first."""
    ends = []
    first = (last + timedelta(days=1)).replace(day=1)
    while len(ends) < count:
        ends.append(first - timedelta(days=1))
        first = ends[-1].replace(day=1)
    return ends[::-1]


def _flags(options: dict[str, object]) -> list[str]:
    """Options as the command line has them: True stands without a value, False and None not at all."""
    names = {f"--{name.replace('_', '-')}": value for name, value in options.items()}
    given = {n: v for n, v in names.items() if v is not None and v is not False}
    return [name if value is True else f"{name}={value}" for name, value in given.items()]
