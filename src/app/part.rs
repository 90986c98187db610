//! One client's offer: score every open invoice, apply the policy, price what is bought, add it up.

use std::cell::LazyCell;

use rayon::prelude::*;

use basics::{
    Amount, CollectionCurve, Currency, Money, MoneyError, Rate, from_day_number, month_end_before,
};
use ledger::{AsOf, ClientPosition, Ledger, LedgerColumns};
use offer::{
    BorrowingTerms, Certificate, Decision, Facility, LedgerChange, OfferLine, OfferPart, Percent,
    PricedLine, RollForward, ScoringNote, Standing, Yields, borrowing_base, dilution_rate,
    shown_probability,
};
use policy::{Counterfactual, Eligibility, Policy, Reasons, Receivable, assess, counterfactuals};
use pricing::{FundsEmployed, LinePrice, PricingError, factor_yield};
use scoring::{
    BoostedHazard, ClientScorer, CurveWeights, History, KaplanMeier, LossGivenNonPayment, Reason,
    dilution_by_debtor, loss_given_non_payment,
};

use super::deal::Desk;
use super::disclose::disclosures;
use super::pool::{ClientPool, history, open_currencies, pool, spells};
use super::previous::Previous;
use super::queue::verification_queue;
use super::summary;
use super::wording;

/// What is the same for every client of an evaluation.
pub(super) struct Context<'a> {
    pub ledger: &'a Ledger,
    pub columns: &'a LedgerColumns<'a>,
    pub as_of: &'a AsOf,
    pub policy: &'a Policy,
    /// What is agreed with the client and drawn.
    pub facility: Option<&'a Facility>,
    /// The most that the client asks to be advanced.
    pub requested: Option<Rate>,
    /// The client's previous ledger.
    pub previous: Option<&'a Previous>,
    /// The trained model; Kaplan-Meier alone without one.
    pub model: Option<Model<'a>>,
}

/// A trained model.
#[derive(Clone, Copy)]
pub(super) struct Model<'a> {
    pub hazard: &'a BoostedHazard,
    /// SHA-256 of the file that it came from.
    pub file: Option<&'a str>,
    /// Whether clients lean on the pool of its training data instead of the policy's prior.
    pub leans: bool,
}

/// A receivable's score.
pub(super) struct Scored {
    pub curve: CollectionCurve,
    /// Day of recourse after the as-of date.
    pub recourse_day: u32,
    /// On what the curve rests.
    pub weights: CurveWeights,
    /// What moved the score.
    pub reasons: Vec<Reason>,
}

/// The parts of the offer for one client, one per currency in which it has open invoices.
pub(super) fn client_parts(
    context: &Context<'_>,
    client: usize,
    position: &ClientPosition,
) -> Result<Vec<OfferPart>, PricingError> {
    let debtors = context.ledger.clients[client].debtors.clone();
    let (prior, currencies) = (context.policy.prior(), open_currencies(position));
    let build = |km: &KaplanMeier, scored: Option<(&ClientScorer<'_>, &History)>| {
        let (scorer, history) = scored.unzip();
        let part = |&currency: &Currency| {
            let pool = pool(context, client, position, currency);
            PartBuilder { context, client, position, km, scorer, history, pool }.build()
        };
        currencies.iter().map(part).collect()
    };
    let Some(Model { hazard, leans, .. }) = context.model else {
        let history = spells(position, debtors.start, context.as_of.day());
        return build(&KaplanMeier::fit(&history, debtors.len(), prior), None);
    };
    let history = history(context.columns, position, &debtors, context.as_of);
    let base = if leans {
        hazard.base(&history)
    } else {
        KaplanMeier::fit(&history.spells_at(history.as_of()), debtors.len(), prior)
    };
    build(&base, Some((&ClientScorer::new(hazard, &history, &base), &history)))
}

/// What a client's part of an offer, or of a book, is built from.
pub(super) struct PartBuilder<'a> {
    pub context: &'a Context<'a>,
    pub client: usize,
    pub position: &'a ClientPosition,
    pub km: &'a KaplanMeier,
    pub scorer: Option<&'a ClientScorer<'a>>,
    pub history: Option<&'a History>,
    pub pool: ClientPool,
}

impl PartBuilder<'_> {
    fn build(mut self) -> Result<OfferPart, PricingError> {
        let policy = self.context.policy;
        let dilution = self.dilution();
        let currency = self.pool.pool.currency;
        let (mut eligibility, certificate) = self.judged(dilution)?;
        let pool = &self.pool.pool;
        let by_debtor = self.history.map(|history| dilution_by_debtor(history, currency));
        let loss = self.loss();
        let scored = self.score();
        let eligible: Vec<Money> = eligibility.assessments.iter().map(|a| a.bought).collect();
        let desk = Desk {
            policy,
            purchase: self.context.as_of.date,
            pool,
            bought: &eligible,
            scored: &scored,
            dilution,
            debtor_dilution: |debtor: usize| {
                by_debtor.as_ref().map(|all| all[self.pool.client_debtors[debtor]])
            },
            requested: self.context.requested,
            loss: policy.loss_terms(loss.map(|loss| loss.share)),
        };
        let deal = desk.deal()?;
        let mut changes_to = counterfactuals(pool, policy, &eligibility);
        if deal.decline.is_some() {
            eligibility.decline();
        }
        let prices = desk.prices(&deal.terms, &eligibility.assessments)?;
        desk.paid_earlier(&deal.terms, &prices, &mut changes_to)?;
        let bought: Vec<&LinePrice> = prices.iter().flatten().collect();
        let client = &self.context.ledger.clients[self.client];
        let line = certificate.base.line;
        let (date, lost) = (self.context.as_of.date, desk.loss.loss_given_default);
        Ok(OfferPart {
            client: client.id.clone(),
            currency,
            yields: self.yields(&bought)?,
            if_paid_after: summary::if_paid_after(&bought, &deal.terms, date, currency)?,
            scoring: self.scoring_note(loss),
            conditions: eligibility.conditions.clone(),
            notices: wording::notices(self.context, self.position, currency),
            waterfall: summary::waterfall(pool, policy, &eligibility)?,
            ageing: summary::ageing_of(pool)?,
            debtors: summary::largest_debtors(pool, &eligibility, &scored, desk.debtor_dilution)?,
            collections: summary::collections(pool, &scored)?,
            totals: summary::totals(pool, &bought, &deal.terms, dilution)?,
            changes: self.changes(),
            borrowing_base: certificate,
            verification_queue: verification_queue(policy, pool, &scored, &prices, lost)?,
            lines: self.lines(
                Reasons {
                    pool,
                    policy,
                    eligibility: &eligibility,
                    decline: deal.decline.as_ref().map(|decline| decline.sentence.as_str()),
                },
                &scored,
                &prices,
                changes_to,
            ),
            disclosures: disclosures(policy, pool, &prices, &deal.terms, line)?,
            terms: deal.part_terms(self.context.requested),
            menu: deal.menu,
            decline: deal.decline,
        })
    }

    /// What the rules make of the pool: under a facility no more is advanced than its borrowing
    /// base leaves.
    fn judged(&mut self, dilution: Rate) -> Result<(Eligibility, Certificate), PricingError> {
        let (policy, currency) = (self.context.policy, self.pool.pool.currency);
        let eligibility = assess(&self.pool.pool, policy);
        let certificate = self.certificate(&eligibility, dilution)?;
        if self.context.facility.is_none_or(|facility| facility.currency != currency) {
            return Ok((eligibility, certificate));
        }
        let excess = certificate.base.excess;
        let room = if excess.minor() < 0 { Money::zero(currency) } else { excess };
        self.pool.pool.room = Some(room);
        Ok((assess(&self.pool.pool, policy), certificate))
    }

    /// What the ledger's own write-offs say of what is lost when a debtor does not pay.
    fn loss(&self) -> Option<LossGivenNonPayment> {
        let assumed = self.context.policy.loss_given_default().to_f64();
        let currency = self.pool.pool.currency;
        self.history.map(|history| loss_given_non_payment(history, currency, assumed))
    }

    /// What the curves rest on, and what is lost where they are not reached.
    fn scoring_note(&self, loss: Option<LossGivenNonPayment>) -> ScoringNote {
        let note = wording::scoring_note(self.km, self.context.model);
        ScoringNote {
            loss_given_non_payment: loss.map(|loss| shown_probability(loss.share)),
            unpaid_invoices_seen: loss.map(|loss| loss.seen),
            ..note
        }
    }

    /// Credits over sales of the trailing 12 months, in the pool's currency.
    pub fn dilution(&self) -> Rate {
        let currency = self.pool.pool.currency;
        let invoices = self.position.invoices.iter().filter(|i| i.currency == currency);
        let credits = self.position.credits.iter().filter(|(c, ..)| *c == currency);
        dilution_rate(
            self.context.as_of.day(),
            invoices.map(|invoice| (invoice.issue, invoice.face)),
            credits.map(|&(_, date, amount)| (date, amount)),
        )
    }

    /// Scores every receivable, debtor by debtor.
    pub fn score(&self) -> Vec<Scored> {
        let receivables = &self.pool.pool.receivables;
        let mut start = 0;
        let groups: Vec<_> = receivables
            .chunk_by(|a, b| a.debtor == b.debtor)
            .map(|group| {
                start += group.len();
                start - group.len()..start
            })
            .collect();
        let scored: Vec<Vec<Scored>> =
            groups.into_par_iter().map(|range| self.score_debtor(range)).collect();
        scored.into_iter().flatten().collect()
    }

    fn score_debtor(&self, range: std::ops::Range<usize>) -> Vec<Scored> {
        let as_of = self.pool.pool.as_of;
        let receivables = &self.pool.pool.receivables[range.clone()];
        let ages = || receivables.iter().map(|receivable| receivable.days_past_due(as_of));
        let (youngest, oldest) = (ages().min().unwrap_or(0), ages().max().unwrap_or(0));
        // No fee and no figure looks beyond the recourse day and the last day shown.
        let recourse_day = |receivable: &Receivable| {
            let day = receivable.due + self.context.policy.recourse_days() - as_of;
            u32::try_from(day).unwrap_or(0).max(1)
        };
        let last_shown = summary::CURVE_DAYS[summary::CURVE_DAYS.len() - 1];
        let horizon = receivables.iter().map(recourse_day).max().unwrap_or(0).max(last_shown);
        let debtor = self.pool.client_debtors[receivables[0].debtor];
        // Only made where they are the score.
        let curves = LazyCell::new(|| self.km.debtor(debtor, youngest..=oldest, horizon));
        let scorer = self.scorer.and_then(|scorer| scorer.debtor(debtor));
        let weights = self.km.weights(debtor);
        let score = |(receivable, &invoice): (&Receivable, &usize)| {
            let scorer = scorer.as_ref().map(|debtor| debtor.invoice(invoice));
            let curve = match &scorer {
                Some(invoice) => invoice.score(horizon),
                None => curves.score(receivable.days_past_due(as_of)),
            };
            let reasons = scorer.map(|invoice| invoice.reasons()).unwrap_or_default();
            Scored { curve, recourse_day: recourse_day(receivable), weights, reasons }
        };
        receivables.iter().zip(&self.pool.invoices[range]).map(score).collect()
    }

    fn yields(&self, prices: &[&LinePrice]) -> Result<Option<Yields>, PricingError> {
        let zero = Money::zero(self.pool.pool.currency);
        let funds = FundsEmployed::of(prices.iter().copied(), zero)?;
        let (cost, day_count) = self.context.policy.cost_of_funds();
        Ok(factor_yield(funds, cost, day_count).map(|earned| Yields {
            before_cost_of_funds_percent: Percent(100.0 * earned.before_cost_of_funds),
            after_cost_of_funds_percent: Percent(100.0 * earned.after_cost_of_funds),
        }))
    }

    /// What is odd beside the previous ledger, in this part's currency.
    fn changes(&self) -> Vec<LedgerChange> {
        let Some(previous) = self.context.previous else { return Vec::new() };
        let Context { ledger, columns, as_of, .. } = self.context;
        let client = &ledger.clients[self.client].id;
        let mut changes = previous.changes(client, columns, self.position, as_of);
        changes.retain(|change| change.currency() == self.pool.pool.currency);
        changes
    }

    /// The borrowing base, with what the facility says of line, funds in use and the client's own
    /// figures.
    pub fn certificate(
        &self,
        eligibility: &Eligibility,
        dilution: Rate,
    ) -> Result<Certificate, PricingError> {
        let (policy, pool) = (self.context.policy, &self.pool.pool);
        let currency = pool.currency;
        let facility = self.context.facility.filter(|facility| facility.currency == currency);
        let zero = Money::zero(currency);
        let amount = |of: fn(&Facility) -> Amount| {
            facility.map_or(Ok(zero), |facility| facility.money(of(facility)))
        };
        let line = facility.and_then(|facility| facility.line.map(|line| facility.money(line)));
        let terms = BorrowingTerms {
            advance_rate: policy.advance_cap(),
            dilution,
            dilution_threshold: policy.dilution_threshold(),
            other_reserves: amount(|facility| facility.other_reserves)?,
            line: line.transpose()?,
            outstanding: amount(|facility| facility.outstanding)?,
        };
        let gross = Money::sum_minor(pool.receivables.iter().map(|r| r.open.minor()), currency)?;
        let eligible = eligibility.assessments.iter().map(|a| a.collateral().minor());
        let eligible = Money::sum_minor(eligible, currency)?;
        let roll_forward = self.roll_forward(facility)?;
        let declared = facility
            .map(|facility| facility.compare(&roll_forward, gross, eligible))
            .transpose()?;
        Ok(Certificate {
            roll_forward,
            gross,
            ineligible: gross.checked_sub(eligible)?,
            base: borrowing_base(eligible, &terms)?,
            declared: declared.unwrap_or_default(),
        })
    }

    /// How the receivables came about since the previous certificate, else since the end of the
    /// month before the as-of date.
    fn roll_forward(&self, facility: Option<&Facility>) -> Result<RollForward, MoneyError> {
        let (as_of, currency) = (self.context.as_of, self.pool.pool.currency);
        let previous = facility.and_then(|facility| facility.previous_certificate);
        let from = previous.filter(|&from| from < as_of.date);
        let from = from.unwrap_or_else(|| month_end_before(as_of.date));
        let before = self.context.columns.position(self.client, &as_of.earlier(from));
        let standing = |position: &ClientPosition| {
            let mut standing = Standing::default();
            for i in position.invoices.iter().filter(|i| i.currency == currency) {
                standing.add(i.face, i.open, i.credited, i.written_off);
            }
            standing
        };
        RollForward::between(from, standing(&before), standing(self.position), currency)
    }

    fn lines(
        &self,
        reasons: Reasons<'_>,
        scored: &[Scored],
        prices: &[Option<LinePrice>],
        counterfactuals: Vec<Option<Counterfactual>>,
    ) -> Vec<OfferLine> {
        let judged = scored.iter().zip(prices).zip(counterfactuals).enumerate();
        judged
            .map(|(index, ((scored, price), counterfactual))| OfferLine {
                counterfactual,
                ..self.line(index, reasons, scored, price.as_ref())
            })
            .collect()
    }

    fn line(
        &self,
        index: usize,
        reasons: Reasons<'_>,
        scored: &Scored,
        price: Option<&LinePrice>,
    ) -> OfferLine {
        let pool = &self.pool.pool;
        let receivable = &pool.receivables[index];
        let assessment = &reasons.eligibility.assessments[index];
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
            decision: match reason {
                None => Decision::Buy,
                Some(_) if assessment.bought.minor() > 0 => Decision::Part,
                Some(_) => Decision::Exclude,
            },
            reason,
            why: reason.map(|rule| reasons.why(rule, index)),
            counterfactual: None,
            also_fails: assessment.also_fails(),
            face: receivable.face,
            open: receivable.open,
            collected_30: by(30),
            collected_60: by(60),
            collected_90: by(90),
            curve_basis: self.km.basis(),
            curve_weights: scored.weights,
            score_reasons: scored.reasons.clone(),
            price: price.map(|price| self.priced(price)),
            source: self.context.columns.source(self.pool.rows[index]),
        }
    }

    fn priced(&self, price: &LinePrice) -> PricedLine {
        // A few hundred days ahead of an accepted date stays within the calendar.
        let expected = self.pool.pool.as_of + i32::try_from(price.expected_day).unwrap_or(i32::MAX);
        PricedLine {
            amount_bought: price.amount,
            advance: price.advance,
            reserve: price.reserve,
            expected_day: price.expected_day,
            expected_date: from_day_number(expected),
            fee: price.fee,
            expected_rebate: price.rebate,
            expected_fee: price.expected_fee,
            expected_loss: price.expected_loss,
            apr_percent: price.apr.map(|apr| Percent(apr.percent())),
        }
    }
}
