//! An offer document as a workbook.

use std::io::Write;

use basics::Money;
use offer::{Offer, OfferPart, Percent};
use words::{Facts, say, say_with};

use super::ReportError;
use super::portfolio::{Cell, Column, Section, Sum, Table, workbook};
use super::table::has_jobs;

/// Writes `offer.xlsx`: the offer with its menu, and every invoice.
///
/// # Errors
/// If the workbook cannot be built or `out` cannot be written to.
pub fn offer_xlsx(offer: &Offer, out: &mut dyn Write) -> Result<(), ReportError> {
    let buys = offer.parts.iter().any(|part| part.totals.bought_invoices > 0);
    let facts = Facts::new().with("as_of", offer.as_of).with("until", offer.valid_until);
    let dates = if buys { "offer_workbook.valid_until" } else { "offer_workbook.no_offer" };
    let notes = vec![say_with(dates, &facts), say("offer_workbook.units")];
    let summary = Section {
        key: "offer",
        title: say("offer_workbook.offer"),
        notes: notes.clone(),
        charts: Vec::new(),
        tables: vec![totals(&offer.parts), menu(&offer.parts)],
    };
    let invoices = Section {
        key: "invoices",
        title: say("offer_workbook.invoices"),
        notes,
        charts: Vec::new(),
        tables: vec![lines(&offer.parts)],
    };
    // `own_file` knows the workbook again by how its title begins.
    workbook(&say_with("offer_workbook.title", &facts), &[summary, invoices], out)
}

fn column((key, title, sum): (&str, &str, Sum)) -> Column {
    Column { key: key.to_owned(), title: title.to_owned(), sum }
}

fn maybe(amount: Option<Money>) -> Cell {
    amount.map_or(Cell::None, Cell::Amount)
}

fn percent(percent: Option<Percent>) -> Cell {
    percent.map_or(Cell::None, |percent| Cell::Share(percent.0 / 100.0))
}

fn totals(parts: &[OfferPart]) -> Table {
    let columns = [
        ("client", "Client", Sum::No),
        ("currency", "Currency", Sum::No),
        ("open_invoices", "Open invoices", Sum::No),
        ("gross", "Open balance", Sum::No),
        ("bought_invoices", "Invoices bought", Sum::No),
        ("amount_bought", "Amount bought", Sum::No),
        ("held_invoices", "Invoices held", Sum::No),
        ("held_amount", "Bought once confirmed", Sum::No),
        ("held_advance", "Advance once confirmed", Sum::No),
        ("advance_rate", "Advance rate", Sum::No),
        ("discount_rate", "Discount rate", Sum::No),
        ("advance", "Advance", Sum::No),
        ("net_funded", "Paid at once", Sum::No),
        ("reserve", "Reserve", Sum::No),
        ("fee", "Expected fee", Sum::No),
        ("expected_rebate", "Expected rebate", Sum::No),
        ("apr", "APR", Sum::No),
    ];
    let row = |part: &OfferPart| {
        let (own, currency) = (&part.totals, part.currency);
        vec![
            Cell::from(&part.client),
            Cell::from(currency.code()),
            Cell::Count(own.open_invoices as i64),
            Cell::Amount(own.gross),
            Cell::Count(own.bought_invoices as i64),
            Cell::Amount(own.amount_bought),
            Cell::Count(own.held.map_or(0, |held| held.invoices) as i64),
            maybe(own.held.map(|held| held.amount)),
            maybe(own.held.map(|held| held.advance)),
            Cell::from(part.terms.advance_rate_percent),
            Cell::from(part.terms.discount_rate_percent),
            Cell::Amount(own.advance),
            Cell::Amount(own.net_funded),
            Cell::Amount(own.reserve),
            Cell::Amount(own.fee),
            Cell::Amount(own.expected_rebate),
            percent(own.apr_percent),
        ]
    };
    Table {
        key: "totals",
        title: say("offer_workbook.totals"),
        columns: columns.map(column).into(),
        rows: parts.iter().map(row).collect(),
    }
}

fn menu(parts: &[OfferPart]) -> Table {
    let columns = [
        ("currency", "Currency", Sum::No),
        ("choice", "Offer", Sum::No),
        ("advance_rate", "Advance rate", Sum::No),
        ("discount_rate", "Discount rate", Sum::No),
        ("advance", "Advance", Sum::No),
        ("fee", "Expected fee", Sum::No),
        ("total_cost", "Expected cost", Sum::No),
        ("apr", "APR", Sum::No),
    ];
    let mut rows = Vec::new();
    for part in parts {
        for own in &part.menu {
            rows.push(vec![
                Cell::from(part.currency.code()),
                Cell::Text(own.choice.title().to_lowercase()),
                Cell::from(own.advance_rate_percent),
                Cell::from(own.discount_rate_percent),
                Cell::Amount(own.advance),
                Cell::Amount(own.fee),
                Cell::Amount(own.total_cost),
                percent(own.apr_percent),
            ]);
        }
    }
    let title = say("offer_workbook.menu");
    Table { key: "menu", title, columns: columns.map(column).into(), rows }
}

fn lines(parts: &[OfferPart]) -> Table {
    let columns = [
        ("client", "Client", Sum::No),
        ("currency", "Currency", Sum::No),
        ("invoice_number", "Invoice", Sum::No),
        ("debtor_id", "Debtor id", Sum::No),
        ("debtor_name", "Debtor", Sum::No),
        ("invoice_date", "Invoice date", Sum::No),
        ("due_date", "Due date", Sum::No),
        ("days_past_due", "Days past due", Sum::No),
        ("decision", "Decision", Sum::No),
        ("open", "Open balance", Sum::Yes),
        ("amount_bought", "Amount bought", Sum::Yes),
        ("advance", "Advance", Sum::Yes),
        ("reserve", "Reserve", Sum::Yes),
        ("fee", "Expected fee", Sum::Yes),
        ("expected_date", "Expected payment date", Sum::No),
        ("collected_60", "Collected within 60 days", Sum::No),
        ("held_amount", "Bought once confirmed", Sum::Yes),
        ("held_advance", "Advance once confirmed", Sum::Yes),
        ("why", "Why not bought, or only in part", Sum::No),
    ];
    let has_jobs = has_jobs(parts);
    let job = has_jobs.then_some(("job", "Job", Sum::No));
    let mut rows = Vec::new();
    for part in parts {
        let currency = part.currency;
        for line in &part.lines {
            let price = line.price.as_ref();
            let mut row = vec![
                Cell::from(&part.client),
                Cell::from(currency.code()),
                Cell::from(&line.invoice_number),
                Cell::from(&line.debtor_id),
                Cell::from(&line.debtor_name),
                Cell::Day(line.invoice_date),
                Cell::Day(line.due_date),
                Cell::Count(line.days_past_due.into()),
                Cell::from(line.decision.as_str()),
                Cell::Amount(line.open),
                maybe(price.map(|price| price.amount_bought)),
                maybe(price.map(|price| price.advance)),
                maybe(price.map(|price| price.reserve)),
                maybe(price.map(|price| price.fee)),
                price.map_or(Cell::None, |price| Cell::Day(price.expected_date)),
                Cell::Share(line.collected_60),
                maybe(line.once_confirmed.map(|price| price.amount_bought)),
                maybe(line.once_confirmed.map(|price| price.advance)),
                Cell::from(line.why.as_deref().unwrap_or_default()),
            ];
            row.extend(has_jobs.then(|| Cell::from(line.job.as_deref().unwrap_or_default())));
            rows.push(row);
        }
    }
    let title = say("offer_workbook.lines");
    Table {
        key: "invoices",
        title,
        columns: columns.into_iter().chain(job).map(column).collect(),
        rows,
    }
}
