use std::collections::BTreeMap;

use basics::{Currency, OutOfRange};
use policy::RiskTerms;

use super::book::ClientBook;
use super::credit_loss::{GranularityInput, granularity, vasicek_quantile};
use super::default_rates::{DefaultRates, debtor_default};
use super::provisions::{exposures, uncovered};
use super::simulation::{Copula, LossDistribution, LossModel, Name, Seller};

/// Confidence of the asymptotic formula and the granularity adjustment.
const CONFIDENCE: f64 = 0.999;

/// Units of the reporting currency for one minor unit of each currency.
pub type Scales = BTreeMap<Currency, f64>;

/// A debtor's part of the loss distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedRisk {
    /// Identity across clients.
    pub identity: String,
    /// Name.
    pub name: String,
    /// Funds in use on its invoices.
    pub funds: f64,
    /// Contribution to the expected shortfall at 99 %.
    pub contribution: f64,
}

/// The loss distribution of a book under one copula.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    /// The copula in words.
    pub copula: String,
    /// Expected loss, quantiles and tail means.
    pub distribution: LossDistribution,
}

/// The loss of all books together.
#[derive(Debug, Clone, PartialEq)]
pub struct BookRisk {
    /// The reporting currency.
    pub currency: Currency,
    /// Funds in use.
    pub funds: f64,
    /// Number of debtors with funds in use.
    pub names: usize,
    /// The distributions: Gaussian first, Student-t second.
    pub simulated: Vec<Simulated>,
    /// The 99.9 % quantile of the loss of an infinitely granular book without recourse.
    pub asymptotic: f64,
    /// The same plus the granularity adjustment for few names.
    pub with_granularity: Option<f64>,
    /// Debtors by their contribution to the Gaussian expected shortfall at 99 %, largest first.
    pub debtors: Vec<NamedRisk>,
    /// Clients by the same measure: (client, funds, contribution).
    pub clients: Vec<(String, f64, f64)>,
}

/// The reporting currency, and the rates that convert to it.
#[derive(Debug, Clone, Copy)]
pub struct Reporting<'a> {
    /// The reporting currency.
    pub currency: Currency,
    /// The value of a minor unit of each currency in it.
    pub scales: &'a Scales,
}

/// Returns expected loss, value at risk and expected shortfall of the funds in use, by simulating
/// debtors and clients together. `timing` is the cost of a month that is one standard deviation
/// slow, in the reporting currency.
///
/// # Errors
/// [`OutOfRange`] if a term of the policy or an amount is outside its range
/// ([`LossModel::simulate`]).
pub fn book_risk(
    books: &[ClientBook],
    rates: &DefaultRates,
    terms: &RiskTerms,
    Reporting { currency, scales }: Reporting<'_>,
    timing: f64,
) -> Result<BookRisk, OutOfRange> {
    let book = Assembled::of(books, rates, terms, scales);
    let student = Copula::StudentT { degrees: terms.degrees_of_freedom };
    let mut simulated = Vec::new();
    for (words, copula) in [
        ("Gaussian".to_owned(), Copula::Gaussian),
        (format!("Student-t, {} d.f.", terms.degrees_of_freedom), student),
    ] {
        let model =
            LossModel { names: book.names.clone(), clients: book.clients.clone(), copula, timing };
        let scenarios = usize::try_from(terms.scenarios).unwrap_or(usize::MAX);
        let distribution = model.simulate(scenarios, terms.seed)?;
        simulated.push(Simulated { copula: words, distribution });
    }
    let (asymptotic, with_granularity) = book.closed_form(terms);
    let mut risk = BookRisk {
        currency,
        funds: book.funds.iter().sum(),
        names: book.names.len(),
        asymptotic,
        with_granularity,
        debtors: Vec::new(),
        clients: Vec::new(),
        simulated,
    };
    (risk.debtors, risk.clients) = book.contributions(&risk.simulated[0].distribution);
    Ok(risk)
}

/// The books as input of the simulation: a debtor of several clients is one name.
struct Assembled<'a> {
    names: Vec<Name>,
    risks: Vec<NamedRisk>,
    clients: Vec<Seller>,
    books: &'a [ClientBook],
    /// Funds in use of each book, in the reporting currency.
    funds: Vec<f64>,
}

impl<'a> Assembled<'a> {
    fn of(
        books: &'a [ClientBook],
        rates: &DefaultRates,
        terms: &RiskTerms,
        scales: &Scales,
    ) -> Self {
        let correlation = terms.correlation_percent.to_f64();
        let tied = terms.client_correlation_percent.to_f64();
        // The loading at which a client's latent value has that correlation with its debtors':
        // corr(client, debtor) = loading x sqrt(correlation).
        // At most 0.95, so that the client keeps some risk of its own.
        let loading = if correlation > 0.0 { (tied / correlation.sqrt()).min(0.95) } else { 0.0 };
        let mut all = Self { names: vec![], risks: vec![], clients: vec![], books, funds: vec![] };
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, (book, &yearly)) in books.iter().zip(&rates.by_book).enumerate() {
            let scale = scales.get(&book.currency).copied().unwrap_or(0.0);
            let exposure = &book.exposure;
            for (debtor, (funds, days)) in book.debtors.iter().zip(exposures(book)) {
                // Without a rate to the reporting currency a debtor is left to the distribution of
                // its own currency.
                let funds = funds * scale;
                if funds <= 0.0 {
                    continue;
                }
                let pd = debtor_default(debtor, yearly, days);
                let loss = funds * exposure.loss_given_default;
                if let Some(&place) = places.get(debtor.identity.as_str()) {
                    // Several clients may see one debtor differently: the worst view counts for
                    // all.
                    all.names[place].pd = all.names[place].pd.max(pd);
                    all.names[place].others.push((at, loss));
                    all.risks[place].funds += funds;
                    continue;
                }
                places.insert(&debtor.identity, all.names.len());
                all.names.push(Name { pd, loss, correlation, client: at, others: Vec::new() });
                all.risks.push(NamedRisk {
                    identity: debtor.identity.clone(),
                    name: debtor.name.clone(),
                    funds,
                    contribution: 0.0,
                });
            }
            let eligible = book.certificate.base.eligible.minor() as f64 * scale;
            let funds = exposure.funds as f64 * scale;
            all.funds.push(funds);
            all.clients.push(Seller {
                pd: exposure.client_default,
                loading,
                borne: if exposure.recourse { 0.0 } else { 1.0 },
                bought: eligible,
                reserve: (eligible - funds).max(0.0),
                uncovered: uncovered(book) * scale * exposure.loss_given_default,
                dilution: book.dilution.to_f64(),
            });
        }
        all
    }

    /// Returns the quantile of an infinitely granular book in which no client buys back, and the
    /// same with the granularity adjustment.
    fn closed_form(&self, terms: &RiskTerms) -> (f64, Option<f64>) {
        let correlation = terms.correlation_percent.to_f64();
        let quantile = |pd: f64| vasicek_quantile(pd, correlation, CONFIDENCE).unwrap_or(pd);
        let certain = |name: &Name| name.pd <= 0.0 || name.pd >= 1.0;
        let conditional = |name: &Name| if certain(name) { name.pd } else { quantile(name.pd) };
        let lost = |name: &Name| name.loss + name.others.iter().map(|(_, loss)| loss).sum::<f64>();
        let losses = self.names.iter().map(|name| lost(name) * conditional(name));
        let asymptotic: f64 = losses.sum();
        let named = self.names.iter().zip(&self.risks);
        let inputs: Vec<GranularityInput> = named
            .filter(|(name, _)| !certain(name) && lost(name) > 0.0)
            .map(|(name, risk)| {
                // Clients of one debtor may have loss rates of their own: this is their mean by
                // funds.
                let lgd = lost(name) / risk.funds;
                let capital = lgd * (quantile(name.pd) - name.pd);
                GranularityInput { exposure: risk.funds, pd: name.pd, lgd, capital }
            })
            .collect();
        let total: f64 = inputs.iter().map(|input| input.exposure).sum();
        // Where every default is certain or costs nothing, there is nothing to adjust.
        let added = granularity(&inputs, CONFIDENCE, 0.25).ok();
        (asymptotic, added.map(|added| asymptotic + added.adjustment * total))
    }

    /// Returns debtors and clients by their contribution to the shortfall, largest first.
    fn contributions(
        &self,
        distribution: &LossDistribution,
    ) -> (Vec<NamedRisk>, Vec<(String, f64, f64)>) {
        let parts = self.risks.iter().zip(&distribution.by_name);
        let with =
            |(risk, &contribution): (&NamedRisk, &f64)| NamedRisk { contribution, ..risk.clone() };
        let mut debtors: Vec<NamedRisk> = parts.map(with).collect();
        debtors.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
        let books = self.books.iter().zip(&self.funds).zip(&distribution.by_client);
        let funded = books.filter(|((_, funds), _)| **funds > 0.0);
        let mut clients: Vec<(String, f64, f64)> =
            funded.map(|((book, &funds), &part)| (book.client.clone(), funds, part)).collect();
        clients.sort_by(|a, b| b.2.total_cmp(&a.2));
        (debtors, clients)
    }
}
