//! The terms of one part of an offer: the largest advance and the smallest price that the policy
//! allows, the menu beside them, or the reason why there are none.

use basics::{Money, Rate};
use pricing::{
    AdequacyTerms, CapitalTerms, Infeasible, LinePrice, OpenPlan, PoolLine, PoolOutlook, PoolTerms,
    PriceTerms, PricingError, Quotable, advance, advance_rate,
};
use scoring::ExpectedDilution;

use super::completed::AgreedTerms;
use super::decline;
use super::desk::Desk;
use super::menu::Point;
use super::part_terms::{Decline, MenuChoice, MenuOffer, PartTerms};
use super::shown::{Percent, shown_probability};
use super::terms::Terms;

/// The terms of a part, and their return.
#[derive(Debug)]
pub(super) struct Deal {
    pub terms: Terms,
    pub menu: Vec<MenuOffer>,
    pub decline: Option<Decline>,
    cap: Rate,
    found: Option<Found>,
    /// The price of every receivable that the desk buys, where a menu needed it.
    priced: Option<Vec<Option<LinePrice>>>,
}

/// The results of the terms of a pool.
#[derive(Debug, Clone, Copy)]
struct Found {
    shortfall: f64,
    returned: Option<f64>,
    hurdle: Option<f64>,
}

impl<D: Fn(usize) -> Option<ExpectedDilution>> Desk<'_, D> {
    /// Returns the terms of the offer that is completed; without one, the best within the policy.
    pub fn deal(&self) -> Result<Deal, PricingError> {
        let lines = self.pool_lines();
        if let Some(AgreedTerms { advance_rate, plan, .. }) = self.agreed {
            let terms = self.terms(*advance_rate, plan.clone(), &lines)?;
            let decline = self.charged_away(&terms)?;
            return Ok(Deal::unsolved(terms, decline, *advance_rate));
        }
        self.solved(&lines)
    }

    /// Returns the best terms within the policy for these lines.
    fn solved(&self, lines: &[PoolLine<'_>]) -> Result<Deal, PricingError> {
        let policy = self.policy;
        let cap = advance_rate(policy.advance_cap(), self.dilution, policy.dilution_threshold());
        let cap = self.requested.map_or(cap, |requested| cap.min(requested));
        let card = self.terms(cap, policy.fee_plan().clone(), lines)?;
        if let Some(decline) = self.charged_away(&card)? {
            return Ok(Deal::unsolved(card, Some(decline), cap));
        }
        if lines.is_empty() || (policy.adequacy().is_none() && policy.price_terms().is_none()) {
            return Ok(Deal::unsolved(card, None, cap));
        }
        let price = policy.price_terms();
        let leading = policy.fee_plan().leading_rate();
        // Without a section on price, the rate of the fee plan is the only one that may be quoted.
        let unpriced =
            Quotable { lowest: leading, highest: leading, step: Rate::from_bps(1.into()) };
        let price_terms = price.unwrap_or(UNPRICED);
        let outlook = PoolOutlook::new(lines, &self.loss, &price_terms.capital);
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
                return Ok(Deal::unsolved(card, decline, cap));
            }
        };
        let terms = self.terms(best.advance, best.plan(policy), lines)?;
        // The reserve may have lowered the advance, so the charges are compared with it again.
        if let Some(decline) = self.charged_away(&terms)? {
            let decline = Some(decline);
            return Ok(Deal::unsolved(card, decline, cap));
        }
        // Without a hurdle there is no return that all offers of a menu would share.
        let priced = price.map(|_| self.line_prices(&terms, self.bought)).transpose()?;
        let menu = match &priced {
            Some(priced) => self.menu((&best, priced), &pool_terms, lines)?,
            None => Vec::new(),
        };
        let (advance, discount) = (best.advance.to_f64(), best.discount.to_f64());
        let found = Found {
            shortfall: pool_terms.shortfall_probability(advance, discount),
            returned: price.and_then(|_| pool_terms.result(advance, discount).return_on_funds()),
            hurdle: price.map(|price| price.hurdle),
        };
        Ok(Deal { terms, menu, decline: None, cap, found: Some(found), priced })
    }

    /// Returns the price of every receivable of which one of these amounts is bought on the terms
    /// of a deal of this desk.
    pub fn prices(
        &self,
        deal: &Deal,
        bought: &[Money],
    ) -> Result<Vec<Option<LinePrice>>, PricingError> {
        match &deal.priced {
            Some(priced) if bought == self.bought => Ok(priced.clone()),
            _ => self.line_prices(&deal.terms, bought),
        }
    }

    /// Returns a decline if the charges at the purchase leave nothing of the advance.
    fn charged_away(&self, terms: &Terms) -> Result<Option<Decline>, PricingError> {
        if terms.prepaid.minor() <= 0 {
            return Ok(None);
        }
        // Line by line, because each advance is rounded down by itself.
        let mut total = 0;
        for (at, &bought) in self.bought.iter().enumerate() {
            total += self.equal_to(at).all(advance(bought, terms.advance_rate)?.minor());
        }
        let advance = Money::from_total(total, self.pool.currency)?;
        let left = advance.checked_sub(terms.prepaid)?;
        Ok((left.minor() <= 0).then(|| decline::charged_away(terms.prepaid, advance)))
    }
}

/// The reserve test of a policy without one: every reserve is large enough.
const ANY_RESERVE: AdequacyTerms =
    AdequacyTerms { tolerance: 1.0, correlation: 0.0, shortfall: None };

/// The price test of a policy without one: every price is high enough.
const UNPRICED: PriceTerms = PriceTerms {
    hurdle: f64::NEG_INFINITY,
    cost_of_funds: 0.0,
    operating_cost: 0.0,
    capital: CapitalTerms { confidence: 0.99, correlation: 0.0, cost: 0.0 },
};

/// Returns the largest advance that may be quoted with its price: the one solved for, rounded down,
/// and further down while the price, rounded up, would break the reserve.
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
        // At the lowest rate the search has found the reserve large enough: only the rounding of
        // the price can break it, which is let pass.
        let lowest = advance <= terms.advances.lowest;
        if lowest || terms.is_adequate(advance.to_f64(), discount.to_f64()) {
            let choice = MenuChoice::MostCash;
            return Ok(Ok(Point { choice, advance, exact, discount }));
        }
        advance = terms.advances.down(advance.to_f64() - terms.advances.step.to_f64());
    }
}

impl Deal {
    /// The deal on the card's terms, without a menu.
    fn unsolved(terms: Terms, decline: Option<Decline>, cap: Rate) -> Self {
        Self { terms, menu: Vec::new(), decline, cap, found: None, priced: None }
    }

    /// Returns the terms as the offer states them.
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

#[cfg(test)]
mod tests {
    use super::super::samples::{
        Case, NoHistory, listed, listed_with, percent, pool, pool_of, solved_with, usd, wire,
    };
    use super::*;
    use policy::Policy;

    fn case(policy: Policy) -> Case {
        let mut case = Case::of(policy, pool());
        case.bought[2] = usd(0);
        case
    }

    fn deal(policy: Policy) -> Deal {
        case(policy).desk().deal().expect("a deal")
    }

    fn shortfall(deal: &Deal) -> f64 {
        deal.part_terms(None).reserve_shortfall_probability.expect("a probability")
    }

    #[test]
    fn without_reserve_and_price_the_policy_s_own_terms_stand() {
        let deal = deal(listed());
        assert_eq!(deal.terms.advance_rate, percent("80"));
        assert_eq!(&deal.terms.plan, listed().fee_plan());
        assert!(deal.menu.is_empty() && deal.decline.is_none());
        let terms = deal.part_terms(None);
        assert!(terms.return_percent.is_none() && terms.hurdle_percent.is_none());
    }

    #[test]
    fn the_price_is_the_lowest_step_that_reaches_the_hurdle() {
        let deal = deal(solved_with("[price]\nlowest_percent = 0\n"));
        let terms = deal.part_terms(None);
        let returned = terms.return_percent.expect("a return").0;
        assert_eq!(terms.hurdle_percent, Some(Percent(12.0)));
        assert!(returned >= 12.0, "{returned}");
        // A step of price lower, which the same pool then has to take, brings less.
        let price = terms.discount_rate_percent.percent() - percent("0.05").percent();
        let bounds = format!("[price]\nlowest_percent = {price}\nhighest_percent = {price}\n");
        let declined = deal_at(&bounds, terms.advance_rate_percent);
        assert_eq!(declined.decline.expect("a decline").code, "price");
    }

    /// The deal of the sample pool where no other advance than this one may be quoted.
    fn deal_at(price: &str, advance: Rate) -> Deal {
        let advance = advance.percent();
        let only = format!(
            "{price}menu_lowest_advance_percent = {advance}\n[advance]\nrate_percent = {advance}\n\
             [advance.reserve]\nlowest_rate_percent = {advance}\n"
        );
        deal(solved_with(&only))
    }

    /// 5 % on average, and often much more.
    const DILUTED: ExpectedDilution =
        ExpectedDilution { expected: 0.05, spread: 0.08, credibility: 1.0 };

    #[test]
    fn the_advance_is_the_largest_step_that_leaves_reserve_enough() {
        let policy = "[price]\nlowest_percent = 0\n";
        let solved = |policy: Policy| {
            let case = case(policy);
            let desk: Desk<'_, NoHistory> =
                Desk { debtor_dilution: |_| Some(DILUTED), ..case.desk() };
            desk.deal().expect("a deal")
        };
        let best = solved(solved_with(policy));
        let advance = best.terms.advance_rate;
        assert!(advance < percent("85") && advance > percent("50"), "{advance}");
        assert!(shortfall(&best) <= 0.05);
        let next = advance.percent() + percent("0.5").percent();
        let next = format!(
            "{policy}menu_lowest_advance_percent = {next}\n[advance]\nrate_percent = {next}\n\
             [advance.reserve]\nlowest_rate_percent = {next}\n"
        );
        let declined = solved(solved_with(&next)).decline.expect("a decline");
        assert_eq!(declined.code, "reserve", "{}", declined.sentence);
    }

    #[test]
    fn a_request_is_kept_to_and_never_exceeded() {
        for (asked, cap) in [("60", "60"), ("85", "85"), ("95", "85")] {
            let case = case(solved_with(""));
            let desk: Desk<'_, NoHistory> = Desk { requested: Some(percent(asked)), ..case.desk() };
            let deal = desk.deal().expect("a deal");
            let terms = deal.part_terms(desk.requested);
            assert_eq!(terms.advance_cap_percent, percent(cap));
            assert_eq!(terms.requested_advance_percent, Some(percent(asked)));
            assert!(terms.advance_rate_percent <= percent(cap));
        }
    }

    #[test]
    fn dilution_above_the_threshold_comes_off_the_cap_point_by_point() {
        for (dilution, cap) in [("5", "80"), ("8", "77"), ("99", "0")] {
            let case = case(listed());
            let desk = Desk { dilution: percent(dilution), ..case.desk() };
            assert_eq!(desk.deal().expect("a deal").terms.advance_rate, percent(cap));
        }
    }

    #[test]
    fn charges_that_take_the_whole_advance_leave_no_deal() {
        // 80 % of 7,500.50 are 6,000.40.
        let left = deal(listed_with(&wire("6000.39")));
        assert!(left.decline.is_none());
        let taken = deal(listed_with(&wire("6000.40"))).decline.expect("a decline");
        assert_eq!(taken.code, "charges");
        assert!(taken.sentence.contains("6,000.40"), "{}", taken.sentence);
    }

    /// The reserve lowers the advance after that: what is left of it is looked at again.
    #[test]
    fn charges_that_take_the_advance_that_the_reserve_allows_leave_no_deal_either() {
        let solved = |charge: &str| {
            let more = format!(
                "[advance]\nrate_percent = 85\n[advance.reserve]\nlowest_rate_percent = 50\n{}",
                wire(charge)
            );
            let case = case(policy_without_price(&more));
            let desk: Desk<'_, NoHistory> =
                Desk { debtor_dilution: |_| Some(DILUTED), ..case.desk() };
            desk.deal().expect("a deal")
        };
        let advance = solved("1").terms.advance_rate;
        assert!(advance < percent("85"));
        // More than is advanced then, and less than 85 %.
        let charge = super::advance(usd(750_050), advance).expect("an advance");
        let declined = solved(&charge.to_string());
        assert_eq!(declined.decline.expect("a decline").code, "charges");
        let cent_less = Money::from_minor(charge.minor() - 1, charge.currency());
        assert!(solved(&cent_less.to_string()).decline.is_none());
    }

    /// The advance is the sum of the lines, each rounded down by itself.
    #[test]
    fn charges_are_held_against_the_advances_of_the_lines() {
        // 80 % of 1.01, three times, are 2.40; of 3.03 they would be 2.42.
        let pool = pool_of(basics::Currency::USD, &[(0, 30, 101), (0, 30, 101), (1, 30, 101)]);
        let declined = |charge: &str| {
            let case = Case::of(listed_with(&wire(charge)), pool.clone());
            case.desk().deal().expect("a deal").decline.is_some()
        };
        assert!(!declined("2.39"));
        assert!(declined("2.40") && declined("2.41"));
    }

    fn policy_without_price(more: &str) -> Policy {
        super::super::samples::policy(&format!(
            "without = [\"price\"]\n[eligibility.concentration]\nlimit_percent = 100\n{more}"
        ))
    }

    #[test]
    fn nothing_bought_is_a_deal_without_a_solution() {
        let mut case = case(solved_with(&wire("25")));
        case.bought.fill(usd(0));
        let deal = case.desk().deal().expect("a deal");
        assert!(deal.decline.is_none() && deal.menu.is_empty());
        assert_eq!(deal.terms.prepaid, usd(0));
        assert!(deal.part_terms(None).reserve_shortfall_probability.is_none());
    }
}
