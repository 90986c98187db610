use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use app::{EntryKind, Happening, Position, PositionTerms, Statement, statements};
use basics::{Amount, Currency, Money};
use pricing::LossCause;
use store::{PositionRow, Posted, SettlementRow};

use super::Service;
use super::caller::{Caller, Underwriter};
use super::extract::{Asked, Id, Payload};
use super::page::{Listed, Page};
use super::problem::{Problem, ProblemType};
use super::request::{Once, Turn, json, parsed, tagged, text};

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

/// Largest amount, in minor units.
const LARGEST: i64 = 10_000_000_000_000;

/// The first day on which anything can have been bought.
const FIRST: NaiveDate = day(2000, 1, 1);

/// The last day on which anything can be due.
const LAST_DUE: NaiveDate = day(2200, 12, 31);

/// Most invoices or payments of one request.
pub(super) const MOST: usize = 10_000;

/// Invoices that were bought outside an offer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedPositions {
    /// Whose receivables they were.
    client_id: String,
    /// When they were bought.
    purchased_on: NaiveDate,
    /// Currency of the amounts.
    currency: Currency,
    /// The terms of all.
    terms: PositionTerms,
    /// The invoices.
    #[schemars(length(min = 1, max = 10_000))]
    invoices: Vec<AskedInvoice>,
}

/// An invoice that was bought.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskedInvoice {
    /// Who owes it.
    debtor_id: String,
    /// Its number.
    invoice_number: String,
    /// Amount bought.
    amount: Amount,
    /// Paid at the purchase, before charges.
    advance: Amount,
    /// When it is due.
    due_on: NaiveDate,
}

/// An invoice that was bought.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownPosition {
    /// Its id.
    id: String,
    /// Whose receivable it was.
    client_id: String,
    /// The offer by which it was bought.
    offer_id: Option<String>,
    /// Who owes it.
    debtor_id: String,
    /// Its number.
    invoice_number: String,
    /// Currency of the amounts.
    currency: Currency,
    /// Amount bought.
    amount: Money,
    /// Paid at the purchase, before charges.
    advance: Money,
    /// Charges of the whole purchase that were taken out of the advance; on its first invoice.
    prepaid_charges: Money,
    /// Cash from the debtor so far.
    collected: Money,
    /// The day of the last payment.
    last_paid_on: Option<NaiveDate>,
    /// When it was bought.
    purchased_on: NaiveDate,
    /// When it is due.
    due_on: NaiveDate,
    /// Its terms.
    terms: PositionTerms,
    /// `open` or `settled`.
    status: String,
}

/// How a position ended.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownSettlement {
    /// The position.
    position_id: String,
    /// Its debtor.
    debtor_id: String,
    /// Its invoice.
    invoice_number: String,
    /// The day to which the fee runs.
    settled_on: NaiveDate,
    /// Currency of the amounts.
    currency: Currency,
    /// Cash from the debtor.
    collected: Money,
    /// The fee.
    fee: Money,
    /// Amount bought less collected.
    shortfall: Money,
    /// Why.
    cause: Option<LossCause>,
    /// What the client bears of it.
    chargeback: Money,
    /// What the factor bears of it.
    factor_loss: Money,
    /// What the client still gets; negative: it owes that.
    rebate: Money,
}

/// Positions that were recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MadePositions {
    /// In the order of the request.
    positions: Vec<ShownPosition>,
}

/// The end of a position that was not collected in full.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedSettlement {
    /// The day of recourse or of the last payment.
    on: NaiveDate,
    /// Why something is missing; needed when it is.
    cause: Option<LossCause>,
}

/// A row as the domain's types; what is stored fits them.
pub(super) fn position(row: &PositionRow) -> Result<Position, Problem> {
    let currency: Currency = row.currency.parse().map_err(Problem::internal)?;
    let money = |minor| Money::from_minor(minor, currency);
    let day = |text: &str| text.parse::<NaiveDate>().map_err(Problem::internal);
    Ok(Position {
        amount: money(row.amount),
        advance: money(row.advance),
        collected: money(row.collected),
        purchased_on: day(&row.purchased_on)?,
        due_on: day(&row.due_on)?,
        terms: serde_json::from_str(&row.terms).map_err(Problem::internal)?,
    })
}

pub(super) fn last_paid_on(text: Option<&str>) -> Result<Option<NaiveDate>, Problem> {
    text.map(str::parse).transpose().map_err(Problem::internal)
}

fn shown(row: PositionRow) -> Result<ShownPosition, Problem> {
    let Position { amount, advance, collected, purchased_on, due_on, terms } = position(&row)?;
    Ok(ShownPosition {
        id: row.id,
        client_id: row.client_id,
        offer_id: row.offer_id,
        debtor_id: row.debtor_id,
        invoice_number: row.invoice_number,
        currency: amount.currency(),
        amount,
        advance,
        prepaid_charges: Money::from_minor(row.prepaid, amount.currency()),
        collected,
        last_paid_on: last_paid_on(row.last_paid_on.as_deref())?,
        purchased_on,
        due_on,
        terms,
        status: row.status,
    })
}

pub(super) fn shown_settlement(
    settled: &SettlementRow,
    row: &PositionRow,
) -> Result<ShownSettlement, Problem> {
    let currency: Currency = row.currency.parse().map_err(Problem::internal)?;
    let money = |minor| Money::from_minor(minor, currency);
    let cause = settled.cause.clone().map(serde_json::Value::String).map(serde_json::from_value);
    Ok(ShownSettlement {
        position_id: row.id.clone(),
        debtor_id: row.debtor_id.clone(),
        invoice_number: row.invoice_number.clone(),
        settled_on: settled.settled_on.parse().map_err(Problem::internal)?,
        currency,
        collected: money(settled.collected),
        fee: money(settled.fee),
        shortfall: money(settled.shortfall),
        cause: cause.transpose().map_err(Problem::internal)?,
        chargeback: money(settled.chargeback),
        factor_loss: money(settled.factor_loss),
        rebate: money(settled.rebate),
    })
}

/// An amount above 0 that its currency can hold.
pub(super) fn money(field: &str, amount: Amount, currency: Currency) -> Result<Money, Problem> {
    let money = Money::from_major(amount.0, currency);
    let money = money.map_err(|error| Problem::field(field, error.to_string()))?;
    // So much that no sum of them overflows.
    if (1..=LARGEST).contains(&money.minor()) {
        return Ok(money);
    }
    let most = Money::from_minor(LARGEST, currency);
    Err(Problem::field(field, format!("Expected an amount above 0, at most {most}.")))
}

/// A day on which something can have happened.
pub(super) fn past(service: &Service, field: &str, day: NaiveDate) -> Result<(), Problem> {
    // East of us it may be tomorrow already.
    let last = service.today().succ_opt().unwrap_or(NaiveDate::MAX);
    if day >= FIRST && day <= last {
        return Ok(());
    }
    Err(Problem::field(field, format!("Expected a day from {FIRST} to today.")))
}

/// Records invoices that were bought.
pub(super) async fn create(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let route = "POST /v1/positions";
    let once = match Once::of(&service, &caller.key, &headers, (route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked: AskedPositions = parsed(&body)?;
    service.store.client(&asked.client_id).await?;
    if !(1..=MOST).contains(&asked.invoices.len()) {
        return Err(Problem::field("invoices", format!("Expected 1 to {MOST}.")));
    }
    let plan = asked.terms.fee_plan.check();
    plan.map_err(|error| Problem::field("terms.fee_plan", error.to_string()))?;
    if !(1..=2).contains(&asked.terms.fee_plan.components().len()) {
        let detail = "Expected one or two components.";
        return Err(Problem::field("terms.fee_plan.components", detail));
    }
    past(&service, "purchased_on", asked.purchased_on)?;
    let prepaid = asked.terms.fee_plan.charges().prepaid(asked.currency);
    let prepaid = prepaid.map_err(|error| Problem::field("terms.fee_plan", error.to_string()))?;
    let terms = text(&asked.terms)?;
    let mut rows = Vec::new();
    for (at, invoice) in asked.invoices.iter().enumerate() {
        let field = |name: &str| format!("invoices[{at}].{name}");
        super::clients::named(&field("invoice_number"), &invoice.invoice_number)?;
        super::clients::named(&field("debtor_id"), &invoice.debtor_id)?;
        let amount = money(&field("amount"), invoice.amount, asked.currency)?;
        let advance = money(&field("advance"), invoice.advance, asked.currency)?;
        if advance.minor() > amount.minor() {
            return Err(Problem::field(&field("advance"), "Expected at most the amount."));
        }
        if invoice.due_on < FIRST || invoice.due_on > LAST_DUE {
            let detail = format!("Expected a day from {FIRST} to {LAST_DUE}.");
            return Err(Problem::field(&field("due_on"), detail));
        }
        rows.push(PositionRow {
            id: service.new_id()?,
            client_id: asked.client_id.clone(),
            offer_id: None,
            debtor_id: invoice.debtor_id.clone(),
            invoice_number: invoice.invoice_number.clone(),
            currency: asked.currency.code().to_owned(),
            amount: amount.minor(),
            advance: advance.minor(),
            prepaid: if at == 0 { prepaid.minor() } else { 0 },
            collected: 0,
            last_paid_on: None,
            purchased_on: asked.purchased_on.to_string(),
            due_on: invoice.due_on.to_string(),
            terms: terms.clone(),
            status: "open".to_owned(),
            version: 1,
            created_at: once.at().to_owned(),
        });
    }
    let positions = rows.iter().cloned().map(shown).collect::<Result<_, _>>()?;
    let answer = text(&MadePositions { positions })?;
    let actor = once.actor(StatusCode::CREATED, &answer);
    service.store.add_positions(&asked.client_id, &rows, &actor).await?;
    Ok(json(StatusCode::CREATED.as_u16(), answer))
}

/// Positions: a client's own, or all.
pub(super) async fn list(
    State(service): State<Service>,
    Caller(caller): Caller,
    page: Page,
) -> Result<Json<Listed<ShownPosition>>, Problem> {
    let rows = service.store.positions(caller.client.as_deref(), &page.after, page.limit).await?;
    let all = rows.into_iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Listed::new(all, page.limit, |position| &position.id)))
}

/// A position.
pub(super) async fn get(
    State(service): State<Service>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Problem> {
    let row = service.store.position(&id).await?;
    caller.sees(&row.client_id, "position")?;
    let version = row.version;
    Ok(tagged(StatusCode::OK, text(&shown(row)?)?, version))
}

/// What a settlement is recorded as.
pub(super) fn settlement(
    row: &PositionRow,
    at: &Position,
    (on, cause): (NaiveDate, Option<LossCause>),
    now: &str,
) -> Result<SettlementRow, Problem> {
    let settled = at.settled(on, cause);
    let settled = settled.map_err(|error| Problem::field("cause", error.to_string()))?;
    let cause = cause.map(serde_json::to_value).transpose().map_err(Problem::internal)?;
    Ok(SettlementRow {
        position_id: row.id.clone(),
        settled_on: on.to_string(),
        cause: cause.and_then(|word| word.as_str().map(str::to_owned)),
        collected: settled.collected.minor(),
        fee: settled.fee.minor(),
        shortfall: settled.shortfall.minor(),
        chargeback: settled.chargeback.minor(),
        factor_loss: settled.factor_loss.minor(),
        rebate: settled.rebate.minor(),
        created_at: now.to_owned(),
    })
}

/// Ends a position that was not collected in full: recourse, or a short payment.
pub(super) async fn settle(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let route = format!("POST /v1/positions/{id}/settlement");
    let once = match Once::of(&service, &caller.key, &headers, (&route, &body)).await? {
        Turn::Answered(answer) => return Ok(answer),
        Turn::New(once) => once,
    };
    let asked: AskedSettlement = parsed(&body)?;
    let mut row = service.store.position(&id).await?;
    if row.status != "open" {
        return Err(Problem::new(ProblemType::Conflict, "The position is settled already."));
    }
    let at = position(&row)?;
    past(&service, "on", asked.on)?;
    let earliest = last_paid_on(row.last_paid_on.as_deref())?.unwrap_or(at.purchased_on);
    if asked.on < earliest {
        let detail =
            format!("Expected no day before the last payment or the purchase, {earliest}.");
        return Err(Problem::field("on", detail));
    }
    let settled = settlement(&row, &at, (asked.on, asked.cause), once.at())?;
    let answer = text(&shown_settlement(&settled, &row)?)?;
    "settled".clone_into(&mut row.status);
    let posted =
        Posted { collections: Vec::new(), positions: vec![row], settlements: vec![settled] };
    let actor = once.actor(StatusCode::CREATED, &answer);
    service.store.post(&posted, ("position.settled", &id), &actor).await?;
    Ok(json(StatusCode::CREATED.as_u16(), answer))
}

/// The period of a statement.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PeriodQuery {
    /// Its first day.
    from: Option<NaiveDate>,
    /// Its last day.
    to: Option<NaiveDate>,
}

/// A client's statements.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Statements {
    /// The client.
    client_id: String,
    /// One for each currency.
    statements: Vec<Statement>,
}

/// A client's statement of account.
pub(super) async fn statement(
    State(service): State<Service>,
    caller: Caller,
    Id(client): Id,
    Asked(asked): Asked<PeriodQuery>,
) -> Result<Response, Problem> {
    caller.sees(&client, "client")?;
    service.store.client(&client).await?;
    if asked.from.zip(asked.to).is_some_and(|(from, to)| from > to) {
        return Err(Problem::field("from", "Expected no day after `to`."));
    }
    let rows = service.store.positions_of(&client).await?;
    let mut all = Vec::new();
    let day = |text: &str| text.parse::<NaiveDate>().map_err(Problem::internal);
    for row in &rows {
        let at = position(row)?;
        let happened = plain(EntryKind::Purchase, at.purchased_on, row, at.amount);
        let charges = Money::from_minor(row.prepaid, at.amount.currency());
        all.push(Happening { advance: at.advance, charges, ..happened });
    }
    for settled in service.store.settlements_of(&client).await? {
        let Some(row) = rows.iter().find(|row| row.id == settled.position_id) else { continue };
        let at = position(row)?;
        let money = |minor| Money::from_minor(minor, at.amount.currency());
        let happened = plain(EntryKind::Settlement, day(&settled.settled_on)?, row, at.amount);
        all.push(Happening {
            advance: at.advance,
            fee: money(settled.fee),
            chargeback: money(settled.chargeback),
            factor_loss: money(settled.factor_loss),
            to_client: money(settled.rebate),
            ..happened
        });
    }
    for paid in service.store.collections_of(&client).await? {
        let currency: Currency = paid.currency.parse().map_err(Problem::internal)?;
        let amount = Money::from_minor(paid.amount, currency);
        let zero = Money::zero(currency);
        let kind = match paid.kind.as_str() {
            "payment" => EntryKind::Collection,
            "recovery" => EntryKind::Recovery,
            _ => EntryKind::Unapplied,
        };
        all.push(Happening {
            date: day(&paid.received_on)?,
            kind,
            debtor_id: paid.debtor_id,
            invoice_number: paid.invoice_number,
            amount,
            advance: zero,
            charges: zero,
            fee: zero,
            chargeback: zero,
            factor_loss: zero,
            to_client: if kind == EntryKind::Unapplied { amount } else { zero },
        });
    }
    let statements = statements(all, asked.from, asked.to).map_err(Problem::internal)?;
    Ok(json(200, text(&Statements { client_id: client, statements })?))
}

/// Something that happened to a position, without amounts beside its own.
fn plain(kind: EntryKind, date: NaiveDate, row: &PositionRow, amount: Money) -> Happening {
    let zero = Money::zero(amount.currency());
    Happening {
        date,
        kind,
        debtor_id: row.debtor_id.clone(),
        invoice_number: row.invoice_number.clone(),
        amount,
        advance: zero,
        charges: zero,
        fee: zero,
        chargeback: zero,
        factor_loss: zero,
        to_client: zero,
    }
}
