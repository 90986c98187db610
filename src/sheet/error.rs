use thiserror::Error;

/// Why a file cannot be read as tables of cells; the file's name is put before it.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SheetError {
    /// More cells than any ledger has.
    #[error("holds more than 20,000,000 cells")]
    TooManyCells,
    /// More columns than a worksheet can have.
    #[error("line {line} spans more than 16,384 columns")]
    TooManyColumns {
        /// 1-based line or row.
        line: u64,
    },
    /// A cell beyond a mebibyte.
    #[error("line {line} holds a cell of {bytes} bytes; a cell of a ledger has at most 1,048,576")]
    CellTooLong {
        /// 1-based line or row.
        line: u64,
        /// Its length.
        bytes: usize,
    },
    /// A row beyond 16 mebibytes.
    #[error("line {line} begins a row of more than 16 MiB, which no ledger has")]
    RowTooLong {
        /// 1-based line.
        line: u64,
    },
    /// More rows, blank ones among them, than any export has.
    #[error("holds more than 10,000,000 rows in a layout that is not plain")]
    TooManyRows,
    /// Compressed content that inflates beyond reason.
    #[error("inflates to more than {limit}, which no ledger does")]
    Inflates {
        /// The limit that was passed: `1 GiB` or `200 times its size`.
        limit: &'static str,
    },
    /// Bytes that contradict their own format.
    #[error("is damaged: {}", one_line(.0))]
    Damaged(String),
    /// A workbook or archive under a password.
    #[error("is encrypted; save it without a password")]
    Encrypted,
    /// Nothing that could be a table.
    #[error("holds no table: {}", one_line(.0))]
    NoTable(String),
    /// XML with a document type, which invoices never have and attacks do.
    #[error("declares a document type or entities, which no invoice does")]
    DocumentType,
}

impl SheetError {
    /// The code of the refusal, from a closed list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyCells => "too_many_cells",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::CellTooLong { .. } => "cell_too_long",
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

/// A problem that quotes the file, as one line of an error: no control characters, and an end.
fn one_line(problem: &str) -> String {
    problem.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}
