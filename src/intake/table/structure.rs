use std::ops::Range;

use basics::Currency;
use sheet::Sheet;

use super::super::cell::flag;
use super::super::documents::currency;
use super::super::field::{Columns, Field};
use super::super::layout::Layout;

/// Number of rows above a header that are compared with later rows.
const TITLES: usize = 200;

/// A table found in a sheet.
pub struct Table<'a> {
    pub sheet: &'a Sheet,
    pub layout: &'a Layout,
    pub columns: Columns,
    /// The mark between a customer and its sub-customer in names, if the product has one.
    pub sub_customers: Option<&'a str>,
    /// The currency stated for every row in the header or the titles.
    pub currency: Option<Currency>,
    /// The currency of rows that name none, if nothing else states one.
    pub assumed: Option<Currency>,
    /// A column of yes and no, and the answer that means that an invoice is paid.
    pub paid_flag: Option<(usize, bool)>,
    /// Index of the first row of the table, titles included.
    pub start: usize,
    /// Index of the header row.
    pub header: usize,
    /// The rows above the body that are not blank, at most [`TITLES`]; a later row that repeats one
    /// is a title.
    pub head: Vec<usize>,
    /// Index of the first row below the header, which may have two rows.
    pub body: usize,
    /// Index after the last row.
    pub end: usize,
}

/// Kind of row in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A row above the header, a repeated header, or a footer.
    Title,
    /// The header, of one or two rows.
    Header,
    /// A row without any text.
    Blank,
    /// The name of the debtor or bucket of the rows below it.
    GroupHeader,
    /// The sum of one group.
    Subtotal,
    /// The sum of the whole table.
    Total,
    /// A document.
    Document,
    /// A further line of the document above it.
    Continuation,
    /// Any other row, such as a ruler or percentages.
    Other,
}

impl Table<'_> {
    /// Remembers the rows above the body.
    pub fn take_head(&mut self) {
        let rows = (self.start..self.body).filter(|&at| !self.sheet.row(at).is_empty());
        self.head = rows.take(TITLES).collect();
    }

    /// True if the table begins with a further header of its sheet.
    pub fn is_section(&self) -> bool {
        self.start > 0 && self.start == self.header
    }

    /// All rows, titles included.
    pub fn rows(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The rows below the header.
    pub fn body_rows(&self) -> Range<usize> {
        self.body..self.end
    }

    /// The columns of amounts that add up, ageing buckets included.
    pub fn amount_columns(&self) -> Vec<usize> {
        let fields = Field::all().filter(|f| f.is_amount() && *f != Field::RunningBalance);
        let columns = fields.filter_map(|field| self.columns.position(field));
        let mut columns: Vec<usize> =
            columns.chain(self.columns.buckets().iter().copied()).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// The columns of dates.
    pub fn date_columns(&self) -> Vec<usize> {
        let fields = Field::all().filter(|field| field.is_date());
        fields.filter_map(|field| self.columns.position(field)).collect()
    }

    /// Number of cells of a row, if it has more than the header.
    pub fn width_beyond_header(&self, index: usize) -> Option<usize> {
        let width = self.sheet.row(index).cells().last().map_or(0, |(column, ..)| column + 1);
        (width > self.columns.width()).then_some(width)
    }

    /// Recognises columns that seemed to hold amounts but hold only yes and no, as `Paid` may.
    pub fn recognise_flags(&mut self) {
        // `Open: no` means paid.
        for (field, paid_when) in [(Field::PaidAmount, true), (Field::OpenBalance, false)] {
            let Some(column) = self.columns.position(field) else { continue };
            let texts = self.body_rows().map(|at| self.sheet.row(at).text(column));
            let mut texts = texts.filter(|text| !text.is_empty()).peekable();
            // 0 and 1 are flags too, but here they may be amounts.
            let is_word = |text: &str| text.contains(char::is_alphabetic) && flag(text).is_ok();
            if texts.peek().is_some() && texts.all(is_word) {
                self.columns.unset(field);
                self.paid_flag = Some((column, paid_when));
            }
        }
    }

    /// True if a column of the row names its debtor.
    pub fn names_debtor(&self, index: usize) -> bool {
        let row = self.sheet.row(index);
        let column = |field| self.columns.position(field);
        let columns = [Field::DebtorId, Field::DebtorName].into_iter().filter_map(column);
        columns.map(|at| row.text(at)).any(|text| !text.is_empty())
    }

    /// The currency that the titles state.
    pub fn titled_currency(&self) -> Option<Currency> {
        self.titles().find_map(|title| currency::in_title(&title))
    }

    /// True if the titles say that amounts are in thousands or millions.
    pub fn is_scaled(&self) -> bool {
        self.titles().any(|title| currency::scaled(&title))
    }

    /// The titles: each row above the header as one text.
    pub fn titles(&self) -> impl Iterator<Item = String> + '_ {
        (self.start..self.header).map(|row| {
            let cells: Vec<&str> = self.sheet.row(row).cells().map(|(.., text)| text).collect();
            cells.join(" ")
        })
    }
}
