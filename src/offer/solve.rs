//! The terms of one part of an offer: the largest advance and the smallest price that the policy
//! allows, the menu beside them, or why there are none.

use basics::{Money, Rate};
use pricing::{
    AdequacyTerms, CapitalTerms, Infeasible, OpenPlan, PoolOutlook, PoolTerms, PriceTerms,
    PricingError, Quotable, advance, advance_rate,
};
use scoring::ExpectedDilution;

use super::decline;
use super::desk::Desk;
use super::menu::Point;
use super::part_terms::{Decline, MenuChoice, MenuOffer, PartTerms};
use super::shown::{Percent, shown_probability};
use super::terms::Terms;

/// The terms of a part, and what they bring.
#[derive(Debug)]
pub(super) struct Deal {
    pub terms: Terms,
    pub menu: Vec<MenuOffer>,
    pub decline: Option<Decline>,
    cap: Rate,
    found: Option<Found>,
}

/// What the terms of a pool bring.
#[derive(Debug, Clone, Copy)]
struct Found {
    shortfall: f64,
    returned: Option<f64>,
    hurdle: Option<f64>,
}

impl<D: Fn(usize) -> Option<ExpectedDilution>> Desk<'_, D> {
    /// The best terms within the policy.
    pub fn deal(&self) -> Result<Deal, PricingError> {
        let policy = self.policy;
        let cap = advance_rate(policy.advance_cap(), self.dilution, policy.dilution_threshold());
        let cap = self.requested.map_or(cap, |requested| cap.min(requested));
        let lines = self.pool_lines();
        let card = self.terms(cap, policy.fee_plan().clone(), &lines)?;
        if let Some(decline) = self.charged_away(&card)? {
            return Ok(Deal {
                terms: card,
                menu: vec![],
                decline: Some(decline),
                cap,
                found: None,
            });
        }
        if lines.is_empty() || (policy.adequacy().is_none() && policy.price_terms().is_none()) {
            return Ok(Deal { terms: card, menu: Vec::new(), decline: None, cap, found: None });
        }
        let price = policy.price_terms();
        let leading = policy.fee_plan().leading_rate();
        let unpriced =
            Quotable { lowest: leading, highest: leading, step: Rate::from_bps(1.into()) };
        let price_terms = price.unwrap_or(UNPRICED);
        let outlook = PoolOutlook::new(&lines, &self.loss, &price_terms.capital);
        let dilution = self.debtor_dilutions();
        let pool_terms = PoolTerms {
            outlook: &outlook,
            dilution: &dilution,
            adequacy: policy.adequacy().unwrap_or(ANY_RESERVE),
            price: price_terms,
            advances: policy.quotable_advances(cap),
            discounts: policy.quotable_discounts().unwrap_or(unpriced),
            plan: OpenPlan::new(
                &outlook,
                policy.fee_plan(),
                self.purchase,
                lines.iter().map(|line| line.recourse_day).max().unwrap_or(1),
            ),
            prepaid: card.prepaid.to_f64(),
        };
        let best = match best(&pool_terms)? {
            Ok(best) => best,
            Err(infeasible) => {
                let decline = Some(decline::infeasible(infeasible));
                return Ok(Deal { terms: card, menu: Vec::new(), decline, cap, found: None });
            }
        };
        let menu = if price.is_some() { self.menu(&best, &pool_terms, &lines)? } else { vec![] };
        let (advance, discount) = (best.advance.to_f64(), best.discount.to_f64());
        let found = Found {
            shortfall: pool_terms.shortfall_probability(advance, discount),
            returned: price.and_then(|_| pool_terms.result(advance, discount).return_on_funds()),
            hurdle: price.map(|price| price.hurdle),
        };
        let terms = self.terms(best.advance, best.plan(policy), &lines)?;
        Ok(Deal { terms, menu, decline: None, cap, found: Some(found) })
    }

    /// A decline where the charges at the purchase leave nothing of the largest advance.
    fn charged_away(&self, card: &Terms) -> Result<Option<Decline>, PricingError> {
        let bought = self.bought.iter().map(|bought| bought.minor());
        let bought = Money::sum_minor(bought, self.pool.currency)?;
        let advance = advance(bought, card.advance_rate)?;
        let left = advance.checked_sub(card.prepaid)?;
        let is_away = card.prepaid.minor() > 0 && left.minor() <= 0;
        Ok(is_away.then(|| decline::charged_away(card.prepaid, advance)))
    }
}

/// Where the policy names no tolerance every reserve is large enough.
const ANY_RESERVE: AdequacyTerms =
    AdequacyTerms { tolerance: 1.0, correlation: 0.0, shortfall: None };

/// Where the policy names no hurdle every price is high enough.
const UNPRICED: PriceTerms = PriceTerms {
    hurdle: f64::NEG_INFINITY,
    cost_of_funds: 0.0,
    operating_cost: 0.0,
    capital: CapitalTerms { confidence: 0.99, correlation: 0.0, cost: 0.0 },
};

/// The largest advance that may be quoted with its price: what was solved for, rounded down, and
/// further down while the price, rounded up, would break the reserve.
fn best(terms: &PoolTerms<'_>) -> Result<Result<Point, Infeasible>, PricingError> {
    let solved = match terms.advance()? {
        Ok(solved) => solved,
        Err(infeasible) => return Ok(Err(infeasible)),
    };
    let mut advance = terms.advances.down(solved);
    loop {
        let exact = match terms.discount(advance.to_f64())? {
            Ok(exact) => exact,
            Err(infeasible) => return Ok(Err(infeasible)),
        };
        let discount = terms.discounts.up(exact);
        let lowest = advance <= terms.advances.lowest;
        if lowest || terms.is_adequate(advance.to_f64(), discount.to_f64()) {
            let choice = MenuChoice::MostCash;
            return Ok(Ok(Point { choice, advance, exact, discount }));
        }
        advance = terms.advances.down(advance.to_f64() - terms.advances.step.to_f64());
    }
}

impl Deal {
    /// The terms as they stand in the offer.
    pub fn part_terms(&self, requested: Option<Rate>) -> PartTerms {
        let percent = |fraction: f64| Percent(100.0 * fraction);
        PartTerms {
            advance_rate_percent: self.terms.advance_rate,
            advance_cap_percent: self.cap,
            requested_advance_percent: requested,
            discount_rate_percent: self.terms.plan.leading_rate(),
            fee_plan: self.terms.plan.clone(),
            reserve_shortfall_probability: self
                .found
                .map(|found| shown_probability(found.shortfall)),
            return_percent: self.found.and_then(|found| found.returned).map(percent),
            hurdle_percent: self.found.and_then(|found| found.hurdle).map(percent),
        }
    }
}
