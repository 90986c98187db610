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
    /// Returns the offers to choose from: most cash, balanced, lowest cost. `best` is the first of
    /// them, with its lines priced.
    pub fn menu(
        &self,
        (best, priced): (&Point, &[Option<LinePrice>]),
        pool_terms: &PoolTerms<'_>,
        lines: &[PoolLine<'_>],
    ) -> Result<Vec<MenuOffer>, PricingError> {
        let most = best.advance.to_f64();
        // The reserve or a request may have brought the best advance below the lowest of the menu.
        let lowest = self.policy.menu_lowest_advance().unwrap_or_default().min(best.advance);
        let middle = pool_terms.advances.down(f64::midpoint(most, lowest.to_f64()));
        let mut points = vec![Point { ..*best }];
        for (choice, advance) in
            // Rounded down to a step, the middle may have fallen below the lowest.
            [(MenuChoice::Balanced, middle.max(lowest)), (MenuChoice::LowestCost, lowest)]
        {
            if points.iter().all(|point| point.advance != advance) {
                points.extend(point(choice, advance, pool_terms)?);
            }
        }
        let offer = |point: Point| {
            let terms = self.terms(point.advance, point.plan(self.policy), lines)?;
            let cases = match point.choice {
                MenuChoice::MostCash => {
                    priced.iter().flatten().map(LinePrice::expected_case).collect()
                }
                _ => self.expected_cases(&terms, priced)?,
            };
            let advance = point.advance.to_f64();
            let returned = |discount| pool_terms.result(advance, discount).return_on_funds();
            let shown = |returned: Option<f64>| returned.map(|rate| Percent(100.0 * rate));
            let totals = summary::menu_totals(&cases, &terms, self.pool.currency)?;
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
        let offers: Result<Vec<MenuOffer>, PricingError> = points.into_iter().map(offer).collect();
        let mut offers = offers?;
        // Charges may take all of a smaller advance, and that offer would pay nothing.
        offers.retain(|offer| offer.net_funded.minor() > 0 || offer.net_funded == offer.advance);
        Ok(offers)
    }
}

/// Returns the point of the frontier at an advance rate; `None` if no price is high enough.
fn point(
    choice: MenuChoice,
    advance: Rate,
    terms: &PoolTerms<'_>,
) -> Result<Option<Point>, PricingError> {
    let exact = terms.discount(advance.to_f64())?.ok();
    Ok(exact.map(|exact| Point { choice, advance, exact, discount: terms.discounts.up(exact) }))
}

#[cfg(test)]
mod tests {
    use super::super::part_terms::{MenuChoice, MenuOffer};
    use super::super::samples::{Case, percent, pool, solved_with, usd, wire};
    use super::super::solve::Deal;
    use basics::Money;
    use rust_decimal::Decimal;

    fn deal(more: &str) -> Deal {
        let mut case = Case::of(solved_with(more), pool());
        case.bought[2] = usd(0);
        case.desk().deal().expect("a deal")
    }

    /// No bound but the menu's own ends: whatever advance meets the reserve, and any price.
    const WIDE: &str = "[price]\nlowest_percent = 0\nhighest_percent = 50\n";

    fn fall<T: PartialOrd>(menu: &[MenuOffer], of: impl Fn(&MenuOffer) -> T) -> bool {
        menu.windows(2).all(|pair| of(&pair[1]) < of(&pair[0]))
    }

    #[test]
    fn each_offer_of_the_menu_advances_less_and_costs_less_than_the_one_before() {
        let deal = deal(WIDE);
        let choices: Vec<MenuChoice> = deal.menu.iter().map(|offer| offer.choice).collect();
        assert_eq!(choices, [MenuChoice::MostCash, MenuChoice::Balanced, MenuChoice::LowestCost]);
        assert!(fall(&deal.menu, |offer| offer.advance_rate_percent));
        assert!(fall(&deal.menu, |offer| offer.advance.minor()));
        assert!(fall(&deal.menu, |offer| offer.total_cost.minor()));
        assert!(fall(&deal.menu, |offer| -offer.expected_rebate.minor()));
        assert_eq!(deal.menu[2].advance_rate_percent, percent("70"));
    }

    #[test]
    fn the_first_offer_is_the_deal_itself() {
        let deal = deal("");
        assert_eq!(deal.menu[0].advance_rate_percent, deal.terms.advance_rate);
        assert_eq!(deal.menu[0].discount_rate_percent, deal.terms.plan.leading_rate());
        assert_eq!(deal.menu[0].fee_plan, deal.terms.plan.words());
    }

    #[test]
    fn all_bring_the_hurdle_before_the_price_was_rounded_up_and_no_less_after() {
        let menu = deal(WIDE).menu;
        for offer in &menu {
            let (exact, quoted) = (offer.return_percent, offer.return_as_quoted_percent);
            let (exact, quoted) = (exact.expect("a return").0, quoted.expect("a return").0);
            assert!((exact - 12.0).abs() < 1e-6 && quoted >= exact, "{exact} {quoted}");
            // Rates stand on the policy's steps of 0.5 and 0.05.
            for (rate, step) in [(offer.advance_rate_percent, 2), (offer.discount_rate_percent, 20)]
            {
                assert!((rate.percent() * Decimal::from(step)).is_integer());
            }
        }
        assert_eq!(menu.len(), 3);
    }

    #[test]
    fn what_is_charged_and_kept_comes_to_what_is_bought() {
        for offer in deal("").menu {
            let sum = [offer.advance, offer.fee, offer.expected_rebate].map(Money::minor);
            assert_eq!(sum.iter().sum::<i64>(), 750_050);
            assert_eq!((offer.net_funded, offer.total_cost), (offer.advance, offer.fee));
        }
    }

    #[test]
    fn where_the_largest_advance_is_the_lowest_there_is_one_offer() {
        let deal =
            deal("menu_lowest_advance_percent = 85\n".replace("menu", "[price]\nmenu").as_str());
        assert!(deal.menu.iter().all(|offer| offer.choice == MenuChoice::MostCash));
        assert_eq!(deal.menu.len(), 1);
    }

    /// If no return is asked for, an offer that pays nothing at once would do.
    #[test]
    fn every_offer_of_the_menu_pays_something_at_once() {
        // 75 % of 7,500.50: more than the lowest advance of 70 %, less than the largest.
        let deal = deal(&format!("[price]\nhurdle_percent = 0\n{}", wire("5625.37")));
        assert!(deal.decline.is_none() && !deal.menu.is_empty());
        let net: Vec<i64> = deal.menu.iter().map(|offer| offer.net_funded.minor()).collect();
        assert!(net.iter().all(|net| *net > 0), "{net:?}");
    }
}
