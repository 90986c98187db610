//! The offers to choose from: points of one frontier, each of which brings the same return.

use basics::Rate;
use policy::Policy;
use pricing::{FeePlan, LinePrice, PoolLine, PoolTerms, PricingError};
use scoring::ExpectedDilution;

use super::desk::Desk;
use super::part_terms::{MenuChoice, MenuOffer};
use super::shown::Percent;
use super::summary;

/// A point of the frontier: every one brings the same return.
pub(super) struct Point {
    pub choice: MenuChoice,
    pub advance: Rate,
    /// The discount rate before it was rounded to a step.
    pub exact: f64,
    pub discount: Rate,
}

impl Point {
    pub fn plan(&self, policy: &Policy) -> FeePlan {
        policy.fee_plan().with_leading_rate(self.discount)
    }
}

impl<D: Fn(usize) -> Option<ExpectedDilution>> Desk<'_, D> {
    /// Most cash, balanced, lowest cost.
    pub fn menu(
        &self,
        best: &Point,
        pool_terms: &PoolTerms<'_>,
        lines: &[PoolLine<'_>],
    ) -> Result<Vec<MenuOffer>, PricingError> {
        let most = best.advance.to_f64();
        let lowest = self.policy.menu_lowest_advance().unwrap_or_default().min(best.advance);
        let middle = pool_terms.advances.down(f64::midpoint(most, lowest.to_f64()));
        let mut points = vec![Point { ..*best }];
        for (choice, advance) in
            [(MenuChoice::Balanced, middle.max(lowest)), (MenuChoice::LowestCost, lowest)]
        {
            if points.iter().all(|point| point.advance != advance) {
                points.extend(point(choice, advance, pool_terms)?);
            }
        }
        let offer = |point: Point| {
            let terms = self.terms(point.advance, point.plan(self.policy), lines)?;
            let prices = self.line_prices(&terms, self.bought)?;
            let bought: Vec<&LinePrice> = prices.iter().flatten().collect();
            let advance = point.advance.to_f64();
            let returned = |discount| pool_terms.result(advance, discount).return_on_funds();
            let shown = |returned: Option<f64>| returned.map(|rate| Percent(100.0 * rate));
            let totals = summary::menu_totals(&bought, &terms, self.pool.currency)?;
            Ok(MenuOffer {
                choice: point.choice,
                advance_rate_percent: point.advance,
                discount_rate_percent: point.discount,
                return_percent: shown(returned(point.exact)),
                return_as_quoted_percent: shown(returned(point.discount.to_f64())),
                fee_plan: terms.plan.words(),
                ..totals
            })
        };
        points.into_iter().map(offer).collect()
    }
}

/// The point of the frontier at an advance rate; `None` where no price is high enough.
fn point(
    choice: MenuChoice,
    advance: Rate,
    terms: &PoolTerms<'_>,
) -> Result<Option<Point>, PricingError> {
    let exact = terms.discount(advance.to_f64())?.ok();
    Ok(exact.map(|exact| Point { choice, advance, exact, discount: terms.discounts.up(exact) }))
}
