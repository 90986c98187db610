//! Limits to the content of one file.

/// The most cells of one file.
pub const MAX_CELLS: usize = 20_000_000;

/// The most rows of one file, blank ones included.
pub const MAX_ROWS: usize = 10_000_000;

/// The most columns of a row: as many as a worksheet can have.
pub const MAX_COLUMNS: usize = 16_384;

/// The longest text of a cell, in bytes; no cell of a ledger comes near it.
pub const MAX_CELL_BYTES: usize = 1 << 20;
