//! Answers of debtors about invoices that are about to be bought or paid out: an offer was
//! made with what was known then, and answers come in until the money goes out.

use std::collections::HashMap;

use basics::day_number;
use offer::{Decision, Envelope};
use policy::{Confirmation, Confirmations, DebtorAccount, Pool, Receivable, UsualTerms};

use super::agreed::Agreed;
use super::not_buyable::NotBuyable;

/// A debtor's answer as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// Its id.
    pub id: String,
    /// The prefix of the key that recorded it.
    pub key: String,
    /// The time at which it was recorded.
    pub at: String,
    /// The answer.
    pub answer: Confirmation,
}

/// A decision of staff to buy an invoice, whatever is on record against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insisted {
    /// The debtor's id.
    pub debtor_id: String,
    /// The invoice's number.
    pub invoice_number: String,
    /// The time at which it was made: what was recorded later was not known.
    pub at: String,
}

/// Returns the decisions in an envelope to buy an invoice that was not offered whole, as far as no
/// later decision replaces them.
pub fn insisted(envelope: &Envelope) -> Vec<Insisted> {
    let all = &envelope.overrides;
    let is_last = |at: usize| {
        let line = (&all[at].debtor_id, &all[at].invoice_number);
        all[at + 1..].iter().all(|own| (&own.debtor_id, &own.invoice_number) != line)
    };
    let buys = (0..all.len()).filter(|&at| all[at].decision == Decision::Buy && is_last(at));
    let decided = |at: usize| Insisted {
        debtor_id: all[at].debtor_id.clone(),
        invoice_number: all[at].invoice_number.clone(),
        at: all[at].signed.at.clone(),
    };
    buys.map(decided).collect()
}

/// Returns the time at which staff decided to buy an invoice whatever is on record against it.
pub fn insisted_at<'a>(all: &'a [Insisted], sold: &Agreed) -> Option<&'a str> {
    let own = &sold.invoice;
    let is_it = |of: &&Insisted| {
        (&of.debtor_id, &of.invoice_number) == (&own.debtor_id, &own.invoice_number)
    };
    all.iter().rfind(is_it).map(|of| of.at.as_str())
}

/// Checks that no debtor has spoken against one of these invoices, which are of one currency, since
/// staff decided to buy it all the same.
///
/// # Errors
/// [`NotBuyable::Contradicted`] for the first such invoice.
pub fn check_answers(
    sold: &[Agreed],
    answers: &[RecordedAnswer],
    insisted: &[Insisted],
) -> Result<(), NotBuyable> {
    let Some(pool) = pool(sold) else { return Ok(()) };
    let said = |since: Option<&str>| {
        let later = answers.iter().filter(|own| since.is_none_or(|since| own.at.as_str() > since));
        let later = Confirmations::new(later.map(|own| own.answer.clone()).collect());
        later.objections(pool.clone())
    };
    let all = said(None);
    for (at, own) in sold.iter().enumerate().filter(|(at, _)| all[*at].is_some()) {
        let since = insisted_at(insisted, own);
        let objection = if since.is_some() { said(since)[at] } else { all[at] };
        if let Some(objection) = objection {
            let invoice = own.invoice.invoice_number.clone();
            return Err(NotBuyable::Contradicted { invoice, objection });
        }
    }
    Ok(())
}

/// Returns the answers about the debtors of these invoices, which are of one currency.
pub fn answers_about<'a>(
    sold: &[Agreed],
    answers: &'a [RecordedAnswer],
) -> Vec<&'a RecordedAnswer> {
    chosen(sold, answers, Confirmations::about)
}

/// Returns the answers that confirm one of these invoices, which are of one currency.
pub fn answers_confirming<'a>(
    sold: &[Agreed],
    answers: &'a [RecordedAnswer],
) -> Vec<&'a RecordedAnswer> {
    chosen(sold, answers, Confirmations::confirming)
}

fn chosen<'a>(
    sold: &[Agreed],
    answers: &'a [RecordedAnswer],
    choose: fn(&Confirmations, &Pool) -> Vec<usize>,
) -> Vec<&'a RecordedAnswer> {
    let Some(pool) = pool(sold) else { return Vec::new() };
    let all = Confirmations::new(answers.iter().map(|own| own.answer.clone()).collect());
    choose(&all, &pool).into_iter().map(|at| &answers[at]).collect()
}

/// The invoices as a pool of what is bought; `None` if there are none.
fn pool(sold: &[Agreed]) -> Option<Pool> {
    let currency = sold.first()?.invoice.amount.currency();
    let (mut debtors, mut places) = (Vec::new(), HashMap::new());
    let mut receivables = Vec::with_capacity(sold.len());
    for Agreed { invoice, claim } in sold {
        let debtor = *places.entry(&invoice.debtor_id).or_insert_with(|| {
            let (id, name) = (&invoice.debtor_id, &claim.debtor.name);
            let usual = UsualTerms::assumed(30);
            debtors.push(DebtorAccount::new(id.clone(), name.clone(), usual, currency));
            debtors.len() - 1
        });
        let due = day_number(invoice.due_on);
        let days = (claim.issued_on.map_or(due, day_number), due);
        let own = Receivable::new(invoice.invoice_number.clone(), debtor, days, invoice.amount);
        receivables.push(Receivable { issue_assumed: claim.issued_on.is_none(), ..own });
    }
    let as_of = receivables.iter().map(|own| own.due).max()?;
    Some(Pool { currency, as_of, receivables, debtors, room: None, selection_seed: None })
}

#[cfg(test)]
mod tests {
    use basics::Amount;
    use policy::{Channel, ConfirmOutcome, Objection};

    use super::super::agreed::AgreedInvoice;
    use super::super::samples::{agreed, usd};
    use super::super::{Claim, ClaimedDebtor};
    use super::*;

    /// An invoice of 1,000.00 of North Mill, issued on the first of January.
    fn sold(number: &str) -> Agreed {
        let invoice = AgreedInvoice { debtor_id: "D1".to_owned(), ..agreed(number, number) };
        let claim = Claim {
            client_id: "a".to_owned(),
            debtor: ClaimedDebtor {
                id: "D1".to_owned(),
                name: "North Mill Ltd".to_owned(),
                ..ClaimedDebtor::default()
            },
            number: number.to_owned(),
            face: invoice.amount,
            amount: invoice.amount,
            issued_on: Some(basics::from_day_number(20_454)),
            due_on: invoice.due_on,
        };
        Agreed { invoice, claim }
    }

    fn said(invoice: &str, outcome: ConfirmOutcome, at: &str) -> RecordedAnswer {
        let answer = Confirmation {
            client: None,
            debtor: "NORTH MILL, LTD.".to_owned(),
            invoice: invoice.to_owned(),
            amount: (outcome == WrongAmount).then(|| Amount("10".parse().expect("a number"))),
            outcome,
            by: "A. Reed".to_owned(),
            at: at.parse().expect("a time"),
            how: Channel::Telephone,
            note: None,
            document_sha256: None,
        };
        RecordedAnswer { id: at.to_owned(), key: "fk_1".to_owned(), at: at.to_owned(), answer }
    }

    use ConfirmOutcome::{Confirmed, Disputed, UnknownDebtor, WrongAmount};

    #[test]
    fn what_a_debtor_says_against_an_invoice_stops_it_until_it_says_otherwise() {
        let all = [sold("1"), sold("2")];
        let checked = |answers: &[RecordedAnswer]| check_answers(&all, answers, &[]);
        assert_eq!(checked(&[said("2", Confirmed, "2026-01-05T09:00:00Z")]), Ok(()));
        let against = |objection, invoice: &str| {
            Err(NotBuyable::Contradicted { invoice: invoice.to_owned(), objection })
        };
        let dispute = said("2", Disputed, "2026-01-05T10:00:00Z");
        assert_eq!(checked(std::slice::from_ref(&dispute)), against(Objection::Disputed, "2"));
        let settled = said("2", Confirmed, "2026-01-05T11:00:00Z");
        assert_eq!(checked(&[settled, dispute]), Ok(()));
        let denied = said("9", UnknownDebtor, "2026-01-05T10:00:00Z");
        assert_eq!(checked(&[denied]), against(Objection::UnknownDebtor, "1"));
        let less = said("1", WrongAmount, "2026-01-05T10:00:00Z");
        assert_eq!(checked(&[less]), against(Objection::Owes(usd(1_000)), "1"));
    }

    #[test]
    fn staff_may_buy_what_was_disputed_before_they_decided() {
        let all = [sold("1")];
        let decided = [Insisted {
            debtor_id: "D1".to_owned(),
            invoice_number: "1".to_owned(),
            at: "2026-01-05T10:30:00Z".to_owned(),
        }];
        let before = said("1", Disputed, "2026-01-05T10:00:00Z");
        let after = said("1", Disputed, "2026-01-05T11:00:00Z");
        assert_eq!(check_answers(&all, std::slice::from_ref(&before), &decided), Ok(()));
        assert!(check_answers(&all, &[before, after], &decided).is_err());
    }

    #[test]
    fn answers_are_those_of_the_debtor_or_of_the_invoice() {
        let all = [sold("1")];
        let (one, other) =
            (said("1", Confirmed, "2026-01-05T10:00:00Z"), said("2", Confirmed, "2026-01-06"));
        let answers = [one.clone(), other.clone()];
        assert_eq!(answers_about(&all, &answers), [&one, &other]);
        assert_eq!(answers_confirming(&all, &answers), [&one]);
        assert!(answers_about(&[], &answers).is_empty());
    }
}
