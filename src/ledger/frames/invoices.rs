use polars::prelude::{
    DataFrame, Int64Chunked, IntoColumn, NamedFrom, PlSmallStr, PolarsResult, Series,
    StringChunkedBuilder,
};

use basics::Day;
use intake::{MaybeDay, Row};

use super::super::gathered::Gathered;
use super::columns::{Codes, codes, days, flags, maybe_days, small_codes};

/// The columns of the invoice frame while they are collected, in one pass over the rows.
pub(super) struct Invoices {
    debtor: Vec<u32>,
    number: StringChunkedBuilder,
    issue: Vec<Day>,
    due: Vec<Day>,
    /// Codes; 16 bits hold all currencies of ISO 4217.
    currency: Vec<u16>,
    face: Vec<i64>,
    disputed: Vec<Option<bool>>,
    disputed_date: Vec<MaybeDay>,
    issue_assumed: Vec<bool>,
    due_assumed: Vec<bool>,
    file: Vec<u16>,
    line: Vec<u32>,
    already_assigned: Vec<bool>,
    duplicate_number: Vec<bool>,
    delivered: Option<Vec<MaybeDay>>,
    po_number: Option<StringChunkedBuilder>,
    job: Option<StringChunkedBuilder>,
}

impl Invoices {
    fn with_capacity(count: usize) -> Self {
        Self {
            debtor: Vec::with_capacity(count),
            number: StringChunkedBuilder::new(PlSmallStr::from_static("number"), count),
            issue: Vec::with_capacity(count),
            due: Vec::with_capacity(count),
            currency: Vec::with_capacity(count),
            face: Vec::with_capacity(count),
            disputed: Vec::with_capacity(count),
            disputed_date: Vec::with_capacity(count),
            issue_assumed: Vec::with_capacity(count),
            due_assumed: Vec::with_capacity(count),
            file: Vec::with_capacity(count),
            line: Vec::with_capacity(count),
            already_assigned: Vec::with_capacity(count),
            duplicate_number: Vec::with_capacity(count),
            delivered: None,
            po_number: None,
            job: None,
        }
    }

    fn push(&mut self, row: &Row, number: &str, codes: &Codes) {
        self.debtor.push(row.debtor);
        self.number.append_value(number);
        self.issue.push(row.issue);
        self.due.push(row.due);
        self.currency.push(codes.currency(row.currency) as u16);
        self.face.push(row.face);
        self.disputed.push(row.disputed);
        self.disputed_date.push(row.disputed_on);
        self.issue_assumed.push(row.issue_assumed);
        self.due_assumed.push(row.due_assumed);
        self.file.push(row.file);
        self.line.push(row.line);
        self.already_assigned.push(row.already_assigned);
    }

    /// Collects the rows that are invoices; `repeated` are those that share their number.
    pub fn collect(gathered: &Gathered, repeated: &[usize], codes: &Codes) -> Self {
        let rows = &gathered.rows;
        let invoices = || rows.iter().filter(|row| row.face > 0);
        let count = invoices().count();
        let mut all = Self::with_capacity(count);
        let mut repeated = repeated.iter().peekable();
        for (at, row) in rows.iter().enumerate() {
            // Both are in the order of the rows, so no set has to be searched for each row.
            let is_repeated = repeated.next_if_eq(&&at).is_some();
            if row.face > 0 {
                all.push(row, gathered.number_of(row), codes);
                all.duplicate_number.push(is_repeated);
            }
        }
        if gathered.has_deliveries() {
            let delivered = invoices().map(|row| gathered.delivered_of(row).into());
            all.delivered = Some(delivered.collect());
        }
        if rows.iter().any(|row| row.po_number_len > 0) {
            let po_numbers = invoices().map(|row| gathered.po_number_of(row));
            all.po_number = Some(texts("po_number", count, po_numbers));
        }
        if rows.iter().any(|row| row.job_len > 0) {
            all.job = Some(texts("job", count, invoices().map(|row| gathered.job_of(row))));
        }
        all
    }

    /// The invoice frame.
    pub fn into_frame(self, of: &Codes) -> PolarsResult<DataFrame> {
        let (face, count) = (PlSmallStr::from_static("face"), self.face.len());
        let client = self.debtor.iter().map(|&debtor| of.client_of[debtor as usize]).collect();
        let mut columns = vec![
            codes("client", client),
            codes("debtor", self.debtor),
            self.number.finish().into_column(),
            days("issue_date", self.issue)?,
            days("due_date", self.due)?,
            small_codes("currency", self.currency),
            Int64Chunked::from_vec(face, self.face).into_column(),
            Series::new(PlSmallStr::from_static("disputed"), self.disputed).into_column(),
            maybe_days("disputed_date", &self.disputed_date)?,
            flags("issue_assumed", self.issue_assumed),
            flags("due_assumed", self.due_assumed),
            small_codes("file", self.file),
            codes("line", self.line),
            flags("already_assigned", self.already_assigned),
            flags("duplicate_number", self.duplicate_number),
        ];
        if let Some(delivered) = &self.delivered {
            columns.push(maybe_days("delivery_date", delivered)?);
        }
        let texts = self.po_number.into_iter().chain(self.job);
        columns.extend(texts.map(|builder| builder.finish().into_column()));
        DataFrame::new(count, columns)
    }
}

/// A column of this many texts; null for an empty one.
fn texts<'a>(
    name: &'static str,
    count: usize,
    texts: impl Iterator<Item = &'a str>,
) -> StringChunkedBuilder {
    let mut builder = StringChunkedBuilder::new(PlSmallStr::from_static(name), count);
    for text in texts {
        builder.append_option(Some(text).filter(|text| !text.is_empty()));
    }
    builder
}
