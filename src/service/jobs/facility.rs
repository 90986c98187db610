//! A client's facility, with its open positions added.

use toml::{Table, Value};

use basics::Currency;
use purchases::{OpenPosition, Position, funds_in_use};
use store::{StoreError, TextKind};

use crate::{Service, ServiceError};

impl Service {
    /// Returns the facility of a client as TOML; `None` if nothing is agreed and nothing is open.
    pub(super) async fn facility_now(&self, client: &str) -> Result<Option<String>, ServiceError> {
        let written = match self.store.version(TextKind::Facility, client, None).await {
            Ok(written) => Some(written.text),
            Err(StoreError::Missing(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let positions = self.store.positions_of(client).await?;
        let open = positions.into_iter().filter_map(|position| match position {
            Position::Open(open) => Some(open),
            Position::Settled(_) => None,
        });
        with_positions(written, &open.collect::<Vec<_>>())
    }
}

/// Adds open positions to a facility as funded invoices, and their advances as the funds in use
/// unless the facility states these itself.
fn with_positions(
    written: Option<String>,
    open: &[OpenPosition],
) -> Result<Option<String>, ServiceError> {
    let Some(first) = open.first() else { return Ok(written) };
    let mut table = if let Some(text) = written {
        text.parse::<Table>().map_err(ServiceError::internal)?
    } else {
        let currency = first.invoice.amount.currency();
        Table::from_iter([("currency".to_owned(), currency.code().into())])
    };
    let currency = table.get("currency").and_then(Value::as_str).unwrap_or_default();
    let currency: Currency = currency.parse().map_err(ServiceError::internal)?;
    if !table.contains_key("outstanding") {
        // Other currencies are left out: nothing is summed across them without a stated rate.
        let funds = funds_in_use(open, currency).map_err(ServiceError::internal)?;
        table.insert("outstanding".to_owned(), funds.to_string().into());
    }
    let funded = table.entry("funded").or_insert_with(|| Value::Array(Vec::new()));
    if let Some(funded) = funded.as_array_mut() {
        funded.extend(open.iter().map(|OpenPosition { invoice, .. }| {
            Value::Table(Table::from_iter([
                ("invoice".to_owned(), invoice.invoice_number.clone().into()),
                ("debtor".to_owned(), invoice.debtor_id.clone().into()),
            ]))
        }));
    }
    toml::to_string(&table).map(Some).map_err(ServiceError::internal)
}

#[cfg(test)]
mod tests {
    use basics::Money;
    use offer::Facility;
    use purchases::BoughtInvoice;

    use super::*;

    fn open(number: &str, advance: i64) -> OpenPosition {
        let terms =
            r#"{"fee_plan":{"components":[{"kind":"flat","percent":"3"}]},"recourse_days":60}"#;
        let usd = |minor| Money::from_minor(minor, Currency::USD);
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        OpenPosition::new(BoughtInvoice {
            id: number.to_owned(),
            client_id: "a".to_owned(),
            offer_id: None,
            debtor_id: "D1".to_owned(),
            invoice_number: number.to_owned(),
            amount: usd(100_000),
            advance: usd(advance),
            prepaid: usd(0),
            purchased_on: day,
            due_on: day,
            terms: serde_json::from_str(terms).expect("terms"),
            version: 1,
        })
    }

    fn table(written: Option<&str>, open: &[OpenPosition]) -> Table {
        let text = with_positions(written.map(str::to_owned), open).expect("a facility");
        let text = text.expect("something is bought");
        text.parse::<Facility>().expect("what evaluations read");
        text.parse().expect("TOML")
    }

    #[test]
    fn what_is_bought_is_funded_and_its_advances_are_in_use() {
        let own = table(None, &[open("1", 80_000), open("2", 70_050)]);
        assert_eq!(own["currency"].as_str(), Some("USD"));
        assert_eq!(own["outstanding"].as_str(), Some("1500.50"));
        assert_eq!(own["funded"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn what_the_facility_says_of_the_funds_in_use_stands() {
        let written = "currency = \"USD\"\nline = 500000\noutstanding = 1000\n";
        let own = table(Some(written), &[open("1", 80_000)]);
        assert_eq!(own["outstanding"].as_integer(), Some(1000));
        let unchanged = with_positions(Some(written.to_owned()), &[]).expect("a facility");
        assert_eq!(unchanged.as_deref(), Some(written), "nothing is bought");
        assert_eq!(with_positions(None, &[]), Ok(None));
    }
}
