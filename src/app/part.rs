//! One client's open receivables in one currency, scored, with the rest of its ledger: the input of
//! a part of an offer, or of a book.

use std::cell::LazyCell;

use rayon::prelude::*;

use basics::{Day, MoneyError, Rate, month_end_before};
use ledger::{ClientPosition, InvoiceAt};
use offer::{
    CURVE_DAYS, Certificate, CertificateInput, Notice, OfferPart, PartInput, RollForward, Scored,
    Standing, TrailingSales, dilution_rate,
};
use policy::{Eligibility, Receivable};
use pricing::PricingError;
use scoring::{ClientScorer, History, KaplanMeier, dilution_by_debtor, loss_given_non_payment};

use super::context::{Context, Model};
use super::pool::{ClientPool, history, spells};
use super::prepared::Prepared;
use super::previous::KnownBefore;
use super::wording;

/// The parts of the offer for one client, one per currency in which it has open invoices.
pub(super) fn client_parts(
    context: &Context<'_>,
    prepared: Prepared,
) -> Result<Vec<OfferPart>, PricingError> {
    let (confirmed, left_out) = (prepared.confirmed(), prepared.left_out(context.policy));
    let Prepared { client, position, known, pools, .. } = prepared;
    let debtors = context.ledger.clients[client].debtors.clone();
    let prior = context.policy.prior();
    let notices: Vec<Vec<Notice>> =
        wording::all_notices((context, client), &position, &pools, &known);
    let position = &*known.counted(&position, &confirmed);
    let build = |km: &KaplanMeier, scored: Option<(&ClientScorer<'_>, &History)>| {
        let (scorer, history) = scored.unzip();
        let part = |(pool, notices): (ClientPool, Vec<Notice>)| {
            let known = &known;
            let part = ClientPart { context, client, position, km, scorer, history, pool, known };
            part.input(notices)?.part()
        };
        pools.into_iter().zip(notices).map(part).collect()
    };
    let Some(Model { hazard, leans, .. }) = context.model else {
        // Without a model the spells suffice; past invoices would have to be built for nothing.
        let history = spells(position, debtors.start, context.as_of.day(), &left_out);
        return build(&KaplanMeier::fit(&history, debtors.len(), prior), None);
    };
    let history = history(context.columns, position, &debtors, context.as_of, &left_out);
    let base = if leans {
        hazard.base(&history)
    } else {
        KaplanMeier::fit(&history.spells_at(history.as_of()), debtors.len(), prior)
    };
    build(&base, Some((&ClientScorer::new(hazard, &history, &base), &history)))
}

/// A client's receivables in one currency, with the model that scores them.
pub(super) struct ClientPart<'a> {
    pub context: &'a Context<'a>,
    pub client: usize,
    /// Its invoices, each with the dates that count.
    pub position: &'a ClientPosition,
    pub km: &'a KaplanMeier,
    pub scorer: Option<&'a ClientScorer<'a>>,
    pub history: Option<&'a History>,
    pub pool: ClientPool,
    pub known: &'a KnownBefore,
}

impl<'a> ClientPart<'a> {
    /// The input of the part of the offer.
    fn input(self, notices: Vec<Notice>) -> Result<PartInput<'a>, PricingError> {
        let Context { ledger, columns, as_of, policy, .. } = *self.context;
        let currency = self.pool.pool.currency;
        let (sales, scored) = (self.sales(), self.score());
        let by_debtor = self.history.map(|history| dilution_by_debtor(history, currency));
        let of_pool =
            |all: Vec<_>| self.pool.client_debtors.iter().map(|&debtor| all[debtor]).collect();
        let assumed = policy.loss_given_default().to_f64();
        let loss = |history| loss_given_non_payment(history, currency, assumed);
        Ok(PartInput {
            client: &ledger.clients[self.client].id,
            policy,
            as_of: as_of.date,
            scored,
            sources: self.pool.rows.iter().map(|&row| columns.source(row)).collect(),
            jobs: self.jobs(),
            basis: self.km.basis(),
            scoring: wording::scoring_note(self.km, self.context.model),
            sales,
            debtor_dilution: by_debtor.map(of_pool),
            loss: self.history.map(loss),
            requested: self.context.requested,
            agreed: self.context.completed_part(self.client, currency).map(|part| &part.terms),
            facility: self.context.facility,
            roll_forward: self.roll_forward()?,
            previous_ledger: self.known.compared_with,
            changes: self.known.changes(currency),
            notices,
            judged: self.pool.judged(policy).clone(),
            pool: self.pool.pool,
        })
    }

    /// The job of each receivable; none at all where no invoice names one.
    fn jobs(&self) -> Vec<String> {
        let jobs = self.pool.rows.iter().map(|&row| self.context.columns.job(row));
        if jobs.clone().all(str::is_empty) { Vec::new() } else { jobs.map(str::to_owned).collect() }
    }

    /// The borrowing base.
    pub fn certificate(
        &self,
        eligibility: &Eligibility,
        dilution: Rate,
    ) -> Result<Certificate, PricingError> {
        CertificateInput {
            policy: self.context.policy,
            pool: &self.pool.pool,
            facility: self.context.facility,
            in_use: None,
            dilution,
            roll_forward: self.roll_forward()?,
        }
        .certificate(eligibility)
    }

    /// The dilution of reports: credits over all sales of the trailing 12 months, in the pool's
    /// currency.
    pub fn dilution(&self) -> Rate {
        let sales = self.invoices().map(|invoice| (invoice.issue, invoice.face));
        dilution_rate(self.context.as_of.day(), sales, self.credits())
    }

    /// The closed sales and the credits of the trailing 12 months, in the pool's currency.
    pub fn sales(&self) -> TrailingSales {
        let closed = self.invoices().filter(|invoice| invoice.open <= 0);
        let closed = closed.map(|invoice| (invoice.issue, invoice.face));
        TrailingSales::of(self.context.as_of.day(), closed, self.credits())
    }

    fn invoices(&self) -> impl Iterator<Item = &InvoiceAt> {
        let currency = self.pool.pool.currency;
        self.position.invoices.iter().filter(move |invoice| invoice.currency == currency)
    }

    /// The credits in the pool's currency: (date, minor units).
    fn credits(&self) -> impl Iterator<Item = (Day, i64)> {
        let currency = self.pool.pool.currency;
        let own = self.position.credits.iter().filter(move |(c, ..)| *c == currency);
        own.map(|&(_, date, amount)| (date, amount))
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
            let policy = self.context.policy;
            let day = policy.recourse_day(receivable.counted_issue(), receivable.counted_due());
            // What is past the term already is due back on the day after its purchase.
            u32::try_from(day - as_of).unwrap_or(0).max(1)
        };
        let last_shown = CURVE_DAYS[CURVE_DAYS.len() - 1];
        let horizon = receivables.iter().map(recourse_day).max().unwrap_or(0).max(last_shown);
        // No group of `chunk_by` is empty.
        let debtor = self.pool.client_debtors[receivables[0].debtor];
        // Fitted lazily: with a trained model they are not the score.
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

    /// The roll-forward of the receivables since the previous certificate, else since the end of
    /// the month before the as-of date.
    fn roll_forward(&self) -> Result<RollForward, MoneyError> {
        let (as_of, currency) = (self.context.as_of, self.pool.pool.currency);
        let facility = self.context.facility.filter(|facility| facility.currency == currency);
        let previous = facility.and_then(|facility| facility.previous_certificate);
        // A certificate of this day or later leaves no time to roll forward over.
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
}
