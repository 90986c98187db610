//! The right to an invoice: nobody sells it twice, under whatever number, debtor id or name.

use chrono::NaiveDate;

use basics::{Money, folded, without_legal_form};
use screens::is_one_number;

use super::not_buyable::NotBuyable;

/// The mark that accounting programs write between a customer and its job.
const JOB_MARK: char = ':';

/// The debtor of a sold invoice under all that tells who it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimedDebtor {
    /// The client's id of it.
    pub id: String,
    /// Its name; empty if nobody says it.
    pub name: String,
    /// Its tax or registration number, if somebody says it.
    pub tax_number: Option<String>,
    /// The debtor known across clients that staff have linked it to.
    pub known: Option<String>,
}

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
    /// The position.
    pub position: String,
    /// The invoice as it was sold.
    pub claim: Claim,
    /// True if the client has borne a shortfall of it, so that it may sell it again.
    pub is_charged_back: bool,
}

/// Returns a key that all spellings of an invoice number share, by which stores look for them; few
/// other numbers have the same. [`is_one_number`] decides.
pub fn number_key(number: &str) -> String {
    // Neither 0, which may lead or be an O, nor 1, which may be an I or an l.
    number.chars().filter(|c| matches!(c, '2'..='9')).collect()
}

impl ClaimedDebtor {
    /// Returns its name without case, accents, punctuation and legal form; its id where nobody
    /// says the name.
    pub fn key(&self) -> String {
        let name = if self.name.trim().is_empty() { &self.id } else { &self.name };
        let head = name.split(JOB_MARK).find(|part| !part.trim().is_empty()).unwrap_or(name);
        without_legal_form(head).unwrap_or_else(|| folded(head))
    }

    /// Returns true if the two are one debtor by name, tax number or link.
    fn is_alike(&self, other: &Self) -> bool {
        let same = |one: Option<&String>, other: Option<&String>| {
            one.zip(other).is_some_and(|(one, other)| folded(one) == folded(other))
        };
        same(self.known.as_ref(), other.known.as_ref())
            || same(self.tax_number.as_ref(), other.tax_number.as_ref())
            || self.key() == other.key()
    }
}

impl Claim {
    fn has_amount_of(&self, other: &Self) -> bool {
        self.face == other.face || self.amount == other.amount
    }

    /// Returns true if the same client sells the same invoice: the number, and the debtor by id,
    /// name, tax number or link, or else amount and due date.
    fn is_again(&self, other: &Self) -> bool {
        is_one_number(&self.number, &other.number)
            && (self.debtor.id == other.debtor.id
                || self.debtor.is_alike(&other.debtor)
                || (self.has_amount_of(other) && self.due_on == other.due_on))
    }

    /// Returns true if another client sells the same invoice: number, amount, a date, and the
    /// debtor by name, tax number or link. Its ids say nothing of another client's.
    fn is_of_both(&self, other: &Self) -> bool {
        let issued = self.issued_on.zip(other.issued_on).is_some_and(|(one, other)| one == other);
        is_one_number(&self.number, &other.number)
            && self.has_amount_of(other)
            && (self.due_on == other.due_on || issued)
            && self.debtor.is_alike(&other.debtor)
    }
}

/// Checks an invoice against those that were sold before, whose numbers have its
/// [`number_key`]; returns the positions that it buys again, which no longer stand then.
///
/// # Errors
/// [`NotBuyable::Bought`] if the client has sold it before, unless every such position was charged
/// back and is named in `repurchases`; [`NotBuyable::SoldTwice`] if another client has.
pub fn sold_before<'a>(
    claim: &Claim,
    among: &'a [StandingClaim],
    repurchases: &[String],
) -> Result<Vec<&'a str>, NotBuyable> {
    let mut again = Vec::new();
    for standing in among {
        let StandingClaim { position, claim: other, is_charged_back } = standing;
        let is_own = other.client_id == claim.client_id;
        if is_own && claim.is_again(other) {
            if !is_charged_back || !repurchases.contains(position) {
                return Err(NotBuyable::Bought {
                    invoice: claim.number.clone(),
                    position: position.clone(),
                    is_charged_back: *is_charged_back,
                });
            }
            again.push(position.as_str());
        } else if !is_own && claim.is_of_both(other) {
            return Err(NotBuyable::SoldTwice {
                invoice: claim.number.clone(),
                position: position.clone(),
                client: other.client_id.clone(),
            });
        }
    }
    Ok(again)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{day, usd};
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

    fn standing(claim: Claim, is_charged_back: bool) -> StandingClaim {
        StandingClaim { position: "p".into(), claim, is_charged_back }
    }

    /// True if the second claim cannot be bought after the first one.
    fn is_refused(first: &Claim, second: &Claim) -> bool {
        sold_before(second, &[standing(first.clone(), false)], &[]).is_err()
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
        assert!(!with(|own| {
            (own.debtor.id, own.debtor.name) = ("a-10".into(), "South Mill".into());
        }));
        let (among, named) = ([standing(first, true)], ["p".to_owned()]);
        let refused = sold_before(&claim("b", "42"), &among, &named);
        let (invoice, position, client) = ("42".into(), "p".into(), "a".into());
        assert_eq!(refused, Err(NotBuyable::SoldTwice { invoice, position, client }));
    }

    #[test]
    fn what_was_charged_back_is_bought_again_by_name_only() {
        let own = claim("a", "42");
        let named = ["p".to_owned()];
        let back = [standing(own.clone(), true)];
        assert_eq!(sold_before(&own, &back, &named), Ok(vec!["p"]));
        let told = |is_charged_back| NotBuyable::Bought {
            invoice: "42".into(),
            position: "p".into(),
            is_charged_back,
        };
        assert_eq!(sold_before(&own, &back, &[]), Err(told(true)));
        let open = [standing(own.clone(), false)];
        assert_eq!(sold_before(&own, &open, &named), Err(told(false)), "it is still bought");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn spellings_share_their_key(
            one in "(INV|No\\.|A)?[- ]?[0-9OIl]{1,4}[-/ ]?0{0,2}[0-9]{0,4}",
            other in "(inv|no|a)?[- ]?[0-9OIl]{1,4}[-/ ]?0{0,2}[0-9]{0,4}",
            gap in "[-/. ]{0,2}",
        ) {
            let spelt = format!("{gap}{}", one.to_lowercase().replace(['-', ' '], &gap));
            for (one, other) in [(&one, &other), (&one, &spelt)] {
                if is_one_number(one, other) {
                    prop_assert_eq!(number_key(one), number_key(other), "{} {}", one, other);
                }
            }
        }
    }
}
