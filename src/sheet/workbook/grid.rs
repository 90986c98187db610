use super::super::{CellKind, MAX_CELLS, MAX_COLUMNS, Sheet, SheetError};

/// The most rows of a worksheet.
pub(super) const MAX_ROWS: u64 = 1_048_576;

/// The most blank rows between two rows that become empty rows; a longer gap is left out, so that a
/// cell in the last row of a worksheet does not make a million of them.
const MAX_GAP: u64 = 1_000;

/// The most bytes of text in all cells of a workbook. A long text that many cells share takes
/// little room in the file, but here every cell has a copy.
const MAX_TEXT: usize = 512 << 20;

/// The part of the limits that the worksheets of a workbook have used up together.
#[derive(Debug, Default)]
pub(super) struct Budget {
    cells: Count,
    looks: Count,
    rows: usize,
}

/// A number of cells and the bytes of their texts.
#[derive(Debug, Default)]
struct Count {
    cells: usize,
    text: usize,
}

impl Count {
    /// Counts a cell. Empty ones count too, as they take time if not memory.
    fn add(&mut self, bytes: usize) -> Result<(), SheetError> {
        self.cells += 1;
        self.text = self.text.saturating_add(bytes);
        if self.cells > MAX_CELLS {
            return Err(SheetError::TooManyCells);
        }
        if self.text > MAX_TEXT {
            return Err(SheetError::Inflates { limit: "512 MiB of text" });
        }
        Ok(())
    }
}

impl Budget {
    fn row(&mut self) -> Result<(), SheetError> {
        // Of all worksheets together: each alone may have a million.
        self.rows += 1;
        if self.rows > MAX_CELLS { Err(SheetError::TooManyCells) } else { Ok(()) }
    }
}

/// A worksheet under construction.
///
/// Rows and columns must ascend. Blank rows are added between rows with text, whether the file
/// lists them or not, so that all formats give the same rows.
pub(super) struct Grid<'b> {
    sheet: Sheet,
    budget: &'b mut Budget,
    row: u64,
    hidden: bool,
    written: u64,
    next_column: usize,
}

impl<'b> Grid<'b> {
    /// Creates a worksheet without rows.
    pub(super) fn new(name: &str, hidden: bool, budget: &'b mut Budget) -> Self {
        let mut sheet = Sheet::new(name);
        sheet.hidden = hidden;
        Self { sheet, budget, row: 0, hidden: false, written: 0, next_column: 0 }
    }

    /// The 1-based number of the current row; 0 before the first one.
    pub(super) fn line(&self) -> u64 {
        self.row
    }

    /// The 0-based column after the last cell of the current row.
    pub(super) fn next_column(&self) -> usize {
        self.next_column
    }

    /// Moves to the row with this 1-based number.
    ///
    /// # Errors
    /// If rows do not ascend, or if the number is beyond what a worksheet can have.
    pub(super) fn row(&mut self, number: u64, hidden: bool) -> Result<(), SheetError> {
        if number == 0 || number > MAX_ROWS {
            let problem = format!("a row has the number {number}, expected 1 to {MAX_ROWS}");
            return Err(SheetError::Damaged(problem));
        }
        if number <= self.row {
            let problem = format!("row {number} comes after row {}; rows must ascend", self.row);
            return Err(SheetError::Damaged(problem));
        }
        (self.row, self.hidden, self.next_column) = (number, hidden, 0);
        Ok(())
    }

    /// Adds a cell to the current row; one without text only occupies its column.
    ///
    /// # Errors
    /// If a limit is exceeded, if columns do not ascend, or if there is no row yet.
    pub(super) fn cell(
        &mut self,
        column: usize,
        kind: CellKind,
        text: &str,
    ) -> Result<(), SheetError> {
        let is_blank = text.trim().is_empty();
        self.budget.cells.add(text.trim().len())?;
        if column >= MAX_COLUMNS {
            return Err(SheetError::TooManyColumns { line: self.row });
        }
        if self.row == 0 || column < self.next_column {
            let problem = format!("a cell of row {} is out of order", self.row);
            return Err(SheetError::Damaged(problem));
        }
        self.next_column = column + 1;
        if is_blank {
            return Ok(());
        }
        // Started only now, so that rows without text cost nothing.
        if self.written < self.row {
            self.start_row()?;
        }
        self.sheet.push(column, kind, text)
    }

    /// Counts a cell that is read before it is known how often its row repeats.
    ///
    /// # Errors
    /// If there are too many cells or too much text.
    pub(super) fn look_at_cell(&mut self, bytes: usize) -> Result<(), SheetError> {
        self.budget.looks.add(bytes)
    }

    fn start_row(&mut self) -> Result<(), SheetError> {
        let first_blank = self.written + 1;
        // Rows above the first text are no gap: a table may begin anywhere.
        if self.written > 0 && self.row - first_blank <= MAX_GAP {
            for line in first_blank..self.row {
                self.budget.row()?;
                self.sheet.start_row(line, false);
            }
        }
        self.budget.row()?;
        self.sheet.start_row(self.row, self.hidden);
        self.written = self.row;
        Ok(())
    }

    /// The finished worksheet.
    pub(super) fn finish(self) -> Sheet {
        self.sheet
    }
}
