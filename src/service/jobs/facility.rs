//! A client's facility, with its open positions added.

use toml::{Table, Value};

use basics::Money;
use offer::Facility;
use purchases::{AgreedInvoice, Line, NotBuyable, Position};
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
        let accepted = self.store.accepted_of(client).await?;
        with_positions(written, &self.store.positions_of(client).await?, &accepted)
    }
}

/// Adds what was bought or accepted to a facility as funded invoices, settled ones as well, so that
/// a ledger which still shows one as open does not offer it again. The advances of open positions
/// and of accepted invoices are the funds in use, unless the facility states these itself.
fn with_positions(
    written: Option<String>,
    bought: &[Position],
    accepted: &[AgreedInvoice],
) -> Result<Option<String>, ServiceError> {
    // What was undone is as if it had never been bought.
    let bought: Vec<&Position> =
        bought.iter().filter(|own| !matches!(own, Position::Reversed(_))).collect();
    let amounts = bought.iter().map(|own| own.invoice().amount);
    let first = amounts.chain(accepted.iter().map(|own| own.amount)).next();
    let Some(own_currency) = first.map(Money::currency) else { return Ok(written) };
    let text = written.unwrap_or_else(|| format!("currency = \"{own_currency}\"\n"));
    let mut table = text.parse::<Table>().map_err(ServiceError::internal)?;
    if !table.contains_key("outstanding") {
        let funds = funds(&text, &bought, accepted)?;
        table.insert("outstanding".to_owned(), funds.to_string().into());
    }
    let funded = table.entry("funded").or_insert_with(|| Value::Array(Vec::new()));
    if let Some(funded) = funded.as_array_mut() {
        let entry = |invoice: &str, debtor: &str| {
            Table::from_iter([
                ("invoice".to_owned(), invoice.into()),
                ("debtor".to_owned(), debtor.into()),
            ])
        };
        funded.extend(accepted.iter().map(|own| entry(&own.invoice_number, &own.debtor_id).into()));
        funded.extend(bought.iter().map(|position| {
            let own = position.invoice();
            let mut entry = entry(&own.invoice_number, &own.debtor_id);
            if matches!(position, Position::Settled(_)) {
                entry.insert("settled".to_owned(), true.into());
            }
            Value::Table(entry)
        }));
    }
    toml::to_string(&table).map(Some).map_err(ServiceError::internal)
}

/// The advances of the open positions and accepted invoices, in the currency of a facility.
fn funds(
    facility: &str,
    bought: &[&Position],
    accepted: &[AgreedInvoice],
) -> Result<Money, ServiceError> {
    let open = bought.iter().filter_map(|position| match position {
        Position::Open(open) => Some(open.invoice.advance),
        Position::Settled(_) | Position::Reversed(_) => None,
    });
    let advances = open.chain(accepted.iter().map(|own| own.advance));
    let facility: Facility = facility.parse().map_err(ServiceError::internal)?;
    let line = Line::of(&facility).map_err(ServiceError::internal)?;
    let funds = match line.funds(advances.clone()) {
        // Left out: nothing is summed across currencies without a stated rate. No line lets more
        // be bought then.
        Err(NotBuyable::NoRate { .. }) => {
            line.funds(advances.filter(|own| own.currency() == facility.currency))
        }
        found => found,
    };
    funds.map_err(ServiceError::internal)
}

#[cfg(test)]
mod tests {
    use basics::Currency;
    use pricing::LossCause;
    use purchases::{BoughtInvoice, OpenPosition};

    use super::*;

    fn open(number: &str, advance: i64) -> Position {
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
        .into()
    }

    fn table(written: Option<&str>, open: &[Position]) -> Table {
        let text = with_positions(written.map(str::to_owned), open, &[]).expect("a facility");
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
    fn what_is_settled_is_not_bought_again_and_uses_no_funds() {
        let settled = open("1", 80_000).into_open().expect("open");
        let day = settled.invoice.due_on;
        let settled = settled.settle(day, Some(LossCause::Dilution)).expect("settled");
        let own = table(None, &[settled.into(), open("2", 70_050)]);
        assert_eq!(own["outstanding"].as_str(), Some("700.50"));
        let funded = own["funded"].as_array().expect("a list");
        assert_eq!(funded[0]["settled"].as_bool(), Some(true));
        assert_eq!(funded[1].get("settled"), None);
    }

    #[test]
    fn every_currency_is_in_use_at_the_rate_of_the_facility() {
        let mut euros = open("1", 80_000).into_open().expect("open");
        euros.invoice.advance = Money::from_minor(10_000, "EUR".parse().expect("a currency"));
        let euros = [euros.into(), open("2", 70_050)];
        let dated = "currency = \"USD\"\nrates_on = 2026-06-30\n[rates]\nEUR = \"1.1\"\n";
        assert_eq!(table(Some(dated), &euros)["outstanding"].as_str(), Some("810.50"));
        let none = table(Some("currency = \"USD\"\n"), &euros);
        assert_eq!(none["outstanding"].as_str(), Some("700.50"), "the others have no rate");
    }

    #[test]
    fn what_the_facility_says_of_the_funds_in_use_stands() {
        let written = "currency = \"USD\"\nline = 500000\noutstanding = 1000\n";
        let own = table(Some(written), &[open("1", 80_000)]);
        assert_eq!(own["outstanding"].as_integer(), Some(1000));
        let unchanged = with_positions(Some(written.to_owned()), &[], &[]).expect("a facility");
        assert_eq!(unchanged.as_deref(), Some(written), "nothing is bought");
        assert_eq!(with_positions(None, &[], &[]), Ok(None));
    }
}
