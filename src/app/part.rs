//! One client's offer: score every open invoice, apply the policy, price what is bought, add it up.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::basics::{Currency, Money, Rate, from_day_number};
use crate::ledger::{AsOf, ClientPosition, Ledger, LedgerColumns};
use crate::pricing::{
    FeeByDay, FundsEmployed, LinePrice, LineTerms, PricingError, RepaymentFlow, advance_rate,
    factor_yield, price_line,
};
use crate::scoring::{
    Basis, BoostedHazard, ClientScorer, CurveWeights, History, KaplanMeier, Reason,
    dilution_by_debtor, loss_given_non_payment,
};
use crate::underwriting::{
    Assessment, Decision, Eligibility, OfferLine, OfferPart, Percent, Policy, PricedLine,
    Receivable, ScoringNote, Yields, assess, dilution_rate, shown_probability,
};

use super::pool::{ClientPool, history, open_currencies, pool, spells};
use super::summary::{self, PartCurves};
use super::wording;

/// What is the same for every client of an evaluation.
pub(super) struct Context<'a> {
    pub ledger: &'a Ledger,
    pub columns: &'a LedgerColumns<'a>,
    pub as_of: &'a AsOf,
    pub policy: &'a Policy,
    /// The policy's fee plan up to the last day on which recourse is taken.
    pub fee_by_day: &'a FeeByDay,
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

/// A receivable's score and, when it is bought, its price.
pub(super) struct Judged {
    /// P(collected by day) on the days of [`summary::CURVE_DAYS`].
    pub curve: [f64; summary::CURVE_DAYS.len()],
    pub price: Option<LinePrice>,
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

struct PartBuilder<'a> {
    context: &'a Context<'a>,
    client: usize,
    position: &'a ClientPosition,
    km: &'a KaplanMeier,
    scorer: Option<&'a ClientScorer<'a>>,
    history: Option<&'a History>,
    pool: ClientPool,
}

impl PartBuilder<'_> {
    fn build(self) -> Result<OfferPart, PricingError> {
        let policy = self.context.policy;
        let currency = self.pool.pool.currency;
        let eligibility = assess(&self.pool.pool, policy);
        let dilution = self.dilution();
        let cap = policy.advance_cap();
        let rate = advance_rate(cap, dilution, policy.dilution_threshold());
        let terms = LineTerms {
            advance_rate: rate,
            purchase: self.context.as_of.date,
            fee_plan: policy.fee_plan(),
            fee_by_day: self.context.fee_by_day,
            recourse: policy.recourse(),
            loss_given_non_collection: policy.loss_given_non_collection(),
        };
        let judged = self.judge(&eligibility.assessments, &terms)?;
        let prices: Vec<&LinePrice> = judged.iter().filter_map(|j| j.price.as_ref()).collect();
        let curves = PartCurves { pool: &self.pool.pool, judged: &judged };
        let client = &self.context.ledger.clients[self.client];
        let by_debtor = self.history.map(|history| dilution_by_debtor(history, currency));
        Ok(OfferPart {
            client: client.id.clone(),
            currency,
            yields: self.yields(&prices)?,
            if_paid_after: summary::if_paid_after(
                &prices,
                policy.fee_plan(),
                self.context.as_of.date,
                currency,
            )?,
            scoring: self.scoring_note(),
            conditions: eligibility.conditions.clone(),
            notices: wording::notices(self.context, self.position, currency),
            waterfall: summary::waterfall(&self.pool.pool, policy, &eligibility)?,
            ageing: summary::ageing_of(&self.pool.pool)?,
            debtors: summary::largest_debtors(&self.pool.pool, &eligibility, |debtor| {
                let own = self.pool.client_debtors[debtor];
                by_debtor.as_ref().map(|all| all[own])
            })?,
            collections: curves.collections()?,
            totals: summary::totals(&self.pool.pool, &prices, rate, dilution)?,
            lines: self.lines(&eligibility, &judged),
        })
    }

    /// What the curves rest on, and what is lost where they are not reached.
    fn scoring_note(&self) -> ScoringNote {
        let note = wording::scoring_note(self.km, self.context.model);
        let assumed = self.context.policy.loss_given_non_collection().to_f64();
        let currency = self.pool.pool.currency;
        let loss = self.history.map(|history| loss_given_non_payment(history, currency, assumed));
        ScoringNote {
            loss_given_non_payment: loss.map(|loss| shown_probability(loss.share)),
            unpaid_invoices_seen: loss.map(|loss| loss.seen),
            ..note
        }
    }

    /// Credits over sales of the trailing 12 months, in the pool's currency.
    fn dilution(&self) -> Rate {
        let currency = self.pool.pool.currency;
        let invoices = self.position.invoices.iter().filter(|i| i.currency == currency);
        let credits = self.position.credits.iter().filter(|(c, ..)| *c == currency);
        dilution_rate(
            self.context.as_of.day(),
            invoices.map(|invoice| (invoice.issue, invoice.face)),
            credits.map(|&(_, date, amount)| (date, amount)),
        )
    }

    /// Scores and prices every receivable, debtor by debtor.
    fn judge(
        &self,
        assessments: &[Assessment],
        terms: &LineTerms<'_>,
    ) -> Result<Vec<Judged>, PricingError> {
        let receivables = &self.pool.pool.receivables;
        let mut start = 0;
        let groups: Vec<_> = receivables
            .chunk_by(|a, b| a.debtor == b.debtor)
            .map(|group| {
                start += group.len();
                start - group.len()..start
            })
            .collect();
        let judged: Result<Vec<Vec<Judged>>, PricingError> = groups
            .into_par_iter()
            .map(|range| self.judge_debtor(range, assessments, terms))
            .collect();
        Ok(judged?.into_iter().flatten().collect())
    }

    fn judge_debtor(
        &self,
        range: std::ops::Range<usize>,
        assessments: &[Assessment],
        terms: &LineTerms<'_>,
    ) -> Result<Vec<Judged>, PricingError> {
        let as_of = self.pool.pool.as_of;
        let receivables = &self.pool.pool.receivables[range.clone()];
        let ages = || receivables.iter().map(|receivable| receivable.days_past_due(as_of));
        let (youngest, oldest) = (ages().min().unwrap_or(0), ages().max().unwrap_or(0));
        // No fee and no figure looks beyond the recourse day and the last day shown.
        let recourse_day = |receivable: &Receivable| {
            u32::try_from(receivable.due + self.context.policy.recourse_days() - as_of).unwrap_or(0)
        };
        let last_shown = summary::CURVE_DAYS[summary::CURVE_DAYS.len() - 1];
        let horizon = receivables.iter().map(recourse_day).max().unwrap_or(0).max(last_shown);
        let debtor = self.pool.client_debtors[receivables[0].debtor];
        // Only made where they are the score.
        let curves = LazyCell::new(|| self.km.debtor(debtor, youngest..=oldest, horizon));
        let scorer = self.scorer.and_then(|scorer| scorer.debtor(debtor));
        let weights = self.km.weights(debtor);
        let invoices = &self.pool.invoices[range.clone()];
        let judge = |((receivable, assessment), &invoice): ((&Receivable, &Assessment), &usize)| {
            let scorer = scorer.as_ref().map(|debtor| debtor.invoice(invoice));
            let curve = match &scorer {
                Some(invoice) => invoice.score(horizon),
                None => curves.score(receivable.days_past_due(as_of)),
            };
            let reasons = scorer.map(|invoice| invoice.reasons());
            let days = summary::CURVE_DAYS.map(|day| curve.by(day as usize));
            let bought = Some(assessment.bought).filter(|bought| bought.minor() > 0);
            let price =
                bought.map(|amount| price_line(amount, &curve, recourse_day(receivable), terms));
            let reasons = reasons.unwrap_or_default();
            Ok(Judged { curve: days, price: price.transpose()?, weights, reasons })
        };
        receivables.iter().zip(&assessments[range]).zip(invoices).map(judge).collect()
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

    fn lines(&self, eligibility: &Eligibility, judged: &[Judged]) -> Vec<OfferLine> {
        let basis = self.km.basis();
        let of = |index| self.line(index, eligibility, &judged[index], basis);
        (0..self.pool.pool.receivables.len()).map(of).collect()
    }

    fn line(
        &self,
        index: usize,
        eligibility: &Eligibility,
        judged: &Judged,
        curve_basis: Basis,
    ) -> OfferLine {
        let pool = &self.pool.pool;
        let receivable = &pool.receivables[index];
        let assessment = &eligibility.assessments[index];
        let debtor = &pool.debtors[receivable.debtor];
        let reason = wording::reason(assessment);
        let reasons = wording::Reasons { pool, eligibility, policy: self.context.policy };
        let by = |day| shown_probability(judged.curve[summary::curve_day(day)]);
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
            also_fails: wording::also_fails(assessment),
            face: receivable.face,
            open: receivable.open,
            collected_30: by(30),
            collected_60: by(60),
            collected_90: by(90),
            curve_basis,
            curve_weights: judged.weights,
            score_reasons: judged.reasons.clone(),
            price: judged.price.as_ref().map(|price| self.priced(price)),
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

/// Repayments of a pool by day: the advance and the fee of every line on its expected day.
pub(super) fn repayments(
    prices: &[&LinePrice],
    currency: Currency,
) -> Result<Vec<RepaymentFlow>, PricingError> {
    let mut by_day: BTreeMap<u32, Money> = BTreeMap::new();
    for price in prices {
        let flow = by_day.entry(price.expected_day).or_insert_with(|| Money::zero(currency));
        *flow = flow.checked_add(price.advance)?.checked_add(price.fee)?;
    }
    Ok(by_day.into_iter().map(|(day, amount)| RepaymentFlow { day, amount }).collect())
}
