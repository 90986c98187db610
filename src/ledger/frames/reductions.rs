use polars::prelude::Column;
use polars::prelude::{
    DataFrame, Int64Chunked, IntoColumn, NewChunkedArray, PlSmallStr, PolarsResult, UInt32Chunked,
};

use intake::{MaybeDay, Place, Reduction, ReductionKind, Row};

use super::super::footing::ReducedTotals;
use super::super::gathered::Gathered;
use super::super::link::Linked;
use super::columns::{Codes, codes, maybe_days, small_codes};

/// The invoice of an unapplied reduction; frames have fewer rows than that.
const NO_INVOICE: u32 = u32::MAX;

/// The columns of the reduction frame while they are collected.
#[derive(Default)]
pub(super) struct ReductionRows {
    debtor: Vec<u32>,
    /// [`NO_INVOICE`] for an unapplied one.
    invoice: Vec<u32>,
    date: Vec<MaybeDay>,
    kind: Vec<u16>,
    amount: Vec<i64>,
    currency: Vec<u16>,
    /// Index and day, for the few reductions that have one.
    used_up: Vec<(usize, MaybeDay)>,
    file: Vec<u16>,
    line: Vec<u32>,
    /// For each debtor, the number of reductions before its first.
    pub start_of_debtor: Vec<usize>,
}

/// The debtor, currency, invoice and place of a reduction.
#[derive(Clone, Copy)]
struct Target {
    debtor: u32,
    currency: u32,
    invoice: Option<u32>,
    used_up: MaybeDay,
    place: Place,
}

impl ReductionRows {
    fn with_capacity(reductions: usize) -> Self {
        Self {
            debtor: Vec::with_capacity(reductions),
            invoice: Vec::with_capacity(reductions),
            date: Vec::with_capacity(reductions),
            kind: Vec::with_capacity(reductions),
            amount: Vec::with_capacity(reductions),
            currency: Vec::with_capacity(reductions),
            used_up: Vec::new(),
            file: Vec::with_capacity(reductions),
            line: Vec::with_capacity(reductions),
            start_of_debtor: Vec::new(),
        }
    }

    /// Collects the reductions that the rows state, and those in rows of their own that are linked
    /// to them.
    pub fn collect(gathered: &Gathered, linked: &[Linked], codes: &Codes) -> Self {
        let count = |row: &Row| usize::from(row.reduction_count) + usize::from(row.face < 0);
        let in_rows: usize = gathered.rows.iter().map(count).sum();
        let mut all = Self::with_capacity(in_rows + linked.len());
        let mut linked = linked.iter().peekable();
        let mut invoice = 0;
        for (debtor, group) in gathered.groups.iter().enumerate() {
            all.start_of_debtor.push(all.amount.len());
            for at in group.clone() {
                let row = &gathered.rows[at];
                let target = Target {
                    debtor: row.debtor,
                    currency: codes.currency(row.currency),
                    invoice: None,
                    used_up: MaybeDay::default(),
                    place: Place { file: row.file, line: row.line },
                };
                let reductions = gathered.reductions_of(row);
                if row.face < 0 {
                    all.push_credit_note(target, row, reductions);
                    continue;
                }
                let applied = Target { invoice: Some(invoice), ..target };
                for reduction in reductions {
                    all.push(if reduction.unapplied { &target } else { &applied }, *reduction);
                }
                // `link` sorts by debtor, then by invoice, unapplied ones last: the order of this
                // very walk.
                while let Some(own) = linked.next_if(|own| own.row == Some(at)) {
                    all.push_linked(own, Some(invoice), codes);
                }
                invoice += 1;
            }
            while let Some(own) = linked.next_if(|own| own.debtor as usize == debtor) {
                all.push_linked(own, None, codes);
            }
        }
        all.start_of_debtor.push(all.amount.len());
        all
    }

    /// Sums by currency code.
    pub fn totals(&self, gathered: &Gathered, codes: &Codes) -> Vec<ReducedTotals> {
        let mut totals = vec![ReducedTotals::default(); codes.currencies.len()];
        for (index, &amount) in self.amount.iter().enumerate() {
            let totals = &mut totals[self.currency[index] as usize];
            totals.count += 1;
            totals.undated += u64::from(self.date[index].is_none());
            let amount = i128::from(amount);
            match self.invoice[index] {
                invoice if invoice != NO_INVOICE => {
                    totals.by_kind[self.kind[index] as usize] += amount;
                }
                _ => totals.unapplied += amount,
            }
        }
        self.add_idle(gathered, codes, &mut totals);
        totals
    }

    /// Adds the unused credits of debtors that owe nothing in their currency.
    fn add_idle(&self, gathered: &Gathered, codes: &Codes, totals: &mut [ReducedTotals]) {
        let owned = self.start_of_debtor.windows(2).map(|ends| ends[0]..ends[1]);
        for (own, group) in owned.zip(&gathered.groups) {
            // Most debtors have no such credit, so that their invoices need not be added up.
            if !own.clone().any(|at| self.invoice[at] == NO_INVOICE) {
                continue;
            }
            let mut owed = vec![0_i128; totals.len()];
            for row in gathered.rows[group.clone()].iter().filter(|row| row.face > 0) {
                owed[codes.currency(row.currency) as usize] += i128::from(row.face);
            }
            for at in own.clone().filter(|&at| self.invoice[at] != NO_INVOICE) {
                owed[usize::from(self.currency[at])] -= i128::from(self.amount[at]);
            }
            for at in own.filter(|&at| self.is_unused_credit(at)) {
                let currency = usize::from(self.currency[at]);
                if owed[currency] == 0 {
                    totals[currency].idle += i128::from(self.amount[at]);
                }
            }
        }
    }

    /// True for a credit of the debtor that no invoice has used. A write-off beyond a balance is
    /// none that anybody could use.
    fn is_unused_credit(&self, at: usize) -> bool {
        self.invoice[at] == NO_INVOICE
            && u32::from(self.kind[at]) != ReductionKind::WriteOff.code()
            && self.used_up.binary_search_by_key(&at, |&(used, _)| used).is_err()
    }

    fn push_linked(&mut self, own: &Linked, invoice: Option<u32>, codes: &Codes) {
        let target = Target {
            debtor: own.debtor,
            currency: codes.currency(own.currency),
            invoice,
            used_up: MaybeDay::default(),
            place: own.place,
        };
        let Linked { kind, date, amount, .. } = *own;
        self.push(
            &target,
            Reduction {
                kind,
                date: date.into(),
                amount,
                unapplied: invoice.is_none(),
                implied: false,
            },
        );
    }

    fn push_credit_note(&mut self, target: Target, row: &Row, reductions: &[Reduction]) {
        let issue = row.issue;
        let credit = |amount| Reduction {
            kind: row.settles,
            date: Some(issue).into(),
            amount,
            unapplied: true,
            implied: false,
        };
        let mut unused = row.face.saturating_neg();
        for used in reductions {
            unused -= used.amount;
            // A use without a date counts from the issue date, so that no earlier as-of date shows
            // more unused credit than the file does.
            let used_up = if used.date.is_none() { Some(issue).into() } else { used.date };
            self.push(&Target { used_up, ..target }, credit(used.amount));
        }
        if unused > 0 {
            self.push(&target, credit(unused));
        }
    }

    fn push(&mut self, target: &Target, reduction: Reduction) {
        if reduction.amount == 0 {
            // A row of its own has replaced it, with its date.
            return;
        }
        self.debtor.push(target.debtor);
        self.invoice.push(target.invoice.unwrap_or(NO_INVOICE));
        self.date.push(reduction.date);
        self.kind.push(reduction.kind.code() as u16);
        self.amount.push(reduction.amount);
        self.currency.push(target.currency as u16);
        if !target.used_up.is_none() {
            self.used_up.push((self.amount.len() - 1, target.used_up));
        }
        self.file.push(target.place.file);
        self.line.push(target.place.line);
    }

    /// The reduction frame.
    pub fn into_frame(self, of: &Codes) -> PolarsResult<DataFrame> {
        let (amount, count) = (PlSmallStr::from_static("amount"), self.amount.len());
        let client = self.debtor.iter().map(|&debtor| of.client_of[debtor as usize]).collect();
        let mut used_up = vec![MaybeDay::default(); count];
        self.used_up.iter().for_each(|&(at, day)| used_up[at] = day);
        DataFrame::new(
            count,
            vec![
                codes("client", client),
                codes("debtor", self.debtor),
                invoice_rows(&self.invoice),
                maybe_days("date", &self.date)?,
                small_codes("kind", self.kind),
                Int64Chunked::from_vec(amount, self.amount).into_column(),
                small_codes("currency", self.currency),
                maybe_days("used_up", &used_up)?,
                small_codes("file", self.file),
                codes("line", self.line),
            ],
        )
    }
}

fn invoice_rows(rows: &[u32]) -> Column {
    let rows = rows.iter().map(|&row| Some(row).filter(|&row| row != NO_INVOICE));
    UInt32Chunked::from_iter_options(PlSmallStr::from_static("invoice"), rows).into_column()
}
