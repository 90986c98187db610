//! How much one file may hold.

/// The most cells that one file may hold.
pub const MAX_CELLS: usize = 20_000_000;

/// The most rows, blank ones among them, that one file may hold.
pub const MAX_ROWS: usize = 10_000_000;

/// The most columns that a row may span: as many as a worksheet can have.
pub const MAX_COLUMNS: usize = 16_384;

/// The longest cell: more is no cell of a ledger.
pub const MAX_CELL_BYTES: usize = 1 << 20;
