use super::super::field::{Field, bare};
use super::bucket::is_bucket;
use super::shape::{Shape, label, summed};
use super::totals::{Amounts, Check, Stated, Sums, amounts, bucket_checks};
use super::{Notation, RowKind, Table};

/// The rows of a table, each in its place.
pub(in crate::ledger) struct Classified {
    /// One per row of the sheet.
    pub kinds: Vec<RowKind>,
    /// For each row of the sheet, the group in which it stands.
    group_of: Vec<Option<u32>>,
    labels: Vec<String>,
    /// The file's own sums, checked.
    pub checks: Vec<Check>,
}

impl Classified {
    /// The label of the innermost group that may be a debtor.
    pub fn group(&self, row: usize) -> &str {
        self.group_of[row].map_or("", |group| self.labels[group as usize].as_str())
    }
}

/// A group whose rows are being read.
struct Open {
    label: String,
    /// Index of its label; none for an ageing bucket, which is no debtor.
    debtor: Option<u32>,
    sums: Sums,
    /// Documents that stand in this group and in none below it.
    direct: usize,
    /// Sums stated above the rows that they sum: line and amounts.
    announced: Option<(u64, Amounts)>,
}

/// Says of each row of a table what it is, by its own look, by the groups around it and by what
/// adds up; and checks the sums that the file states.
pub(in crate::ledger) fn classify(
    table: &Table<'_>,
    file: &str,
    notation: &Notation,
) -> Classified {
    let height = table.sheet.height();
    let shapes: Vec<Shape> =
        (table.body..height).map(|index| table.shape(index, notation)).collect();
    let mut kinds = vec![RowKind::Title; height];
    for (index, kind) in kinds.iter_mut().enumerate().take(table.body) {
        if index >= table.header {
            *kind = RowKind::Header;
        } else if table.sheet.row(index).is_blank() {
            *kind = RowKind::Blank;
        } else if table.is_ruler(index) {
            *kind = RowKind::Other;
        }
    }
    let last_document =
        shapes.iter().rposition(|shape| *shape == Shape::Document).map_or(0, |at| at + table.body);
    let mut reading = Reading {
        table,
        file,
        notation,
        columns: table.amount_columns(),
        grouped: is_grouped(table, &shapes),
        last_document,
        open: Vec::new(),
        total: Sums::default(),
        since: Sums::default(),
        found: Classified {
            kinds,
            group_of: vec![None; height],
            labels: Vec::new(),
            checks: Vec::new(),
        },
    };
    for (index, shape) in (table.body..).zip(shapes) {
        let kind = reading.row(index, shape);
        reading.found.kinds[index] = kind;
    }
    reading.close_to(0);
    reading.found
}

/// Whether documents take their debtor from a row above them.
fn is_grouped(table: &Table<'_>, shapes: &[Shape]) -> bool {
    let debtor = [Field::DebtorName, Field::DebtorId].map(|field| table.columns.position(field));
    let mut labelled = false;
    for (index, shape) in (table.body..).zip(shapes) {
        let row = table.sheet.row(index);
        let nameless = debtor.iter().flatten().all(|&at| row.text(at).is_empty());
        match shape {
            Shape::Label | Shape::Sum => labelled = true,
            Shape::Document if labelled && nameless => return true,
            _ => {}
        }
    }
    false
}

struct Reading<'a> {
    table: &'a Table<'a>,
    file: &'a str,
    notation: &'a Notation,
    columns: Vec<usize>,
    grouped: bool,
    last_document: usize,
    open: Vec<Open>,
    total: Sums,
    /// Documents since the last sum.
    since: Sums,
    found: Classified,
}

impl Reading<'_> {
    fn row(&mut self, index: usize, shape: Shape) -> RowKind {
        match shape {
            Shape::Blank => RowKind::Blank,
            Shape::Title => RowKind::Title,
            Shape::Ruler => RowKind::Other,
            Shape::Line => RowKind::Continuation,
            Shape::Document => self.document(index),
            Shape::Label => self.label(index),
            Shape::Sum => self.sum(index),
        }
    }

    fn document(&mut self, index: usize) -> RowKind {
        let row = self.table.sheet.row(index);
        if self.table.width_beyond_header(index).is_some() {
            // It will be a reject, whatever stands in it.
            return RowKind::Document;
        }
        let amounts = amounts(row, &self.columns, self.notation);
        let currency = self.table.columns.position(Field::Currency).map_or("", |at| row.text(at));
        for sums in self.open.iter_mut().map(|open| &mut open.sums) {
            sums.add(&amounts, currency);
        }
        self.total.add(&amounts, currency);
        self.since.add(&amounts, currency);
        if let Some(open) = self.open.last_mut() {
            open.direct += 1;
        }
        self.found.group_of[index] = self.open.iter().rev().find_map(|open| open.debtor);
        if !self.table.columns.buckets().is_empty()
            && let Some(check) = bucket_checks(self.table, self.file, index, self.notation)
        {
            self.found.checks.push(check);
        }
        RowKind::Document
    }

    fn label(&mut self, index: usize) -> RowKind {
        let row = self.table.sheet.row(index);
        let text = row.cells().next().map_or("", |(.., text)| text);
        let summed_name = summed(text);
        if index > self.last_document || self.table.is_title(text) {
            // A sum of which only the label is left, or a footer.
            return if summed_name.is_some() { RowKind::Other } else { RowKind::Title };
        }
        if let Some(name) = summed_name.filter(|_| row.len() == 1)
            && let Some(at) = self.open_named(name)
        {
            self.close_to(at);
            return RowKind::Other;
        }
        if !self.grouped && !is_bucket(text) && self.is_faulty_document(index) {
            return self.document(index);
        }
        self.push(text, None);
        RowKind::GroupHeader
    }

    /// In a table whose documents name their debtors themselves, cells in the columns of a document
    /// are what is left of one.
    fn is_faulty_document(&self, index: usize) -> bool {
        let row = self.table.sheet.row(index);
        row.len() > 1 || row.cells().all(|(column, ..)| self.table.columns.is_taken(column))
    }

    fn sum(&mut self, index: usize) -> RowKind {
        let row = self.table.sheet.row(index);
        let stated = amounts(row, &self.columns, self.notation);
        let text = label(row, self.notation);
        let is_last = index > self.last_document;
        match summed(text) {
            Some("") => self.nameless_sum(row.line, &stated, is_last),
            Some(name) => self.named_sum(row.line, name, &stated, is_last),
            None if is_last && self.total.are(&stated) => self.check_total(row.line, &stated),
            None if self.innermost_is(&stated) && self.may_close(text) => {
                self.check_group(row.line, &stated)
            }
            None if self.since.documents > 1 && self.since.are(&stated) => {
                self.check_since(row.line, "", &stated)
            }
            None if self.grouped && !is_last && !text.is_empty() => {
                self.push(text, Some((row.line, stated)));
                RowKind::Subtotal
            }
            None => self.document(index),
        }
    }

    fn nameless_sum(&mut self, line: u64, stated: &Amounts, is_last: bool) -> RowKind {
        let of_group = self.innermost_is(stated);
        let of_all = self.total.are(stated);
        if !self.open.is_empty() && (of_group && !(of_all && is_last) || !of_all && !is_last) {
            return self.check_group(line, stated);
        }
        if is_last || of_all {
            self.close_to(0);
            return self.check_total(line, stated);
        }
        self.check_since(line, "", stated)
    }

    fn named_sum(&mut self, line: u64, name: &str, stated: &Amounts, is_last: bool) -> RowKind {
        if let Some(at) = self.open_named(name) {
            self.close_to(at + 1);
            return self.check_group(line, stated);
        }
        let of_rest = self.since.are(stated);
        if self.total.are(stated) && is_last && !of_rest {
            self.close_to(0);
            return self.check_total(line, stated);
        }
        if of_rest || self.open.is_empty() && self.since.documents > 0 {
            return self.check_since(line, name, stated);
        }
        self.close_to(0);
        self.check_total(line, stated)
    }

    /// The innermost open group of this name.
    fn open_named(&self, name: &str) -> Option<usize> {
        let wanted = bare(name);
        let same = |open: &Open| bare(&open.label) == wanted;
        let like = |open: &Open| {
            let own = bare(&open.label);
            !own.is_empty() && (own.contains(&wanted) || wanted.contains(&own))
        };
        self.open
            .iter()
            .rposition(same)
            .or_else(|| (!wanted.is_empty()).then(|| self.open.iter().rposition(like)).flatten())
    }

    fn innermost_is(&self, stated: &Amounts) -> bool {
        self.open.last().is_some_and(|open| open.sums.are(stated))
    }

    /// Whether a row of this label may close the innermost group: its own label again, or none.
    fn may_close(&self, text: &str) -> bool {
        text.is_empty() || self.open.last().is_some_and(|open| bare(&open.label) == bare(text))
    }

    fn push(&mut self, text: &str, announced: Option<(u64, Amounts)>) {
        if self.open.last().is_some_and(|open| open.direct > 0) {
            // The group before it ends without a sum of its own.
            self.close_to(self.open.len() - 1);
        }
        let debtor = (!is_bucket(text)).then(|| {
            self.found.labels.push(text.to_owned());
            self.found.labels.len() as u32 - 1
        });
        let (label, sums) = (text.to_owned(), Sums::default());
        self.open.push(Open { label, debtor, sums, direct: 0, announced });
        self.since = Sums::default();
    }

    /// Closes the open groups from `at` on, comparing what was stated above their rows.
    fn close_to(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(open) = self.open.pop() else { break };
            if let Some((line, stated)) = &open.announced {
                self.compare(&open.sums, stated, (*line, "subtotal", &open.label));
            }
        }
    }

    fn check_group(&mut self, line: u64, stated: &Amounts) -> RowKind {
        self.since = Sums::default();
        if let Some(open) = self.open.pop() {
            self.compare(&open.sums, stated, (line, "subtotal", &open.label));
        }
        RowKind::Subtotal
    }

    fn check_since(&mut self, line: u64, scope: &str, stated: &Amounts) -> RowKind {
        let since = std::mem::take(&mut self.since);
        self.compare(&since, stated, (line, "subtotal", scope));
        RowKind::Subtotal
    }

    fn check_total(&mut self, line: u64, stated: &Amounts) -> RowKind {
        let total = std::mem::take(&mut self.total);
        self.compare(&total, stated, (line, "total", ""));
        self.total = total;
        RowKind::Total
    }

    fn compare(
        &mut self,
        sums: &Sums,
        stated: &Amounts,
        (row, what, scope): (u64, &'static str, &str),
    ) {
        let of =
            Stated { table: self.table, file: self.file, columns: &self.columns, row, what, scope };
        sums.compare(stated, &of, &mut self.found.checks);
    }
}
