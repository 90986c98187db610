//! An offer as a workbook, from its document.

use std::io::Write;

use chrono::NaiveDate;
use serde::Deserialize;

use basics::{Amount, Currency, Money, Rate};

use super::ReportError;
use super::portfolio::{Cell, Column, Section, Sum, Table, workbook};

#[derive(Deserialize)]
struct Document {
    offer: Offer,
}

#[derive(Deserialize)]
struct Offer {
    as_of: NaiveDate,
    valid_until: NaiveDate,
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    client: String,
    currency: Currency,
    totals: Totals,
    terms: Terms,
    /// None where nothing is offered.
    #[serde(default)]
    menu: Vec<Choice>,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct Totals {
    open_invoices: i64,
    gross: Amount,
    bought_invoices: i64,
    amount_bought: Amount,
    advance: Amount,
    net_funded: Amount,
    reserve: Amount,
    fee: Amount,
    expected_rebate: Amount,
    apr_percent: Option<f64>,
}

#[derive(Deserialize)]
struct Terms {
    advance_rate_percent: Rate,
    discount_rate_percent: Rate,
}

#[derive(Deserialize)]
struct Choice {
    choice: String,
    advance_rate_percent: Rate,
    discount_rate_percent: Rate,
    advance: Amount,
    fee: Amount,
    total_cost: Amount,
    apr_percent: Option<f64>,
}

#[derive(Deserialize)]
struct Line {
    invoice_number: String,
    debtor_id: String,
    debtor_name: String,
    invoice_date: NaiveDate,
    due_date: NaiveDate,
    days_past_due: i64,
    decision: String,
    #[serde(default)]
    why: String,
    open: Amount,
    amount_bought: Option<Amount>,
    advance: Option<Amount>,
    reserve: Option<Amount>,
    fee: Option<Amount>,
    expected_date: Option<NaiveDate>,
    collected_60: f64,
}

/// Writes `offer.xlsx` of an offer document: the offer with its menu, and every invoice.
///
/// # Errors
/// [`ReportError`] when it is no offer document, or as the writer says.
pub fn offer_xlsx(document: &str, out: &mut dyn Write) -> Result<(), ReportError> {
    let Document { offer } = serde_json::from_str(document)?;
    let buys = offer.parts.iter().any(|part| part.totals.bought_invoices > 0);
    let until = if buys {
        format!("valid until {}", offer.valid_until)
    } else {
        "nothing is offered".to_owned()
    };
    let notes = vec![
        format!("As of {}, {until}.", offer.as_of),
        "Amounts in major units of each currency; as made, without later decisions.".to_owned(),
    ];
    let summary = Section {
        key: "offer",
        title: "Purchase offer",
        notes: notes.clone(),
        charts: Vec::new(),
        tables: vec![totals(&offer.parts)?, menu(&offer.parts)?],
    };
    let invoices = Section {
        key: "invoices",
        title: "Invoices",
        notes,
        charts: Vec::new(),
        tables: vec![lines(&offer.parts)?],
    };
    workbook(&format!("Purchase offer as of {}", offer.as_of), &[summary, invoices], out)
}

fn column((key, title, sum): (&str, &str, Sum)) -> Column {
    Column { key: key.to_owned(), title: title.to_owned(), sum }
}

fn money(amount: Amount, currency: Currency) -> Result<Cell, ReportError> {
    let money = Money::from_major(amount.0, currency);
    Ok(Cell::Amount(money.map_err(|error| ReportError::Text(error.to_string()))?))
}

fn maybe(amount: Option<Amount>, currency: Currency) -> Result<Cell, ReportError> {
    amount.map_or(Ok(Cell::None), |amount| money(amount, currency))
}

fn percent(percent: Option<f64>) -> Cell {
    percent.map_or(Cell::None, |percent| Cell::Share(percent / 100.0))
}

fn totals(parts: &[Part]) -> Result<Table, ReportError> {
    let columns = [
        ("client", "Client", Sum::No),
        ("currency", "Currency", Sum::No),
        ("open_invoices", "Open invoices", Sum::No),
        ("gross", "Open balance", Sum::No),
        ("bought_invoices", "Invoices bought", Sum::No),
        ("amount_bought", "Amount bought", Sum::No),
        ("advance_rate", "Advance rate", Sum::No),
        ("discount_rate", "Discount rate", Sum::No),
        ("advance", "Advance", Sum::No),
        ("net_funded", "Paid at once", Sum::No),
        ("reserve", "Reserve", Sum::No),
        ("fee", "Expected fee", Sum::No),
        ("expected_rebate", "Expected rebate", Sum::No),
        ("apr", "APR", Sum::No),
    ];
    let row = |part: &Part| -> Result<Vec<Cell>, ReportError> {
        let (own, currency) = (&part.totals, part.currency);
        Ok(vec![
            Cell::from(&part.client),
            Cell::from(currency.code()),
            Cell::Count(own.open_invoices),
            money(own.gross, currency)?,
            Cell::Count(own.bought_invoices),
            money(own.amount_bought, currency)?,
            Cell::from(part.terms.advance_rate_percent),
            Cell::from(part.terms.discount_rate_percent),
            money(own.advance, currency)?,
            money(own.net_funded, currency)?,
            money(own.reserve, currency)?,
            money(own.fee, currency)?,
            money(own.expected_rebate, currency)?,
            percent(own.apr_percent),
        ])
    };
    Ok(Table {
        key: "totals",
        title: "What is bought, and at what price".to_owned(),
        columns: columns.map(column).into(),
        rows: parts.iter().map(row).collect::<Result<_, _>>()?,
    })
}

fn menu(parts: &[Part]) -> Result<Table, ReportError> {
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
                Cell::Text(own.choice.replace('_', " ")),
                Cell::from(own.advance_rate_percent),
                Cell::from(own.discount_rate_percent),
                money(own.advance, part.currency)?,
                money(own.fee, part.currency)?,
                money(own.total_cost, part.currency)?,
                percent(own.apr_percent),
            ]);
        }
    }
    let title = "Offers to choose from".to_owned();
    Ok(Table { key: "menu", title, columns: columns.map(column).into(), rows })
}

fn lines(parts: &[Part]) -> Result<Table, ReportError> {
    let columns = [
        ("client", "Client", Sum::No),
        ("currency", "Currency", Sum::No),
        ("invoice_number", "Invoice", Sum::No),
        ("debtor_id", "Debtor id", Sum::No),
        ("debtor_name", "Debtor", Sum::No),
        ("invoice_date", "Issued", Sum::No),
        ("due_date", "Due", Sum::No),
        ("days_past_due", "Days past due", Sum::No),
        ("decision", "Decision", Sum::No),
        ("open", "Open balance", Sum::Yes),
        ("amount_bought", "Amount bought", Sum::Yes),
        ("advance", "Advance", Sum::Yes),
        ("reserve", "Reserve", Sum::Yes),
        ("fee", "Expected fee", Sum::Yes),
        ("expected_date", "Expected on", Sum::No),
        ("collected_60", "Collected within 60 days", Sum::No),
        ("why", "Why not, or not whole", Sum::No),
    ];
    let mut rows = Vec::new();
    for part in parts {
        let currency = part.currency;
        for line in &part.lines {
            rows.push(vec![
                Cell::from(&part.client),
                Cell::from(currency.code()),
                Cell::from(&line.invoice_number),
                Cell::from(&line.debtor_id),
                Cell::from(&line.debtor_name),
                Cell::Day(line.invoice_date),
                Cell::Day(line.due_date),
                Cell::Count(line.days_past_due),
                Cell::from(&line.decision),
                money(line.open, currency)?,
                maybe(line.amount_bought, currency)?,
                maybe(line.advance, currency)?,
                maybe(line.reserve, currency)?,
                maybe(line.fee, currency)?,
                line.expected_date.map_or(Cell::None, Cell::Day),
                Cell::Share(line.collected_60),
                Cell::from(&line.why),
            ]);
        }
    }
    let title = "Every open invoice".to_owned();
    Ok(Table { key: "invoices", title, columns: columns.map(column).into(), rows })
}
