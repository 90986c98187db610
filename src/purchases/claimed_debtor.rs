//! The debtor of a sold invoice, and the forms in which debtors are compared.
//!
//! Of one client, two are one debtor by id, name, tax number, link, or because staff say so. Ids of
//! two clients tell nothing: each counts its own customers. Between clients a name, a tax number or
//! a link has to tell.

use basics::{capitals, folded, without_legal_form};
use screens::plain_number;

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
    /// The client's debtor that it is, by another id or name, as staff say.
    pub same_as: Option<String>,
}

/// A debtor in the forms in which debtors are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DebtorKeys {
    /// Empty if nobody says the name.
    name: String,
    /// Its id, and the one that it is.
    ids: Vec<String>,
    /// The same as names: ledgers without ids have names for them.
    id_names: Vec<String>,
    /// The letters before the number, and the number.
    tax_number: Option<(String, String)>,
    known: Option<String>,
}

/// Returns a name without case, accents, punctuation, legal form, `The` and `and`, in the letters
/// that it looks like.
fn name_key(name: &str) -> String {
    let head = name.split(JOB_MARK).find(|part| !part.trim().is_empty()).unwrap_or(name);
    let plain = capitals(head);
    let bare = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let words: Vec<&str> = plain.split_whitespace().filter(|word| bare(word) != "AND").collect();
    let own = match words.as_slice() {
        [the, own @ ..] if bare(the) == "THE" && !own.is_empty() => own,
        [own @ .., the] if bare(the) == "THE" && !own.is_empty() => own,
        own => own,
    }
    .join(" ");
    let own = if own.is_empty() { plain } else { own };
    without_legal_form(&own).unwrap_or_else(|| folded(&own)).to_lowercase()
}

/// Returns the letters before a tax number and the number without punctuation and leading zeros.
fn tax_key(number: &str) -> (String, String) {
    let plain: String = capitals(number).chars().filter(|c| c.is_alphanumeric()).collect();
    let digits = plain.find(|c: char| c.is_ascii_digit()).unwrap_or(plain.len());
    let (letters, own) = plain.split_at(digits);
    (letters.to_owned(), own.trim_start_matches('0').to_owned())
}

impl ClaimedDebtor {
    /// Returns its name without case, accents, punctuation and legal form; empty where nobody says
    /// the name.
    pub fn key(&self) -> String {
        if self.name.trim().is_empty() { String::new() } else { name_key(&self.name) }
    }

    /// Returns the forms in which it is compared.
    pub(super) fn keys(&self) -> DebtorKeys {
        let ids = || std::iter::once(&self.id).chain(&self.same_as);
        DebtorKeys {
            name: self.key(),
            ids: ids().map(|id| plain_number(id)).collect(),
            id_names: ids().map(|id| name_key(id)).collect(),
            tax_number: self.tax_number.as_deref().map(tax_key),
            known: self.known.as_deref().map(folded),
        }
    }
}

impl DebtorKeys {
    /// Returns true if the debtors of two clients are one by name, tax number or link.
    pub fn is_across(&self, other: &Self) -> bool {
        let is_linked = self.known.is_some() && self.known == other.known;
        let taxed = self.tax_number.as_ref().zip(other.tax_number.as_ref());
        is_linked
            || taxed.is_some_and(|(own, other)| is_one_tax_number(own, other))
            || (!self.name.is_empty() && self.name == other.name)
    }

    /// Returns true if two debtors of one client are one.
    pub fn is_within(&self, other: &Self) -> bool {
        let named = |own: &Self, other: &Self| own.id_names.contains(&other.name);
        self.is_across(other)
            || self.ids.iter().any(|id| other.ids.contains(id))
            || named(self, other)
            || named(other, self)
    }
}

/// Returns true if two tax numbers are one; the country before it may be left out.
fn is_one_tax_number((letters, own): &(String, String), other: &(String, String)) -> bool {
    let may_be = letters == &other.0 || letters.is_empty() || other.0.is_empty();
    own == &other.1 && if own.is_empty() { letters == &other.0 } else { may_be }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debtor(id: &str, name: &str) -> ClaimedDebtor {
        ClaimedDebtor { id: id.into(), name: name.into(), ..ClaimedDebtor::default() }
    }

    fn is_within(one: &ClaimedDebtor, other: &ClaimedDebtor) -> bool {
        one.keys().is_within(&other.keys())
    }

    fn is_across(one: &ClaimedDebtor, other: &ClaimedDebtor) -> bool {
        one.keys().is_across(&other.keys())
    }

    #[test]
    fn ids_tell_one_clients_debtors_and_nothing_of_anothers() {
        for (one, other) in [("Cust7", "CUST7"), ("Cust7", "cust 07"), ("4711", "4711")] {
            let (one, other) = (debtor(one, ""), debtor(other, ""));
            assert!(is_within(&one, &other) && !is_across(&one, &other), "{one:?} {other:?}");
        }
        assert!(!is_within(&debtor("1-21", ""), &debtor("12-1", "")));
        assert!(!is_across(&debtor("4711", ""), &debtor("9", "4711")), "an id is no name");
        assert!(is_within(&debtor("North Mill", ""), &debtor("9", "North Mill Ltd")));
        assert!(!is_within(&debtor("1", ""), &debtor("2", "")), "no name is no name in common");
    }

    #[test]
    fn spellings_of_a_name_are_one() {
        for other in [
            "The North & East Mill",
            "NORTH AND EAST MILL LIMITED",
            "North & East Mill, The",
            "North & East Mill Ltd: Site 2",
            "N\u{43E}rth & \u{415}ast Mill",
        ] {
            let (one, other) = (debtor("1", "North & East Mill Ltd"), debtor("2", other));
            assert!(is_across(&one, &other), "{other:?}");
        }
        assert!(!is_across(&debtor("1", "The"), &debtor("2", "Theatre")));
    }

    #[test]
    fn spellings_of_a_tax_number_are_one() {
        let taxed =
            |number: &str| ClaimedDebtor { tax_number: Some(number.into()), ..debtor(number, "") };
        for other in ["gb 123", "GB-0123", "123", "GB.1.2.3"] {
            assert!(is_across(&taxed("GB123"), &taxed(other)), "{other}");
        }
        for other in ["DE123", "GB1230", "GB"] {
            assert!(!is_across(&taxed("GB123"), &taxed(other)), "{other}");
        }
    }

    #[test]
    fn staff_say_that_two_are_one() {
        let said = ClaimedDebtor { same_as: Some("D1".into()), ..debtor("D9", "") };
        assert!(is_within(&said, &debtor("d1", "")));
        assert!(is_within(&said, &ClaimedDebtor { id: "D8".into(), ..said.clone() }));
        assert!(!is_across(&said, &debtor("D1", "")));
        let by_name = ClaimedDebtor { same_as: Some("North Mill".into()), ..debtor("D9", "") };
        assert!(is_within(&by_name, &debtor("D1", "North Mill Ltd")));
    }
}
