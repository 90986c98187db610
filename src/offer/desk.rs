//! What a deal on a pool is made from, and the price of each of its lines.

use chrono::NaiveDate;
use rayon::prelude::*;

use basics::{Money, Rate};
use policy::{Assessment, Counterfactual, Policy, Pool};
use pricing::{
    DebtorDilution, FeeBase, FeePlan, LinePrice, LineTerms, LossTerms, PoolLine, PricingError,
    price_line,
};
use scoring::ExpectedDilution;

use super::scored::Scored;
use super::terms::Terms;

/// What is needed to make a deal on a pool. `debtor_dilution` tells what a debtor of the pool is
/// expected to take off, where its history says so.
pub(super) struct Desk<'a, D: Fn(usize) -> Option<ExpectedDilution>> {
    pub policy: &'a Policy,
    pub purchase: NaiveDate,
    pub pool: &'a Pool,
    /// What the rules leave of each receivable.
    pub bought: &'a [Money],
    pub scored: &'a [Scored],
    /// Dilution of the trailing 12 months.
    pub dilution: Rate,
    pub debtor_dilution: D,
    pub loss: LossTerms,
    /// The most that the client asks to be advanced.
    pub requested: Option<Rate>,
}

impl<D: Fn(usize) -> Option<ExpectedDilution>> Desk<'_, D> {
    /// These terms for the lines that are bought.
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

    /// The lines of which something is bought, as the pool is priced.
    pub fn pool_lines(&self) -> Vec<PoolLine<'_>> {
        let all = self.pool.receivables.iter().zip(self.bought).zip(self.scored);
        let bought = all.filter(|((_, bought), _)| bought.minor() > 0);
        bought
            .map(|((receivable, &amount), scored)| PoolLine {
                amount,
                debtor: receivable.debtor,
                curve: &scored.curve,
                recourse_day: scored.recourse_day,
            })
            .collect()
    }

    /// What each debtor takes off: by its own history, else by the client's dilution, of which the
    /// spread is then taken to be as large as the mean.
    pub fn debtor_dilutions(&self) -> Vec<DebtorDilution> {
        let mut amounts = vec![0.0; self.pool.debtors.len()];
        for (receivable, bought) in self.pool.receivables.iter().zip(self.bought) {
            amounts[receivable.debtor] += bought.to_f64();
        }
        let of = |(debtor, amount)| {
            let own = (self.debtor_dilution)(debtor).map(|own| (own.expected, own.spread));
            let all = self.dilution.to_f64();
            let (expected, spread) = own.unwrap_or((all, all));
            DebtorDilution { amount, expected, spread }
        };
        let debtors = amounts.into_iter().enumerate();
        debtors.filter(|(_, amount)| *amount > 0.0).map(of).collect()
    }

    /// The price of every receivable that is bought.
    pub fn prices(
        &self,
        terms: &Terms,
        assessments: &[Assessment],
    ) -> Result<Vec<Option<LinePrice>>, PricingError> {
        let bought: Vec<Money> = assessments.iter().map(|assessment| assessment.bought).collect();
        self.line_prices(terms, &bought)
    }

    /// For every line bought whole: the last day of the price step before its own, where the fee
    /// plan has steps longer than a day, and what paying by then would save.
    pub fn paid_earlier(
        &self,
        terms: &Terms,
        prices: &[Option<LinePrice>],
        changes: &mut [Option<Counterfactual>],
    ) -> Result<(), PricingError> {
        let purchase = self.purchase;
        let step = |(price, change): (&Option<LinePrice>, &mut Option<Counterfactual>)| {
            let Some(price) = price.as_ref().filter(|_| change.is_none()) else { return Ok(()) };
            let base = FeeBase { amount: price.amount, advance: price.advance, purchase };
            let fee = |day| terms.plan.fee(base, day);
            for day in (1..price.expected_day).rev() {
                let saved = price.fee.checked_sub(fee(day)?)?;
                if saved.minor() > 0 {
                    // Where every day has its own fee there are no steps.
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

    /// The price of every receivable of which something is bought.
    pub fn line_prices(
        &self,
        terms: &Terms,
        bought: &[Money],
    ) -> Result<Vec<Option<LinePrice>>, PricingError> {
        let line_terms = LineTerms {
            advance_rate: terms.advance_rate,
            purchase: self.purchase,
            fee_plan: &terms.plan,
            fee_by_day: &terms.fee_by_day,
            loss: self.loss,
        };
        let price = |(&amount, scored): (&Money, &Scored)| {
            let bought = amount.minor() > 0;
            let price = || price_line(amount, &scored.curve, scored.recourse_day, &line_terms);
            bought.then(price).transpose()
        };
        if bought.len() < WORTH_SHARING {
            return bought.iter().zip(self.scored).map(price).collect();
        }
        bought.par_iter().zip(self.scored.par_iter()).map(price).collect()
    }
}

/// Lines from which on their prices are worth being shared among threads.
const WORTH_SHARING: usize = 64;
