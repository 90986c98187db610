use chrono::NaiveDate;
use rust_decimal::Decimal as Number;

use sheet::{CellKind, SheetRow};

use super::super::field::Field;
use super::super::notation::{
    Amount, AmountEvidence, AmountFault, DateEvidence, DateFault, DateForm, DateOrder, Decimal,
    canonical_amount, canonical_date, is_unknown_day, serial_day,
};
use super::super::{Guidance, IntakeError, Note};
use super::Table;
use super::plausible::plausible_order;

/// Notation of amounts and dates in the tables of one file.
#[derive(Debug, Clone)]
pub struct Notation {
    decimal: Decimal,
    order: DateOrder,
    /// True if numbers of five digits are dates: serial days, as spreadsheets store them.
    serial: bool,
    /// The decisions and the evidence for them.
    pub notes: Vec<Note>,
}

impl Notation {
    /// Decides on the notation from every cell of the tables of a file.
    ///
    /// # Errors
    /// If amounts or dates can be read in two ways and neither the user nor the layout says which
    /// ([`IntakeError::AmbiguousDecimal`], [`IntakeError::AmbiguousDates`]).
    pub fn of(
        file: &str,
        tables: &[Table<'_>],
        guidance: &Guidance,
        as_of: Option<NaiveDate>,
    ) -> Result<Self, IntakeError> {
        let mut amounts = AmountEvidence::default();
        let mut dates = DateEvidence::default();
        for table in tables {
            for index in table.body_rows() {
                let row = table.sheet.row(index);
                for column in table.amount_columns() {
                    if row.kind(column) == Some(CellKind::Text) {
                        amounts.take(row.line, row.text(column));
                    }
                }
                let deliveries = table.columns.position(Field::DeliveryDate);
                for column in table.date_columns() {
                    // That a delivery is not known yet is no evidence of how days are written.
                    if Some(column) == deliveries && is_unknown_day(row.text(column)) {
                        continue;
                    }
                    // Numbers too: a serial day may be stored as a plain number.
                    if let Some(CellKind::Text | CellKind::Number) = row.kind(column) {
                        dates.take(row.line, row.text(column));
                    }
                }
            }
        }
        let hint = tables.iter().find_map(|table| table.layout.decimal);
        let decimal = amounts.decide(guidance.decimal, hint).map_err(|ambiguous| {
            IntakeError::AmbiguousDecimal { file: file.to_owned(), ambiguous }
        })?;
        let hint = tables.iter().find_map(|table| table.layout.date_order);
        let (order, evidence) = match dates.decide(guidance.date_order, hint) {
            Ok(decided) => (decided.value, decided.evidence),
            Err(ambiguous) if dates.has_votes() => {
                return Err(IntakeError::AmbiguousDates { file: file.to_owned(), ambiguous });
            }
            // No date settles the order alone, but the rest of the report may rule one order out.
            Err(ambiguous) => match plausible_order(tables, as_of) {
                Some((order, evidence)) => (DateForm::Written(order), evidence),
                None => {
                    return Err(IntakeError::AmbiguousDates { file: file.to_owned(), ambiguous });
                }
            },
        };
        let note = |code, message: &str| Note::new(code, format!("{file}: {message}"));
        Ok(Self {
            decimal: decimal.value,
            order: match order {
                DateForm::Written(order) => order,
                // No cell is left that this order would concern.
                DateForm::Serial => DateOrder::Ymd,
            },
            serial: order == DateForm::Serial,
            notes: vec![note("decimal", &decimal.evidence), note("date_order", &evidence)],
        })
    }

    /// The amount in a cell; `None` if it is empty or only a dash.
    ///
    /// # Errors
    /// If the cell holds something else than an amount in this notation.
    pub fn amount<'r>(
        &self,
        row: SheetRow<'r>,
        column: usize,
    ) -> Result<Option<Amount<'r>>, AmountFault> {
        let text = row.text(column);
        let read = match row.kind(column) {
            None => return Ok(None),
            // The sheet writes numbers with a point, whatever mark the texts of the file use.
            Some(CellKind::Number) => canonical_amount(text, Decimal::Point),
            Some(CellKind::Error) => Err(AmountFault::Error),
            Some(CellKind::Formula) => Err(AmountFault::Formula),
            Some(CellKind::Date | CellKind::Bool) => Err(AmountFault::Bad),
            Some(CellKind::Text) => canonical_amount(text, self.decimal),
        };
        match read {
            Ok(amount) => Ok(Some(amount)),
            Err(AmountFault::Nothing) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// The amount in a cell as a number, credits negative; `None` if there is none or it cannot be
    /// read.
    pub fn number(&self, row: SheetRow<'_>, column: usize) -> Option<Number> {
        self.amount(row, column).ok().flatten().and_then(|amount| amount.number())
    }

    /// The date in a word of a title, in the date order of the file.
    pub fn read_date(&self, word: &str) -> Option<NaiveDate> {
        let word = word.trim_matches([',', '.', ':', ';', '(', ')']);
        canonical_date(word, self.order).ok()
    }

    /// The date in a cell; `None` if it is empty.
    ///
    /// # Errors
    /// If the cell holds something else than a date in this notation.
    pub fn date(&self, row: SheetRow<'_>, column: usize) -> Result<Option<NaiveDate>, DateFault> {
        let text = row.text(column);
        let serial = || serial_day(text).ok_or(DateFault::Bad);
        match row.kind(column) {
            None => Ok(None),
            Some(CellKind::Bool | CellKind::Error) => Err(DateFault::Bad),
            Some(CellKind::Formula) => Err(DateFault::Formula),
            Some(CellKind::Number) if text.len() == 5 => serial().map(Some),
            Some(CellKind::Text) if self.serial && text.len() == 5 => serial().map(Some),
            Some(CellKind::Date | CellKind::Number | CellKind::Text) => {
                canonical_date(text, self.order).map(Some)
            }
        }
    }
}
