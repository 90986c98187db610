//! One client's offer in one currency: apply the policy, price what is bought, add it up.

use chrono::NaiveDate;

use basics::{Money, Rate, from_day_number};
use policy::{
    Assessment, Counterfactual, Eligibility, Policy, Pool, Reasons, assess, counterfactuals,
};
use pricing::{FundsEmployed, LinePrice, PricingError, factor_yield};
use scoring::{Basis, ExpectedDilution, LossGivenNonPayment};

use super::certificate::{Certificate, CertificateInput};
use super::desk::Desk;
use super::disclose::disclosures;
use super::document::{Notice, OfferPart};
use super::envelope::Decision;
use super::facility::Facility;
use super::ledger_change::LedgerChange;
use super::line::{OfferLine, PricedLine};
use super::part_terms::Yields;
use super::queue::verification_queue;
use super::roll_forward::RollForward;
use super::scored::Scored;
use super::scoring_note::ScoringNote;
use super::shown::{Percent, shown_probability};
use super::summary;

/// What a part of an offer is made from: one client's open receivables in one currency, scored, and
/// what is known beside them.
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
    /// Index of the file of each, and its line there.
    pub sources: Vec<(usize, u32)>,
    /// On what the curves rest.
    pub basis: Basis,
    /// The same in words.
    pub scoring: ScoringNote,
    /// Dilution of the trailing 12 months.
    pub dilution: Rate,
    /// What each debtor of the pool is expected to take off, where a model tells.
    pub debtor_dilution: Option<Vec<ExpectedDilution>>,
    /// What the ledger's own write-offs say of what is lost when a debtor does not pay.
    pub loss: Option<LossGivenNonPayment>,
    /// The most that the client asks to be advanced.
    pub requested: Option<Rate>,
    /// What is agreed with the client and drawn.
    pub facility: Option<&'a Facility>,
    /// How the receivables came about since the previous certificate.
    pub roll_forward: RollForward,
    /// What is different from the client's previous ledger.
    pub changes: Vec<LedgerChange>,
    /// Warnings about this client's data.
    pub notices: Vec<Notice>,
}

impl PartInput<'_> {
    /// The part of the offer.
    ///
    /// # Errors
    /// [`PricingError`].
    pub fn part(mut self) -> Result<OfferPart, PricingError> {
        let (mut eligibility, certificate) = self.judged()?;
        let (policy, currency, date) = (self.policy, self.pool.currency, self.as_of);
        let eligible: Vec<Money> = eligibility.assessments.iter().map(|a| a.bought).collect();
        let debtor_dilution = |debtor: usize| self.debtor_dilution.as_ref().map(|all| all[debtor]);
        let desk = Desk {
            policy,
            purchase: date,
            pool: &self.pool,
            bought: &eligible,
            scored: &self.scored,
            dilution: self.dilution,
            debtor_dilution,
            requested: self.requested,
            loss: policy.loss_terms(self.loss.map(|loss| loss.share)),
        };
        let deal = desk.deal()?;
        let mut changes_to = counterfactuals(&self.pool, policy, &eligibility);
        if deal.decline.is_some() {
            eligibility.decline();
        }
        let prices = desk.prices(&deal.terms, &eligibility.assessments)?;
        desk.paid_earlier(&deal.terms, &prices, &mut changes_to)?;
        let bought: Vec<&LinePrice> = prices.iter().flatten().collect();
        let (line, lost) = (certificate.base.line, desk.loss.loss_given_default);
        let (pool, scored) = (&self.pool, &self.scored);
        let decided = Decided {
            input: &self,
            reasons: Reasons {
                pool,
                policy,
                eligibility: &eligibility,
                decline: deal.decline.as_ref().map(|decline| decline.sentence.as_str()),
            },
            prices: &prices,
        };
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
            totals: summary::totals(pool, &bought, &deal.terms, self.dilution)?,
            changes: self.changes.clone(),
            borrowing_base: certificate,
            verification_queue: verification_queue(policy, pool, scored, &prices, lost)?,
            lines: decided.lines(changes_to),
            disclosures: disclosures(policy, pool, &prices, &deal.terms, line)?,
            terms: deal.part_terms(self.requested),
            menu: deal.menu,
            decline: deal.decline,
        })
    }

    /// What the rules make of the pool: under a facility no more is advanced than its borrowing
    /// base leaves.
    fn judged(&mut self) -> Result<(Eligibility, Certificate), PricingError> {
        let currency = self.pool.currency;
        let eligibility = assess(&self.pool, self.policy);
        let certificate = CertificateInput {
            policy: self.policy,
            pool: &self.pool,
            facility: self.facility,
            dilution: self.dilution,
            roll_forward: self.roll_forward,
        }
        .certificate(&eligibility)?;
        if self.facility.is_none_or(|facility| facility.currency != currency) {
            return Ok((eligibility, certificate));
        }
        let excess = certificate.base.excess;
        let room = if excess.minor() < 0 { Money::zero(currency) } else { excess };
        self.pool.room = Some(room);
        Ok((assess(&self.pool, self.policy), certificate))
    }

    /// What the curves rest on, and what is lost where they are not reached.
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

/// A part of which all is decided, about to be written line by line.
struct Decided<'a> {
    input: &'a PartInput<'a>,
    reasons: Reasons<'a>,
    prices: &'a [Option<LinePrice>],
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
            invoice_date: from_day_number(receivable.issue),
            due_date: from_day_number(receivable.due),
            days_past_due: receivable.days_past_due(pool.as_of),
            decision: decision(assessment),
            reason,
            why: reason.map(|rule| self.reasons.why(rule, index)),
            counterfactual: None,
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
            source: self.input.sources[index],
        }
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

fn decision(assessment: &Assessment) -> Decision {
    match assessment.reason() {
        None => Decision::Buy,
        Some(_) if assessment.bought.minor() > 0 => Decision::Part,
        Some(_) => Decision::Exclude,
    }
}
