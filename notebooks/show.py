"""Tables as a reader wants them, and the figures that the tests compare."""

import zlib
from collections.abc import Sequence

import polars as pl
from great_tables import GT
from IPython.display import display


def table(
    frame: pl.DataFrame,
    amounts: Sequence[str] = (),
    shares: Sequence[str] = (),
    decimals: dict[str, int] | None = None,
    labels: dict[str, str] | None = None,
) -> None:
    """Shows a frame: `amounts` with two decimals, `shares` of one as percents, others as they are.

    `decimals` gives further numbers their decimals, `labels` columns other titles than their names.
    """
    titles = {name: name.replace("_", " ") for name in frame.columns} | (labels or {})
    # An id of its own content: the same table is the same bytes in every run.
    shown = GT(frame, id=f"t{zlib.crc32(repr(frame.rows()).encode()):08x}")
    shown = shown.cols_label(titles).fmt_number(list(amounts), decimals=2)
    shown = shown.fmt_percent(list(shares), decimals=1)
    for name, places in (decimals or {}).items():
        shown = shown.fmt_number(name, decimals=places)
    html = shown.sub_missing(missing_text="").as_raw_html()
    display({"text/html": html, "text/plain": str(frame)}, raw=True)


def figures(**values: float | str | None) -> None:
    """Shows the figures that the tests compare with a fresh run."""
    plain = {name: round(v, 9) if isinstance(v, float) else v for name, v in values.items()}
    text = "\n".join(f"{name:<40} {value}" for name, value in plain.items())
    display({"application/json": plain, "text/plain": text}, raw=True)
