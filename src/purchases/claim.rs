//! The right to an invoice: nobody sells it twice, under whatever number, debtor id or name.
//!
//! A client's invoice is the same as one that it sold if the number is one in any
//! [spelling](screens::one_number()) and one of these is as well: the debtor (by id, name, tax
//! number, link, or as staff say), or an amount and the due date. An amount is the amount bought or
//! the original one; its currency tells nothing, as invoices are re-issued in another.
//!
//! Where punctuation between digits alone tells two numbers apart (`421` and `42-1`), they are two
//! if both issue dates are known and differ, or if one is unknown and the amounts differ. On one
//! day of issue, or with nothing that says otherwise, they are one: to buy an invoice twice costs
//! all of it, to ask about one that was not bought costs a question.
//!
//! Where a word for an invoice in another language does (`42` and `Rechnung 42`), they are one only
//! if debtor, an amount and the date are the same too: a client may count each by itself.

use chrono::NaiveDate;

use basics::{Money, capitals};
use screens::{OneNumber, one_number};

use super::claimed_debtor::ClaimedDebtor;
use super::not_buyable::{NotBuyable, Sold};

/// The facts by which an invoice is told from others, beside those of its purchase.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimFacts {
    /// The debtor's name; empty if nobody says it.
    pub debtor_name: String,
    /// The debtor's tax or registration number.
    pub tax_number: Option<String>,
    /// The debtor known across clients that staff have linked the debtor to.
    pub known: Option<String>,
    /// The original amount.
    pub face: Option<Money>,
    /// The issue date.
    pub issued_on: Option<NaiveDate>,
}

/// An invoice that a client sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The client.
    pub client_id: String,
    /// The debtor.
    pub debtor: ClaimedDebtor,
    /// The client's number.
    pub number: String,
    /// Its original amount; the amount bought if nobody says it.
    pub face: Money,
    /// Amount bought.
    pub amount: Money,
    /// The issue date, if somebody says it.
    pub issued_on: Option<NaiveDate>,
    /// The due date.
    pub due_on: NaiveDate,
}

/// A claim that stands: its invoice has been bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingClaim {
    /// The position, which there may not be yet.
    pub position: String,
    /// The purchase that waits for its payout; `None` once there is the position.
    pub waits_in: Option<String>,
    /// The invoice as it was sold.
    pub claim: Claim,
    /// True if the client has borne a shortfall of it, so that it may sell it again.
    pub is_charged_back: bool,
}

/// Positions that staff name where an invoice seems to have been sold before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamedPositions {
    /// Those that were charged back and are bought again.
    pub repurchases: Vec<String>,
    /// Those that are other invoices, such as those of a year before where a client begins its
    /// numbers anew every year. The issue dates have to tell.
    pub distinct_from: Vec<String>,
}

/// Returns a key that all spellings of an invoice number share, by which stores look for them; few
/// other numbers have the same. [`one_number`] decides.
pub fn number_key(number: &str) -> String {
    // Neither 0, which may lead or be an O, nor 1, which may be an I or an l.
    capitals(number).chars().filter(|c| matches!(c, '2'..='9')).collect()
}

impl Claim {
    fn has_amount_of(&self, other: &Self) -> bool {
        let amounts = |own: &Self| [own.face.to_decimal(), own.amount.to_decimal()];
        amounts(self).iter().any(|own| amounts(other).contains(own))
    }

    /// Compares the issue dates; `None` if one of them is unknown.
    fn is_issued_with(&self, other: &Self) -> Option<bool> {
        self.issued_on.zip(other.issued_on).map(|(one, other)| one == other)
    }

    fn has_number_of(&self, other: &Self) -> bool {
        match one_number(&self.number, &other.number) {
            None => false,
            Some(OneNumber::Spelled) => true,
            Some(OneNumber::Joined) => {
                self.is_issued_with(other).unwrap_or_else(|| self.has_amount_of(other))
            }
            Some(OneNumber::Worded) => {
                let is_dated = self.is_issued_with(other).unwrap_or(self.due_on == other.due_on);
                is_dated && self.has_amount_of(other) && self.is_of_debtor(other)
            }
        }
    }

    /// Returns true if the debtors are one.
    fn is_of_debtor(&self, other: &Self) -> bool {
        let (own, their) = (self.debtor.keys(), other.debtor.keys());
        if self.client_id == other.client_id {
            own.is_within(&their)
        } else {
            own.is_across(&their)
        }
    }

    /// Returns true if the same client sells the same invoice: the number, and the debtor, or else
    /// an amount and the due date.
    fn is_again(&self, other: &Self) -> bool {
        self.has_number_of(other)
            && (self.is_of_debtor(other)
                || (self.has_amount_of(other) && self.due_on == other.due_on))
    }

    /// Returns true if another client sells the same invoice: number, an amount, the issue or due
    /// date, and the debtor.
    fn is_of_both(&self, other: &Self) -> bool {
        self.has_number_of(other)
            && self.has_amount_of(other)
            && (self.due_on == other.due_on || self.is_issued_with(other) == Some(true))
            && self.is_of_debtor(other)
    }
}

impl StandingClaim {
    /// The place of the sale.
    fn sold(&self) -> Sold {
        match &self.waits_in {
            Some(purchase) => Sold::Purchase(purchase.clone()),
            None => Sold::Position(self.position.clone()),
        }
    }
}

/// Checks an invoice against those that were sold before, whose numbers have its
/// [`number_key`]; returns the positions that it buys again, which no longer stand then.
///
/// # Errors
/// [`NotBuyable::Bought`] if the client has sold it before, unless every such position was charged
/// back and is named in `repurchases`; [`NotBuyable::SoldTwice`] if another client has. A position
/// that is named in `distinct_from` is passed over if both issue dates are known and differ.
pub fn sold_before<'a>(
    claim: &Claim,
    among: &'a [StandingClaim],
    named: &NamedPositions,
) -> Result<Vec<&'a str>, NotBuyable> {
    let mut again = Vec::new();
    for standing in among {
        let StandingClaim { position, claim: other, is_charged_back, .. } = standing;
        let is_other = claim.is_issued_with(other) == Some(false);
        if is_other && named.distinct_from.contains(position) {
            continue;
        }
        let is_own = other.client_id == claim.client_id;
        if is_own && claim.is_again(other) {
            if !is_charged_back || !named.repurchases.contains(position) {
                return Err(NotBuyable::Bought {
                    invoice: claim.number.clone(),
                    sold: standing.sold(),
                    is_charged_back: *is_charged_back,
                });
            }
            again.push(position.as_str());
        } else if !is_own && claim.is_of_both(other) {
            return Err(NotBuyable::SoldTwice {
                invoice: claim.number.clone(),
                sold: standing.sold(),
                client: other.client_id.clone(),
            });
        }
    }
    Ok(again)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{day, eur, usd};
    use super::*;

    fn claim(client: &str, number: &str) -> Claim {
        let debtor = ClaimedDebtor {
            id: format!("{client}-10"),
            name: "North Mill Ltd".into(),
            ..ClaimedDebtor::default()
        };
        Claim {
            client_id: client.into(),
            debtor,
            number: number.into(),
            face: usd(100_000),
            amount: usd(90_000),
            issued_on: Some(day("2026-01-02")),
            due_on: day("2026-02-01"),
        }
    }

    /// The position `p` is bought again.
    fn again() -> NamedPositions {
        NamedPositions { repurchases: vec!["p".to_owned()], ..NamedPositions::default() }
    }

    fn standing(claim: Claim, is_charged_back: bool) -> StandingClaim {
        StandingClaim { position: "p".into(), waits_in: None, claim, is_charged_back }
    }

    /// True if the second claim cannot be bought after the first one.
    fn is_refused(first: &Claim, second: &Claim) -> bool {
        sold_before(second, &[standing(first.clone(), false)], &NamedPositions::default()).is_err()
    }

    #[test]
    fn a_client_sells_an_invoice_once_whatever_it_changes_about_it() {
        let first = claim("a", "INV-0042");
        let with = |change: fn(&mut Claim)| {
            let mut second = claim("a", "INV-0042");
            change(&mut second);
            is_refused(&first, &second)
        };
        assert!(with(|_| ()));
        assert!(with(|own| own.number = "inv 42".into()), "another spelling");
        assert!(with(|own| own.debtor.id = "D9".into()), "another id, the same name");
        assert!(with(|own| own.debtor.name = "NORTH MILL LIMITED".into()));
        let other = |own: &mut Claim| {
            own.debtor = ClaimedDebtor { id: "D9".into(), ..ClaimedDebtor::default() };
        };
        let mut second = claim("a", "INV-0042");
        other(&mut second);
        assert!(is_refused(&first, &second), "the same amount, due on the same day");
        second.due_on = day("2026-03-01");
        assert!(!is_refused(&first, &second), "another debtor's invoice of that number");
        second.debtor.tax_number = Some("DE 123".into());
        let mut taxed = first.clone();
        taxed.debtor.tax_number = Some("de123".into());
        assert!(is_refused(&taxed, &second), "by the tax number");
        let mut linked = (first.clone(), second.clone());
        (linked.0.debtor.known, linked.1.debtor.known) = (Some("k".into()), Some("k".into()));
        assert!(is_refused(&linked.0, &linked.1), "by the link");
        assert!(!with(|own| own.number = "INV-0043".into()));
    }

    #[test]
    fn an_invoice_in_another_currency_or_of_the_amount_bought_is_the_same() {
        let first = claim("a", "42");
        let other = ClaimedDebtor { id: "D9".into(), ..ClaimedDebtor::default() };
        let mut second = Claim { debtor: other, ..claim("a", "42") };
        (second.face, second.amount) = (eur(100_000), eur(90_000));
        assert!(is_refused(&first, &second), "in euros");
        (second.face, second.amount) = (usd(90_000), usd(80_000));
        assert!(is_refused(&first, &second), "the amount bought as face");
        (second.face, second.amount) = (usd(80_000), usd(70_000));
        assert!(!is_refused(&first, &second));
    }

    #[test]
    fn numbers_that_punctuation_alone_tells_apart_are_two_if_the_facts_say_so() {
        let first = claim("a", "421");
        let with = |change: fn(&mut Claim)| {
            let mut second = claim("a", "42-1");
            change(&mut second);
            is_refused(&first, &second)
        };
        assert!(with(|_| ()), "nothing says that they are two");
        assert!(!with(|own| own.issued_on = Some(day("2026-01-03"))));
        assert!(with(|own| (own.face, own.amount) = (usd(5), usd(4))), "issued on one day");
        assert!(with(|own| own.issued_on = None), "of one amount");
        let undated = |own: &mut Claim| {
            (own.issued_on, own.face, own.amount) = (None, usd(5), usd(4));
        };
        assert!(!with(undated));
        // What zeros, scripts or words tell apart is one, whatever the facts.
        for spelt in ["INV-00-42", "INV-00 42", "\u{406}NV-\u{664}\u{662}", "42"] {
            let mut second = claim("a", spelt);
            undated(&mut second);
            assert!(is_refused(&claim("a", "INV-0042"), &second), "{spelt}");
        }
    }

    #[test]
    fn two_clients_do_not_sell_one_invoice_but_may_sell_to_one_debtor() {
        let first = claim("a", "42");
        let with = |change: fn(&mut Claim)| {
            let mut second = claim("b", "0042");
            change(&mut second);
            is_refused(&first, &second)
        };
        assert!(with(|_| ()));
        assert!(with(|own| own.due_on = day("2026-03-01")), "issued on the same day");
        assert!(with(|own| own.issued_on = None), "due on the same day");
        assert!(!with(|own| (own.issued_on, own.due_on) = (None, day("2026-03-01"))));
        assert!(!with(|own| (own.face, own.amount) = (usd(1), usd(1))));
        assert!(!with(|own| own.number = "43".into()));
        let nameless = |client: &str| {
            let debtor = ClaimedDebtor { id: "4711".into(), ..ClaimedDebtor::default() };
            Claim { debtor, ..claim(client, "42") }
        };
        assert!(!is_refused(&nameless("a"), &nameless("b")), "each has its own customer 4711");
        assert!(!with(|own| {
            (own.debtor.id, own.debtor.name) = ("a-10".into(), "South Mill".into());
        }));
        let (among, named) = ([standing(first, true)], again());
        let refused = sold_before(&claim("b", "42"), &among, &named);
        let (invoice, sold, client) = ("42".into(), Sold::Position("p".into()), "a".into());
        assert_eq!(refused, Err(NotBuyable::SoldTwice { invoice, sold, client }));
    }

    #[test]
    fn another_invoice_of_the_same_number_is_one_by_name_and_issue_date() {
        let among = [standing(claim("a", "42"), false)];
        let named = NamedPositions { distinct_from: vec!["p".into()], ..NamedPositions::default() };
        let next_year = Claim { issued_on: Some(day("2027-01-02")), ..claim("a", "42") };
        assert!(sold_before(&next_year, &among, &NamedPositions::default()).is_err(), "unnamed");
        assert_eq!(sold_before(&next_year, &among, &named), Ok(Vec::new()));
        let same_day = claim("a", "42");
        let undated = Claim { issued_on: None, ..claim("a", "42") };
        for own in [same_day, undated] {
            assert!(sold_before(&own, &among, &named).is_err(), "no date tells: {own:?}");
        }
    }

    #[test]
    fn what_was_charged_back_is_bought_again_by_name_only() {
        let own = claim("a", "42");
        let named = again();
        let back = [standing(own.clone(), true)];
        assert_eq!(sold_before(&own, &back, &named), Ok(vec!["p"]));
        let told = |is_charged_back| NotBuyable::Bought {
            invoice: "42".into(),
            sold: Sold::Position("p".into()),
            is_charged_back,
        };
        assert_eq!(sold_before(&own, &back, &NamedPositions::default()), Err(told(true)));
        let open = [standing(own.clone(), false)];
        assert_eq!(sold_before(&own, &open, &named), Err(told(false)), "it is still bought");
    }

    #[test]
    fn a_word_for_an_invoice_is_no_part_of_its_number_where_all_else_is_the_same() {
        let own = claim("a", "42");
        let sold = |claim: &Claim, number: &str| {
            let claim = Claim { number: number.into(), ..claim.clone() };
            let all = [standing(own.clone(), false)];
            sold_before(&claim, &all, &NamedPositions::default()).is_err()
        };
        for number in ["Rechnung 42", "Facture N\u{B0} 42", "N\u{B0} 42", "\u{2116}42", "#42"] {
            assert!(sold(&own, number), "{number}");
            assert!(sold(&Claim { client_id: "b".into(), ..own.clone() }, number), "{number}");
        }
        let (face, amount) = (usd(7), usd(7));
        let nobody = ClaimedDebtor { id: "9".into(), ..ClaimedDebtor::default() };
        let undated = Claim { issued_on: None, ..own.clone() };
        assert!(sold(&undated, "Rechnung 42"));
        for other in [
            Claim { face, amount, ..own.clone() },
            Claim { issued_on: Some(day("2026-01-03")), ..own.clone() },
            Claim { due_on: day("2026-02-02"), ..undated },
            Claim { debtor: nobody, ..own.clone() },
        ] {
            assert!(!sold(&other, "Rechnung 42"), "{other:?}");
            assert!(sold(&other, "N\u{B0} 42"), "{other:?}");
        }
    }

    #[test]
    fn what_is_only_accepted_is_named_by_its_purchase() {
        let own = claim("a", "42");
        let waits = StandingClaim { waits_in: Some("u".into()), ..standing(own.clone(), false) };
        let refused = sold_before(&own, &[waits], &NamedPositions::default()).expect_err("sold");
        let said = "invoice 42 has already been bought, in purchase u, which waits for its payout";
        assert_eq!(refused.to_string(), said);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn spellings_share_their_key(
            sign in "(INV|No\\.|N\u{B0}|Facture |A|\u{406}NV|\u{411})?",
            one in "[- ]?[0-9OIl\u{664}\u{417}]{1,4}[-/ ]?0{0,2}[0-9]{0,4}",
            other in "(inv|no|a|\u{456}nv|\u{431})?[- ]?[0-9OIl]{1,4}[-/ ]?0{0,2}[0-9\u{437}]{0,4}",
            gap in "[-/. ]{0,2}",
        ) {
            let one = sign + &one;
            let spelt = format!("{gap}{}", one.to_lowercase().replace(['-', ' '], &gap));
            for (one, other) in [(&one, &other), (&one, &spelt)] {
                if one_number(one, other).is_some() {
                    prop_assert_eq!(number_key(one), number_key(other), "{} {}", one, other);
                }
            }
        }
    }
}
