use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::Amount;
use store::{Kind, Written};

use super::Service;
use super::caller::{Reader, Underwriter};
use super::extract::{Id, Payload};
use super::page::{Listed, Page};
use super::problem::Problem;
use super::request::{expected, parsed, tagged, text};

/// Largest limit, major units.
const LARGEST: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// What the factor knows of a debtor; what is left out says nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Debtor {
    /// Id or name of the debtor that it really is.
    #[serde(skip_serializing_if = "Option::is_none")]
    same_as: Option<String>,
    /// The group to which it belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// Country, two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    /// Whether it is a government.
    #[serde(skip_serializing_if = "Option::is_none")]
    government: Option<bool>,
    /// Whether it is an affiliate of its client.
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliate: Option<bool>,
    /// Whether it is insolvent.
    #[serde(skip_serializing_if = "Option::is_none")]
    insolvent: Option<bool>,
    /// Whether it buys as a consumer.
    #[serde(skip_serializing_if = "Option::is_none")]
    consumer: Option<bool>,
    /// Whether it is billed in stages.
    #[serde(skip_serializing_if = "Option::is_none")]
    progress_billing: Option<bool>,
    /// Whether its contracts forbid assignment.
    #[serde(skip_serializing_if = "Option::is_none")]
    non_assignable: Option<bool>,
    /// Credit limit, in major units of the ledger's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Amount>,
    /// What the client owes it, in major units of the ledger's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    payable: Option<Amount>,
}

/// A debtor with its version.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ShownDebtor {
    /// Id or name, as ledgers have it.
    id: String,
    /// Rises with every change.
    version: i64,
    /// What is known of it.
    #[serde(flatten)]
    debtor: Debtor,
}

impl Debtor {
    /// Debtors as the file that `--debtors` reads.
    pub fn file(rows: &[(String, Self)]) -> Result<String, Problem> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = [
            "debtor",
            "same_as",
            "group",
            "country",
            "government",
            "affiliate",
            "insolvent",
            "consumer",
            "progress_billing",
            "non_assignable",
            "limit",
            "payable",
        ];
        writer.write_record(header).map_err(Problem::internal)?;
        let flag = |flag: Option<bool>| match flag {
            None => String::new(),
            Some(true) => "yes".to_owned(),
            Some(false) => "no".to_owned(),
        };
        let word = |word: &Option<String>| word.clone().unwrap_or_default();
        let amount = |amount: Option<Amount>| amount.map_or(String::new(), |a| a.to_string());
        for (id, debtor) in rows {
            let cells = [
                id.clone(),
                word(&debtor.same_as),
                word(&debtor.group),
                word(&debtor.country),
                flag(debtor.government),
                flag(debtor.affiliate),
                flag(debtor.insolvent),
                flag(debtor.consumer),
                flag(debtor.progress_billing),
                flag(debtor.non_assignable),
                amount(debtor.limit),
                amount(debtor.payable),
            ];
            writer.write_record(cells).map_err(Problem::internal)?;
        }
        let bytes = writer.into_inner().map_err(Problem::internal)?;
        String::from_utf8(bytes).map_err(Problem::internal)
    }

    fn check(&self) -> Result<(), Problem> {
        for (field, amount) in [("limit", self.limit), ("payable", self.payable)] {
            let plain = |amount: Amount| {
                (Decimal::ZERO..=LARGEST).contains(&amount.0) && amount.0.scale() <= 9
            };
            if !amount.is_none_or(plain) {
                let detail = "Expected an amount from 0 to 10^15, with at most 9 decimals.";
                return Err(Problem::field(field, detail));
            }
        }
        let is_code = |code: &String| code.len() == 2 && code.chars().all(char::is_alphabetic);
        if self.country.as_ref().is_some_and(|country| !is_code(country)) {
            return Err(Problem::field("country", "Expected two letters, such as US."));
        }
        for (field, word) in
            [("same_as", &self.same_as), ("group", &self.group), ("country", &self.country)]
        {
            if word.as_deref().is_some_and(|word| word.contains(char::is_control)) {
                return Err(Problem::field(field, "Expected no control character."));
            }
        }
        Ok(())
    }
}

fn shown(written: Written) -> Result<ShownDebtor, Problem> {
    let debtor = serde_json::from_str(&written.text).map_err(Problem::internal)?;
    Ok(ShownDebtor { id: written.name, version: written.version, debtor })
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
    let debtor: Debtor = parsed(&body)?;
    debtor.check()?;
    super::clients::named("id", &id)?;
    let actor = service.actor(caller);
    let expected = expected(&headers)?;
    let own = text(&debtor)?;
    let written = service.store.write(Kind::Debtor, (&id, &own), expected, &actor).await?;
    let version = written.version;
    Ok(tagged(StatusCode::OK, text(&shown(written)?)?, version))
}
