"""Executes the notebooks anew and compares what they show with what is committed.

The figures of cells tagged `figures` have to be equal up to rounding; tables and texts of all other
cells up to the last digit that they show. Pictures are not compared.
"""

import argparse
import math
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent

# Every notebook, with how many figures it shows: none is lost unnoticed.
EXPECTED = {
    "01_first_offer.ipynb": 34,
    "02_is_the_model_right.ipynb": 69,
    "03_portfolio_risk.ipynb": 207,
    "04_fee_plans.ipynb": 75,
}

# With these a cell is not run, or may fail.
FORBIDDEN = {"skip-execution", "raises-exception"}

NUMBER = re.compile(r"[-−+]?\d[\d,]*(?:\.\d+)?")
MARKUP = re.compile(r"<style.*?</style>|<[^>]+>", re.DOTALL)


def figures(notebook: nbformat.NotebookNode) -> list[dict]:
    """The JSON outputs of cells that are tagged `figures`, in order."""
    found = []
    for cell in notebook.cells:
        if "figures" in cell.metadata.get("tags", []):
            outputs = cell.get("outputs", [])
            found += [own["data"]["application/json"] for own in outputs if "data" in own]
    return found


def same(one: object, other: object) -> bool:
    """Equal; numbers up to what another platform's exp and ln may change."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


def shown(cell: nbformat.NotebookNode) -> list[str]:
    """What a cell shows, in words: pictures as such."""
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "image/png" in data:
            texts.append("a picture")
        elif "text/html" in data:
            texts += [MARKUP.sub(" ", data["text/html"]), data["text/plain"]]
        else:
            texts.append(data.get("text/plain", output.get("text", "")))
    return texts


def alike(one: str, other: str) -> bool:
    """The same words, and numbers that differ by one in the last digit at most."""
    if NUMBER.split(one) != NUMBER.split(other):
        return False
    for ours, theirs in zip(NUMBER.findall(one), NUMBER.findall(other), strict=True):
        a, b = (float(text.replace(",", "").replace("−", "-")) for text in (ours, theirs))
        digit = 10.0 ** -len(ours.partition(".")[2])
        if not math.isclose(a, b, rel_tol=1e-9, abs_tol=1.01 * digit if "." in ours else 1e-9):
            return False
    return True


def differences(committed: nbformat.NotebookNode, fresh: nbformat.NotebookNode) -> Iterator[str]:
    """A sentence for each thing that differs."""
    ours, theirs = figures(committed), figures(fresh)
    if [sorted(own) for own in ours] != [sorted(own) for own in theirs]:
        yield "the figures have other names than those committed"
        return
    for old, new in zip(ours, theirs, strict=True):
        for key in old:
            if not same(old[key], new[key]):
                yield f"{key} is {new[key]}, committed is {old[key]}"
    for place, (old, new) in enumerate(zip(committed.cells, fresh.cells, strict=True)):
        before, now = shown(old), shown(new)
        if len(before) != len(now) or not all(map(alike, before, now)):
            yield f"cell {place} shows something else than is committed"


def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook with fresh outputs, run top to bottom in a kernel of its own."""
    fresh = nbformat.read(path, as_version=4)
    for cell in fresh.cells:
        if FORBIDDEN & set(cell.metadata.get("tags", [])):
            raise ValueError(f"{path.name}: a cell is tagged {' or '.join(sorted(FORBIDDEN))}")
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    where = {"metadata": {"path": FOLDER}}
    NotebookClient(fresh, timeout=600, kernel_name="python3", resources=where).execute()
    return fresh


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path, help="only these; all without any")
    parser.add_argument("--write", action="store_true", help="keep the fresh outputs instead")
    asked = parser.parse_args()
    # A ledger of the user's own is for the user's own runs.
    for name in ("LEDGER", "ORIGINS"):
        os.environ.pop(name, None)
    wrong = []
    found = {path.name for path in FOLDER.glob("*.ipynb")}
    if found != set(EXPECTED):
        wrong.append(f"the notebooks are {sorted(found)}, expected {sorted(EXPECTED)}")
    for path in asked.notebooks or [FOLDER / name for name in sorted(found)]:
        committed = nbformat.read(path, as_version=4)
        start = time.monotonic()
        fresh = executed(path)
        took = time.monotonic() - start
        count = sum(map(len, figures(fresh)))
        print(f"{path.name}: {took:.0f} s, {count} figures", flush=True)
        if count != EXPECTED.get(path.name):
            wrong.append(f"{path.name}: {count} figures, expected {EXPECTED.get(path.name)}")
        if asked.write:
            for cell in fresh.cells:
                cell.metadata.pop("execution", None)
            fresh.metadata.pop("language_info", None)
            nbformat.write(fresh, path)
        else:
            wrong += [f"{path.name}: {one}" for one in differences(committed, fresh)]
    print("\n".join(wrong) or "every figure, table and text is as committed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
