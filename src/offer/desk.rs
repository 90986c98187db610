//! The input to a deal on a pool, and the price of each of its lines.

use chrono::NaiveDate;
use rayon::prelude::*;

use basics::{Money, Rate};
use policy::{Counterfactual, Policy, Pool};
use pricing::{
    DebtorDilution, Equal, ExpectedCase, FeeBase, FeePlan, LinePrice, LineTerms, LossTerms,
    PoolLine, PricingError, price_line,
};
use scoring::ExpectedDilution;

use super::completed::AgreedTerms;
use super::scored::Scored;
use super::terms::Terms;

/// The input to a deal on a pool. `debtor_dilution` returns the dilution expected of a debtor of
/// the pool, if its history shows any.
pub(super) struct Desk<'a, D: Fn(usize) -> Option<ExpectedDilution>> {
    pub policy: &'a Policy,
    pub purchase: NaiveDate,
    pub pool: &'a Pool,
    /// The amount that the rules leave of each receivable.
    pub bought: &'a [Money],
    pub scored: &'a [Scored],
    /// Dilution of the trailing 12 months.
    pub dilution: Rate,
    pub debtor_dilution: D,
    pub loss: LossTerms,
    /// The largest advance rate that the client asks for.
    pub requested: Option<Rate>,
    /// The terms of the offer that is completed, if one is.
    pub agreed: Option<&'a AgreedTerms>,
    /// The equal receivables that each of the pool stands for; empty if each stands for itself.
    pub equal: &'a [Equal],
}

impl<D: Fn(usize) -> Option<ExpectedDilution>> Desk<'_, D> {
    /// Returns these terms for the lines that are bought.
    pub fn terms(
        &self,
        advance_rate: Rate,
        plan: FeePlan,
        lines: &[PoolLine<'_>],
    ) -> Result<Terms, PricingError> {
        let last = lines.iter().map(|line| line.recourse_day).max().unwrap_or(0);
        let fee_by_day = plan.by_day(self.purchase, last);
        let charged = if lines.is_empty() {
            Money::zero(self.pool.currency)
        } else {
            plan.charges().prepaid(self.pool.currency)?
        };
        Ok(Terms { advance_rate, plan, fee_by_day, prepaid: charged })
    }

    /// Returns the lines of which something is bought, in the form in which a pool is priced.
    pub fn pool_lines(&self) -> Vec<PoolLine<'_>> {
        let all = self.pool.receivables.iter().zip(self.bought).zip(self.scored).enumerate();
        let bought = all.filter(|(_, ((_, bought), _))| bought.minor() > 0);
        bought
            .map(|(at, ((receivable, &amount), scored))| PoolLine {
                amount,
                debtor: receivable.debtor,
                curve: &scored.curve,
                recourse_day: scored.recourse_day,
                equal: self.equal_to(at),
            })
            .collect()
    }

    /// Returns the equal receivables that one of the pool stands for.
    pub fn equal_to(&self, at: usize) -> Equal {
        equal_to(self.equal, at)
    }

    /// Returns the dilution of each debtor: from its own history or, without one, the client's
    /// dilution with a spread taken to be as large as the mean.
    pub fn debtor_dilutions(&self) -> Vec<DebtorDilution> {
        let mut amounts = vec![(0.0, 1); self.pool.debtors.len()];
        for (at, (receivable, bought)) in self.pool.receivables.iter().zip(self.bought).enumerate()
        {
            let (equal, (amount, debtors)) = (self.equal_to(at), &mut amounts[receivable.debtor]);
            *amount += equal.of_each() * bought.to_f64();
            *debtors = equal.debtors;
        }
        let of = |(debtor, (amount, debtors))| {
            let own = (self.debtor_dilution)(debtor).map(|own| (own.expected, own.spread));
            let all = self.dilution.to_f64();
            let (expected, spread) = own.unwrap_or((all, all));
            DebtorDilution { amount, expected, spread, debtors }
        };
        let debtors = amounts.into_iter().enumerate();
        debtors.filter(|(_, (amount, _))| *amount > 0.0).map(of).collect()
    }

    /// Enters, for every line bought whole, the last day of the fee step before its own and what
    /// paying by then would save, if the fee plan has steps longer than a day.
    pub fn paid_earlier(
        &self,
        terms: &Terms,
        prices: &[Option<LinePrice>],
        changes: &mut [Option<Counterfactual>],
    ) -> Result<(), PricingError> {
        let purchase = self.purchase;
        let expected = prices.iter().flatten().map(|price| price.expected_day);
        // The last day before each on which the fee may change: on all others it is the same as on
        // one of them.
        let last_days = terms.plan.changes(purchase, expected.max().unwrap_or(0));
        let last_days: Vec<u32> = last_days.into_iter().map(|day| day - 1).collect();
        let step = |(price, change): (&Option<LinePrice>, &mut Option<Counterfactual>)| {
            let Some(price) = price.as_ref().filter(|_| change.is_none()) else { return Ok(()) };
            let base = FeeBase { amount: price.amount, advance: price.advance, purchase };
            let fee = |day| terms.plan.fee(base, day);
            let before = last_days.partition_point(|day| *day < price.expected_day);
            // From the expected day backwards, because the nearest step is the smallest change.
            for &day in last_days[..before].iter().rev().filter(|day| **day > 0) {
                let saved = price.fee.checked_sub(fee(day)?)?;
                if saved.minor() > 0 {
                    // If the day before costs less again, every day has its own fee: no steps.
                    if fee(day - 1)? == fee(day)? {
                        *change = Some(Counterfactual::paid_earlier(purchase, day, saved));
                    }
                    return Ok(());
                }
            }
            Ok(())
        };
        prices.par_iter().zip(changes.par_iter_mut()).try_for_each(step)
    }

    /// Returns the terms of a line.
    fn line_terms<'t>(&self, terms: &'t Terms) -> LineTerms<'t> {
        LineTerms {
            advance_rate: terms.advance_rate,
            purchase: self.purchase,
            fee_plan: &terms.plan,
            fee_by_day: &terms.fee_by_day,
            loss: self.loss.share_lost(),
        }
    }

    /// Returns the expected case of every line that is priced, on other terms: the day on which it
    /// is expected is that of its curve, whatever the terms.
    pub fn expected_cases(
        &self,
        terms: &Terms,
        priced: &[Option<LinePrice>],
    ) -> Result<Vec<ExpectedCase>, PricingError> {
        let terms = self.line_terms(terms);
        let case = |price: &LinePrice| {
            let own = ExpectedCase::of(price.amount, price.expected_day, &terms)?;
            Ok(ExpectedCase { equal: price.equal, ..own })
        };
        priced.iter().flatten().map(case).collect()
    }

    /// Returns the price of every receivable of which something is bought, by these amounts.
    pub fn line_prices(
        &self,
        terms: &Terms,
        bought: &[Money],
    ) -> Result<Vec<Option<LinePrice>>, PricingError> {
        let (line_terms, equal) = (self.line_terms(terms), self.equal);
        let price = |(at, (&amount, scored)): (usize, (&Money, &Scored))| {
            let bought = amount.minor() > 0;
            let price = || -> Result<LinePrice, PricingError> {
                let own = price_line(amount, &scored.curve, scored.recourse_day, &line_terms)?;
                Ok(LinePrice { equal: equal_to(equal, at), ..own })
            };
            bought.then(price).transpose()
        };
        if bought.len() < WORTH_SHARING {
            return bought.iter().zip(self.scored).enumerate().map(price).collect();
        }
        bought.par_iter().zip(self.scored.par_iter()).enumerate().map(price).collect()
    }
}

fn equal_to(all: &[Equal], at: usize) -> Equal {
    all.get(at).copied().unwrap_or(Equal::ONE)
}

/// The number of lines from which pricing them on several threads is worth its overhead.
const WORTH_SHARING: usize = 64;

#[cfg(test)]
mod tests {
    use super::super::samples::{
        Case, as_of, day, is_whole, listed, listed_with, paid_on, percent, pool, pool_of, usd, wire,
    };
    use super::*;
    use basics::Currency;
    use policy::Change;

    #[test]
    fn what_is_not_bought_is_neither_a_line_of_the_pool_nor_priced() {
        let mut case = Case::of(listed(), pool());
        case.bought[2] = usd(0);
        case.bought[1] = usd(50);
        let desk = case.desk();
        let lines = desk.pool_lines();
        let found: Vec<_> = lines.iter().map(|line| (line.amount, line.debtor)).collect();
        assert_eq!(found, [(usd(100_000), 0), (usd(50), 0), (usd(400_000), 1)]);
        let priced: Vec<bool> = case.prices().iter().map(Option::is_some).collect();
        assert_eq!(priced, [true, true, false, true]);
    }

    #[test]
    fn charges_at_the_purchase_need_a_purchase() {
        let mut case = Case::of(listed_with(&wire("25")), pool());
        assert_eq!(case.terms().prepaid, usd(2_500));
        case.bought.fill(usd(0));
        assert_eq!(case.terms().prepaid, usd(0));
    }

    #[test]
    fn a_debtor_without_history_dilutes_as_the_client_does() {
        let case = Case::of(listed(), pool());
        let known = |debtor: usize| {
            (debtor == 0).then_some(ExpectedDilution {
                expected: 0.01,
                spread: 0.02,
                credibility: 0.5,
            })
        };
        let plain = case.desk();
        let desk = Desk {
            policy: plain.policy,
            purchase: plain.purchase,
            pool: plain.pool,
            bought: plain.bought,
            scored: plain.scored,
            dilution: percent("4"),
            debtor_dilution: known,
            loss: plain.loss,
            requested: None,
            agreed: None,
            equal: &[],
        };
        // The client's own 4 % with a spread as large; 3,500.50 and 4,400.00 are bought.
        assert_eq!(
            desk.debtor_dilutions(),
            [
                DebtorDilution { amount: 3_500.5, expected: 0.01, spread: 0.02, debtors: 1 },
                DebtorDilution { amount: 4_400.0, expected: 0.04, spread: 0.04, debtors: 1 },
            ]
        );
    }

    #[test]
    fn a_debtor_of_whom_nothing_is_bought_dilutes_nothing() {
        let mut case = Case::of(listed(), pool());
        case.bought[..2].fill(usd(0));
        assert_eq!(case.desk().debtor_dilutions().len(), 1);
    }

    /// The earlier end of a step and what it saves, for an invoice of 1,000.00 paid on a day.
    fn earlier(on: usize, plan: &str) -> Option<(Change, Option<NaiveDate>, Money)> {
        let mut case = Case::of(listed_with(plan), pool_of(Currency::USD, &[(0, 30, 100_000)]));
        case.scored[0].curve = paid_on(on, 1.0);
        let (terms, prices, mut changes) = (case.terms(), case.prices(), [None]);
        case.desk().paid_earlier(&terms, &prices, &mut changes).expect("fees");
        let [found] = changes;
        found.map(|found| {
            is_whole(&found.sentence);
            (found.change, found.by, found.gains)
        })
    }

    #[test]
    fn the_end_of_the_step_before_saves_the_step() {
        let step = |by| Some((Change::PaidEarlier, Some(day(by)), usd(1_000)));
        // 3 % up to day 30, the 30th of July, then 1 % for every 10 days begun.
        assert_eq!(earlier(30, ""), None, "the first step has none before it");
        assert_eq!(earlier(31, ""), step("2026-07-30"));
        assert_eq!(earlier(40, ""), step("2026-07-30"));
        assert_eq!(earlier(41, ""), step("2026-08-09"));
        assert_eq!(as_of(), day("2026-06-30"));
        let by_day = "[[fee]]\nkind = \"per_diem\"\npercent_per_day = \"0.1\"\n";
        assert_eq!(earlier(40, by_day), None, "where every day counts there are no steps");
    }

    #[test]
    fn what_the_rules_would_change_is_not_overwritten() {
        let case = Case::of(listed(), pool_of(Currency::USD, &[(0, 30, 100_000)]));
        let known = Counterfactual::paid_earlier(as_of(), 1, usd(7));
        let mut changes = [Some(known.clone())];
        let (terms, prices) = (case.terms(), case.prices());
        case.desk().paid_earlier(&terms, &prices, &mut changes).expect("fees");
        assert_eq!(changes, [Some(known)]);
    }

    #[test]
    fn many_lines_are_priced_like_each_of_them_alone() {
        let open = |at: i64| (0, 10 + at as i32, 100_000 + at);
        let invoices: Vec<_> = (0..WORTH_SHARING as i64).map(open).collect();
        let case = Case::of(listed(), pool_of(Currency::USD, &invoices));
        let (terms, together) = (case.terms(), case.prices());
        let assessed = |at: usize| {
            let mut alone = vec![usd(0); WORTH_SHARING - 1];
            alone.truncate(at);
            alone.push(case.bought[at]);
            case.desk().line_prices(&terms, &alone).expect("a price")[at]
        };
        assert!(together.iter().enumerate().all(|(at, price)| *price == assessed(at)));
    }

    #[test]
    fn on_other_terms_a_line_has_the_expected_case_of_its_price() {
        let case = Case::of(listed(), pool());
        let (desk, terms, priced) = (case.desk(), case.terms(), case.prices());
        let plan = terms.plan.with_leading_rate(percent("2.4"));
        let other = desk.terms(percent("70"), plan, &desk.pool_lines()).expect("terms");
        let cases = desk.expected_cases(&other, &priced).expect("cases");
        let anew = desk.line_prices(&other, &case.bought).expect("prices");
        let anew: Vec<_> = anew.iter().flatten().map(LinePrice::expected_case).collect();
        assert_eq!(cases, anew);
        let before = priced.iter().flatten().map(LinePrice::expected_case);
        assert!(
            before.zip(&cases).all(|(before, now)| before.advance.minor() > now.advance.minor())
        );
    }
}
