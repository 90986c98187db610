use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Currency, Money, MoneyError};

/// Sums over the invoices issued by the end of a day, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Faces.
    pub issued: i128,
    /// Balances still owed.
    pub open: i128,
    /// Amounts credited.
    pub credited: i128,
    /// Amounts written off.
    pub written_off: i128,
}

/// The movement of receivables from one day to another: opening + sales - collections - credits -
/// write-offs = closing, to the minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RollForward {
    /// The day at the end of which it starts.
    pub from: NaiveDate,
    /// Open invoices then.
    pub opening: Money,
    /// Invoices issued since.
    pub sales: Money,
    /// Paid since.
    pub collections: Money,
    /// Credited since.
    pub credits: Money,
    /// Written off since.
    pub write_offs: Money,
    /// Open invoices at the as-of date.
    pub closing: Money,
}

impl Standing {
    /// Adds an invoice: face, open balance, credited and written off.
    pub fn add(&mut self, face: i64, open: i64, credited: i64, written_off: i64) {
        self.issued += i128::from(face);
        self.open += i128::from(open);
        self.credited += i128::from(credited);
        self.written_off += i128::from(written_off);
    }

    /// Adds another standing.
    pub fn merge(&mut self, other: Self) {
        self.issued += other.issued;
        self.open += other.open;
        self.credited += other.credited;
        self.written_off += other.written_off;
    }

    /// Returns the amount paid: reductions never exceed a face, so what is neither open nor
    /// otherwise reduced is cash.
    pub fn collected(&self) -> i128 {
        self.issued - self.open - self.credited - self.written_off
    }
}

impl RollForward {
    /// Returns the movements between two standings of one ledger.
    ///
    /// # Errors
    /// If an amount is too large for money.
    pub fn between(
        from: NaiveDate,
        opening: Standing,
        closing: Standing,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        let money = |total| Money::from_total(total, currency);
        Ok(Self {
            from,
            opening: money(opening.open)?,
            sales: money(closing.issued - opening.issued)?,
            collections: money(closing.collected() - opening.collected())?,
            credits: money(closing.credited - opening.credited)?,
            write_offs: money(closing.written_off - opening.written_off)?,
            closing: money(closing.open)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{currency, day, read_back, rolled, usd};
    use super::*;

    #[test]
    fn opening_and_movements_come_to_the_closing() {
        let rolled = rolled(Currency::USD);
        // 200.00, 1,000.00 issued, 400.00 paid, 50.00 credited, 10.00 written off.
        assert_eq!((rolled.opening, rolled.sales), (usd(20_000), usd(100_000)));
        assert_eq!((rolled.collections, rolled.credits), (usd(40_000), usd(5_000)));
        assert_eq!((rolled.write_offs, rolled.closing), (usd(1_000), usd(74_000)));
        let out = [rolled.collections, rolled.credits, rolled.write_offs].map(Money::minor);
        let movements = rolled.sales.minor() - out.iter().sum::<i64>();
        assert_eq!(rolled.opening.minor() + movements, rolled.closing.minor());
        read_back(&rolled, Currency::USD);
    }

    #[test]
    fn what_is_neither_open_nor_otherwise_reduced_was_paid() {
        let mut standing = Standing::default();
        standing.add(1_000, 250, 100, 50);
        assert_eq!(standing.collected(), 600);
        // Standings of two halves of a ledger are that of the whole.
        let (mut halves, mut second) = (Standing::default(), Standing::default());
        second.add(500, 0, 0, 500);
        halves.merge(standing);
        halves.merge(second);
        standing.add(500, 0, 0, 500);
        assert_eq!(halves, standing);
        assert_eq!(halves.collected(), 600, "what is written off is not paid");
    }

    #[test]
    fn a_total_beyond_money_is_refused() {
        let mut closing = Standing::default();
        closing.add(i64::MAX, i64::MAX, 0, 0);
        closing.add(1, 1, 0, 0);
        let from = day("2026-05-31");
        let none = Standing::default();
        assert!(RollForward::between(from, none, closing, currency("JPY")).is_err());
        assert!(RollForward::between(from, closing, closing, currency("JPY")).is_err());
    }
}
