use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use basics::OutOfRange;
use policy::RiskTerms;
use words::{Facts, say, say_with};

use super::book::{ClientBook, Lateness, WEEKS};
use super::book_risk::Scales;
use super::default_rates::{DefaultRates, debtor_default};
use super::provisions::{exposures, share_lost, uncovered};

/// Weeks of the nearer cash figure.
const NEAR: usize = 4;

/// A stress scenario.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// The name of the scenario.
    pub name: String,
    /// Number of the largest debtors, by open balance across clients, that pay nothing more.
    pub largest_debtors_fail: usize,
    /// Number of days by which debtors pay later.
    #[schemars(extend("minimum" = 0, "maximum" = 365))]
    pub slower_days: f64,
    /// The sector whose clients' debtors pay later; all clients without it.
    pub sector: Option<String>,
    /// Factor on dilution.
    #[schemars(extend("minimum" = 0, "maximum" = 100))]
    pub dilution_times: Option<f64>,
    /// True if every client's debtors pay as late as in its worst quarter of the last 12 months.
    pub worst_quarter: bool,
    /// Factor on the default rate of debtors.
    #[schemars(extend("minimum" = 0, "maximum" = 1000))]
    pub default_times: Option<f64>,
}

/// The portfolio under a scenario, in the reporting currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Stressed {
    /// The name of the scenario.
    pub name: String,
    /// Amount that clients may draw under their borrowing bases.
    pub availability: f64,
    /// Amount that they have drawn above them.
    pub overadvance: f64,
    /// Number of overadvanced clients.
    pub overadvanced: usize,
    /// Expected loss of the funds in use.
    pub expected_loss: f64,
    /// Collections expected in the next 4 weeks.
    pub cash_4: f64,
    /// Collections expected in the next 13 weeks.
    pub cash_13: f64,
}

impl Scenario {
    /// Checks that the scenario makes sense for these books.
    ///
    /// # Errors
    /// [`OutOfRange`], naming the scenario, if it has no name, a number is outside its range, or
    /// the portfolio has no client of the sector.
    pub fn check(&self, books: &[ClientBook]) -> Result<(), OutOfRange> {
        let key = |member: &str| format!("scenario '{}': {member}", self.name);
        if self.name.trim().is_empty() {
            return Err(OutOfRange::new("scenario.name", "missing", "a name"));
        }
        let times = |member: &str, value: Option<f64>, most: f64| match value {
            // Written so that NaN, which TOML can write, is in no range.
            Some(value) if !(0.0..=most).contains(&value) => {
                Err(OutOfRange::new(&key(member), value, format!("a number from 0 to {most}")))
            }
            _ => Ok(()),
        };
        times("slower_days", Some(self.slower_days), 365.0)?;
        times("dilution_times", self.dilution_times, 100.0)?;
        times("default_times", self.default_times, 1_000.0)?;
        if let Some(sector) = &self.sector
            && books.iter().all(|book| book.sector != *sector)
        {
            let expected = "a sector of the portfolio's clients";
            return Err(OutOfRange::new(&key("sector"), sector.as_str(), expected));
        }
        Ok(())
    }
}

/// Returns the scenarios that are always run: the present state first, then what the trade fears
/// most.
pub fn usual_scenarios(books: &[ClientBook], scales: &Scales) -> Vec<Scenario> {
    let failing = largest(books, scales).into_iter().next().map(|(_, name)| name);
    let failing = match failing {
        Some(name) => {
            say_with("portfolio_scenario.debtor_fails", &Facts::new().with("debtor", name))
        }
        None => say("portfolio_scenario.largest_fails"),
    };
    let mut all = vec![
        Scenario { name: say("portfolio_scenario.as_it_is"), ..Scenario::default() },
        Scenario { name: failing, largest_debtors_fail: 1, ..Scenario::default() },
    ];
    let mut sectors: BTreeMap<&str, f64> = BTreeMap::new();
    for book in books.iter().filter(|book| !book.sector.is_empty()) {
        let scale = scales.get(&book.currency).copied().unwrap_or(0.0);
        *sectors.entry(&book.sector).or_default() += book.open() as f64 * scale;
    }
    let largest = sectors.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let (name, sector) = match largest {
        Some((sector, _)) => {
            let facts = Facts::new().with("sector", sector);
            (say_with("portfolio_scenario.sector_slower", &facts), Some(sector.to_owned()))
        }
        None => (say("portfolio_scenario.all_slower"), None),
    };
    all.extend([
        Scenario { name, slower_days: 15.0, sector, ..Scenario::default() },
        Scenario {
            name: say("portfolio_scenario.dilution_doubles"),
            dilution_times: Some(2.0),
            ..Scenario::default()
        },
        Scenario {
            name: say("portfolio_scenario.worst_quarter"),
            worst_quarter: true,
            ..Scenario::default()
        },
        Scenario {
            name: say("portfolio_scenario.bad_year"),
            default_times: Some(3.0),
            dilution_times: Some(2.0),
            slower_days: 15.0,
            ..Scenario::default()
        },
    ]);
    all
}

/// Runs scenarios over the books.
///
/// A scenario moves due dates, curves, dilution and default rates, and fails debtors; concentration
/// limits are not run again.
pub fn stress(
    books: &[ClientBook],
    rates: &DefaultRates,
    terms: &RiskTerms,
    scales: &Scales,
    scenarios: &[Scenario],
) -> Vec<Stressed> {
    let largest: Vec<String> =
        largest(books, scales).into_iter().map(|(identity, _)| identity).collect();
    let run = |scenario: &Scenario| {
        let failing = &largest[..scenario.largest_debtors_fail.min(largest.len())];
        let mut sum = Stressed {
            name: scenario.name.clone(),
            availability: 0.0,
            overadvance: 0.0,
            overadvanced: 0,
            expected_loss: 0.0,
            cash_4: 0.0,
            cash_13: 0.0,
        };
        for (book, &yearly) in books.iter().zip(&rates.by_book) {
            let scale = scales.get(&book.currency).copied().unwrap_or(0.0);
            Case::of(book, scenario, failing).add(yearly, terms, scale, &mut sum);
        }
        sum
    };
    scenarios.iter().map(run).collect()
}

/// Returns debtors as (identity, a name of it), by open balance across clients, largest first.
fn largest(books: &[ClientBook], scales: &Scales) -> Vec<(String, String)> {
    let mut open: BTreeMap<&str, (f64, &str)> = BTreeMap::new();
    for book in books {
        let scale = scales.get(&book.currency).copied().unwrap_or(0.0);
        for invoice in &book.invoices {
            let debtor = &book.debtors[invoice.debtor];
            let (sum, name) = open.entry(&debtor.identity).or_default();
            *sum += invoice.open as f64 * scale;
            *name = &debtor.name;
        }
    }
    let mut all: Vec<(&str, (f64, &str))> = open.into_iter().collect();
    all.sort_by(|a, b| b.1.0.total_cmp(&a.1.0));
    all.into_iter().map(|(identity, (_, name))| (identity.to_owned(), name.to_owned())).collect()
}

/// A book under a scenario.
struct Case<'a> {
    book: &'a ClientBook,
    fails: Vec<bool>,
    slower: f64,
    dilution: f64,
    /// The dilution that the borrowing base counts.
    counted_dilution: f64,
    default_times: f64,
}

impl<'a> Case<'a> {
    fn of(book: &'a ClientBook, scenario: &Scenario, failing: &[String]) -> Self {
        let meant = scenario.sector.as_ref().is_none_or(|sector| *sector == book.sector);
        let mut slower = if meant { scenario.slower_days } else { 0.0 };
        if scenario.worst_quarter {
            slower += worst_quarter(book);
        }
        let times = scenario.dilution_times.unwrap_or(1.0);
        Self {
            book,
            fails: book.debtors.iter().map(|debtor| failing.contains(&debtor.identity)).collect(),
            slower,
            dilution: (book.dilution.to_f64() * times).min(1.0),
            counted_dilution: (book.counted_dilution.to_f64() * times).min(1.0),
            default_times: scenario.default_times.unwrap_or(1.0),
        }
    }

    fn add(&self, yearly: f64, terms: &RiskTerms, scale: f64, sum: &mut Stressed) {
        let base = &self.book.certificate.base;
        let (mut eligible, mut cash_4, mut cash_13) = (0.0, 0.0, 0.0);
        // Today's dilution is in the curves already; only what comes on top is taken off.
        let kept = 1.0 - (self.dilution - self.book.dilution.to_f64()).max(0.0);
        for invoice in &self.book.invoices {
            if self.fails[invoice.debtor] {
                continue;
            }
            // Paid so much later, it is so much older when the same share of the ledger is paid.
            let left = f64::from(invoice.eligible_until) - f64::from(self.book.day());
            if self.slower <= left {
                eligible += invoice.eligible as f64;
            }
            let by = |week: usize| self.collected(&invoice.weeks, week);
            cash_4 += invoice.open as f64 * kept * by(NEAR);
            cash_13 += invoice.open as f64 * kept * by(WEEKS);
        }
        let above = (self.counted_dilution - self.book.exposure.dilution_threshold).max(0.0);
        let other = base.other_reserves.minor() as f64;
        let net = (eligible * (self.book.advance_rate.to_f64() - above) - other).max(0.0);
        let net = base.line.map_or(net, |line| net.min(line.minor() as f64));
        let excess = net - self.book.exposure.funds as f64;
        sum.availability += excess.max(0.0) * scale;
        sum.overadvance += (-excess).max(0.0) * scale;
        // Half a minor unit: below that the excess is the rounding of doubles.
        sum.overadvanced += usize::from(excess < -0.5);
        sum.expected_loss += self.loss(yearly, terms) * scale;
        sum.cash_4 += cash_4 * scale;
        sum.cash_13 += cash_13 * scale;
    }

    /// Returns the share collected by the end of a week if everything comes later.
    fn collected(&self, weeks: &[f32; WEEKS + 1], week: usize) -> f64 {
        let then = week as f64 - self.slower / 7.0;
        if then <= 0.0 {
            return 0.0;
        }
        // Between 0 and the last week.
        let before = (then.floor() as usize).min(WEEKS);
        let after = (before + 1).min(WEEKS);
        let (low, high) = (f64::from(weeks[before]), f64::from(weeks[after]));
        // Interpolated between whole weeks; what is collected by today stays.
        low + (high - low) * (then - then.floor())
    }

    fn loss(&self, yearly: f64, terms: &RiskTerms) -> f64 {
        let exposed = exposures(self.book);
        let debtors = self.book.debtors.iter().zip(exposed).zip(&self.fails);
        let exposed = debtors.filter(|((_, (funds, _)), _)| *funds > 0.0);
        let alone = uncovered(self.book)
            * self.book.exposure.client_default
            * self.book.exposure.loss_given_default;
        let lost = exposed.map(|((debtor, (funds, days)), &fails)| {
            let yearly = (yearly * self.default_times).min(1.0);
            let own = debtor_default(debtor, yearly, days + self.slower);
            // A debtor that the scenario fails is certain to default, whatever its rate.
            let pd = if fails { 1.0 } else { own };
            funds * pd * share_lost(self.book, pd, terms)
        });
        lost.sum::<f64>() + alone
    }
}

/// Returns the days by which the worst quarter of the last 12 months was later than the 12 months
/// together.
fn worst_quarter(book: &ClientBook) -> f64 {
    let months = &book.months[book.months.len().saturating_sub(12)..];
    let sum = |months: &[super::book::MonthEnd]| {
        let mut sum = Lateness::default();
        months.iter().for_each(|month| sum.merge(month.paid));
        sum.mean()
    };
    let quarters = months.chunks(3).filter_map(sum);
    let worst = quarters.max_by(f64::total_cmp);
    worst.zip(sum(months)).map_or(0.0, |(worst, mean)| (worst - mean).max(0.0))
}
