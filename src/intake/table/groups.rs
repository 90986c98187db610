use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use basics::Currency;
use sheet::SheetRow;

use super::super::documents::currency;
use super::super::field::{Field, bare};
use super::bucket::is_bucket;
use super::grouping::{is_grouped, sum_names, suppresses_debtors};
use super::nesting::{Depth, Names, Nesting, depth};
use super::shape::{Shape, label, summed};
use super::totals::{Amounts, Check, Stated, Sums, amounts, bucket_checks};
use super::{Notation, RowKind, Table};

/// The deepest nesting of open groups. Customers without documents and without sums stay open, and
/// each document is added to every open group, so the time would grow with the square of the rows.
const DEEPEST: usize = 32;

/// The rows of a table, classified.
pub struct Classified {
    /// Index of the first row of the table in its sheet.
    start: usize,
    /// One per row of the table.
    kinds: Vec<RowKind>,
    /// For each row of the sheet, the group to which it belongs.
    group_of: Vec<Option<u32>>,
    /// For each row of the sheet, the currency named by a group around it.
    currency_of: Vec<Option<Currency>>,
    /// The names that each group gives its documents.
    names: Vec<Names>,
    /// For each row of the sheet, the row above that names its debtor.
    above_of: Vec<Option<usize>>,
    /// The file's own sums, checked.
    pub checks: Vec<Check>,
    /// Lines of sums of several currencies, which cannot be checked.
    pub unchecked: Vec<u64>,
}

impl Classified {
    /// The currency of the innermost group that names one.
    pub fn currency(&self, row: usize) -> Option<Currency> {
        self.currency_of[row - self.start]
    }

    /// The kind of a row of the sheet.
    pub fn kind(&self, row: usize) -> RowKind {
        self.kinds[row - self.start]
    }

    /// The row above that names the debtor of this row, if the table omits repeated debtors.
    pub fn debtor_row(&self, row: usize) -> Option<usize> {
        self.above_of[row - self.start]
    }

    /// The names that the groups around a row give it.
    pub fn group(&self, row: usize) -> &Names {
        /// Those of a row outside every group.
        static NONE: LazyLock<Names> = LazyLock::new(Names::default);
        self.group_of[row - self.start].map_or(&NONE, |group| &self.names[group as usize])
    }
}

/// A group whose rows are being read.
struct Open {
    label: String,
    depth: Depth,
    /// Its index among the groups that may be debtors; none for an ageing bucket or a currency,
    /// which are not debtors.
    debtor: Option<u32>,
    /// The currency that it names, if it is a group of one currency.
    currency: Option<Currency>,
    sums: Sums,
    /// Number of documents directly in this group.
    direct: usize,
    /// Sums stated above the rows of the group: line and amounts.
    announced: Option<Sum>,
}

/// Classifies each row of a table by its shape, the groups around it and the sums that agree, and
/// checks the sums that the file states.
pub fn classify(table: &Table<'_>, file: &str, notation: &Notation) -> Classified {
    let height = table.rows().len();
    let shapes: Vec<Shape> = table.body_rows().map(|index| table.shape(index, notation)).collect();
    let mut kinds = vec![RowKind::Title; height];
    for (index, kind) in (table.start..table.body).zip(&mut kinds) {
        if index >= table.header {
            *kind = RowKind::Header;
        } else if table.sheet.row(index).is_empty() {
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
        sum_names: sum_names(table, &shapes, notation),
        titles: table.bare_titles(),
        last_document,
        of_customers: table.sub_customers.is_some(),
        open: Vec::new(),
        nesting: Nesting::default(),
        total: Sums::default(),
        since: Sums::default(),
        suppressed: suppresses_debtors(table, &shapes),
        above: None,
        found: Classified {
            start: table.start,
            kinds,
            group_of: vec![None; height],
            currency_of: vec![None; height],
            names: Vec::new(),
            above_of: vec![None; height],
            checks: Vec::new(),
            unchecked: Vec::new(),
        },
    };
    for (index, shape) in (table.body..).zip(shapes) {
        let kind = reading.row(index, shape);
        reading.found.kinds[index - table.start] = kind;
    }
    reading.close_to(0);
    reading.found.names = reading.nesting.names(reading.of_customers);
    reading.found
}

/// A row that states sums.
struct Sum {
    line: u64,
    amounts: Amounts,
    /// The currency as the row names it.
    currency: String,
}

impl Sum {
    fn is(&self, sums: &Sums) -> bool {
        sums.are(&self.amounts, &self.currency)
    }
}

/// The text of a label: the first cell with a letter, such as the name after a customer number.
fn name_of(row: SheetRow<'_>) -> &str {
    let first = row.cells().find(|(.., text)| text.contains(char::is_alphabetic));
    first.or(row.cells().next()).map_or("", |(.., text)| text)
}

struct Reading<'a> {
    table: &'a Table<'a>,
    file: &'a str,
    notation: &'a Notation,
    columns: Vec<usize>,
    grouped: bool,
    /// The names in the labels of sums, each with its last row.
    sum_names: HashMap<String, usize>,
    /// The titles above the header, without case and punctuation.
    titles: HashSet<String>,
    last_document: usize,
    /// True if the product puts customers into groups of customers.
    of_customers: bool,
    open: Vec<Open>,
    nesting: Nesting,
    total: Sums,
    /// Documents since the last sum.
    since: Sums,
    /// True if a document without a debtor takes that of the row above.
    suppressed: bool,
    /// The last document that names its debtor.
    above: Option<usize>,
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
            // It will be a reject, whatever its cells are, so it must not count in any sum.
            return RowKind::Document;
        }
        let amounts = amounts(row, &self.columns, self.notation);
        // A blank currency cell means the assumed currency, so both must count in one sum.
        let mut currency = self.currency_at(index);
        if currency.is_empty() && self.table.columns.has(Field::Currency) {
            currency = self.table.assumed.map_or(currency, |assumed| assumed.code().to_owned());
        }
        for sums in self.open.iter_mut().map(|open| &mut open.sums) {
            sums.add(&amounts, &currency);
        }
        self.total.add(&amounts, &currency);
        self.since.add(&amounts, &currency);
        if let Some(open) = self.open.last_mut() {
            open.direct += 1;
        }
        self.above = self.debtor_above(index);
        self.found.above_of[index - self.table.start] = self.above.filter(|&above| above != index);
        self.found.currency_of[index - self.table.start] =
            self.open.iter().rev().find_map(|open| open.currency);
        let group = self.open.iter().rev().find_map(|open| open.debtor);
        group.into_iter().for_each(|group| self.nesting.hold_document(group));
        self.found.group_of[index - self.table.start] = group;
        if !self.table.columns.buckets().is_empty()
            && let Some(check) = bucket_checks(self.table, self.file, index, self.notation)
        {
            self.found.checks.push(check);
        }
        RowKind::Document
    }

    fn label(&mut self, index: usize) -> RowKind {
        let row = self.table.sheet.row(index);
        let text = name_of(row);
        let summed_name = summed(text);
        if index > self.last_document || self.titles.contains(&bare(text)) {
            // A sum without its amounts, or a footer.
            return if summed_name.is_some() { RowKind::Other } else { RowKind::Title };
        }
        if self.is_remark(text) {
            return RowKind::Other;
        }
        // A sum whose amounts are missing still ends its group.
        if let Some(name) = summed_name.filter(|_| row.len() == 1)
            && let Some(at) = self.open_named(name)
        {
            self.close_to(at);
            return RowKind::Other;
        }
        let has_sum = self.sum_names.get(&bare(text)).is_some_and(|&last| last > index);
        let names_group = has_sum || is_bucket(text) || currency::named(text).is_some();
        if !self.grouped && !names_group && self.is_faulty_document(index) {
            return self.document(index);
        }
        self.push(text, index, None);
        RowKind::GroupHeader
    }

    /// The row that names the debtor of the document at `index`.
    fn debtor_above(&self, index: usize) -> Option<usize> {
        let own = self.table.names_debtor(index).then_some(index);
        own.or(self.above.filter(|_| self.suppressed && !self.grouped))
    }

    /// True if a text is a remark, such as a page or telephone number: it is within a group that
    /// ends with a sum of its name, and no sum names the text.
    fn is_remark(&self, text: &str) -> bool {
        let named = |label: &str| self.sum_names.contains_key(&bare(label));
        let within = self.open.iter().any(|open| open.direct > 0 && named(&open.label));
        within && !named(text) && !is_bucket(text) && currency::named(text).is_none()
    }

    /// True if a row that looks like a label is a damaged document, in a table whose documents name
    /// their debtors themselves.
    fn is_faulty_document(&self, index: usize) -> bool {
        let row = self.table.sheet.row(index);
        row.len() > 1 || row.cells().all(|(column, ..)| self.table.columns.is_taken(column))
    }

    fn sum(&mut self, index: usize) -> RowKind {
        let row = self.table.sheet.row(index);
        let stated = Sum {
            line: row.line,
            amounts: amounts(row, &self.columns, self.notation),
            currency: self.currency_at(index),
        };
        let text = label(row, self.notation);
        let is_last = index > self.last_document;
        // Without a word for sums, a row is one only if its amounts agree with those above it. With
        // a single document above, it is more likely a second document of the same amount.
        match summed(text) {
            Some("") => self.nameless_sum(&stated, is_last),
            Some(name) => self.named_sum(name, &stated, is_last),
            None if is_last && stated.is(&self.total) => self.check_total(&stated),
            None if self.innermost_is(&stated) && self.may_close(text) => self.check_group(&stated),
            None if self.since.documents > 1 && stated.is(&self.since) => {
                self.check_since("", &stated)
            }
            None if self.grouped && !is_last && !text.is_empty() => {
                self.push(text, index, Some(stated));
                RowKind::Subtotal
            }
            None => self.document(index),
        }
    }

    fn nameless_sum(&mut self, stated: &Sum, is_last: bool) -> RowKind {
        let of_group = self.innermost_is(stated);
        let of_all = stated.is(&self.total);
        // In a file of one group its sum is the total as well: the last row is then the total.
        if !self.open.is_empty() && (of_group && !(of_all && is_last) || !of_all && !is_last) {
            return self.check_group(stated);
        }
        if is_last || of_all {
            self.close_to(0);
            return self.check_total(stated);
        }
        self.check_since("", stated)
    }

    fn named_sum(&mut self, name: &str, stated: &Sum, is_last: bool) -> RowKind {
        if let Some(at) = self.open_named(name) {
            // Groups within it end as well, although they state no sums.
            self.close_to(at + 1);
            return self.check_group(stated);
        }
        let of_rest = stated.is(&self.since);
        if stated.is(&self.total) && is_last && !of_rest {
            self.close_to(0);
            return self.check_total(stated);
        }
        // A sum may follow documents that name their debtors, without a row that opens a group.
        if of_rest || self.open.is_empty() && self.since.documents > 0 {
            return self.check_since(name, stated);
        }
        self.close_to(0);
        self.check_total(stated)
    }

    /// The innermost open group with this name.
    fn open_named(&self, name: &str) -> Option<usize> {
        let wanted = bare(name);
        let same = |open: &Open| bare(&open.label) == wanted;
        // Sums may leave out the customer number of the group, or add one.
        let like = |open: &Open| {
            let own = bare(&open.label);
            !own.is_empty() && (own.contains(&wanted) || wanted.contains(&own))
        };
        self.open
            .iter()
            .rposition(same)
            .or_else(|| (!wanted.is_empty()).then(|| self.open.iter().rposition(like)).flatten())
    }

    fn innermost_is(&self, stated: &Sum) -> bool {
        self.open.last().is_some_and(|open| stated.is(&open.sums))
    }

    /// True if a row with this label may close the innermost group: it repeats the group's label,
    /// or has none.
    fn may_close(&self, text: &str) -> bool {
        text.is_empty() || self.open.last().is_some_and(|open| bare(&open.label) == bare(text))
    }

    fn push(&mut self, text: &str, index: usize, announced: Option<Sum>) {
        let depth = depth(self.table.sheet.row(index));
        // A group that ends without a sum of its own ends with the next one.
        while self.open.last().is_some_and(|o| o.direct > 0 && !self.goes_on(o, index, depth)) {
            self.close_to(self.open.len() - 1);
        }
        let currency = currency::named(text).or_else(|| currency::in_title(text));
        if self.open.len() == DEEPEST {
            // Not the innermost: the rows below belong to that.
            let outermost = self.open.remove(0);
            self.close(&outermost);
        }
        let debtor = (!is_bucket(text) && currency.is_none()).then(|| {
            let outer = self.open.iter().rev().find_map(|open| open.debtor);
            self.nesting.open(text, outer, depth)
        });
        let (label, sums) = (text.to_owned(), Sums::default());
        self.open.push(Open { label, depth, debtor, currency, sums, direct: 0, announced });
        self.since = Sums::default();
    }

    /// True if a group that begins at `index` lies within an open one: the sum of the open one is
    /// still to come, or the new one is further to the right where customers have sub-customers.
    fn goes_on(&self, open: &Open, index: usize, depth: Depth) -> bool {
        let is_part = self.of_customers && open.debtor.is_some() && depth > open.depth;
        is_part || self.sum_names.get(&bare(&open.label)).is_some_and(|&last| last > index)
    }

    /// Closes the open groups from `at` on, checking the sums that were stated above their rows.
    fn close_to(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(open) = self.open.pop() else { break };
            self.close(&open);
        }
    }

    fn close(&mut self, open: &Open) {
        if let Some(stated) = &open.announced {
            self.compare_group(open, stated);
        }
    }

    fn check_group(&mut self, stated: &Sum) -> RowKind {
        self.since = Sums::default();
        if let Some(open) = self.open.pop() {
            self.compare_group(&open, stated);
        }
        RowKind::Subtotal
    }

    fn compare_group(&mut self, open: &Open, stated: &Sum) {
        let before = self.found.checks.len();
        self.compare(&open.sums, stated, "subtotal", &open.label);
        let checks = &self.found.checks[before..];
        let agrees = !checks.is_empty() && checks.iter().all(|check| check.difference.is_zero());
        open.debtor.into_iter().for_each(|group| self.nesting.end(group, agrees));
    }

    fn check_since(&mut self, scope: &str, stated: &Sum) -> RowKind {
        let since = std::mem::take(&mut self.since);
        self.compare(&since, stated, "subtotal", scope);
        RowKind::Subtotal
    }

    fn check_total(&mut self, stated: &Sum) -> RowKind {
        // Taken out for the borrow alone: a file may state its total more than once.
        let total = std::mem::take(&mut self.total);
        self.compare(&total, stated, "total", "");
        self.total = total;
        RowKind::Total
    }

    fn compare(&mut self, sums: &Sums, stated: &Sum, what: &'static str, scope: &str) {
        let of = Stated {
            table: self.table,
            file: self.file,
            columns: &self.columns,
            row: stated.line,
            what,
            scope,
            currency: &stated.currency,
        };
        if !sums.compare(&stated.amounts, &of, &mut self.found.checks) {
            self.found.unchecked.push(stated.line);
        }
    }

    /// The currency that the row at `index` names.
    fn currency_at(&self, index: usize) -> String {
        let column = self.table.columns.position(Field::Currency);
        column.map_or(String::new(), |at| self.table.sheet.row(index).text(at).to_owned())
    }
}

impl Table<'_> {
    /// True if at least half of the documents have all cells of the header, so that a row with
    /// fewer is damaged. Some exports omit the empty cells at the end of every row.
    pub fn expects_full_rows(&self, classified: &Classified) -> bool {
        let rows = self.body_rows().filter(|&at| classified.kind(at) == RowKind::Document);
        let (mut full, mut short) = (0_usize, 0_usize);
        for at in rows {
            match self.sheet.row(at).width {
                0 => {}
                width if width < self.columns.width() => short += 1,
                _ => full += 1,
            }
        }
        full >= short
    }
}
