//! The limits that staff wrote for single debtors of a client: what an evaluation reads binds the
//! purchase as well.

use std::collections::BTreeSet;

use basics::{Money, Rounding};
use policy::LimitBasis;

use super::line::{Drawn, Keyed};
use super::not_buyable::NotBuyable;

/// Checks that a client may sell more beside what is drawn, by the limit on each of its debtors.
/// As in an evaluation, a limit counts in the currency of the invoices, each currency by itself,
/// and one that is too large to be held limits nothing. Of several records of one debtor, such as
/// under two ids, the smallest limit binds.
///
/// # Errors
/// [`NotBuyable::OverDebtor`] if a limit would be exceeded.
pub fn check_own_limits(
    drawn: &[Drawn],
    more: &[Drawn],
    basis: LimitBasis,
) -> Result<(), NotBuyable> {
    if drawn.iter().chain(more).all(|own| own.own_limit.is_none()) {
        return Ok(());
    }
    let [drawn, more]: [Vec<Keyed<'_>>; 2] =
        [drawn, more].map(|all| all.iter().map(Keyed::of).collect());
    let mut seen = BTreeSet::new();
    // One invoice of each debtor stands for all of them.
    for new in more.iter().filter(|new| seen.insert((&new.debtor, currency(new.drawn)))) {
        let currency = currency(new.drawn);
        let [drawn, more] = [&drawn, &more].map(|all| {
            let same = |own: &&Keyed<'_>| own.is_one(new) && self::currency(own.drawn) == currency;
            all.iter().filter(same).map(|own| own.drawn).collect::<Vec<_>>()
        });
        let limits = drawn.iter().chain(&more).filter_map(|own| own.own_limit);
        let Some(limit) = limits.min_by_key(|limit| limit.0) else { continue };
        let Ok(limit) = Money::round(limit.0, currency, Rounding::Down) else { continue };
        let used = |all: &[&Drawn]| {
            Money::sum_minor(all.iter().map(|own| uses(own, basis).minor()), currency)
        };
        let (owed, adds) = (used(&drawn)?, used(&more)?);
        if owed.checked_add(adds)?.minor() > limit.minor() {
            let whom = format!("debtor {}", new.drawn.debtor.id);
            return Err(NotBuyable::OverDebtor { whom, limit, owed, adds });
        }
    }
    Ok(())
}

fn currency(drawn: &Drawn) -> basics::Currency {
    drawn.owed.currency()
}

/// The part of a limit that an invoice uses.
fn uses(drawn: &Drawn, basis: LimitBasis) -> Money {
    match basis {
        LimitBasis::Balance => drawn.owed,
        LimitBasis::Funded => drawn.advance,
    }
}

#[cfg(test)]
mod tests {
    use basics::Amount;

    use super::super::claimed_debtor::ClaimedDebtor;
    use super::super::samples::{eur, usd};
    use super::*;

    /// An invoice at an advance of 80 %, of a debtor with a limit or none.
    fn owed(debtor: &str, owed: Money, limit: Option<i64>) -> Drawn {
        let advance = Money::from_minor(owed.minor() / 5 * 4, owed.currency());
        let (name, id) = ("North Mill".to_owned(), debtor.to_owned());
        Drawn {
            client_id: "a".into(),
            debtor: ClaimedDebtor { id, name, ..ClaimedDebtor::default() },
            group: None,
            own_limit: limit.map(|limit| Amount(limit.into())),
            advance,
            owed,
            is_since: true,
        }
    }

    fn over(drawn: &[Drawn], more: &[Drawn], basis: LimitBasis) -> Option<(Money, Money, Money)> {
        match check_own_limits(drawn, more, basis) {
            Err(NotBuyable::OverDebtor { limit, owed, adds, .. }) => Some((limit, owed, adds)),
            other => other.map(|()| None).expect("no other refusal"),
        }
    }

    #[test]
    fn a_limit_binds_what_is_bought_of_its_debtor_or_advanced_on_it() {
        let before = owed("1", usd(30_000), Some(500));
        let more = |minor| [owed("1", usd(minor), Some(500))];
        let drawn = std::slice::from_ref(&before);
        assert_eq!(over(drawn, &more(20_000), LimitBasis::Balance), None);
        let (limit, adds) = (usd(50_000), usd(20_005));
        assert_eq!(
            over(drawn, &more(20_005), LimitBasis::Balance),
            Some((limit, before.owed, adds))
        );
        assert_eq!(over(drawn, &more(20_005), LimitBasis::Funded), None, "240.00 and 160.04");
        let at_most = (limit, usd(24_000), usd(26_004));
        assert_eq!(over(drawn, &more(32_505), LimitBasis::Funded), Some(at_most));
        // Two of one purchase count together.
        let both = [&more(20_000)[..], &more(5)].concat();
        assert_eq!(over(drawn, &both, LimitBasis::Balance), Some((limit, before.owed, adds)));
    }

    #[test]
    fn a_limit_of_another_id_binds_one_debtor_and_currencies_are_apart() {
        let (drawn, more) = ([owed("1", usd(30_000), Some(500))], [owed("2", usd(20_001), None)]);
        assert!(over(&drawn, &more, LimitBasis::Balance).is_some(), "by its name");
        let euros = [owed("1", eur(30_000), Some(500))];
        assert_eq!(over(&euros, &more, LimitBasis::Balance), None);
        assert!(over(&[], &[owed("1", usd(1), Some(0))], LimitBasis::Balance).is_some());
        assert_eq!(over(&[], &more, LimitBasis::Balance), None, "no limit");
        let vast = [owed("1", usd(1), Some(i64::MAX))];
        assert_eq!(over(&[], &vast, LimitBasis::Balance), None);
    }
}
