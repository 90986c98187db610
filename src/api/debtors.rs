use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use basics::{Amount, DebtorFact, DebtorFacts};
use store::{Kind, Written};

use super::Service;
use super::caller::{Reader, Underwriter};
use super::extract::{Id, Payload};
use super::page::{Listed, Page};
use super::problem::Problem;
use super::request::{expected, parsed, tagged, text};

/// Largest limit, major units.
const LARGEST: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// A debtor with its version.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownDebtor {
    /// Id or name, as ledgers have it.
    id: String,
    /// Rises with every change.
    version: i64,
    /// What is known of it.
    #[serde(flatten)]
    facts: DebtorFacts,
}

/// Debtors as the file that `--debtors` reads.
pub(super) fn file(rows: Vec<(String, DebtorFacts)>) -> Result<String, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = DebtorFacts::COLUMNS.iter().map(|column| column.name);
    writer.write_record(std::iter::once("debtor").chain(names)).map_err(Problem::internal)?;
    for (id, mut facts) in rows {
        let cells = DebtorFacts::COLUMNS.iter().map(|column| cell((column.fact)(&mut facts)));
        let cells: Vec<String> = std::iter::once(id).chain(cells).collect();
        writer.write_record(cells).map_err(Problem::internal)?;
    }
    let bytes = writer.into_inner().map_err(Problem::internal)?;
    String::from_utf8(bytes).map_err(Problem::internal)
}

fn cell(fact: DebtorFact<'_>) -> String {
    match fact {
        DebtorFact::Text(text) => text.clone().unwrap_or_default(),
        DebtorFact::Flag(flag) => flag.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned(),
        DebtorFact::Amount(amount) => amount.map_or(String::new(), |amount| amount.to_string()),
    }
}

fn check(facts: &DebtorFacts) -> Result<(), Problem> {
    let mut checked = facts.clone();
    for column in &DebtorFacts::COLUMNS {
        match (column.fact)(&mut checked) {
            DebtorFact::Amount(Some(amount)) if !is_plain(*amount) => {
                let detail = "Expected an amount from 0 to 10^15, with at most 9 decimals.";
                return Err(Problem::field(column.name, detail));
            }
            _ => {}
        }
    }
    let is_code = |code: &String| code.len() == 2 && code.chars().all(char::is_alphabetic);
    if facts.country.as_ref().is_some_and(|country| !is_code(country)) {
        return Err(Problem::field("country", "Expected two letters, such as US."));
    }
    for column in &DebtorFacts::COLUMNS {
        match (column.fact)(&mut checked) {
            DebtorFact::Text(Some(word)) if word.contains(char::is_control) => {
                return Err(Problem::field(column.name, "Expected no control character."));
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_plain(amount: Amount) -> bool {
    (Decimal::ZERO..=LARGEST).contains(&amount.0) && amount.0.scale() <= 9
}

fn shown(written: Written) -> Result<ShownDebtor, Problem> {
    let facts = serde_json::from_str(&written.text).map_err(Problem::internal)?;
    Ok(ShownDebtor { id: written.name, version: written.version, facts })
}

/// Debtors in order of their ids.
pub(super) async fn list(
    State(service): State<Service>,
    _: Reader,
    page: Page,
) -> Result<Json<Listed<ShownDebtor>>, Problem> {
    let all = service.store.all_written(Kind::Debtor, &page.after, page.limit).await?;
    let all = all.into_iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Listed::new(all, page.limit, |debtor| &debtor.id)))
}

/// A debtor.
pub(super) async fn get(
    State(service): State<Service>,
    _: Reader,
    Id(id): Id,
) -> Result<Response, Problem> {
    let written = service.store.written(Kind::Debtor, &id, None).await?;
    let version = written.version;
    Ok(tagged(StatusCode::OK, text(&shown(written)?)?, version))
}

/// Writes what is known of a debtor; the next evaluation takes it into account.
pub(super) async fn put(
    State(service): State<Service>,
    Underwriter(caller): Underwriter,
    Id(id): Id,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<Response, Problem> {
    let facts: DebtorFacts = parsed(&body)?;
    check(&facts)?;
    super::clients::named("id", &id)?;
    let actor = service.actor(caller);
    let expected = expected(&headers)?;
    let own = text(&facts)?;
    let written = service.store.write(Kind::Debtor, (&id, &own), expected, &actor).await?;
    let version = written.version;
    Ok(tagged(StatusCode::OK, text(&shown(written)?)?, version))
}
