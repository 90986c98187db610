//! Cash application: matches payments to positions and passes any excess on to the client.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use basics::{Currency, Money};

use super::bounds::{bookable_amount, bookable_day};
use super::open::booked_on;
use super::payment::{AppliedTo, Payment, PaymentPart};
use super::{Collected, Collection, Position, PurchaseError, SettledPosition};

/// Applies payments to a client's positions, one after the other.
#[derive(Debug, Clone)]
pub struct CashApplication {
    positions: Vec<Position>,
    /// Indices into `positions`, by invoice number.
    by_number: HashMap<String, Vec<usize>>,
    touched: BTreeSet<usize>,
    applied: Applied,
}

/// The outcome of the payments applied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// The parts into which the payments were split, in their order.
    pub parts: Vec<PaymentPart>,
    /// Of each part the index of the first one of the same payment.
    pub firsts: Vec<usize>,
    /// The positions that received a part, in their new state.
    pub positions: Vec<Position>,
    /// The positions settled by these payments, in the order in which they were settled.
    pub settled: Vec<SettledPosition>,
}

impl CashApplication {
    /// Starts with a client's positions, in the order in which they were bought.
    pub fn new(positions: Vec<Position>) -> Self {
        let mut by_number: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, position) in positions.iter().enumerate() {
            by_number.entry(position.invoice().invoice_number.clone()).or_default().push(index);
        }
        Self { positions, by_number, touched: BTreeSet::new(), applied: Applied::default() }
    }

    /// Applies a payment: to the open position that it names, or else to the factor's loss on a
    /// settled one. Any rest belongs to the client. A payment that is refused changes nothing.
    ///
    /// # Errors
    /// [`PurchaseError::Day`] if the payment was received on an impossible day,
    /// [`PurchaseError::NoCurrency`] if neither it nor a position tells its currency,
    /// [`PurchaseError::SeveralDebtors`] or [`PurchaseError::OtherCurrency`] if it cannot be
    /// matched, [`PurchaseError::AmountRange`] if its amount cannot be booked, and
    /// [`PurchaseError::BeforePurchase`] if it was received before the purchase.
    pub fn apply(&mut self, payment: &Payment, today: NaiveDate) -> Result<(), PurchaseError> {
        bookable_day(payment.received_on, today)?;
        let meant = self.meant(payment)?;
        let own = meant.map(|index| self.positions[index].invoice().amount.currency());
        let currency = payment.currency.or(own).ok_or_else(|| PurchaseError::NoCurrency {
            invoice_number: payment.invoice_number.clone(),
        })?;
        let amount = bookable_amount(payment.amount, currency)?;
        let mut rest = amount;
        let first = self.applied.parts.len();
        if let Some(index) = meant {
            let to_come = self.positions[index].to_come();
            let part = Money::from_minor(amount.minor().min(to_come.minor()), currency);
            rest = amount.checked_sub(part)?;
            self.book(index, payment, part)?;
        }
        if rest.minor() > 0 {
            let debtor = payment.debtor_id.clone().unwrap_or_default();
            self.applied.parts.push(PaymentPart::of(payment, AppliedTo::Client, debtor, rest));
        }
        self.applied.firsts.resize(self.applied.parts.len(), first);
        Ok(())
    }

    /// Returns the outcome of all payments so far.
    pub fn applied(self) -> Applied {
        let Self { positions, touched, applied, .. } = self;
        let touched = |(index, position)| touched.contains(&index).then_some(position);
        Applied {
            positions: positions.into_iter().enumerate().filter_map(touched).collect(),
            ..applied
        }
    }

    /// Finds the position that a payment names by number, debtor and currency.
    fn meant(&self, payment: &Payment) -> Result<Option<usize>, PurchaseError> {
        let is_debtor = |index: &usize| {
            let own = &self.positions[*index].invoice().debtor_id;
            payment.debtor_id.as_ref().is_none_or(|debtor| debtor == own)
        };
        let currency_of = |index: usize| self.positions[index].invoice().amount.currency();
        let in_currency =
            |index: &usize| payment.currency.is_none_or(|paid_in| paid_in == currency_of(*index));
        let is_open = |index: &usize| matches!(self.positions[*index], Position::Open(_));
        let places = self.by_number.get(&payment.invoice_number).map_or(&[][..], Vec::as_slice);
        let named = || places.iter().copied().filter(is_debtor);
        // An invoice that was bought anew is meant before the loss on an old one.
        let mut open = named().filter(is_open).filter(in_currency);
        match (open.next(), open.next()) {
            (Some(one), None) => return Ok(Some(one)),
            (Some(_), Some(_)) => {
                let invoice_number = payment.invoice_number.clone();
                return Err(PurchaseError::SeveralDebtors { invoice_number });
            }
            (None, _) => {}
        }
        // An open invoice in another currency is more likely a mistyped currency than cash for the
        // client.
        if let (Some(other), Some(paid_in)) = (named().find(is_open), payment.currency) {
            let bought_in: Currency = currency_of(other);
            return Err(PurchaseError::OtherCurrency { paid_in, bought_in });
        }
        let is_lost = |index: &usize| self.positions[*index].to_come().minor() > 0;
        Ok(named().filter(in_currency).find(is_lost))
    }

    /// Books a part of a payment on a position.
    fn book(&mut self, index: usize, payment: &Payment, part: Money) -> Result<(), PurchaseError> {
        let on = payment.received_on;
        // A step consumes the state. It takes a copy, so that a step that fails leaves the position
        // as it was.
        let (next, applied_to): (Position, AppliedTo) = match self.positions[index].clone() {
            Position::Open(open) => {
                let applied_to = AppliedTo::Position(open.invoice.id.clone());
                let next = match open.collect(part, on)? {
                    Collected::Partly(open) => open.into(),
                    Collected::Fully(settled) => {
                        self.applied.settled.push(settled.clone());
                        settled.into()
                    }
                };
                (next, applied_to)
            }
            Position::Settled(settled) => {
                let applied_to = AppliedTo::Loss(settled.invoice.id.clone());
                (settled.recover(part, on)?.into(), applied_to)
            }
            // Nothing is to come on it, so that no payment means it.
            Position::Reversed(reversed) => return Err(reversed.refused()),
        };
        let booked_on = booked_on(on, next.reopened_on());
        self.positions[index] = next;
        self.touched.insert(index);
        let debtor = self.positions[index].invoice().debtor_id.clone();
        let part = PaymentPart::of(payment, applied_to, debtor, part);
        self.applied.parts.push(PaymentPart { booked_on, ..part });
        Ok(())
    }
}

impl Applied {
    /// Returns the parts as payments on record, each with an id.
    ///
    /// # Errors
    /// Any error of `new_id`.
    pub fn collections<E>(
        &self,
        mut new_id: impl FnMut() -> Result<String, E>,
    ) -> Result<Vec<Collection>, E> {
        let mut all: Vec<Collection> = Vec::new();
        for (part, first) in self.parts.iter().zip(&self.firsts) {
            let id = new_id()?;
            let payment = all.get(*first).map_or_else(|| id.clone(), |first| first.id.clone());
            all.push(Collection { id, payment, part: part.clone() });
        }
        Ok(all)
    }
}

impl PaymentPart {
    fn of(payment: &Payment, applied_to: AppliedTo, debtor_id: String, amount: Money) -> Self {
        Self {
            applied_to,
            debtor_id,
            invoice_number: payment.invoice_number.clone(),
            amount,
            received_on: payment.received_on,
            booked_on: payment.received_on,
            reference: payment.reference.clone(),
            account: payment.account.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use pricing::{LossCause, Recourse};

    use super::super::samples::{day, eur, invoice, open, payment, usd};
    use super::*;
    use crate::{BoughtInvoice, OpenPosition};

    fn today() -> NaiveDate {
        day("2026-06-30")
    }

    /// An open position of a debtor.
    fn of(id: &str, debtor: &str, number: &str) -> Position {
        let (debtor_id, invoice_number) = (debtor.to_owned(), number.to_owned());
        let own = BoughtInvoice { debtor_id, invoice_number, ..invoice(id, Recourse::Full) };
        OpenPosition::new(own).into()
    }

    /// Nothing was collected: the factor bears 900.
    fn lost(id: &str) -> Position {
        let position = open(id, Recourse::NonRecourse);
        position.settle(day("2026-04-02"), Some(LossCause::Credit)).expect("settled").into()
    }

    fn applied(positions: Vec<Position>, payments: &[Payment]) -> Result<Applied, PurchaseError> {
        let mut cash = CashApplication::new(positions);
        payments.iter().try_for_each(|payment| cash.apply(payment, today()))?;
        Ok(cash.applied())
    }

    /// Word, position and amount of every part.
    fn told(applied: &Applied) -> Vec<(&str, Option<&str>, i64)> {
        let told = |part: &PaymentPart| part.amount.minor();
        let parts = applied.parts.iter();
        parts.map(|p| (p.applied_to.as_str(), p.applied_to.position_id(), told(p))).collect()
    }

    #[test]
    fn too_little_leaves_it_open_and_too_much_is_the_clients() {
        let paid = [payment("1", "999.99", "2026-01-10"), payment("1", "5.01", "2026-01-12")];
        let first = applied(vec![of("p", "D1", "1")], &paid[..1]).expect("booked");
        assert_eq!(told(&first), [("payment", Some("p"), 99_999)]);
        assert!(first.settled.is_empty() && first.positions[0].to_come() == usd(1));
        let both = applied(vec![of("p", "D1", "1")], &paid).expect("booked");
        let expected =
            [("payment", Some("p"), 99_999), ("payment", Some("p"), 1), ("unapplied", None, 500)];
        assert_eq!(told(&both), expected);
        assert_eq!((both.settled.len(), both.positions.len()), (1, 1));
        assert_eq!(both.settled[0].settlement.on, day("2026-01-12"));
        assert_eq!(both.parts[2].debtor_id, "", "nobody says who paid the rest");
    }

    #[test]
    fn the_parts_of_a_payment_bear_the_id_of_its_first() {
        let paid = [payment("1", "1", "2026-01-10"), payment("1", "1005", "2026-01-12")];
        let both = applied(vec![of("p", "D1", "1")], &paid).expect("booked");
        let mut ids = ["a", "b", "c"].into_iter();
        let all = both.collections(|| ids.next().map(str::to_owned).ok_or(())).expect("ids");
        let told: Vec<_> = all.iter().map(|own| (own.id.as_str(), own.payment.as_str())).collect();
        assert_eq!(told, [("a", "a"), ("b", "b"), ("c", "b")]);
    }

    #[test]
    fn the_same_payment_again_is_refused_or_the_clients() {
        let once = payment("1", "1000", "2026-01-10");
        let twice = [once.clone(), once.clone()];
        let refused = applied(vec![of("p", "D1", "1")], &twice);
        let invoice_number = "1".to_owned();
        assert_eq!(refused, Err(PurchaseError::NoCurrency { invoice_number }));
        let named = Payment { currency: Some(Currency::USD), ..once.clone() };
        let both = applied(vec![of("p", "D1", "1")], &[once, named]).expect("booked");
        assert_eq!(told(&both)[1], ("unapplied", None, 100_000));
    }

    #[test]
    fn several_debtors_with_one_number_are_told_apart_by_name() {
        let both = || vec![of("p", "D1", "1"), of("q", "D2", "1"), of("r", "D2", "2")];
        let unnamed = payment("1", "10", "2026-01-10");
        let invoice_number = "1".to_owned();
        let refused = applied(both(), std::slice::from_ref(&unnamed));
        assert_eq!(refused, Err(PurchaseError::SeveralDebtors { invoice_number }));
        let named = Payment { debtor_id: Some("D2".into()), ..unnamed.clone() };
        let booked = applied(both(), std::slice::from_ref(&named)).expect("booked");
        assert_eq!(told(&booked), [("payment", Some("q"), 1000)]);
        assert_eq!(booked.parts[0].debtor_id, "D2");
        // When one of them is collected in full, the number means the other.
        let full = Payment { debtor_id: Some("D2".into()), ..payment("1", "1000", "2026-01-10") };
        let then = applied(both(), &[full, unnamed]).expect("booked");
        assert_eq!(told(&then)[1], ("payment", Some("p"), 1000));
    }

    #[test]
    fn a_payment_of_somebody_else_is_the_clients() {
        let stranger = Payment {
            debtor_id: Some("D9".into()),
            currency: Some(Currency::USD),
            ..payment("1", "10", "2026-01-10")
        };
        let booked = applied(vec![of("p", "D1", "1")], &[stranger]).expect("booked");
        assert_eq!(told(&booked), [("unapplied", None, 1000)]);
        assert_eq!(booked.parts[0].debtor_id, "D9");
    }

    #[test]
    fn nothing_is_booked_in_another_currency() {
        let paid_in = eur(0).currency();
        let euros = Payment { currency: Some(paid_in), ..payment("1", "10", "2026-01-10") };
        let refused = applied(vec![of("p", "D1", "1")], std::slice::from_ref(&euros));
        let bought_in = Currency::USD;
        assert_eq!(refused, Err(PurchaseError::OtherCurrency { paid_in, bought_in }));
        // Where the number was bought in both, the currency tells which is meant.
        let own = BoughtInvoice {
            debtor_id: "D2".into(),
            amount: eur(2000),
            advance: eur(1600),
            prepaid: eur(0),
            ..invoice("q", Recourse::Full)
        };
        let both = vec![of("p", "D1", "1"), OpenPosition::new(own).into()];
        let booked = applied(both, &[euros]).expect("booked");
        assert_eq!(told(&booked), [("payment", Some("q"), 1000)]);
        assert_eq!(booked.parts[0].amount, eur(1000));
    }

    #[test]
    fn a_loss_is_recovered_first_and_the_client_gets_the_rest() {
        let paid = [payment("1", "700", "2026-05-02"), payment("1", "300", "2026-05-03")];
        let booked = applied(vec![lost("p")], &paid).expect("booked");
        let expected = [
            ("recovery", Some("p"), 70_000),
            ("recovery", Some("p"), 20_000),
            ("unapplied", None, 10_000),
        ];
        assert_eq!(told(&booked), expected);
        assert!(booked.settled.is_empty(), "it was settled before");
        assert_eq!(booked.positions[0].to_come(), usd(0));
    }

    #[test]
    fn an_invoice_bought_anew_is_meant_before_the_loss_of_old() {
        let booked =
            applied(vec![lost("p"), of("q", "D1", "1")], &[payment("1", "1100", "2026-05-02")]);
        let expected = [("payment", Some("q"), 100_000), ("unapplied", None, 10_000)];
        assert_eq!(told(&booked.expect("booked")), expected);
    }

    #[test]
    fn payments_before_the_purchase_or_in_the_days_to_come_are_refused() {
        let on = |on: &str| applied(vec![of("p", "D1", "1")], &[payment("1", "10", on)]);
        assert!(matches!(on("2025-12-31"), Err(PurchaseError::BeforePurchase { .. })));
        assert!(on("2026-01-01").is_ok());
        assert!(on("2026-07-01").is_ok(), "it may be tomorrow already");
        assert_eq!(on("2026-07-02"), Err(PurchaseError::Day { day: day("2026-07-02") }));
        let early = applied(vec![lost("p")], &[payment("1", "10", "2025-12-31")]);
        assert!(matches!(early, Err(PurchaseError::BeforePurchase { .. })));
    }

    #[test]
    fn amounts_that_are_none_are_refused_and_change_nothing() {
        let mut cash = CashApplication::new(vec![of("p", "D1", "1")]);
        for wrong in ["0", "-1", "0.001", "1e15"] {
            let amount = wrong.parse().or_else(|_| rust_decimal::Decimal::from_scientific(wrong));
            let amount = basics::Amount(amount.expect("a decimal"));
            let wrong = Payment { amount, ..payment("1", "1", "2026-01-10") };
            assert!(cash.apply(&wrong, today()).is_err());
        }
        assert_eq!(cash.applied(), Applied::default());
    }
}
