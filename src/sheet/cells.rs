//! Rows of cells.
//!
//! Empty cells are not stored, so that the memory of a sheet grows with its content and not with
//! the range it spans. All texts of a sheet are in one string: a text of its own for each of
//! millions of cells would cost several times as much.

use super::error::SheetError;
use super::limits::{MAX_CELL_BYTES, MAX_CELLS, MAX_COLUMNS};
use super::numbers::Numbers;

/// The kind of a cell, as given by the format of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Text, which may look like anything. Every cell of a text file is text.
    Text,
    /// A number in the form `-1234.5`, without exponent.
    Number,
    /// A date as `YYYY-MM-DD`, without its time of day.
    Date,
    /// `true` or `false`.
    Bool,
    /// An error such as `#REF!`.
    Error,
    /// A formula whose value is not in the file; the text is the formula without its `=`.
    Formula,
}

// Twelve bytes a cell: 240 MB for the 20,000,000 that a file may have.
#[derive(Debug, Clone, Copy)]
struct Cell {
    start: u32,
    len: u32,
    column: u16,
    kind: CellKind,
    /// The number of blanks before the text; 255 for more.
    indent: u8,
}

#[derive(Debug, Clone, Copy)]
struct RowSpan {
    /// The index of the row's first cell.
    first_cell: u32,
    /// 1-based line of a text file, row of a worksheet, or record.
    line: u32,
    /// The number of cells in the text, empty ones included; 0 if the format has no such number.
    width: u16,
    hidden: bool,
}

/// One table of a file.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The name of the worksheet, or of the file within an archive; empty for a text file.
    pub name: String,
    /// True if the worksheet is hidden.
    pub hidden: bool,
    /// For each column, what the format tells about its numbers; empty if it tells nothing.
    pub numbers: Vec<Numbers>,
    texts: String,
    cells: Vec<Cell>,
    rows: Vec<RowSpan>,
}

impl Sheet {
    /// Creates an empty sheet.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Starts the next row.
    ///
    /// Rows come in order of line, blank ones included if the format has them.
    pub fn start_row(&mut self, line: u64, hidden: bool) {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        self.rows.push(RowSpan { first_cell: self.cells.len() as u32, line, width: 0, hidden });
    }

    /// Sets the number of cells, empty ones included, that the current row has in its text.
    pub fn set_width(&mut self, cells: usize) {
        if let Some(row) = self.rows.last_mut() {
            row.width = u16::try_from(cells).unwrap_or(u16::MAX);
        }
    }

    /// Adds a cell to the current row, with its text trimmed; columns must ascend.
    ///
    /// An empty cell is not stored.
    ///
    /// # Errors
    /// If the sheet has too many cells or columns, or the text is too long or has a NUL.
    pub fn push(&mut self, column: usize, kind: CellKind, text: &str) -> Result<(), SheetError> {
        let whole = text.trim_end();
        let text = whole.trim_start();
        if text.is_empty() {
            return Ok(());
        }
        let blanks = whole[..whole.len() - text.len()].chars().count();
        let line = self.rows.last().map_or(0, |row| u64::from(row.line));
        if column >= MAX_COLUMNS {
            return Err(SheetError::TooManyColumns { line });
        }
        if self.cells.len() >= MAX_CELLS || self.texts.len() + text.len() > u32::MAX as usize {
            return Err(SheetError::TooManyCells);
        }
        if text.len() > MAX_CELL_BYTES {
            return Err(SheetError::CellTooLong { line, bytes: text.len() });
        }
        if memchr::memchr(0, text.as_bytes()).is_some() {
            return Err(SheetError::Nul { line, column: column + 1 });
        }
        // The limits checked above make these casts exact.
        let start = self.texts.len() as u32;
        self.texts.push_str(text);
        let (len, column) = (text.len() as u32, column as u16);
        let indent = u8::try_from(blanks).unwrap_or(u8::MAX);
        self.cells.push(Cell { start, len, column, kind, indent });
        Ok(())
    }

    /// The number of rows.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// The number of cells that are not empty.
    pub fn cells(&self) -> usize {
        self.cells.len()
    }

    /// The length of the texts of all cells, in bytes.
    pub fn text_bytes(&self) -> usize {
        self.texts.len()
    }

    /// The row at the 0-based `index`.
    pub fn row(&self, index: usize) -> SheetRow<'_> {
        let span = self.rows[index];
        let end = self.rows.get(index + 1).map_or(self.cells.len(), |row| row.first_cell as usize);
        let cells = &self.cells[span.first_cell as usize..end];
        SheetRow {
            texts: &self.texts,
            cells,
            line: u64::from(span.line),
            width: usize::from(span.width),
            hidden: span.hidden,
        }
    }

    /// All rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = SheetRow<'_>> {
        (0..self.height()).map(|index| self.row(index))
    }
}

/// One row of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct SheetRow<'a> {
    texts: &'a str,
    cells: &'a [Cell],
    /// 1-based line of a text file, row of a worksheet, or record.
    pub line: u64,
    /// The number of cells in the text, empty ones included; 0 if the format has no such number.
    pub width: usize,
    /// True if the row is hidden.
    pub hidden: bool,
}

impl<'a> SheetRow<'a> {
    /// The text of the cell in the 0-based `column`; empty if there is no cell.
    pub fn text(&self, column: usize) -> &'a str {
        self.find(column).map_or("", |cell| self.text_of(cell))
    }

    /// The kind of the cell in the 0-based `column`; `None` if there is no cell.
    pub fn kind(&self, column: usize) -> Option<CellKind> {
        self.find(column).map(|cell| cell.kind)
    }

    /// The number of blanks before the text of the cell in the 0-based `column`, which reports use
    /// to indent; 255 for more, and 0 if there is no cell.
    pub fn indent(&self, column: usize) -> u8 {
        self.find(column).map_or(0, |cell| cell.indent)
    }

    /// The column, kind and text of every cell that is not empty.
    pub fn cells(&self) -> impl Iterator<Item = (usize, CellKind, &'a str)> + use<'a> {
        let row = *self;
        self.cells.iter().map(move |cell| (usize::from(cell.column), cell.kind, row.text_of(cell)))
    }

    /// The number of cells that are not empty.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Returns true if all cells are empty.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    fn find(&self, column: usize) -> Option<&'a Cell> {
        let is_it = |cell: &&Cell| usize::from(cell.column) == column;
        // If no cell before it is empty, the cell is at its own column: the common case, without a
        // search.
        self.cells.get(column).filter(is_it).or_else(|| {
            let at = self.cells.binary_search_by_key(&column, |cell| usize::from(cell.column));
            at.ok().map(|at| &self.cells[at])
        })
    }

    fn text_of(&self, cell: &Cell) -> &'a str {
        &self.texts[cell.start as usize..(cell.start + cell.len) as usize]
    }
}
