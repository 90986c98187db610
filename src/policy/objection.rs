//! Answers of debtors that speak against invoices which are about to be bought.

use std::fmt;

use basics::Money;

use super::confirmations::Confirmations;
use super::receivable::Pool;

/// A debtor's word against an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// It disputes the invoice.
    Disputed,
    /// It says that it does not know the client.
    UnknownDebtor,
    /// It says that it owes less.
    Owes(Money),
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disputed => f.write_str("its debtor disputes it"),
            Self::UnknownDebtor => f.write_str("its debtor says that it does not know the client"),
            Self::Owes(amount) => {
                write!(f, "its debtor says that it owes {amount} {}", amount.currency())
            }
        }
    }
}

impl Confirmations {
    /// Returns what debtors say against each receivable of a pool, of which the open balance is the
    /// amount to be bought: the answer that counts by [`Self::apply`], whatever the pool's day.
    pub fn objections(&self, mut pool: Pool) -> Vec<Option<Objection>> {
        let last = self.last_day();
        pool.as_of = last.unwrap_or(pool.as_of).max(pool.as_of);
        self.enter(&mut pool, |_| true, |_, _| 0);
        let against = |at: usize| {
            let own = &pool.receivables[at];
            if pool.debtors[own.debtor].denies_client {
                return Some(Objection::UnknownDebtor);
            }
            if own.disputed == Some(true) {
                return Some(Objection::Disputed);
            }
            own.scrutiny.confirmed_amount.map(Objection::Owes)
        };
        (0..pool.receivables.len()).map(against).collect()
    }
}

#[cfg(test)]
mod tests {
    use basics::{Currency, from_day_number};

    use super::super::confirmation::{AnswerTime, Channel, ConfirmOutcome, Confirmation};
    use super::super::receivable::{DebtorAccount, Receivable};
    use super::super::usual_terms::UsualTerms;
    use super::*;

    fn usd(cents: i64) -> Money {
        Money::from_minor(cents, Currency::USD)
    }

    /// Two invoices of 1,000.00 of one debtor, and one of another.
    fn pool() -> Pool {
        let debtor = |id: &str| {
            DebtorAccount::new(id, format!("{id} Ltd"), UsualTerms::assumed(30), Currency::USD)
        };
        let receivable =
            |number: &str, debtor| Receivable::new(number, debtor, (100, 130), usd(100_000));
        Pool {
            currency: Currency::USD,
            as_of: 120,
            receivables: vec![receivable("1", 0), receivable("2", 0), receivable("1", 1)],
            debtors: vec![debtor("D1"), debtor("D2")],
            room: None,
            selection_seed: None,
        }
    }

    fn answer(invoice: &str, outcome: ConfirmOutcome, day: i32) -> Confirmation {
        Confirmation {
            client: None,
            debtor: "d1 ltd".to_owned(),
            invoice: invoice.to_owned(),
            amount: None,
            outcome,
            by: "A. Reed".to_owned(),
            at: AnswerTime::from(from_day_number(day)),
            how: Channel::Telephone,
            note: None,
            document_sha256: None,
        }
    }

    fn owing(major: &str, answer: Confirmation) -> Confirmation {
        Confirmation { amount: Some(basics::Amount(major.parse().expect("a number"))), ..answer }
    }

    use ConfirmOutcome::{Confirmed, Disputed, NoAnswer, UnknownDebtor, WrongAmount};

    #[test]
    fn the_answer_that_counts_is_the_one_that_an_evaluation_would_count() {
        let said =
            |answers: &[Confirmation]| Confirmations::new(answers.to_vec()).objections(pool());
        let none = [None; 3];
        assert_eq!(said(&[]), none);
        let dispute = answer("1", Disputed, 140);
        assert_eq!(said(std::slice::from_ref(&dispute)), [Some(Objection::Disputed), None, None]);
        assert_eq!(said(&[dispute.clone(), answer("1", Confirmed, 141)]), none);
        assert_eq!(said(&[dispute.clone(), answer("1", NoAnswer, 141)])[0], said(&[dispute])[0]);
        let denied = Some(Objection::UnknownDebtor);
        assert_eq!(said(&[answer("9", UnknownDebtor, 140)]), [denied, denied, None]);
        let least = owing("999.99", answer("2", WrongAmount, 140));
        assert_eq!(said(&[least]), [None, Some(Objection::Owes(usd(99_999))), None]);
        assert_eq!(said(&[owing("1000", answer("2", WrongAmount, 140))]), none);
        assert_eq!(
            said(&[owing("1.00", answer("1", Confirmed, 90))])[0],
            Some(Objection::Owes(usd(100)))
        );
    }

    #[test]
    fn answers_are_found_by_the_debtor_and_by_the_invoice() {
        let other = Confirmation { debtor: "D9".to_owned(), ..answer("1", Confirmed, 110) };
        let all = Confirmations::new(vec![
            answer("1", Confirmed, 110),
            answer("9", Confirmed, 110),
            answer("2", NoAnswer, 110),
            other,
        ]);
        assert_eq!(all.about(&pool()), [0, 1, 2]);
        assert_eq!(all.confirming(&pool()), [0]);
    }
}
