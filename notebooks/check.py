"""Executes the notebooks anew and compares the figures that they show with those committed."""

import argparse
import math
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent


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
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    return one == other


def differences(name: str, committed: list[dict], fresh: list[dict]) -> list[str]:
    """A sentence for each figure that differs."""
    if not committed:
        return [f"{name}: no figures are committed"]
    if [sorted(own) for own in committed] != [sorted(own) for own in fresh]:
        return [f"{name}: the figures have other names than those committed"]
    pairs = [(key, old[key], new[key]) for old, new in zip(committed, fresh) for key in old]
    return [
        f"{name}: {key} is {new}, committed is {old}"
        for key, old, new in pairs
        if not same(old, new)
    ]


def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook with fresh outputs, run top to bottom in a kernel of its own."""
    fresh = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": FOLDER}}
    NotebookClient(fresh, timeout=600, kernel_name="python3", resources=where).execute()
    return fresh


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path, help="only these; all without any")
    parser.add_argument("--write", action="store_true", help="keep the fresh outputs instead")
    asked = parser.parse_args()
    wrong = []
    for path in asked.notebooks or sorted(FOLDER.glob("*.ipynb")):
        committed = nbformat.read(path, as_version=4)
        start = time.monotonic()
        fresh = executed(path)
        took = time.monotonic() - start
        print(f"{path.name}: {took:.0f} s, {sum(map(len, figures(fresh)))} figures", flush=True)
        if asked.write:
            for cell in fresh.cells:
                cell.metadata.pop("execution", None)
            fresh.metadata.pop("language_info", None)
            nbformat.write(fresh, path)
        else:
            wrong += differences(path.name, figures(committed), figures(fresh))
    print("\n".join(wrong) or "every figure is as committed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
