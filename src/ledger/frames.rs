//! Rows in canonical order become the polars frames.

use std::collections::BTreeMap;

use polars::prelude::{
    Column, DataFrame, DataType, Int32Chunked, Int64Chunked, IntoColumn, NamedFrom,
    NewChunkedArray, PlSmallStr, PolarsResult, Series, StringChunkedBuilder, UInt32Chunked,
};

use crate::basics::{Currency, Day};

use super::assemble::Gathered;
use super::batch::{Place, Row};
use super::debtor_table::Debtor;
use super::footing::{SettledTotals, Totals, certificate};
use super::link::{Linked, link};
use super::maybe_day::MaybeDay;
use super::reductions::Reduction;
use super::{ClientRows, IngestOptions, Ledger, LedgerError};

/// From so many rows on, memory counts more than time.
const LARGE: usize = 4_000_000;

/// Builds the ledger from rows in canonical order.
pub(super) fn build(
    mut gathered: Gathered,
    options: &IngestOptions,
) -> Result<Ledger, LedgerError> {
    let frame = |source| LedgerError::Frame { file: "ledger frames".to_owned(), source };
    let codes = Codes::of(&gathered);
    let linked = link(&mut gathered);
    let repeated = gathered.duplicate_numbers();
    let settled = |gathered: &Gathered| {
        let settlements = Settlements::collect(gathered, &linked, &codes);
        let settled = settlements.totals(codes.currencies.len());
        let totals = Totals { codes: &codes.currencies, settled, repeated: repeated.len() };
        let certificate = certificate(gathered, &totals, options);
        (settlements, certificate)
    };
    let (invoices, (settlements, certificate)) = if gathered.rows.len() < LARGE {
        rayon::join(|| invoice_frame(&gathered, &repeated, &codes), || settled(&gathered))
    } else {
        // One after the other takes longer, and less memory at its peak.
        let settled = settled(&gathered);
        gathered.drop_reductions();
        (invoice_frame(&gathered, &repeated, &codes), settled)
    };
    let clients = client_rows(&gathered, &codes, &settlements);
    let several_names = several_names(&gathered);
    Ok(Ledger {
        invoices: invoices.map_err(frame)?,
        settlements: settlements.into_frame().map_err(frame)?,
        debtors: debtor_frame(&gathered, &codes).map_err(frame)?,
        several_names,
        clients,
        currencies: codes.currencies,
        rejects: gathered.rejects,
        certificate: certificate?,
        stated_as_of: gathered.notes.stated_as_of,
    })
}

/// The codes by which frames name clients and currencies.
struct Codes {
    /// Ordered by code text.
    currencies: Vec<Currency>,
    /// For every debtor (in order of client), the code of its client.
    client_of: Vec<u32>,
}

impl Codes {
    fn of(gathered: &Gathered) -> Self {
        let mut currencies: Vec<Currency> = Vec::new();
        let stated = gathered.settlements.iter().map(|settlement| settlement.currency);
        for currency in gathered.rows.iter().map(|row| row.currency).chain(stated) {
            if !currencies.contains(&currency) {
                currencies.push(currency);
            }
        }
        currencies.sort_unstable();
        let mut code = 0;
        let mut last: Option<&str> = None;
        let next = gathered.debtors.iter().map(|debtor| {
            code += u32::from(last.is_some_and(|client| *client != *debtor.client));
            last = Some(&debtor.client);
            code
        });
        Self { client_of: next.collect(), currencies }
    }

    fn currency(&self, currency: Currency) -> u32 {
        self.currencies.iter().position(|&c| c == currency).unwrap_or_default() as u32
    }

    fn client(&self, row: &Row) -> u32 {
        self.client_of[row.debtor as usize]
    }
}

/// The columns of the invoice frame while they are collected, in one pass over the rows.
struct Invoices {
    client: Vec<u32>,
    debtor: Vec<u32>,
    number: StringChunkedBuilder,
    issue: Vec<Day>,
    due: Vec<Day>,
    currency: Vec<u32>,
    face: Vec<i64>,
    disputed: Vec<Option<bool>>,
    disputed_date: Vec<MaybeDay>,
    issue_assumed: Vec<bool>,
    due_assumed: Vec<bool>,
    file: Vec<u32>,
    line: Vec<u32>,
    already_assigned: Vec<bool>,
}

impl Invoices {
    fn with_capacity(count: usize) -> Self {
        Self {
            client: Vec::with_capacity(count),
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
        }
    }

    fn push(&mut self, row: &Row, number: &str, codes: &Codes) {
        self.client.push(codes.client(row));
        self.debtor.push(row.debtor);
        self.number.append_value(number);
        self.issue.push(row.issue);
        self.due.push(row.due);
        self.currency.push(codes.currency(row.currency));
        self.face.push(row.face);
        self.disputed.push(row.disputed);
        self.disputed_date.push(row.disputed_on);
        self.issue_assumed.push(row.issue_assumed);
        self.due_assumed.push(row.due_assumed);
        self.file.push(u32::from(row.file));
        self.line.push(row.line);
        self.already_assigned.push(row.already_assigned);
    }

    fn into_columns(self) -> PolarsResult<Vec<Column>> {
        let face = PlSmallStr::from_static("face");
        Ok(vec![
            codes("client", self.client),
            codes("debtor", self.debtor),
            self.number.finish().into_column(),
            days("issue_date", self.issue)?,
            days("due_date", self.due)?,
            codes("currency", self.currency),
            Int64Chunked::from_vec(face, self.face).into_column(),
            Series::new(PlSmallStr::from_static("disputed"), self.disputed).into_column(),
            maybe_days("disputed_date", &self.disputed_date)?,
            flags("issue_assumed", self.issue_assumed),
            flags("due_assumed", self.due_assumed),
            codes("file", self.file),
            codes("line", self.line),
            flags("already_assigned", self.already_assigned),
        ])
    }
}

fn invoice_frame(
    gathered: &Gathered,
    repeated: &[usize],
    codes: &Codes,
) -> PolarsResult<DataFrame> {
    let rows = &gathered.rows;
    let invoices = || rows.iter().filter(|row| row.face > 0);
    let count = invoices().count();
    let mut all = Invoices::with_capacity(count);
    invoices().for_each(|row| all.push(row, gathered.number_of(row), codes));
    let mut columns = all.into_columns()?;
    let mut duplicate = vec![false; rows.len()];
    repeated.iter().for_each(|&at| duplicate[at] = true);
    let mut row = rows.iter();
    duplicate.retain(|_| row.next().is_some_and(|row| row.face > 0));
    columns.push(flags("duplicate_number", duplicate));
    if rows.iter().any(|row| row.po_number_len > 0) {
        let name = PlSmallStr::from_static("po_number");
        let mut builder = StringChunkedBuilder::new(name, count);
        for row in invoices() {
            let po_number = gathered.po_number_of(row);
            builder.append_option(Some(po_number).filter(|po| !po.is_empty()));
        }
        columns.push(builder.finish().into_column());
    }
    DataFrame::new(count, columns)
}

fn several_names(gathered: &Gathered) -> BTreeMap<usize, Vec<(Day, String)>> {
    let several = gathered.debtors.iter().enumerate().filter(|(_, d)| d.has_several_names());
    let names = |(row, debtor): (usize, &Debtor)| {
        (row, debtor.names().map(|(first, name)| (first, name.to_owned())).collect())
    };
    several.map(names).collect()
}

fn debtor_frame(gathered: &Gathered, codes_of: &Codes) -> PolarsResult<DataFrame> {
    let debtors = &gathered.debtors;
    let texts = |name, of: fn(&Debtor) -> &str| {
        let texts: Vec<&str> = debtors.iter().map(of).collect();
        Series::new(PlSmallStr::from_static(name), texts).into_column()
    };
    DataFrame::new(
        debtors.len(),
        vec![
            codes("client", codes_of.client_of.clone()),
            texts("debtor_id", |debtor| &debtor.id),
            texts("debtor_name", |debtor| debtor.shown_name()),
            texts("country", |debtor| &debtor.country),
            texts("group", |debtor| debtor.facts.as_ref().map_or("", |facts| &facts.group)),
        ],
    )
}

/// The invoice of a settlement that reduces none; frames hold fewer rows than that.
const NO_INVOICE: u32 = u32::MAX;

/// The columns of the settlement frame while they are collected.
#[derive(Default)]
struct Settlements {
    client: Vec<u32>,
    debtor: Vec<u32>,
    /// [`NO_INVOICE`] when it reduces none.
    invoice: Vec<u32>,
    date: Vec<MaybeDay>,
    kind: Vec<u32>,
    amount: Vec<i64>,
    currency: Vec<u32>,
    used_up: Vec<MaybeDay>,
    file: Vec<u32>,
    line: Vec<u32>,
    /// Per debtor, the number of settlements before its first.
    start_of_debtor: Vec<usize>,
}

/// Where a settlement belongs.
#[derive(Clone, Copy)]
struct Target {
    debtor: u32,
    client: u32,
    currency: u32,
    invoice: Option<u32>,
    used_up: MaybeDay,
    place: Place,
}

impl Settlements {
    fn with_capacity(settlements: usize) -> Self {
        Self {
            client: Vec::with_capacity(settlements),
            debtor: Vec::with_capacity(settlements),
            invoice: Vec::with_capacity(settlements),
            date: Vec::with_capacity(settlements),
            kind: Vec::with_capacity(settlements),
            amount: Vec::with_capacity(settlements),
            currency: Vec::with_capacity(settlements),
            used_up: Vec::with_capacity(settlements),
            file: Vec::with_capacity(settlements),
            line: Vec::with_capacity(settlements),
            start_of_debtor: Vec::new(),
        }
    }

    fn collect(gathered: &Gathered, linked: &[Linked], codes: &Codes) -> Self {
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
                    client: codes.client(row),
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
    fn totals(&self, currencies: usize) -> Vec<SettledTotals> {
        let mut totals = vec![SettledTotals::default(); currencies];
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
        totals
    }

    fn push_linked(&mut self, own: &Linked, invoice: Option<u32>, codes: &Codes) {
        let target = Target {
            debtor: own.debtor,
            client: codes.client_of[own.debtor as usize],
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
            // What was used on an unknown day was never more than shown: it counts as used from the
            // start.
            let used_up = if used.date.is_none() { Some(issue).into() } else { used.date };
            self.push(&Target { used_up, ..target }, credit(used.amount));
        }
        if unused > 0 {
            self.push(&target, credit(unused));
        }
    }

    fn push(&mut self, target: &Target, reduction: Reduction) {
        if reduction.amount == 0 {
            // Another row stated it with its date.
            return;
        }
        self.client.push(target.client);
        self.debtor.push(target.debtor);
        self.invoice.push(target.invoice.unwrap_or(NO_INVOICE));
        self.date.push(reduction.date);
        self.kind.push(reduction.kind.code());
        self.amount.push(reduction.amount);
        self.currency.push(target.currency);
        self.used_up.push(target.used_up);
        self.file.push(u32::from(target.place.file));
        self.line.push(target.place.line);
    }

    fn into_frame(self) -> PolarsResult<DataFrame> {
        let amount = PlSmallStr::from_static("amount");
        DataFrame::new(
            self.amount.len(),
            vec![
                codes("client", self.client),
                codes("debtor", self.debtor),
                invoice_rows(&self.invoice),
                maybe_days("date", &self.date)?,
                codes("kind", self.kind),
                Int64Chunked::from_vec(amount, self.amount).into_column(),
                codes("currency", self.currency),
                maybe_days("used_up", &self.used_up)?,
                codes("file", self.file),
                codes("line", self.line),
            ],
        )
    }
}

fn codes(name: &'static str, values: Vec<u32>) -> Column {
    UInt32Chunked::from_vec(PlSmallStr::from_static(name), values).into_column()
}

fn flags(name: &'static str, values: Vec<bool>) -> Column {
    Series::new(PlSmallStr::from_static(name), values).into_column()
}

fn days(name: &'static str, days: Vec<Day>) -> PolarsResult<Column> {
    let days = Int32Chunked::from_vec(PlSmallStr::from_static(name), days);
    days.into_column().cast(&DataType::Date)
}

fn maybe_days(name: &'static str, days: &[MaybeDay]) -> PolarsResult<Column> {
    let days = days.iter().map(|day| day.day());
    let days = Int32Chunked::from_iter_options(PlSmallStr::from_static(name), days);
    days.into_column().cast(&DataType::Date)
}

fn invoice_rows(rows: &[u32]) -> Column {
    let rows = rows.iter().map(|&row| Some(row).filter(|&row| row != NO_INVOICE));
    UInt32Chunked::from_iter_options(PlSmallStr::from_static("invoice"), rows).into_column()
}

fn client_rows(gathered: &Gathered, codes: &Codes, settlements: &Settlements) -> Vec<ClientRows> {
    let mut clients: Vec<ClientRows> = Vec::new();
    let mut invoice = 0;
    for (debtor, group) in gathered.groups.iter().enumerate() {
        let settled = settlements.start_of_debtor[debtor]..settlements.start_of_debtor[debtor + 1];
        if codes.client_of[debtor] as usize == clients.len() {
            clients.push(ClientRows {
                id: gathered.debtors[debtor].client.to_string(),
                invoices: invoice..invoice,
                settlements: settled.start..settled.start,
                debtors: debtor..debtor,
            });
        }
        invoice += gathered.rows[group.clone()].iter().filter(|row| row.face > 0).count();
        if let Some(client) = clients.last_mut() {
            client.invoices.end = invoice;
            client.settlements.end = settled.end;
            client.debtors.end = debtor + 1;
        }
    }
    clients
}
