//! Rows in canonical order become the polars frames and the footing certificate.

use std::collections::BTreeMap;

use polars::prelude::{
    Column, DataFrame, DataType, IdxCa, IntoColumn, NamedFrom, NewChunkedArray, PlSmallStr,
    PolarsResult, Series, StringChunked,
};

use crate::basics::{Currency, Day, Money};

use super::assemble::Gathered;
use super::batch::Row;
use super::row::Reduction;
use super::{
    Assumptions, ClientRows, CurrencyTotals, FootingCertificate, IngestOptions, Ledger,
    LedgerError, MaybeDay, RowCounts, SettlementKind,
};

/// Builds the ledger from rows in canonical order.
pub(super) fn build(
    gathered: Gathered,
    duplicate_numbers: &[bool],
    options: &IngestOptions,
) -> Result<Ledger, LedgerError> {
    let currencies = currencies(&gathered);
    let clients_of = client_codes(&gathered);
    let settlements = Settlements::collect(&gathered, &currencies, &clients_of);
    let certificate = certificate(&gathered, duplicate_numbers, &settlements, options)?;
    let frame = |source| LedgerError::Frame { file: "ledger frames".to_owned(), source };
    let is_invoice: Vec<bool> = gathered.rows.iter().map(|row| row.face > 0).collect();
    let invoices =
        invoice_frame(&gathered, duplicate_numbers, &currencies, &clients_of).map_err(frame)?;
    let invoices = if is_invoice.iter().all(|&is| is) {
        invoices
    } else {
        let mask = polars::prelude::BooleanChunked::from_slice(PlSmallStr::EMPTY, &is_invoice);
        let mut kept = invoices.filter(&mask).map_err(frame)?;
        kept.rechunk_mut();
        kept
    };
    let clients = client_rows(&gathered, &clients_of, &settlements);
    Ok(Ledger {
        invoices,
        settlements: settlements.into_frame().map_err(frame)?,
        debtors: debtor_frame(&gathered, &clients_of).map_err(frame)?,
        clients,
        currencies,
        rejects: gathered.rejects,
        certificate,
    })
}

fn currencies(gathered: &Gathered) -> Vec<Currency> {
    let mut found: Vec<Currency> = Vec::new();
    for row in &gathered.rows {
        if !found.contains(&row.currency) {
            found.push(row.currency);
        }
    }
    found.sort_unstable();
    found
}

fn code_of(currencies: &[Currency], currency: Currency) -> u32 {
    currencies.iter().position(|&c| c == currency).unwrap_or_default() as u32
}

/// For every debtor (in order of client), the code of its client.
fn client_codes(gathered: &Gathered) -> Vec<u32> {
    let mut code = 0;
    let mut last: Option<&str> = None;
    let next = gathered.debtors.iter().map(|debtor| {
        code += u32::from(last.is_some_and(|client| *client != *debtor.client));
        last = Some(&debtor.client);
        code
    });
    next.collect()
}

fn invoice_frame(
    gathered: &Gathered,
    duplicate_numbers: &[bool],
    currencies: &[Currency],
    clients_of: &[u32],
) -> PolarsResult<DataFrame> {
    let rows = &gathered.rows;
    let texts = IdxCa::from_vec(PlSmallStr::EMPTY, rows.iter().map(|row| row.text).collect());
    let text = |name: &'static str, column: &StringChunked| -> PolarsResult<Column> {
        Ok(column.clone().into_column().take(&texts)?.with_name(PlSmallStr::from_static(name)))
    };
    let numbers = |name, of: &dyn Fn(&Row) -> u32| {
        column(name, rows.iter().map(of).collect::<Vec<u32>>())
    };
    let days = |name, of: &dyn Fn(&Row) -> Day| dates(name, rows.iter().map(of).collect::<Vec<_>>());
    let flags = |name, of: &dyn Fn(&Row) -> bool| {
        column(name, rows.iter().map(of).collect::<Vec<bool>>())
    };
    let disputed_on: Vec<MaybeDay> = rows.iter().map(|row| row.disputed_on).collect();
    DataFrame::new(rows.len(), vec![
        numbers("client", &|row| clients_of[row.debtor as usize]),
        numbers("debtor", &|row| row.debtor),
        text("number", &gathered.numbers)?,
        days("issue_date", &|row| row.issue)?,
        days("due_date", &|row| row.due)?,
        numbers("currency", &|row| code_of(currencies, row.currency)),
        column("face", rows.iter().map(|row| row.face).collect::<Vec<i64>>()),
        column("disputed", rows.iter().map(|row| row.disputed).collect::<Vec<Option<bool>>>()),
        dates("disputed_date", disputed_on)?,
        column("duplicate_number", duplicate_numbers.to_vec()),
        flags("issue_assumed", &|row| row.issue_assumed),
        flags("due_assumed", &|row| row.due_assumed),
        text("po_number", &gathered.po_numbers)?,
        numbers("file", &|row| u32::from(row.file)),
        numbers("line", &|row| row.line),
    ])
}

fn debtor_frame(gathered: &Gathered, clients_of: &[u32]) -> PolarsResult<DataFrame> {
    let debtors = &gathered.debtors;
    let texts = |name, of: &dyn Fn(&super::debtor_table::Debtor) -> Box<str>| {
        column(name, debtors.iter().map(|d| String::from(of(d))).collect::<Vec<String>>())
    };
    DataFrame::new(debtors.len(), vec![
        column("client", clients_of.to_vec()),
        texts("debtor_id", &|d| d.id.clone()),
        texts("debtor_name", &|d| d.name.clone()),
        texts("country", &|d| d.country.clone()),
    ])
}

/// The columns of the settlement frame while they are collected.
#[derive(Default)]
struct Settlements {
    client: Vec<u32>,
    debtor: Vec<u32>,
    invoice: Vec<Option<u32>>,
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
struct Target<'a> {
    row: &'a Row,
    client: u32,
    currency: u32,
    invoice: Option<u32>,
}

impl Settlements {
    fn collect(gathered: &Gathered, currencies: &[Currency], clients_of: &[u32]) -> Self {
        let mut all = Self::default();
        let mut overpaid: BTreeMap<u32, (i64, MaybeDay)> = BTreeMap::new();
        overpaid.extend(gathered.overpaid.iter().map(|&(text, amount, date)| (text, (amount, date))));
        let mut invoice = 0;
        for row in &gathered.rows {
            while all.start_of_debtor.len() <= row.debtor as usize {
                all.start_of_debtor.push(all.amount.len());
            }
            let client = clients_of[row.debtor as usize];
            let currency = code_of(currencies, row.currency);
            let unapplied = Target { row, client, currency, invoice: None };
            if row.face < 0 {
                all.push_credit_note(&unapplied, gathered.reductions_of(row));
                continue;
            }
            let applied = Target { invoice: Some(invoice), ..unapplied };
            for reduction in gathered.reductions_of(row) {
                all.push(&applied, *reduction, None);
            }
            if let Some(&(amount, date)) = overpaid.get(&row.text) {
                let kind = SettlementKind::Payment;
                let unapplied = Target { row, client, currency, invoice: None };
                all.push(&unapplied, Reduction { kind, date, amount }, None);
            }
            invoice += 1;
        }
        all.start_of_debtor.resize(gathered.debtors.len() + 1, all.amount.len());
        all
    }

    fn push_credit_note(&mut self, target: &Target<'_>, reductions: &[Reduction]) {
        let row = target.row;
        let kind = SettlementKind::CreditNote;
        let amount = row.face.saturating_neg();
        let used_up = reductions.iter().find_map(|reduction| reduction.date);
        self.push(target, Reduction { kind, date: Some(row.issue), amount }, used_up);
    }

    fn push(&mut self, target: &Target<'_>, reduction: Reduction, used_up: MaybeDay) {
        self.client.push(target.client);
        self.debtor.push(target.row.debtor);
        self.invoice.push(target.invoice);
        self.date.push(reduction.date);
        self.kind.push(reduction.kind.code());
        self.amount.push(reduction.amount);
        self.currency.push(target.currency);
        self.used_up.push(used_up);
        self.file.push(u32::from(target.row.file));
        self.line.push(target.row.line);
    }

    fn into_frame(self) -> PolarsResult<DataFrame> {
        DataFrame::new(self.amount.len(), vec![
            column("client", self.client),
            column("debtor", self.debtor),
            column("invoice", self.invoice),
            dates("date", self.date)?,
            column("kind", self.kind),
            column("amount", self.amount),
            column("currency", self.currency),
            dates("used_up", self.used_up)?,
            column("file", self.file),
            column("line", self.line),
        ])
    }
}

fn column<T>(name: &'static str, values: Vec<T>) -> Column
where
    Series: NamedFrom<Vec<T>, [T]>,
    [T]: ToOwned,
{
    Series::new(PlSmallStr::from_static(name), values).into_column()
}

fn dates<T>(name: &'static str, days: Vec<T>) -> PolarsResult<Column>
where
    Series: NamedFrom<Vec<T>, [T]>,
    [T]: ToOwned,
{
    column(name, days).cast(&DataType::Date)
}

fn client_rows(
    gathered: &Gathered,
    clients_of: &[u32],
    settlements: &Settlements,
) -> Vec<ClientRows> {
    let mut clients: Vec<ClientRows> = Vec::new();
    for (debtor, &client) in clients_of.iter().enumerate() {
        let next_settlements = settlements.start_of_debtor[debtor + 1];
        if client as usize == clients.len() {
            let before = clients.last();
            let start = before.map_or(0, |before| before.settlements.end);
            clients.push(ClientRows {
                id: gathered.debtors[debtor].client.to_string(),
                invoices: 0..0,
                settlements: start..start,
                debtors: debtor..debtor,
            });
        }
        let last = &mut clients[client as usize];
        last.debtors.end = debtor + 1;
        last.settlements.end = next_settlements;
    }
    let mut counts = vec![0; clients.len()];
    for row in gathered.rows.iter().filter(|row| row.face > 0) {
        counts[clients_of[row.debtor as usize] as usize] += 1;
    }
    let mut start = 0;
    for (client, count) in clients.iter_mut().zip(counts) {
        client.invoices = start..start + count;
        start += count;
    }
    clients
}

/// Running sums of one currency in 128 bits.
#[derive(Default)]
struct Running {
    invoices: u64,
    credit_notes: u64,
    face: i128,
    credit_note_amount: i128,
    by_kind: [i128; 3],
    overpayments: i128,
}

fn certificate(
    gathered: &Gathered,
    duplicate_numbers: &[bool],
    settlements: &Settlements,
    options: &IngestOptions,
) -> Result<FootingCertificate, LedgerError> {
    let mut totals: BTreeMap<Currency, Running> = BTreeMap::new();
    for currency in gathered.rejected_amount.keys() {
        totals.entry(*currency).or_default();
    }
    for rows in gathered.rows.chunk_by(|a, b| a.currency == b.currency) {
        let running = totals.entry(rows[0].currency).or_default();
        for row in rows {
            running.add(row, gathered.reductions_of(row));
        }
    }
    let currency_of: BTreeMap<u32, Currency> =
        if gathered.overpaid.is_empty() { BTreeMap::new() } else { currency_by_text(gathered) };
    for (text, amount, _) in &gathered.overpaid {
        if let Some(running) = currency_of.get(text).and_then(|c| totals.get_mut(c)) {
            running.overpayments += i128::from(*amount);
        }
    }
    let currencies = totals.iter().map(|(&currency, running)| {
        let rejected = gathered.rejected_amount.get(&currency).copied().unwrap_or_default();
        running.finish(currency, rejected)
    });
    let currencies = currencies.collect::<Result<Vec<_>, _>>()?;
    let rows = RowCounts {
        read: gathered.counts.read,
        invoices: currencies.iter().map(|c| c.invoices).sum(),
        credit_notes: currencies.iter().map(|c| c.credit_notes).sum(),
        blank: gathered.counts.blank,
        rejects: gathered.rejects.len() as u64,
    };
    let placed = rows.invoices + rows.credit_notes + rows.blank + rows.rejects;
    Ok(FootingCertificate {
        files: gathered.files.clone(),
        foots: rows.read == placed,
        rows,
        currencies,
        assumptions: assumptions(gathered, duplicate_numbers, settlements, options),
    })
}

fn currency_by_text(gathered: &Gathered) -> BTreeMap<u32, Currency> {
    let wanted: std::collections::BTreeSet<u32> =
        gathered.overpaid.iter().map(|&(text, ..)| text).collect();
    let rows = gathered.rows.iter().filter(|row| wanted.contains(&row.text));
    rows.map(|row| (row.text, row.currency)).collect()
}

impl Running {
    fn add(&mut self, row: &Row, reductions: &[Reduction]) {
        if row.face < 0 {
            self.credit_notes += 1;
            self.credit_note_amount -= i128::from(row.face);
            return;
        }
        self.invoices += 1;
        self.face += i128::from(row.face);
        for reduction in reductions {
            self.by_kind[reduction.kind as usize] += i128::from(reduction.amount);
        }
    }

    fn finish(&self, currency: Currency, rejected: i128) -> Result<CurrencyTotals, LedgerError> {
        let money = |minor: i128| match i64::try_from(minor) {
            Ok(minor) => Ok(Money::from_minor(minor, currency)),
            Err(_) => Err(crate::basics::MoneyError::OutOfRange {
                value: format!("the total of {minor} minor units"),
                currency,
            }),
        };
        let [payments, credits, write_offs] = self.by_kind;
        Ok(CurrencyTotals {
            currency,
            invoices: self.invoices,
            face: money(self.face)?,
            credit_notes: self.credit_notes,
            credit_note_amount: money(self.credit_note_amount)?,
            payments: money(payments)?,
            credits: money(credits)?,
            write_offs: money(write_offs)?,
            overpayments: money(self.overpayments)?,
            open: money(self.face - payments - credits - write_offs)?,
            rejected: money(rejected)?,
            amount_column: money(self.face - self.credit_note_amount + rejected)?,
        })
    }
}

fn assumptions(
    gathered: &Gathered,
    duplicate_numbers: &[bool],
    settlements: &Settlements,
    options: &IngestOptions,
) -> Assumptions {
    let count = |of: &dyn Fn(&Row) -> bool| {
        gathered.rows.iter().filter(|&row| row.face > 0 && of(row)).count() as u64
    };
    Assumptions {
        terms_days: options.assumed_terms_days,
        invoice_date_assumed: gathered.counts.issue_assumed,
        due_date_assumed: gathered.counts.due_assumed,
        currency_assumed: gathered.counts.currency_assumed,
        currency: options.currency,
        undated_settlements: settlements.date.iter().filter(|date| date.is_none()).count() as u64,
        undated_disputes: count(&|row| row.disputed == Some(true) && row.disputed_on.is_none()),
        debtors_with_several_names: gathered.debtors.iter().filter(|d| d.several_names).count()
            as u64,
        duplicate_numbers: duplicate_numbers.iter().filter(|&&repeated| repeated).count() as u64,
        due_before_issue: count(&|row| row.due < row.issue),
    }
}
