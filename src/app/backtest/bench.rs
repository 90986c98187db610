//! The backtest itself: what was known at each origin is rebuilt, scored and compared.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use thiserror::Error;

use basics::{Day, from_day_number};
use ledger::{
    self, AsOf, ClientPosition, Guidance, Ledger, LedgerColumns, LedgerError, Outcome, Progress,
    Source,
};
use policy::Policy;
use scoring::validation::{BaseRates, Case, Forecast, LATEST_DAY, debtor_average};
use scoring::{BoostedHazard, ClientScorer, History, KaplanMeier, PriorCurve};

use super::super::choice::{ModelChoice, TrainError, leans_on_pool};
use super::super::ingest::ingest_options;
use super::super::pool::history;
use super::result::{Backtest, PredictedInvoice};

/// A model to test, and the days on which to test it.
#[derive(Debug, Clone)]
pub struct BacktestRequest {
    /// The files that together are the ledger.
    pub ledgers: Vec<Source>,
    /// Days at whose end invoices are scored; at least one.
    pub origins: Vec<NaiveDate>,
    /// The last day whose events are known; the ledger's own date when absent.
    pub known_until: Option<NaiveDate>,
    /// The policy whose prior curve and assumptions apply.
    pub policy: Policy,
    /// The user's instructions for reading the files.
    pub guidance: Guidance,
    /// The model to test.
    pub model: ModelChoice,
}

impl BacktestRequest {
    /// A request for these ledgers at these origins under this policy, with defaults for the rest.
    pub fn new<S: Into<Source>>(
        ledgers: impl IntoIterator<Item = S>,
        origins: Vec<NaiveDate>,
        policy: Policy,
    ) -> Self {
        Self {
            ledgers: ledgers.into_iter().map(Into::into).collect(),
            origins,
            known_until: None,
            policy,
            guidance: Guidance::default(),
            model: ModelChoice::Auto,
        }
    }
}

/// An error of a backtest.
#[derive(Debug, Error)]
pub enum BacktestError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The model asked for cannot be trained.
    #[error("at the origin {0}: {1}")]
    Model(NaiveDate, TrainError),
    /// No invoice was open at the origin.
    #[error("no invoice was open at the end of {0}; choose an origin between {1} and {2}")]
    NothingOpen(NaiveDate, NaiveDate, NaiveDate),
    /// The model was trained on data later than the origin.
    #[error(
        "the model was trained on data up to {0}, after the origin {1}, so it has already seen the \
         outcomes; choose a later origin or an older model"
    )]
    SeenBefore(NaiveDate, NaiveDate),
    /// No later events are known.
    #[error("the origin {0} is not before {1}, the last day covered by the ledger")]
    TooLate(NaiveDate, NaiveDate),
}

/// Rebuilds what was known at the end of each origin, trains on it, scores every invoice that was
/// open then, and compares the scores with the outcomes.
///
/// # Errors
/// If the ledger cannot be read, the model cannot be trained, the model has seen the outcomes, or
/// an origin has no open invoice or is not before the last known day. A bad row is counted as a
/// reject instead.
pub fn backtest(
    request: &BacktestRequest,
    progress: Progress<'_>,
) -> Result<Backtest, BacktestError> {
    let options = ingest_options(&request.policy, &request.guidance);
    let ledger = ledger::read(&request.ledgers, &options, progress)?;
    let known_until = ledger.as_of(request.known_until)?;
    let last = known_until.date;
    let bench = Bench::new(&ledger, known_until, request.policy.prior(), request.model.clone())?;
    let mut scored = Vec::new();
    let mut models = Vec::new();
    let mut origins = request.origins.clone();
    origins.sort_unstable();
    // An origin given twice would count its invoices twice.
    origins.dedup();
    for origin in origins {
        if origin >= last {
            return Err(BacktestError::TooLate(origin, last));
        }
        if let ModelChoice::File(loaded) = &request.model {
            let seen = from_day_number(loaded.file.model.training().as_of);
            // Trained at the end of the origin itself, a model knows what the forecast may know.
            if seen > origin {
                return Err(BacktestError::SeenBefore(seen, origin));
            }
        }
        // One model for each origin: it must not know what came later.
        let scored_then = bench.at(origin).map_err(|error| BacktestError::Model(origin, error));
        let (model, mut cases) = scored_then?;
        if cases.is_empty() {
            return Err(BacktestError::NothingOpen(origin, ledger.first_issue_date()?, last));
        }
        scored.append(&mut cases);
        models.push((origin, model));
    }
    Ok(Backtest {
        scored,
        models,
        known_until: last,
        rejects: ledger.rejects.len(),
        clients: ledger.clients.iter().map(|client| client.id.clone()).collect(),
    })
}

/// The day of collection of every invoice, by row, as known at the end of `until`.
fn outcomes(ledger: &Ledger, columns: &LedgerColumns<'_>, until: &AsOf) -> Vec<Option<Day>> {
    let mut outcomes = vec![None; ledger.invoices.height()];
    for client in 0..ledger.clients.len() {
        for invoice in columns.position(client, until).invoices {
            if let Outcome::Collected(day) = invoice.outcome {
                outcomes[invoice.row] = Some(day);
            }
        }
    }
    outcomes
}

/// A ledger prepared for testing models on it.
pub(in super::super) struct Bench<'a> {
    ledger: &'a Ledger,
    columns: LedgerColumns<'a>,
    known_until: AsOf,
    outcomes: Vec<Option<Day>>,
    prior: &'a PriorCurve,
    model: ModelChoice,
}

/// One client at an origin.
struct ClientThen {
    client: usize,
    position: ClientPosition,
    history: History,
    /// The amount paid on each invoice within 30 days, minor units, by its row; `None` if those
    /// days are not over.
    paid_later: Option<HashMap<usize, i64>>,
}

impl<'a> Bench<'a> {
    /// Takes the outcomes known at the end of `known_until`.
    pub fn new(
        ledger: &'a Ledger,
        known_until: AsOf,
        prior: &'a PriorCurve,
        model: ModelChoice,
    ) -> Result<Self, LedgerError> {
        let columns = ledger.columns()?;
        let outcomes = outcomes(ledger, &columns, &known_until);
        Ok(Self { ledger, columns, known_until, outcomes, prior, model })
    }

    /// Scores the invoices open at one origin; returns them with the name of the model.
    pub fn at(
        &self,
        origin: NaiveDate,
    ) -> Result<(&'static str, Vec<PredictedInvoice>), TrainError> {
        let as_of = self.ledger.as_of(Some(origin))?;
        let clients: Vec<ClientThen> = (0..self.ledger.clients.len())
            .into_par_iter()
            .map(|client| self.client_then(client, &as_of))
            .collect();
        let histories: Vec<History> = clients.iter().map(|then| then.history.clone()).collect();
        let invoices = histories.iter().map(|history| history.invoices().len()).sum();
        // The same number by which an evaluation on that day would choose its model.
        let trained = if self.model.trains(invoices) {
            self.model.trained(&histories, self.prior)?
        } else {
            None
        };
        let model = match &self.model {
            ModelChoice::File(loaded) => Some(&loaded.file.model),
            _ => trained.as_ref(),
        };
        let rates = BaseRates::of(&histories).forecast();
        // Client by client: the debtors of each already share all cores.
        let scored = clients.iter().flat_map(|then| self.scores(then, &as_of, model, rates));
        let name = match (&self.model, model) {
            (_, None) => "km",
            (ModelChoice::File(_), _) => "file",
            _ => "boosted",
        };
        Ok((name, scored.collect()))
    }

    fn client_then(&self, client: usize, as_of: &AsOf) -> ClientThen {
        let position = self.columns.position(client, as_of);
        let debtors = &self.ledger.clients[client].debtors;
        let history = history(&self.columns, &position, debtors, as_of, &HashSet::new());
        let later = self.later(as_of).map(|later| self.columns.position(client, &later));
        let paid_later = later.map(|later| {
            later.invoices.iter().map(|i| (i.row, i.paid())).collect::<HashMap<_, _>>()
        });
        ClientThen { client, position, history, paid_later }
    }

    /// The date 30 days after an origin; `None` if it is not over yet.
    fn later(&self, as_of: &AsOf) -> Option<AsOf> {
        let date = as_of.date.checked_add_days(Days::new(30))?;
        // It fails only for a missing column, which reading has ruled out.
        if date > self.known_until.date { None } else { self.ledger.as_of(Some(date)).ok() }
    }

    fn scores(
        &self,
        then: &ClientThen,
        as_of: &AsOf,
        model: Option<&BoostedHazard>,
        rates: Forecast,
    ) -> Vec<PredictedInvoice> {
        let history = &then.history;
        let spells = history.spells_at(as_of.day());
        // The rival is what a client has without any model, so it leans on the policy's prior
        // alone.
        let km = KaplanMeier::fit(&spells, history.debtors(), self.prior);
        let leaning = model.filter(|model| leans_on_pool(model, &self.model));
        let base = leaning.map_or_else(|| km.clone(), |model| model.base(history));
        let scorer = model.map(|model| ClientScorer::new(model, history, &base));
        let client = ScoredClient { bench: self, then, km: &km, scorer: scorer.as_ref(), rates };
        let debtors = 0..history.debtors();
        let scored = debtors.into_par_iter().flat_map_iter(|debtor| client.debtor(debtor));
        scored.collect()
    }
}

/// Scores one client's invoices at an origin.
struct ScoredClient<'a> {
    bench: &'a Bench<'a>,
    then: &'a ClientThen,
    km: &'a KaplanMeier,
    scorer: Option<&'a ClientScorer<'a>>,
    rates: Forecast,
}

impl ScoredClient<'_> {
    fn debtor(&self, debtor: usize) -> Vec<PredictedInvoice> {
        let ClientThen { client, position, history, paid_later } = self.then;
        let as_of = history.as_of();
        let rows = history.debtor_rows(debtor);
        // A history has one past invoice for each of its position, in the same order.
        let open: Vec<usize> = rows.filter(|&at| position.invoices[at].open > 0).collect();
        let ages = || open.iter().map(|&at| as_of - position.invoices[at].due);
        let (Some(youngest), Some(oldest)) = (ages().min(), ages().max()) else {
            return Vec::new();
        };
        let paid = history.of_debtor(debtor).iter().filter(|i| i.paid_late_by(as_of).is_some());
        let paid_before = paid.count();
        let curves = self.km.debtor(debtor, youngest..=oldest, LATEST_DAY);
        let boosted = self.scorer.and_then(|scorer| scorer.debtor(debtor));
        let first_debtor = self.bench.ledger.clients[*client].debtors.start;
        let score = |&at: &usize| {
            let invoice = &position.invoices[at];
            let km = Forecast::of(&curves.score(as_of - invoice.due));
            let model = boosted.as_ref().map(|debtor| debtor.invoice(at).score(LATEST_DAY));
            PredictedInvoice {
                client: *client,
                invoice_number: self.bench.columns.number(invoice.row).to_owned(),
                currency: invoice.currency,
                case: Case {
                    origin: as_of,
                    known_until: self.bench.known_until.day(),
                    collected: self.bench.outcomes[invoice.row],
                    debtor: first_debtor + debtor,
                    amount: invoice.open_balance().to_f64(),
                    paid_before,
                },
                // Payments before the origin are not the model's to predict.
                paid_30: paid_later.as_ref().map(|paid| {
                    let by_then = paid.get(&invoice.row).copied().unwrap_or(invoice.paid());
                    (by_then - invoice.paid()) as f64 / invoice.currency.minor_units()
                }),
                model: model.map_or(km, |curve| Forecast::of(&curve)),
                km,
                // Before the client's first payment there is no average to take.
                debtor_average: debtor_average(history, at)
                    .map_or(self.rates, |curve| Forecast::of(&curve)),
                base_rate: self.rates,
            }
        };
        open.iter().map(score).collect()
    }
}
