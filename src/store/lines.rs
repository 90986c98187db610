//! The line of a client, and what is drawn on it.

use std::collections::HashMap;

use sqlx::FromRow;

use basics::{Currency, Money};
use policy::LimitBasis;
use purchases::{
    Agreed, ClaimedDebtor, Drawn, Line, LineUse, Position, check_own_limits, without_line,
};

use super::engine::{Writing, values};
use super::linked::{Linked, linked};
use super::{Store, StoreError};

/// The last version of a client's facility.
const FACILITY: &str = "SELECT text, created_at, version FROM written \
                        WHERE kind = 'facility' AND name = $1 ORDER BY version DESC LIMIT 1";

/// A statement that tells whether staff have ever limited a debtor of a client.
const LIMITED: &str = "SELECT debtor_id FROM client_debtor WHERE client_id = $1 \
                       AND facts LIKE '%\"limit\"%' LIMIT 1";

/// A statement that reads positions of some kind, and the invoices of purchases that are accepted
/// and not funded, those that a condition tells. No facility counts the latter among its funds in
/// use, whenever it was written.
macro_rules! drawn_of {
    ($positions:literal, $condition:literal) => {
        concat!(
            "SELECT d.id, d.client_id, d.debtor_id, c.debtor_name, c.tax_number, d.currency, \
             d.advance, d.amount, d.collected, d.created_at FROM (\
             SELECT id, client_id, debtor_id, currency, advance, amount, collected, created_at \
             FROM position WHERE ",
            $positions,
            " UNION ALL SELECT l.position_id, u.client_id, l.debtor_id, u.currency, l.advance, \
             l.amount, 0, '9999' FROM purchase_line AS l \
             JOIN purchase AS u ON u.id = l.purchase_id WHERE u.state = 'accepted'\
             ) AS d JOIN claim AS c ON c.position_id = d.id WHERE ",
            $condition
        )
    };
}

/// A statement that reads what uses the lines of the clients that a condition tells.
macro_rules! drawn {
    ($condition:literal) => {
        drawn_of!("status = 'open' AND reversed_on IS NULL", $condition)
    };
}

/// An open position or accepted invoice. Amounts are in minor units of its currency.
#[derive(Debug, FromRow)]
struct DrawnRow {
    id: String,
    client_id: String,
    debtor_id: String,
    debtor_name: String,
    tax_number: Option<String>,
    /// ISO 4217.
    currency: String,
    advance: i64,
    amount: i64,
    collected: i64,
    created_at: String,
}

/// A line and the time at which its facility was written.
struct AgreedLine {
    line: Line,
    since: String,
    version: i64,
}

impl DrawnRow {
    fn drawn(self, since: &str) -> Result<Drawn, StoreError> {
        let currency: Currency = self
            .currency
            .parse()
            .map_err(|error| StoreError::damaged("position of client", &self.client_id, &error))?;
        let owed = self.amount.saturating_sub(self.collected);
        Ok(Drawn {
            client_id: self.client_id,
            debtor: ClaimedDebtor {
                id: self.debtor_id,
                name: self.debtor_name,
                tax_number: self.tax_number,
                ..ClaimedDebtor::default()
            },
            group: None,
            own_limit: None,
            advance: Money::from_minor(self.advance, currency),
            owed: Money::from_minor(owed, currency),
            // Of the same second too: rather counted twice than not at all.
            is_since: self.created_at.as_str() >= since,
        })
    }
}

fn all_drawn(rows: Vec<DrawnRow>, since: &str) -> Result<Vec<Drawn>, StoreError> {
    rows.into_iter().map(|row| row.drawn(since)).collect()
}

fn agreed(
    client: &str,
    written: Option<(String, String, i64)>,
) -> Result<Option<AgreedLine>, StoreError> {
    let Some((text, since, version)) = written else { return Ok(None) };
    let line = Line::written(&text);
    let line = line.map_err(|error| StoreError::damaged("facility", client, &error))?;
    Ok(Some(AgreedLine { line, since, version }))
}

/// Returns what purchases would draw.
fn to_draw(sold: &[&Agreed]) -> Vec<Drawn> {
    let of = |Agreed { invoice, claim }: &Agreed| Drawn {
        client_id: claim.client_id.clone(),
        debtor: claim.debtor.clone(),
        group: None,
        own_limit: None,
        advance: invoice.advance,
        owed: invoice.amount,
        is_since: true,
    };
    sold.iter().copied().map(of).collect()
}

/// The records about debtors, by client and id, each read once.
#[derive(Default)]
struct Links(HashMap<(String, String), Linked>);

impl Links {
    /// Adds to each what is recorded about its debtor.
    async fn tell(&mut self, writing: &mut Writing, all: &mut [Drawn]) -> Result<(), StoreError> {
        for drawn in all {
            let debtor = (drawn.client_id.clone(), drawn.debtor.id.clone());
            let found = match self.0.get(&debtor) {
                Some(found) => found.clone(),
                None => linked(writing, &debtor.0, &debtor.1).await?,
            };
            found.tell(&mut drawn.debtor);
            drawn.group.clone_from(&found.group);
            drawn.own_limit = found.limit;
            self.0.insert(debtor, found);
        }
        Ok(())
    }
}

/// Checks, among all that was written so far, that the client's line and limits let it sell these,
/// and the limits on its debtors, which apply to amounts on this basis.
pub(super) async fn check(
    writing: &mut Writing,
    client: &str,
    sold: &[&Agreed],
    basis: LimitBasis,
) -> Result<(), StoreError> {
    let agreed = agreed(client, writing.row(FACILITY, values![client]).await?)?;
    let limited: Option<(String,)> = writing.row(LIMITED, values![client]).await?;
    let (line, since) = agreed.as_ref().map_or((None, ""), |own| (Some(&own.line), &own.since));
    if let Some(AgreedLine { version, .. }) = &agreed {
        writing.reads("written", ["facility", client, &version.to_string()]);
    } else if limited.is_none() {
        return Ok(());
    }
    let mut more = to_draw(sold);
    let sql = drawn!("d.client_id = $1");
    let mut own = all_drawn(writing.rows(sql, values![client]).await?, since)?;
    let mut others = Vec::new();
    if line.is_some_and(Line::is_across_clients) {
        let sql = drawn!("d.client_id <> $1");
        others = all_drawn(writing.rows(sql, values![client]).await?, since)?;
    }
    if limited.is_some() || line.is_some_and(Line::has_debtor_limit) {
        let mut links = Links::default();
        links.tell(writing, &mut more).await?;
        links.0.values().for_each(|own| own.rested_on(writing, client));
        links.tell(writing, &mut own).await?;
        links.tell(writing, &mut others).await?;
    }
    if let Some(line) = line {
        line.check(&own, &others, &more)?;
    }
    Ok(check_own_limits(&own, &more, basis)?)
}

impl Store {
    /// Returns the use of a client's line, and what purchases in this currency would add to it.
    ///
    /// # Errors
    /// [`StoreError::NotBuyable`] if an amount is in a currency for which the facility states no
    /// rate; otherwise if the database cannot be read, or a row is damaged.
    pub async fn line_use(
        &self,
        client: &str,
        sold: &[&Agreed],
        currency: Currency,
    ) -> Result<LineUse, StoreError> {
        let agreed = agreed(client, self.engine.row(FACILITY, values![client]).await?)?;
        let since = agreed.as_ref().map_or("", |own| own.since.as_str());
        let rows = self.engine.rows(drawn!("d.client_id = $1"), values![client]).await?;
        let (own, more) = (all_drawn(rows, since)?, to_draw(sold));
        if let Some(AgreedLine { line, .. }) = agreed.filter(|own| own.line.has_limit()) {
            return Ok(line.used(&own, &more)?);
        }
        let used = without_line(&own, &more, currency);
        Ok(used.map_err(purchases::NotBuyable::from)?)
    }

    /// Returns the use of a client's line once positions are in new states, such as after a
    /// reversal; `None` without a line, or if the facility lacks the rate of a currency.
    ///
    /// # Errors
    /// If the database cannot be read, or a row is damaged.
    pub async fn line_with(
        &self,
        client: &str,
        changed: &[&Position],
    ) -> Result<Option<LineUse>, StoreError> {
        let agreed = agreed(client, self.engine.row(FACILITY, values![client]).await?)?;
        let Some(AgreedLine { line, since, .. }) = agreed.filter(|own| own.line.has_limit()) else {
            return Ok(None);
        };
        let mut rows: Vec<DrawnRow> =
            self.engine.rows(drawn!("d.client_id = $1"), values![client]).await?;
        for position in changed {
            let id = &position.invoice().id;
            rows.retain(|row| row.id != *id);
            if matches!(position, Position::Open(_)) {
                rows.extend(
                    self.engine.rows(drawn_of!("id <> ''", "d.id = $1"), values![id]).await?,
                );
            }
        }
        Ok(line.used(&all_drawn(rows, &since)?, &[]).ok())
    }
}
