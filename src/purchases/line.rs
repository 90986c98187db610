//! The line of a client: the most that is advanced to it at any time, and the most that is bought
//! of one debtor or group of debtors.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::{Decimal, RoundingStrategy};
use thiserror::Error;

use basics::{Amount, Currency, Money, MoneyError, capitals, folded};
use offer::{Facility, FacilityError};

use super::claimed_debtor::{ClaimedDebtor, DebtorKeys};
use super::not_buyable::NotBuyable;

/// The limits of a facility, in its currency, with the rates by which other currencies count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    currency: Currency,
    limit: Option<Money>,
    stated: Money,
    debtor: Option<Money>,
    group: Option<Money>,
    across_clients: bool,
    rates: BTreeMap<Currency, Amount>,
}

/// A facility whose line cannot be read.
#[derive(Debug, Error)]
pub enum UnreadableLine {
    /// The text is no facility.
    #[error(transparent)]
    Facility(#[from] FacilityError),
    /// An amount overflows.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// A bought invoice that is not settled, or one that is about to be bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The client.
    pub client_id: String,
    /// The debtor.
    pub debtor: ClaimedDebtor,
    /// The group that the debtor belongs to.
    pub group: Option<String>,
    /// The limit that staff wrote for the debtor, in major units of the currency of its invoices.
    pub own_limit: Option<Amount>,
    /// Its advance.
    pub advance: Money,
    /// The amount bought that is not yet collected.
    pub owed: Money,
    /// True if it was bought after the facility was written, which may state the funds in use
    /// until then.
    pub is_since: bool,
}

/// The use of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineUse {
    /// The line; `None` if none is agreed.
    pub limit: Option<Money>,
    /// Funds in use before a purchase.
    pub in_use: Money,
    /// The part that the purchase would add.
    pub adds: Money,
}

impl LineUse {
    /// Returns what is left of the line after the purchase, negative if it is exceeded.
    ///
    /// # Errors
    /// If an amount overflows.
    pub fn left(&self) -> Result<Option<Money>, MoneyError> {
        let after = self.in_use.checked_add(self.adds)?;
        self.limit.map(|limit| limit.checked_sub(after)).transpose()
    }

    /// Returns the part by which the line is exceeded after the purchase; zero if it is not.
    ///
    /// # Errors
    /// If an amount overflows.
    pub fn over(&self) -> Result<Money, MoneyError> {
        let none = Money::zero(self.in_use.currency());
        let left = self.left()?.unwrap_or(none);
        if left.minor() < 0 { none.checked_sub(left) } else { Ok(none) }
    }
}

impl Line {
    /// Returns the line of a facility.
    ///
    /// # Errors
    /// If its currency cannot hold one of its amounts; reading the file has ruled that out.
    pub fn of(facility: &Facility) -> Result<Self, MoneyError> {
        let money = |amount: Option<Amount>| amount.map(|own| facility.money(own)).transpose();
        let limits = facility.limits.clone().unwrap_or_default();
        Ok(Self {
            currency: facility.currency,
            limit: money(facility.line)?,
            stated: facility.money(facility.outstanding)?,
            debtor: money(limits.debtor)?,
            group: money(limits.group)?,
            across_clients: limits.across_clients,
            rates: facility.rates.clone(),
        })
    }

    /// Returns the line of a facility as written.
    ///
    /// # Errors
    /// If the text is no facility.
    pub fn written(text: &str) -> Result<Self, UnreadableLine> {
        Ok(Self::of(&text.parse()?)?)
    }

    /// True if a line is agreed.
    pub fn has_limit(&self) -> bool {
        self.limit.is_some()
    }

    /// True if debtors or groups of them are limited.
    pub fn has_debtor_limit(&self) -> bool {
        self.debtor.is_some() || self.group.is_some()
    }

    /// True if what other clients sold of a debtor counts against the limits on it.
    pub fn is_across_clients(&self) -> bool {
        self.across_clients
    }

    /// Returns the use of the line by what is drawn, and by more. `drawn` are the client's own.
    ///
    /// # Errors
    /// [`NotBuyable::NoRate`] if an amount is in a currency without a rate.
    pub fn used(&self, drawn: &[Drawn], more: &[Drawn]) -> Result<LineUse, NotBuyable> {
        let of = |all: &[&Drawn]| self.total(all.iter().map(|own| own.advance));
        let in_use = |all: &[&Drawn]| {
            let since: Vec<&Drawn> = all.iter().copied().filter(|own| own.is_since).collect();
            // The facility may count what this service does not know, or a later settlement takes
            // out of use: of the two figures the larger one binds.
            let stated = self.stated.checked_add(of(&since)?)?;
            Ok::<_, NotBuyable>(Money::from_minor(
                of(all)?.minor().max(stated.minor()),
                self.currency,
            ))
        };
        let before: Vec<&Drawn> = drawn.iter().collect();
        let after: Vec<&Drawn> = drawn.iter().chain(more).collect();
        let in_use_before = in_use(&before)?;
        let adds = in_use(&after)?.checked_sub(in_use_before)?;
        Ok(LineUse { limit: self.limit, in_use: in_use_before, adds })
    }

    /// Checks that more may be bought beside what is drawn: `own` by the client, `others` by other
    /// clients of the same debtors.
    ///
    /// # Errors
    /// [`NotBuyable::OverLine`] or [`NotBuyable::OverDebtor`] if a limit would be exceeded,
    /// [`NotBuyable::NoRate`] if an amount is in a currency without a rate.
    pub fn check(&self, own: &[Drawn], others: &[Drawn], more: &[Drawn]) -> Result<(), NotBuyable> {
        if let Some(limit) = self.limit {
            let LineUse { in_use, adds, .. } = self.used(own, more)?;
            if in_use.checked_add(adds)?.minor() > limit.minor() {
                return Err(NotBuyable::OverLine { limit, in_use, adds });
            }
        }
        if !self.has_debtor_limit() {
            return Ok(());
        }
        let others = others.iter().filter(|_| self.across_clients);
        let drawn: Vec<Keyed<'_>> = own.iter().chain(others).map(Keyed::of).collect();
        let more: Vec<Keyed<'_>> = more.iter().map(Keyed::of).collect();
        let mut seen = BTreeSet::new();
        // One invoice of each debtor stands for all of them.
        for new in more.iter().filter(|new| seen.insert(&new.debtor)) {
            if let Some(limit) = self.debtor {
                let whom = || format!("debtor {}", new.drawn.debtor.id);
                self.within((limit, &whom), (&drawn, &more), |own| own.is_one(new))?;
            }
            if let (Some(limit), Some(group)) = (self.group, &new.drawn.group) {
                let whom = || format!("the group {group}");
                self.within((limit, &whom), (&drawn, &more), |own| own.group == new.group)?;
            }
        }
        Ok(())
    }

    /// Checks one limit on the debtors that `counts` tells, of what is drawn and what would be.
    fn within(
        &self,
        (limit, whom): (Money, &dyn Fn() -> String),
        (drawn, more): (&[Keyed<'_>], &[Keyed<'_>]),
        counts: impl Fn(&Keyed<'_>) -> bool,
    ) -> Result<(), NotBuyable> {
        let owed = |all: &[Keyed<'_>]| {
            self.total(all.iter().filter(|own| counts(own)).map(|own| own.drawn.owed))
        };
        let (owed, adds) = (owed(drawn)?, owed(more)?);
        if owed.checked_add(adds)?.minor() <= limit.minor() {
            return Ok(());
        }
        Err(NotBuyable::OverDebtor { whom: whom(), limit, owed, adds })
    }

    /// Returns the sum of advances in the line's currency.
    ///
    /// # Errors
    /// [`NotBuyable::NoRate`] if one is in a currency without a rate.
    pub fn funds(&self, advances: impl Iterator<Item = Money>) -> Result<Money, NotBuyable> {
        self.total(advances)
    }

    /// Adds up amounts in the line's currency. Each currency is added up first and rounded up once,
    /// so that no order and no splitting lets more through.
    fn total(&self, amounts: impl Iterator<Item = Money>) -> Result<Money, NotBuyable> {
        let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
        for amount in amounts {
            *sums.entry(amount.currency()).or_default() += i128::from(amount.minor());
        }
        let mut total = Money::zero(self.currency);
        for (from, sum) in sums {
            total = total.checked_add(self.converted(Money::from_total(sum, from)?)?)?;
        }
        Ok(total)
    }

    fn converted(&self, amount: Money) -> Result<Money, NotBuyable> {
        let (from, to) = (amount.currency(), self.currency);
        if from == to {
            return Ok(amount);
        }
        let rate = self.rates.get(&from).ok_or(NotBuyable::NoRate { from, to })?.0;
        let too_large = || MoneyError::OutOfRange { value: amount.to_string(), currency: from };
        let exact = amount.to_decimal().checked_mul(rate).ok_or_else(too_large)?;
        Ok(Money::from_major(up(exact, to), to)?)
    }
}

/// A drawn invoice with its debtor and group in the forms in which they are compared.
pub(super) struct Keyed<'a> {
    pub drawn: &'a Drawn,
    pub debtor: DebtorKeys,
    group: Option<String>,
}

impl<'a> Keyed<'a> {
    pub fn of(drawn: &'a Drawn) -> Self {
        let group = drawn.group.as_deref().map(|group| folded(&capitals(group)));
        Self { drawn, debtor: drawn.debtor.keys(), group }
    }

    /// Returns true if the two are owed by one debtor.
    pub fn is_one(&self, new: &Self) -> bool {
        if self.drawn.client_id == new.drawn.client_id {
            self.debtor.is_within(&new.debtor)
        } else {
            self.debtor.is_across(&new.debtor)
        }
    }
}

fn up(exact: Decimal, to: Currency) -> Decimal {
    exact.round_dp_with_strategy(to.digits(), RoundingStrategy::AwayFromZero)
}

/// Returns the use of no line: the advances in one currency.
///
/// # Errors
/// If an amount overflows.
pub fn without_line(
    drawn: &[Drawn],
    more: &[Drawn],
    currency: Currency,
) -> Result<LineUse, MoneyError> {
    let of = |all: &[Drawn]| {
        let own = all.iter().map(|own| own.advance).filter(|own| own.currency() == currency);
        Money::sum_minor(own.map(Money::minor), currency)
    };
    Ok(LineUse { limit: None, in_use: of(drawn)?, adds: of(more)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{eur, usd};
    use super::*;

    fn line(text: &str) -> Line {
        let facility: Facility = format!("currency = \"USD\"\n{text}").parse().expect("a facility");
        Line::of(&facility).expect("amounts")
    }

    fn drawn(client: &str, debtor: &str, advance: Money) -> Drawn {
        Drawn {
            client_id: client.into(),
            debtor: ClaimedDebtor {
                id: debtor.into(),
                name: format!("Debtor {debtor}"),
                ..ClaimedDebtor::default()
            },
            group: Some("Mills".into()),
            own_limit: None,
            advance,
            owed: advance,
            is_since: true,
        }
    }

    #[test]
    fn a_purchase_takes_what_is_left_of_the_line_and_no_more() {
        let line = line("line = 1000\n");
        let (own, more) = ([drawn("a", "1", usd(60_000))], [drawn("a", "2", usd(40_000))]);
        assert_eq!(line.check(&own, &[], &more), Ok(()));
        let used = line.used(&own, &more).expect("sums");
        assert_eq!(
            (used.in_use, used.adds, used.left()),
            (usd(60_000), usd(40_000), Ok(Some(usd(0))))
        );
        let reopened = line.used(&[&own[..], &own[..]].concat(), &[]).expect("sums");
        assert_eq!((used.over(), reopened.over()), (Ok(usd(0)), Ok(usd(20_000))));
        let over = line.check(&own, &[], &[drawn("a", "2", usd(40_001))]);
        let (limit, in_use, adds) = (usd(100_000), usd(60_000), usd(40_001));
        assert_eq!(over, Err(NotBuyable::OverLine { limit, in_use, adds }));
        assert_eq!(
            over.expect_err("over").to_string(),
            "the line is 1000.00 USD: 600.00 is in use, and this purchase would add 400.01"
        );
    }

    #[test]
    fn every_currency_counts_by_its_rate_or_is_refused() {
        let dated = "line = 1000\nrates_on = 2026-06-30\n[rates]\nEUR = 1.1\n";
        // 909.09 at 1.1 is 999.999, rounded up.
        assert_eq!(line(dated).check(&[], &[], &[drawn("a", "1", eur(90_909))]), Ok(()));
        let over = line(dated).check(&[], &[], &[drawn("a", "1", eur(90_910))]);
        assert!(matches!(over, Err(NotBuyable::OverLine { adds, .. }) if adds == usd(100_001)));
        let none = line("line = 1000\n").check(&[drawn("a", "1", eur(1))], &[], &[]);
        let (from, to) = (eur(0).currency(), Currency::USD);
        assert_eq!(none, Err(NotBuyable::NoRate { from, to }));
        assert_eq!(line("").check(&[], &[], &[drawn("a", "1", eur(1))]), Ok(()), "no line");
    }

    #[test]
    fn what_the_facility_states_is_in_use_beside_what_is_bought_since() {
        let line = line("line = 1000\noutstanding = 700\n");
        let before = Drawn { is_since: false, ..drawn("a", "1", usd(50_000)) };
        let used = line.used(std::slice::from_ref(&before), &[]).expect("sums");
        assert_eq!(used.in_use, usd(70_000), "which has it");
        let since = [before, drawn("a", "2", usd(20_000))];
        assert_eq!(line.used(&since, &[]).expect("sums").in_use, usd(90_000));
        let over = line.check(&since, &[], &[drawn("a", "2", usd(10_001))]);
        assert!(matches!(over, Err(NotBuyable::OverLine { .. })));
    }

    #[test]
    fn debtors_and_groups_have_limits_of_their_own_across_clients_where_it_says_so() {
        let own = line("[limits]\ndebtor = 500\ngroup = 800\n");
        let more = |debtor: &str, minor| [drawn("a", debtor, usd(minor))];
        let (one, other) = ([drawn("a", "1", usd(30_000))], [drawn("b", "1", usd(30_000))]);
        assert_eq!(own.check(&one, &other, &more("1", 20_000)), Ok(()), "another client's");
        let over = own.check(&one, &other, &more("1", 20_001)).expect_err("over");
        assert_eq!(
            over.to_string(),
            "the limit on debtor 1 is 500.00 USD: 300.00 is bought and not yet paid, and this \
             purchase would add 200.01"
        );
        let over = own.check(&one, &other, &[&more("2", 30_000)[..], &more("3", 20_001)].concat());
        assert!(over.expect_err("over").to_string().contains("the group Mills"));
        let all = line("[limits]\ndebtor = 500\nacross_clients = true\n");
        assert!(all.check(&one, &other, &more("1", 1)).is_err());
        assert_eq!(all.check(&[], &other, &more("1", 20_000)), Ok(()));
    }

    #[test]
    fn spellings_of_debtors_and_groups_share_a_limit_and_ids_of_two_clients_do_not() {
        let line = line("[limits]\ndebtor = 500\ngroup = 800\nacross_clients = true\n");
        let nameless = |client: &str, id: &str, group: &str| {
            let debtor = ClaimedDebtor { id: id.into(), ..ClaimedDebtor::default() };
            [Drawn { debtor, group: Some(group.into()), ..drawn(client, id, usd(40_100)) }]
        };
        let own = nameless("a", "Cust7", "The Mills");
        assert!(line.check(&own, &[], &nameless("a", "CUST 7", "Other")).is_err());
        assert!(line.check(&own, &[], &nameless("a", "8", "the  mills")).is_err());
        assert_eq!(line.check(&own, &[], &nameless("a", "8", "Other")), Ok(()));
        assert_eq!(line.check(&[], &own, &nameless("b", "Cust7", "Other")), Ok(()));
        let mut said = nameless("a", "9", "Other");
        said[0].debtor.same_as = Some("Cust7".into());
        assert!(line.check(&own, &[], &said).is_err());
    }

    proptest! {
        /// In whatever order and however split: what was let through is within the line.
        #[test]
        fn the_line_is_never_exceeded(
            wanted in prop::collection::vec((1..60_000_i64, any::<bool>()), 1..30),
            stated in 0..100_000_i64,
        ) {
            let stated = usd(stated);
            let line = line(&format!(
                "line = 1000\noutstanding = {stated}\nrates_on = 2026-06-30\n[rates]\n\
                 EUR = 1.0837\n"
            ));
            let mut own: Vec<Drawn> = Vec::new();
            for (minor, is_euro) in wanted {
                let advance = if is_euro { eur(minor) } else { usd(minor) };
                let more = [drawn("a", "1", advance)];
                if line.check(&own, &[], &more).is_ok() {
                    own.extend(more);
                }
                let exact: Decimal = own.iter().map(|own| {
                    let rate = if own.advance.currency() == Currency::USD { "1" } else { "1.0837" };
                    own.advance.to_decimal() * rate.parse::<Decimal>().expect("a rate")
                }).sum();
                prop_assert!(exact + stated.to_decimal() <= Decimal::from(1000));
            }
        }
    }
}
