use std::collections::BTreeMap;

use polars::prelude::{DataFrame, IntoColumn, NamedFrom, PlSmallStr, PolarsResult, Series};

use basics::{Day, DebtorColumn, DebtorFact, DebtorFacts};
use intake::{Debtor, IngestOptions};

use super::super::error::LedgerError;
use super::super::footing::{Totals, certificate};
use super::super::gathered::Gathered;
use super::super::ledger::{ClientRows, Ledger};
use super::super::link::link;
use super::columns::{Codes, codes};
use super::invoices::Invoices;
use super::reductions::ReductionRows;

/// Number of rows from which memory matters more than time.
const LARGE: usize = 4_000_000;

/// Builds the ledger from rows in canonical order.
///
/// # Errors
/// If a total exceeds 64 bits of minor units, or if polars cannot build a frame.
pub fn build(mut gathered: Gathered, options: &IngestOptions) -> Result<Ledger, LedgerError> {
    let frame = |source| LedgerError::Frame { file: "ledger frames".to_owned(), source };
    let codes = Codes::of(&gathered);
    let linked = link(&mut gathered);
    let repeated = gathered.duplicate_numbers();
    let reduced = |gathered: &Gathered| {
        let reductions = ReductionRows::collect(gathered, &linked, &codes);
        let reduced = reductions.totals(gathered, &codes);
        let totals = Totals { codes: &codes.currencies, reduced, repeated: repeated.len() };
        let certificate = certificate(gathered, &totals, options);
        (reductions, certificate)
    };
    let (invoices, (reductions, certificate)) = if gathered.rows.len() < LARGE {
        rayon::join(|| Invoices::collect(&gathered, &repeated, &codes), || reduced(&gathered))
    } else {
        // One after the other takes longer but has a lower peak of memory.
        let reduced = reduced(&gathered);
        gathered.drop_reductions();
        (Invoices::collect(&gathered, &repeated, &codes), reduced)
    };
    let clients = client_rows(&gathered, &codes, &reductions);
    // Rows and frames at once would be the peak of memory.
    gathered.drop_rows();
    let (several_names, joined) = (several_names(&gathered), joined(&gathered));
    let mut told: Vec<_> = gathered.debtors.iter_mut().map(told).collect();
    Ok(Ledger {
        invoices: invoices.into_frame(&codes).map_err(frame)?,
        reductions: reductions.into_frame(&codes).map_err(frame)?,
        debtors: debtor_frame(&gathered, &codes, &mut told).map_err(frame)?,
        told,
        several_names,
        joined,
        clients,
        currencies: codes.currencies,
        rejects: gathered.rejects,
        certificate: certificate?,
        stated_as_of: gathered.notes.stated_as_of,
    })
}

fn several_names(gathered: &Gathered) -> BTreeMap<usize, Vec<(Day, String)>> {
    let several = gathered.debtors.iter().enumerate().filter(|(_, d)| d.has_several_names());
    let names = |(row, debtor): (usize, &Debtor)| {
        (row, debtor.names().map(|(first, name)| (first, name.to_owned())).collect())
    };
    several.map(names).collect()
}

fn joined(gathered: &Gathered) -> BTreeMap<usize, Vec<String>> {
    let with_parts = gathered.debtors.iter().enumerate().filter(|(_, d)| !d.children.is_empty());
    let parts = |debtor: &Debtor| debtor.children.iter().map(ToString::to_string).collect();
    with_parts.map(|(row, debtor)| (row, parts(debtor))).collect()
}

/// The facts about a debtor, with its country, which may come from the ledger.
fn told(debtor: &mut Debtor) -> Option<Box<DebtorFacts>> {
    let facts = debtor.facts.take();
    if debtor.country.is_empty() {
        return facts;
    }
    let country = Some(debtor.country.to_string());
    Some(Box::new(DebtorFacts { country, ..facts.map(|facts| *facts).unwrap_or_default() }))
}

/// The debtor frame, one row per debtor; its facts are in order of their kinds: names, flags,
/// amounts.
fn debtor_frame(
    gathered: &Gathered,
    codes_of: &Codes,
    told: &mut [Option<Box<DebtorFacts>>],
) -> PolarsResult<DataFrame> {
    let debtors = &gathered.debtors;
    let texts = |name, of: fn(&Debtor) -> &str| {
        let texts: Vec<&str> = debtors.iter().map(of).collect();
        Series::new(PlSmallStr::from_static(name), texts).into_column()
    };
    let mut columns = vec![
        codes("client", codes_of.client_of.clone()),
        texts("debtor_id", |debtor| &debtor.id),
        texts("debtor_name", |debtor| debtor.shown_name()),
        texts("country", |debtor| &debtor.country),
    ];
    let (mut names, mut flags, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
    for column in &DebtorFacts::COLUMNS {
        let name = PlSmallStr::from_static(column.name);
        match (column.fact)(&mut DebtorFacts::default()) {
            // The country is a column above, and a debtor merged into another one has no row.
            DebtorFact::Text(_) if matches!(column.name, "country" | "same_as") => {}
            DebtorFact::Text(_) => names.push(Series::new(name, written(column, told))),
            DebtorFact::Amount(_) => amounts.push(Series::new(name, written(column, told))),
            DebtorFact::Flag(_) => flags.push(Series::new(name, flagged(column, told))),
        }
    }
    let facts = names.into_iter().chain(flags).chain(amounts);
    columns.extend(facts.map(IntoColumn::into_column));
    DataFrame::new(debtors.len(), columns)
}

/// The column of a name or an amount as text; empty where there is none.
fn written(column: &DebtorColumn, told: &mut [Option<Box<DebtorFacts>>]) -> Vec<String> {
    let text = |facts: &mut Option<Box<DebtorFacts>>| match (column.fact)(facts.as_deref_mut()?) {
        DebtorFact::Text(text) => text.clone(),
        DebtorFact::Amount(amount) => amount.map(|amount| amount.to_string()),
        DebtorFact::Flag(_) => None,
    };
    told.iter_mut().map(|facts| text(facts).unwrap_or_default()).collect()
}

fn flagged(column: &DebtorColumn, told: &mut [Option<Box<DebtorFacts>>]) -> Vec<Option<bool>> {
    let flag = |facts: &mut Option<Box<DebtorFacts>>| match (column.fact)(facts.as_deref_mut()?) {
        DebtorFact::Flag(flag) => *flag,
        DebtorFact::Text(_) | DebtorFact::Amount(_) => None,
    };
    told.iter_mut().map(flag).collect()
}

fn client_rows(gathered: &Gathered, codes: &Codes, reductions: &ReductionRows) -> Vec<ClientRows> {
    let mut clients: Vec<ClientRows> = Vec::new();
    let mut invoice = 0;
    for (debtor, group) in gathered.groups.iter().enumerate() {
        let reduced = reductions.start_of_debtor[debtor]..reductions.start_of_debtor[debtor + 1];
        // Codes rise by one from client to client, so a new one equals the number of those seen.
        if codes.client_of[debtor] as usize == clients.len() {
            clients.push(ClientRows {
                id: gathered.debtors[debtor].client.to_string(),
                invoices: invoice..invoice,
                reductions: reduced.start..reduced.start,
                debtors: debtor..debtor,
            });
        }
        invoice += gathered.rows[group.clone()].iter().filter(|row| row.face > 0).count();
        if let Some(client) = clients.last_mut() {
            client.invoices.end = invoice;
            client.reductions.end = reduced.end;
            client.debtors.end = debtor + 1;
        }
    }
    clients
}
