//! One client's offer in one currency: apply the policy, price what is bought, add it up.

use chrono::NaiveDate;

use basics::{Money, Rate, from_day_number};
use policy::{
    Assessment, Counterfactual, Eligibility, Finding, HoldReason, Policy, Pool, Reasons,
    Receivable, Room, Rule, assess, counterfactuals,
};
use pricing::{FundsEmployed, LinePrice, PricingError, advance_rate, factor_yield};
use scoring::{Basis, ExpectedDilution, LossGivenNonPayment};

use super::borrowing_base::BorrowingBase;
use super::certificate::{Certificate, CertificateInput};
use super::completed::AgreedTerms;
use super::desk::Desk;
use super::disclose::disclosures;
use super::document::{Notice, OfferPart};
use super::envelope::Decision;
use super::facility::Facility;
use super::ledger_change::LedgerChange;
use super::line::{LeftOver, LineHold, OfferLine, PricedLine};
use super::part_terms::{PartTotals, Yields};
use super::queue::ToConfirm;
use super::roll_forward::RollForward;
use super::scored::Scored;
use super::scoring_note::ScoringNote;
use super::shown::{Percent, shown_probability};
use super::summary;
use super::trailing_dilution::TrailingSales;

/// The input to a part of an offer: one client's open receivables in one currency, scored, and the
/// facts known beside them.
pub struct PartInput<'a> {
    /// The client's id.
    pub client: &'a str,
    /// The rules.
    pub policy: &'a Policy,
    /// The as-of date, on which the advance is paid.
    pub as_of: NaiveDate,
    /// The receivables.
    pub pool: Pool,
    /// The score of each.
    pub scored: Vec<Scored>,
    /// The index of the file of each, and its line there.
    pub sources: Vec<(usize, u32)>,
    /// The sub-customer, job or project of each, empty where the ledger names none; no entries if
    /// it names none at all.
    pub jobs: Vec<String>,
    /// The basis of the curves.
    pub basis: Basis,
    /// The same in words.
    pub scoring: ScoringNote,
    /// Closed sales and credits of the trailing 12 months.
    pub sales: TrailingSales,
    /// The dilution expected of each debtor of the pool, if a model predicts it.
    pub debtor_dilution: Option<Vec<ExpectedDilution>>,
    /// The loss on unpaid invoices that the ledger's own write-offs show.
    pub loss: Option<LossGivenNonPayment>,
    /// The largest advance rate that the client asks for.
    pub requested: Option<Rate>,
    /// The terms of the offer that is completed, if one is.
    pub agreed: Option<&'a AgreedTerms>,
    /// The facility agreed with the client.
    pub facility: Option<&'a Facility>,
    /// The roll-forward of the receivables since the previous certificate.
    pub roll_forward: RollForward,
    /// The date of the last of the client's earlier ledgers, if it was compared with any.
    pub previous_ledger: Option<NaiveDate>,
    /// The differences from the client's earlier ledgers, and what is billed anew.
    pub changes: Vec<LedgerChange>,
    /// Warnings about this client's data.
    pub notices: Vec<Notice>,
    /// The outcome of the rules over the receivables, without the room that a facility leaves.
    pub judged: Eligibility,
}

impl PartInput<'_> {
    /// Returns the part of the offer.
    ///
    /// # Errors
    /// If an amount overflows, or if a fee or a rate cannot be computed.
    pub fn part(mut self) -> Result<OfferPart, PricingError> {
        let (mut eligibility, certificate, dilution) = self.judged()?;
        let (policy, currency, date) = (self.policy, self.pool.currency, self.as_of);
        let eligible = priced_for(&eligibility);
        let debtor_dilution = |debtor: usize| self.debtor_dilution.as_ref().map(|all| all[debtor]);
        let desk = Desk {
            policy,
            purchase: date,
            pool: &self.pool,
            bought: &eligible,
            scored: &self.scored,
            dilution,
            debtor_dilution,
            requested: self.requested,
            agreed: self.agreed,
            equal: &[],
            loss: policy.loss_terms(self.loss.map(|loss| loss.share)),
        };
        let deal = desk.deal()?;
        // Before a decline takes every invoice: they are about the rules that hold otherwise.
        let mut changes_to = counterfactuals(&self.pool, policy, &eligibility);
        if deal.decline.is_some() {
            eligibility.decline();
        }
        let prices = desk.prices(&deal, &amounts(&eligibility, |own| own.bought))?;
        desk.paid_earlier(&deal.terms, &prices, &mut changes_to)?;
        let bought: Vec<&LinePrice> = prices.iter().flatten().collect();
        let once_confirmed = desk.prices(&deal, &amounts(&eligibility, Assessment::held))?;
        let (pool, scored, line) = (&self.pool, &self.scored, certificate.base.line);
        let decided = Decided {
            input: &self,
            reasons: Reasons {
                pool,
                policy,
                eligibility: &eligibility,
                decline: deal.decline.as_ref().map(|decline| decline.sentence.as_str()),
            },
            prices: &prices,
            once_confirmed: &once_confirmed,
        };
        let all = prices.iter().zip(&once_confirmed).map(|(now, later)| now.or(*later));
        let all: Vec<Option<LinePrice>> = all.collect();
        let asked = ToConfirm { policy, pool, eligibility: &eligibility, scored, prices: &all };
        let (verification_queue, queue_covers) = asked.queue()?;
        let held = summary::held(pool, &eligibility, &once_confirmed)?;
        Ok(OfferPart {
            client: self.client.to_owned(),
            currency,
            yields: self.yields(&bought)?,
            if_paid_after: summary::if_paid_after(&bought, &deal.terms, date, currency)?,
            scoring: self.scoring_note(),
            conditions: eligibility.conditions.clone(),
            notices: self.notices.clone(),
            waterfall: summary::waterfall(pool, policy, &eligibility)?,
            ageing: summary::ageing_of(pool)?,
            debtors: summary::largest_debtors(pool, &eligibility, scored, debtor_dilution)?,
            collections: summary::collections(pool, scored)?,
            totals: PartTotals { held, ..summary::totals(pool, &prices, &deal.terms, dilution)? },
            previous_ledger: self.previous_ledger,
            changes: self.changes.clone(),
            borrowing_base: certificate,
            verification_queue,
            queue_covers,
            lines: decided.lines(changes_to),
            disclosures: disclosures(policy, pool, &prices, &deal.terms, line)?,
            terms: deal.part_terms(self.requested),
            menu: deal.menu,
            decline: deal.decline,
        })
    }

    /// Returns the outcome of the rules, the borrowing base that limits advances under a facility,
    /// and the dilution.
    fn judged(&mut self) -> Result<(Eligibility, Certificate, Rate), PricingError> {
        let currency = self.pool.currency;
        let eligibility = self.judged.clone();
        let dilution = self.sales.dilution(&self.pool, &eligibility);
        let input = CertificateInput {
            policy: self.policy,
            pool: &self.pool,
            facility: self.facility,
            in_use: self.agreed.map(|agreed| agreed.funds_in_use),
            dilution,
            roll_forward: self.roll_forward,
        };
        let certificate = input.certificate(&eligibility)?;
        let is_limited = match self.facility {
            Some(facility) => facility.currency == currency,
            // What is bought already uses the same collateral, whoever asks.
            None => self.agreed.is_some(),
        };
        if !is_limited {
            return Ok((eligibility, certificate, dilution));
        }
        // The rules run again: the borrowing base rests on what they leave without its own limit.
        let room = |base: &BorrowingBase| Money::from_minor(base.excess.minor().max(0), currency);
        let now = room(&certificate.base);
        // What is held is no collateral yet, but it is when it is bought.
        let once_confirmed = room(&input.certificate(&eligibility.once_confirmed())?.base);
        let (cap, threshold) = (self.policy.advance_cap(), self.policy.dilution_threshold());
        let rate = Some(advance_rate(cap, dilution, threshold));
        self.pool.room = Some(Room { now, once_confirmed, rate });
        Ok((assess(&self.pool, self.policy), certificate, dilution))
    }

    /// Returns the basis of the curves, with the loss on invoices that stay unpaid.
    fn scoring_note(&self) -> ScoringNote {
        ScoringNote {
            loss_given_non_payment: self.loss.map(|loss| shown_probability(loss.share)),
            unpaid_invoices_seen: self.loss.map(|loss| loss.seen),
            ..self.scoring.clone()
        }
    }

    fn yields(&self, prices: &[&LinePrice]) -> Result<Option<Yields>, PricingError> {
        let zero = Money::zero(self.pool.currency);
        let funds = FundsEmployed::of(prices.iter().copied(), zero)?;
        let (cost, day_count) = self.policy.cost_of_funds();
        Ok(factor_yield(funds, cost, day_count).map(|earned| Yields {
            before_cost_of_funds_percent: Percent(100.0 * earned.before_cost_of_funds),
            after_cost_of_funds_percent: Percent(100.0 * earned.after_cost_of_funds),
        }))
    }
}

/// Returns the amounts for which the terms are solved. Nothing held may make the price of today's
/// purchase better, so that is what is bought now; what is held only where nothing else is.
fn priced_for(eligibility: &Eligibility) -> Vec<Money> {
    let now = amounts(eligibility, |assessment| assessment.bought);
    let is_nothing = now.iter().all(|amount| amount.minor() == 0);
    if is_nothing { amounts(eligibility, Assessment::held) } else { now }
}

/// Returns an amount of each receivable.
fn amounts(eligibility: &Eligibility, of: fn(&Assessment) -> Money) -> Vec<Money> {
    eligibility.assessments.iter().map(of).collect()
}

/// A part of which all is decided, about to be written line by line.
struct Decided<'a> {
    input: &'a PartInput<'a>,
    reasons: Reasons<'a>,
    prices: &'a [Option<LinePrice>],
    once_confirmed: &'a [Option<LinePrice>],
}

impl Decided<'_> {
    fn lines(&self, counterfactuals: Vec<Option<Counterfactual>>) -> Vec<OfferLine> {
        let line = |(index, counterfactual)| OfferLine { counterfactual, ..self.line(index) };
        counterfactuals.into_iter().enumerate().map(line).collect()
    }

    fn line(&self, index: usize) -> OfferLine {
        let (pool, scored) = (&self.input.pool, &self.input.scored[index]);
        let receivable = &pool.receivables[index];
        let assessment = &self.reasons.eligibility.assessments[index];
        let debtor = &pool.debtors[receivable.debtor];
        let reason = assessment.reason();
        let by = |day| shown_probability(scored.curve.by(day));
        OfferLine {
            invoice_number: receivable.number.clone(),
            debtor_id: debtor.id.clone(),
            debtor_name: debtor.name.clone(),
            job: self.input.jobs.get(index).filter(|job| !job.is_empty()).cloned(),
            invoice_date: from_day_number(receivable.issue),
            due_date: from_day_number(receivable.due),
            days_past_due: receivable.days_past_due(pool.as_of),
            decision: decision(assessment),
            reason,
            why: reason.map(|rule| self.reasons.why(rule, index)),
            counterfactual: None,
            holds: self.holds(index),
            already_bought: already_bought(receivable, assessment),
            left_over: self.left_over(index),
            confirmed: receivable.scrutiny.answer.clone(),
            held_for: self.held_for(index),
            also_fails: assessment.also_fails(),
            face: receivable.face,
            open: receivable.open,
            collected_30: by(30),
            collected_60: by(60),
            collected_90: by(90),
            curve_basis: self.input.basis,
            curve_weights: scored.weights,
            score_reasons: scored.reasons.clone(),
            price: self.prices[index].as_ref().map(|price| self.priced(price)),
            once_confirmed: self.once_confirmed[index].as_ref().map(|price| self.priced(price)),
            source: self.input.sources[index],
        }
    }

    fn left_over(&self, index: usize) -> Option<LeftOver> {
        let receivable = &self.input.pool.receivables[index];
        let is_taken = receivable.funded
            || self.prices[index].is_some()
            || self.once_confirmed[index].is_some();
        let amount = receivable.offered.filter(|most| !is_taken && most.minor() > 0)?;
        let holds = receivable.scrutiny.held_before.iter().map(line_hold).collect();
        Some(LeftOver { amount, holds })
    }

    fn held_for(&self, index: usize) -> Option<String> {
        let reasons = self.reasons.eligibility.holds[index].iter().map(|found| found.reason);
        reasons.min().map(HoldReason::to_owner)
    }

    fn holds(&self, index: usize) -> Vec<LineHold> {
        self.reasons.eligibility.holds[index].iter().map(line_hold).collect()
    }

    fn priced(&self, price: &LinePrice) -> PricedLine {
        // A few hundred days ahead of an accepted date stays within the calendar.
        let days = i32::try_from(price.expected_day).unwrap_or(i32::MAX);
        PricedLine {
            amount_bought: price.amount,
            advance: price.advance,
            reserve: price.reserve,
            expected_day: price.expected_day,
            expected_date: from_day_number(self.input.pool.as_of + days),
            fee: price.fee,
            expected_rebate: price.rebate,
            expected_fee: price.expected_fee,
            expected_loss: price.expected_loss,
            apr_percent: price.apr.map(|apr| Percent(apr.percent())),
        }
    }
}

fn line_hold(finding: &Finding) -> LineHold {
    LineHold { reason: finding.reason, kind: finding.reason.kind(), why: finding.sentence() }
}

/// The amount of an invoice that was bought before: by the offer that is completed or, beside a
/// facility, what the rules pass of it.
fn already_bought(receivable: &Receivable, assessment: &Assessment) -> Option<Money> {
    let offered = receivable.offered.filter(|_| receivable.funded);
    offered.or(Some(assessment.cut(Rule::AlreadyFunded)).filter(|cut| cut.minor() > 0))
}

fn decision(assessment: &Assessment) -> Decision {
    match assessment.reason() {
        None => Decision::Buy,
        Some(Rule::Unconfirmed) => Decision::Hold,
        Some(_) if assessment.bought.minor() > 0 => Decision::Part,
        Some(_) => Decision::Exclude,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{
        as_of, currency, day, input, listed, listed_with, percent, pool, pool_of, solved_with, usd,
        wire,
    };
    use super::*;
    use basics::{Amount, Currency};
    use policy::{Change, Rule};

    /// With the 7,500.50 that are bought of the sample, 800.00 of 10,000.00.
    const EIGHT_PERCENT: TrailingSales = TrailingSales { closed: 249_950, credits: 80_000 };

    fn part_of(policy: &Policy, pool: Pool) -> OfferPart {
        input(policy, pool).part().expect("a part")
    }

    fn under(facility: &str) -> OfferPart {
        let (policy, facility) = (listed(), facility.parse().expect("a facility"));
        let input = PartInput { facility: Some(&facility), ..input(&policy, pool()) };
        input.part().expect("a part")
    }

    #[test]
    fn a_line_is_bought_whole_or_says_why_not() {
        let mut pool = pool();
        pool.debtors[0].unapplied_credit = usd(60_000);
        let part = part_of(&listed(), pool);
        let found: Vec<_> = part.lines.iter().map(|line| (line.decision, line.reason)).collect();
        // The credit of 600.00 is set against the invoice of 1,000.00, which is due first.
        assert_eq!(
            found,
            [
                (Decision::Part, Some(Rule::UnappliedCredit)),
                (Decision::Buy, None),
                (Decision::Exclude, Some(Rule::PastDue)),
                (Decision::Buy, None),
            ]
        );
        let bought = |at: usize| part.lines[at].price.map(|price| price.amount_bought);
        assert_eq!(
            [bought(0), bought(1), bought(2)],
            [Some(usd(40_000)), Some(usd(250_050)), None]
        );
        assert!(part.lines.iter().all(|line| line.why.is_some() == line.reason.is_some()));
    }

    #[test]
    fn a_line_shows_the_curve_and_the_day_it_leads_to() {
        let part = part_of(&listed(), pool());
        let line = &part.lines[0];
        // 0.99 of it on day 40, the ninth of August.
        assert!(line.collected_30 == 0.0 && (line.collected_60 - 0.99).abs() < 1e-12);
        let price = line.price.expect("a price");
        assert_eq!((price.expected_day, price.expected_date), (40, day("2026-08-09")));
        assert_eq!(line.days_past_due, -30);
        // 40.00 for 40 days on 800.00.
        let apr = price.apr_percent.expect("an APR").0;
        assert!((apr - 100.0 * 40.0 / 800.0 * 365.0 / 40.0).abs() < 1e-9, "{apr}");
        // Day 30 would be a step cheaper.
        let change = line.counterfactual.as_ref().expect("a change");
        assert_eq!((change.change, change.by), (Change::PaidEarlier, Some(day("2026-07-30"))));
        assert_eq!(line.source, (0, 2));
    }

    #[test]
    fn a_declined_part_buys_nothing_and_every_line_says_why() {
        // The charges take all of 6,000.40.
        let part = part_of(&listed_with(&wire("6000.40")), pool());
        let decline = part.decline.expect("a decline");
        assert_eq!((decline.code.as_ref(), part.totals.bought_invoices), ("charges", 0));
        assert_eq!((part.totals.advance, part.totals.prepaid_charges), (usd(0), usd(0)));
        assert!(part.yields.is_none() && part.disclosures.is_empty() && part.conditions.is_empty());
        for line in &part.lines {
            assert!(line.price.is_none() && line.decision == Decision::Exclude);
            assert!(line.why.is_some());
        }
        // What the rules exclude is excluded by them all the same.
        let reasons: Vec<_> = part.lines.iter().filter_map(|line| line.reason).collect();
        let none = Rule::NoFeasibleTerms;
        assert_eq!(reasons, [none, none, Rule::PastDue, none]);
        assert!(part.lines[0].why.as_ref().is_some_and(|why| why.contains(&decline.sentence)));
        let last = part.waterfall.last().expect("a step");
        assert_eq!((last.rule, last.amount, last.remaining), (none, usd(750_050), usd(0)));
    }

    #[test]
    fn the_room_of_a_facility_is_used_up_to_the_cent_and_no_further() {
        for room in ["0.01", "10", "4000.39", "6000.40", "9000"] {
            let part = under(&format!("currency = \"USD\"\nline = \"{room}\"\n"));
            let (base, advance) = (part.borrowing_base.base, part.totals.advance);
            assert!(advance.minor() <= base.excess.minor(), "{room}: {advance}");
            // Each of three lines is rounded down by less than a cent.
            let most = base.excess.minor().min(600_040);
            assert!(advance.minor() > most - 3, "{room}: {advance}");
            assert_eq!(
                part.borrowing_base.base.eligible,
                usd(750_050),
                "what is left stays eligible"
            );
        }
    }

    /// Nothing is left to advance: no cent is bought, so no terms are looked for either.
    #[test]
    fn a_facility_without_room_buys_nothing_and_says_so() {
        let used_up = "currency = \"USD\"\nline = 1000\noutstanding = 1000\n";
        let facility: Facility = used_up.parse().expect("a facility");
        let a_cent_more = Amount("1000.01".parse().expect("a number"));
        let drawn = Facility { outstanding: a_cent_more, ..facility.clone() };
        for facility in [facility, drawn] {
            for policy in [solved_with(""), listed()] {
                let input = PartInput { facility: Some(&facility), ..input(&policy, pool()) };
                let part = input.part().expect("a part");
                assert_eq!(part.decline, None);
                assert_eq!((part.totals.bought_invoices, part.totals.advance), (0, usd(0)));
                let limit = |line: &&OfferLine| line.reason == Some(Rule::FacilityLimit);
                assert_eq!(part.lines.iter().filter(limit).count(), 3);
                // An overadvance leaves nothing, not less.
                let why = part.lines[0].why.as_deref().expect("a reason");
                assert!(why.contains("availability of 0.00"), "{why}");
            }
        }
    }

    #[test]
    fn a_facility_in_another_currency_limits_nothing() {
        let (policy, facility) = (listed(), "currency = \"EUR\"\nline = 1\n".parse());
        let facility: Facility = facility.expect("a facility");
        let part = PartInput {
            facility: Some(&facility),
            // The reserve for it lowers the borrowing base, which nothing is held against.
            sales: EIGHT_PERCENT,
            ..input(&policy, pool())
        };
        let part = part.part().expect("a part");
        assert_eq!(part.totals.amount_bought, usd(750_050));
        assert_eq!(part.borrowing_base.base.line, None);
    }

    #[test]
    fn no_more_is_advanced_than_is_asked_for_or_dilution_leaves() {
        let policy = listed();
        let asked = PartInput { requested: Some(percent("50")), ..input(&policy, pool()) };
        let asked = asked.part().expect("a part");
        // Half of 1,000.00, 2,500.50 and 4,000.00.
        assert_eq!(asked.totals.advance, usd(375_025));
        assert_eq!(asked.terms.requested_advance_percent, Some(percent("50")));
        // 8 % over a threshold of 5 % takes three points off 80 %.
        let diluted = PartInput { sales: EIGHT_PERCENT, ..input(&policy, pool()) };
        let diluted = diluted.part().expect("a part");
        assert_eq!(diluted.terms.advance_rate_percent, percent("77"));
        assert_eq!(diluted.totals.dilution_percent, percent("8"));
        // 3 % of 7,500.50 = 225.015, half up.
        assert_eq!(diluted.borrowing_base.base.dilution_reserve, usd(22_502));
    }

    #[test]
    fn the_yield_is_what_is_earned_on_the_funds_out() {
        let part = part_of(&listed(), pool());
        let yields = part.yields.expect("money is out");
        // Advances for the mean days of their curves: 99 % on the day, 1 % on that of recourse.
        let years = [(800.0, 40.0, 120.0), (2_000.4, 55.0, 135.0), (3_200.0, 20.0, 100.0)]
            .map(|(advance, day, recourse)| advance * (0.99 * day + 0.01 * recourse) / 365.0);
        let years: f64 = years.iter().sum();
        let income = part.totals.expected_fee.to_f64() - part.totals.expected_loss.to_f64();
        let before = 100.0 * income / years;
        assert!((yields.before_cost_of_funds_percent.0 - before).abs() < 1e-9, "{before}");
        // 8 % a year of 360 days.
        let after = before - 8.0 * 365.0 / 360.0;
        assert!((yields.after_cost_of_funds_percent.0 - after).abs() < 1e-9, "{after}");
    }

    #[test]
    fn what_the_ledger_s_write_offs_say_is_told_and_used() {
        let policy = listed();
        let seen = |share| LossGivenNonPayment { share, seen: 7, own_weight: 0.3 };
        let of = |share| {
            let input = PartInput { loss: Some(seen(share)), ..input(&policy, pool()) };
            input.part().expect("a part")
        };
        let (half, all) = (of(0.5), of(1.0));
        assert_eq!(half.scoring.loss_given_non_payment, Some(0.5));
        assert_eq!(half.scoring.unpaid_invoices_seen, Some(7));
        let (half, all) = (half.totals.expected_loss.minor(), all.totals.expected_loss.minor());
        // To the cent of each of three lines.
        assert!(half > 0 && (2 * half - all).abs() <= 3, "{half} {all}");
    }

    #[test]
    fn nothing_open_is_a_part_of_nothing() {
        let part = part_of(&solved_with(""), pool_of(currency("KWD"), &[]));
        assert_eq!((part.lines.len(), part.totals.open_invoices), (0, 0));
        assert_eq!(part.totals.gross, Money::zero(currency("KWD")));
        assert!(part.decline.is_none() && part.yields.is_none() && part.debtors.is_empty());
    }

    #[test]
    fn what_is_known_beside_the_pool_is_handed_on() {
        let policy = listed();
        let notice = Notice { code: "late_rows".into(), text: "Two rows are late.".to_owned() };
        let input = PartInput { notices: vec![notice.clone()], ..input(&policy, pool()) };
        assert_eq!((input.as_of, input.pool.currency), (as_of(), Currency::USD));
        let part = input.part().expect("a part");
        assert_eq!((part.client.as_str(), part.notices), ("acme", vec![notice]));
    }
}
