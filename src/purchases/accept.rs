//! Acceptance: from an accepted offer and the decisions on its lines to the invoices that are
//! bought.

use std::collections::HashMap;

use chrono::NaiveDate;

use basics::{Currency, Money, Rate};
use pricing::advance;

use super::claim::ClaimFacts;
use super::lot::{Lot, SoldInvoice};
use super::{PositionTerms, PurchaseError};

/// The part of an offer in one currency, under one set of terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedPart {
    /// The currency.
    pub currency: Currency,
    /// The terms of all lines.
    pub terms: PositionTerms,
    /// The advance rate for invoices that a person adds to the offer.
    pub advance_rate: Rate,
    /// All lines, including those that the offer excludes.
    pub lines: Vec<OfferedLine>,
}

/// An invoice of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedLine {
    /// The debtor's id.
    pub debtor_id: String,
    /// The client's number.
    pub invoice_number: String,
    /// The due date.
    pub due: NaiveDate,
    /// The day of recourse by its invoice date, if that counts.
    pub recourse_by: Option<NaiveDate>,
    /// The open balance.
    pub open: Money,
    /// The amount that the offer buys and its advance; `None` if the offer excludes the invoice.
    pub priced: Option<Priced>,
    /// The facts by which it is told from others.
    pub facts: ClaimFacts,
}

/// The amount of an invoice that an offer buys, and the advance on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priced {
    /// Amount bought.
    pub amount: Money,
    /// Cash paid at the purchase, before charges.
    pub advance: Money,
}

/// An authorised person's decision on an invoice, which overrules the computed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOverride {
    /// The debtor's id.
    pub debtor_id: String,
    /// The client's number.
    pub invoice_number: String,
    /// True if the invoice is to be bought.
    pub buys: bool,
}

/// Returns the invoices that an accepted offer buys: its priced lines, less those that a person has
/// excluded, plus those that a person has added.
///
/// An added invoice is bought whole, at the offer's advance rate; so is a priced line that a person
/// confirms. If an invoice has several decisions, the last one counts.
///
/// # Errors
/// [`PurchaseError::Pricing`] if an advance overflows, [`PurchaseError::Money`] if the charges of a
/// funding do.
pub fn accepted(
    parts: Vec<OfferedPart>,
    overrides: &[LineOverride],
) -> Result<Vec<Lot>, PurchaseError> {
    let line = |own: &LineOverride| (own.debtor_id.clone(), own.invoice_number.clone());
    // Of several decisions on one line, collecting keeps the last.
    let decided: HashMap<(String, String), bool> =
        overrides.iter().map(|own| (line(own), own.buys)).collect();
    let mut all = Vec::new();
    for OfferedPart { currency, terms, advance_rate, lines } in parts {
        let mut invoices = Vec::new();
        for line in lines {
            let OfferedLine { due, recourse_by, open, priced, facts, .. } = line;
            let name = (line.debtor_id, line.invoice_number);
            let Priced { amount, advance } = match (decided.get(&name), priced) {
                (Some(false), _) | (None, None) => continue,
                // A person decides on the invoice, not on the part of it that limits left: it is
                // bought whole.
                (Some(true), _) => Priced { amount: open, advance: advance(open, advance_rate)? },
                (None, Some(priced)) => priced,
            };
            let (debtor_id, invoice_number) = name;
            invoices.push(SoldInvoice {
                debtor_id,
                invoice_number,
                amount,
                advance,
                due,
                recourse_by,
                facts,
            });
        }
        // A part of which everything was excluded is not funded, so it owes no charge per funding.
        if !invoices.is_empty() {
            let prepaid = terms.fee_plan.charges().prepaid(currency)?;
            all.push(Lot { terms, prepaid, invoices });
        }
    }
    Ok(all)
}

/// Checks that there is something to buy, and that recourse has passed on none of it by `day`.
///
/// # Errors
/// [`PurchaseError::RecoursePassed`] for the first invoice whose day of recourse precedes `day`;
/// [`PurchaseError::Nothing`] if no invoice is left.
pub fn buyable_on(all: &[Lot], day: NaiveDate) -> Result<(), PurchaseError> {
    for Lot { terms, invoices, .. } in all {
        for own in invoices {
            let last = own.terms(terms).day_of_recourse(own.due);
            if let Some(last) = last.filter(|last| *last < day) {
                let invoice_number = own.invoice_number.clone();
                return Err(PurchaseError::RecoursePassed { invoice_number, last });
            }
        }
    }
    if all.iter().all(|own| own.invoices.is_empty()) { Err(PurchaseError::Nothing) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use pricing::Recourse;

    use super::super::samples::{day, terms, usd};
    use super::*;

    fn line(number: &str, priced: Option<(i64, i64)>) -> OfferedLine {
        OfferedLine {
            debtor_id: "D1".into(),
            invoice_number: number.into(),
            due: day("2026-02-01"),
            recourse_by: None,
            open: usd(100_001),
            priced: priced
                .map(|(amount, advance)| Priced { amount: usd(amount), advance: usd(advance) }),
            facts: ClaimFacts::default(),
        }
    }

    /// One line bought in part, one bought whole, one excluded.
    fn part() -> OfferedPart {
        OfferedPart {
            currency: Currency::USD,
            terms: terms(Recourse::Full),
            advance_rate: Rate::from_percent("85".parse().expect("a decimal")),
            lines: vec![
                line("1", Some((60_000, 51_000))),
                line("2", Some((100_001, 85_000))),
                line("3", None),
            ],
        }
    }

    fn decision(number: &str, buys: bool) -> LineOverride {
        LineOverride { debtor_id: "D1".into(), invoice_number: number.into(), buys }
    }

    fn bought(overrides: &[LineOverride]) -> Vec<(String, i64, i64)> {
        let all = accepted(vec![part()], overrides).expect("amounts that fit");
        let invoices = all.into_iter().flat_map(|own| own.invoices);
        invoices.map(|own| (own.invoice_number, own.amount.minor(), own.advance.minor())).collect()
    }

    #[test]
    fn priced_lines_are_bought_as_they_are_priced() {
        let expected = [("1".to_owned(), 60_000, 51_000), ("2".to_owned(), 100_001, 85_000)];
        assert_eq!(bought(&[]), expected);
        let all = accepted(vec![part()], &[]).expect("amounts that fit");
        assert_eq!(all[0].prepaid, usd(2_500), "the wire of 25");
    }

    /// 85 % of 1,000.01 is 850.0085; advances are rounded down.
    #[test]
    fn what_a_person_buys_is_bought_whole_at_the_rate_of_the_offer() {
        let all = bought(&[decision("3", true), decision("1", true)]);
        assert_eq!(all[0], ("1".to_owned(), 100_001, 85_000));
        assert_eq!(all[2], ("3".to_owned(), 100_001, 85_000));
    }

    #[test]
    fn what_a_person_excludes_is_not_bought_and_the_last_decision_counts() {
        let numbers = |overrides: &[LineOverride]| {
            bought(overrides).into_iter().map(|(number, ..)| number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&[decision("1", false)]), ["2"]);
        assert_eq!(numbers(&[decision("3", true), decision("3", false)]), ["1", "2"]);
        assert_eq!(numbers(&[decision("1", false), decision("1", true)]), ["1", "2"]);
        let stranger = LineOverride { debtor_id: "D2".into(), ..decision("1", false) };
        assert_eq!(numbers(&[stranger]), ["1", "2"], "another debtor's invoice");
    }

    #[test]
    fn an_offer_of_which_all_is_excluded_buys_nothing() {
        let none = [decision("1", false), decision("2", false)];
        let all = accepted(vec![part()], &none).expect("amounts that fit");
        assert_eq!(buyable_on(&all, day("2026-01-01")), Err(PurchaseError::Nothing));
    }

    #[test]
    fn an_invoice_is_bought_up_to_its_day_of_recourse() {
        let all = accepted(vec![part()], &[]).expect("amounts that fit");
        assert_eq!(buyable_on(&all, day("2026-04-01")), Ok(()), "the day before");
        let last = day("2026-04-02");
        assert_eq!(buyable_on(&all, last), Ok(()), "the day itself");
        let invoice_number = "1".to_owned();
        let passed = Err(PurchaseError::RecoursePassed { invoice_number, last });
        assert_eq!(buyable_on(&all, day("2026-04-03")), passed, "the day after");
        // By the invoice date of the second line recourse is taken on the day before.
        let mut part = part();
        part.lines[1].recourse_by = Some(day("2026-04-01"));
        let all = accepted(vec![part], &[]).expect("amounts that fit");
        assert_eq!(buyable_on(&all, day("2026-04-01")), Ok(()));
        let (invoice_number, last) = ("2".to_owned(), day("2026-04-01"));
        let passed = Err(PurchaseError::RecoursePassed { invoice_number, last });
        assert_eq!(buyable_on(&all, day("2026-04-02")), passed);
    }
}
