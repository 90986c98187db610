use thiserror::Error;

/// The reason a file cannot be read as tables of cells.
///
/// The message completes a sentence that begins with the name of the file.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SheetError {
    /// More cells than any ledger has.
    #[error("has more than 20,000,000 cells; split it into smaller files")]
    TooManyCells,
    /// More columns than a worksheet can have.
    #[error("line {line} has more than 16,384 columns")]
    TooManyColumns {
        /// 1-based line or row.
        line: u64,
    },
    /// A cell of more than a mebibyte.
    #[error("line {line} has a cell of {bytes} bytes; the limit is 1,048,576")]
    CellTooLong {
        /// 1-based line or row.
        line: u64,
        /// The length of the cell.
        bytes: usize,
    },
    /// A cell with a NUL, which no text has and no database stores.
    #[error(
        "line {line}, column {column} contains NUL (a zero byte); remove it from the cell, or \
         export the file again"
    )]
    Nul {
        /// 1-based line or row.
        line: u64,
        /// 1-based column.
        column: usize,
    },
    /// A row of more than 16 mebibytes.
    #[error("line {line} starts a row of more than 16 MiB; check that the rows end in line breaks")]
    RowTooLong {
        /// 1-based line.
        line: u64,
    },
    /// More rows, blank ones included, than any export has.
    #[error("has more than 10,000,000 rows; only a plain CSV or Parquet table may have more")]
    TooManyRows,
    /// Compressed content that expands beyond reason.
    #[error("expands to more than {limit}; export it as CSV or in smaller parts")]
    Inflates {
        /// The limit exceeded, such as `1 GiB` or `200 times its size`.
        limit: &'static str,
    },
    /// Bytes that contradict their own format.
    #[error("is damaged: {}", one_line(.0))]
    Damaged(String),
    /// A workbook or archive that is protected by a password.
    #[error("is encrypted; save it without a password")]
    Encrypted,
    /// Content that is not a table.
    #[error("contains no table: {}", one_line(.0))]
    NoTable(String),
    /// XML with a document type (DTD): workbooks and invoices never have one, attacks do.
    #[error("declares an XML document type or entities, which are not allowed")]
    DocumentType,
}

impl SheetError {
    /// The code of the error, from a closed list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyCells => "too_many_cells",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::CellTooLong { .. } => "cell_too_long",
            Self::Nul { .. } => "nul_in_cell",
            Self::RowTooLong { .. } => "row_too_long",
            Self::TooManyRows => "too_many_rows",
            Self::Inflates { .. } => "inflates_too_much",
            Self::Damaged(_) => "damaged_file",
            Self::Encrypted => "encrypted",
            Self::NoTable(_) => "no_table",
            Self::DocumentType => "document_type_declared",
        }
    }
}

/// Makes a problem that quotes the file fit on a line: without control characters, and cut.
fn one_line(problem: &str) -> String {
    problem.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}
