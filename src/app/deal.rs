//! The terms of one part of an offer: the largest advance and the smallest price that the policy
//! allows, the menu beside them, or why there are none.

use chrono::NaiveDate;
use rayon::prelude::*;

use basics::{Money, Rate};
use offer::{Decline, MenuChoice, MenuOffer, PartTerms, Percent, shown_probability};
use policy::{Assessment, Counterfactual, Policy, Pool};
use pricing::{
    AdequacyTerms, CapitalTerms, DebtorDilution, FeeBase, FeeByDay, FeePlan, Infeasible, LinePrice,
    LineTerms, LossTerms, OpenPlan, PoolLine, PoolOutlook, PoolTerms, PriceTerms, PricingError,
    Quotable, advance, advance_rate, price_line,
};
use scoring::ExpectedDilution;

use super::part::Scored;
use super::summary;

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

/// Advance rate and fee plan.
#[derive(Debug)]
pub(super) struct Terms {
    pub advance_rate: Rate,
    pub plan: FeePlan,
    pub fee_by_day: FeeByDay,
    pub prepaid: Money,
}

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

/// A point of the frontier: every one brings the same return.
struct Point {
    choice: MenuChoice,
    advance: Rate,
    /// The discount rate before it was rounded to a step.
    exact: f64,
    discount: Rate,
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
                let decline = Some(declined(infeasible));
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

    fn terms(
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

    /// A decline where the charges at the purchase leave nothing of the largest advance.
    fn charged_away(&self, card: &Terms) -> Result<Option<Decline>, PricingError> {
        let bought = self.bought.iter().map(|bought| bought.minor());
        let bought = Money::sum_minor(bought, self.pool.currency)?;
        let advance = advance(bought, card.advance_rate)?;
        let left = advance.checked_sub(card.prepaid)?;
        Ok((card.prepaid.minor() > 0 && left.minor() <= 0).then(|| Decline {
            code: "charges",
            sentence: format!(
                "The charges at the purchase, {}, leave nothing of the largest advance, {}.",
                card.prepaid.grouped(),
                advance.grouped()
            ),
        }))
    }

    fn pool_lines(&self) -> Vec<PoolLine<'_>> {
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
    fn debtor_dilutions(&self) -> Vec<DebtorDilution> {
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

    /// Most cash, balanced, lowest cost.
    fn menu(
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

/// The point of the frontier at an advance rate; `None` where no price is high enough.
fn point(
    choice: MenuChoice,
    advance: Rate,
    terms: &PoolTerms<'_>,
) -> Result<Option<Point>, PricingError> {
    let exact = terms.discount(advance.to_f64())?.ok();
    Ok(exact.map(|exact| Point { choice, advance, exact, discount: terms.discounts.up(exact) }))
}

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

impl Point {
    fn plan(&self, policy: &Policy) -> FeePlan {
        policy.fee_plan().with_leading_rate(self.discount)
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

fn declined(infeasible: Infeasible) -> Decline {
    let percent = |fraction: f64| (1e4 * fraction).round() / 100.0;
    match infeasible {
        Infeasible::Return { highest, found, hurdle } => Decline {
            code: "price",
            sentence: format!(
                "No price within the policy: at the highest discount rate of {highest} the return on \
                 funds is {} % a year, below the hurdle of {} %.",
                percent(found),
                percent(hurdle)
            ),
        },
        Infeasible::Reserve { lowest, bound } => Decline {
            code: "reserve",
            sentence: match bound.shortfall {
                Some((found, most)) if bound.probability <= bound.tolerance => format!(
                    "No advance within the policy: at the lowest advance rate of {lowest} dilution, \
                     fee and loss exceed the reserve by {} % of the amount bought in the worst cases \
                     on average; the policy tolerates {} %.",
                    percent(found),
                    percent(most)
                ),
                _ => format!(
                    "No advance within the policy: at the lowest advance rate of {lowest} dilution and \
                     fee exceed the reserve with a probability of {} %; the policy tolerates {} %.",
                    percent(bound.probability),
                    percent(bound.tolerance)
                ),
            },
        },
    }
}
