//! One client's book out of its ledger.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::basics::{Currency, Day, Money, day_number, from_day_number, month_end_before};
use crate::ledger::{ClientPosition, InvoiceAt, Outcome};
use crate::portfolio::{
    BookDebtor, BookInvoice, Buckets, Causes, ClientBook, Exposure, Lateness, Month, MonthEnd,
};
use crate::pricing::{PricingError, Recourse};
use crate::scoring::{Basis, KaplanMeier};
use crate::underwriting::{Eligibility, Standing, assess};

use super::super::part::{Context, PartBuilder, Scored};
use super::super::pool::{pool, spells};
use super::identity::Identities;

/// Ends of months that are looked back at, the as-of date included: 13 flows.
const MONTHS: usize = 14;

/// Days of a debtor's first months.
const NEW_DEBTOR_DAYS: Day = 90;

/// The books of a client, one per currency in which it has or had open invoices.
pub(super) fn client_books(
    context: &Context<'_>,
    client: usize,
    identities: &Identities,
    buckets: &Buckets,
) -> Result<Vec<ClientBook>, PricingError> {
    let as_of = context.as_of;
    let position = context.columns.position(client, as_of);
    let debtors = context.ledger.clients[client].debtors.clone();
    let spells = spells(&position, debtors.start, as_of.day());
    let km = KaplanMeier::fit(&spells, debtors.len(), context.policy.prior());
    let months: Vec<(NaiveDate, ClientPosition)> = month_ends(as_of.date)
        .into_iter()
        .map(|date| (date, context.columns.position(client, &as_of.earlier(date))))
        .collect();
    let mut currencies: Vec<Currency> = position.invoices.iter().map(|i| i.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let build = |currency| {
        let pool = pool(context, client, &position, currency);
        let (position, km) = (&position, &km);
        let part = PartBuilder { context, client, position, km, scorer: None, history: None, pool };
        Builder { part, currency, identities, buckets, months: &months }.build()
    };
    currencies.into_iter().map(build).collect()
}

/// The last [`MONTHS`] ends of months before `as_of`, oldest first; the as-of date is the last.
fn month_ends(as_of: NaiveDate) -> Vec<NaiveDate> {
    let mut all = vec![as_of];
    while all.len() < MONTHS {
        all.push(month_end_before(all[all.len() - 1]));
    }
    all.reverse();
    all
}

struct Builder<'a> {
    part: PartBuilder<'a>,
    currency: Currency,
    identities: &'a Identities,
    buckets: &'a Buckets,
    months: &'a [(NaiveDate, ClientPosition)],
}

impl Builder<'_> {
    fn build(self) -> Result<ClientBook, PricingError> {
        let PartBuilder { context, client, position, .. } = &self.part;
        let (policy, as_of) = (context.policy, context.as_of);
        let eligibility = assess(&self.part.pool.pool, policy);
        let dilution = self.part.dilution();
        let certificate = self.part.certificate(&eligibility, dilution)?;
        let scored = self.part.score();
        let (debtors, places) = self.debtors();
        let credits = position.credits.iter().filter(|(currency, ..)| *currency == self.currency);
        let mut credits: Vec<(Day, i64)> = credits.map(|&(_, day, amount)| (day, amount)).collect();
        credits.sort_unstable();
        let exposure = self.exposure(certificate.base.gross_availability);
        Ok(ClientBook {
            client: context.ledger.clients[*client].id.clone(),
            // The portfolio's to say.
            sector: String::new(),
            currency: self.currency,
            as_of: as_of.date,
            invoices: self.invoices(&eligibility, &scored, &places),
            months: self.month_ends(),
            causes: self.causes(&credits),
            credits,
            debtors,
            advance_rate: policy.advance_cap(),
            dilution,
            exposure,
            certificate,
            rests_on_prior: self.part.km.basis() == Basis::Prior,
        })
    }

    fn exposure(&self, availability: Money) -> Exposure {
        let policy = self.part.context.policy;
        let facility = self.part.context.facility.filter(|f| f.currency == self.currency);
        let drawn = facility.and_then(|f| f.money(f.outstanding).ok()).map(Money::minor);
        let line = facility.and_then(|f| f.line).and_then(|line| facility?.money(line).ok());
        let terms = policy.loss_terms(None);
        Exposure {
            funds: drawn.unwrap_or(availability.minor()),
            is_drawn: drawn.is_some(),
            line: line.map(Money::minor),
            recourse: terms.recourse == Recourse::Full,
            client_default: terms.client_default,
            credit_share: terms.credit_share,
            loss_given_default: terms.loss_given_default,
            recourse_days: policy.recourse_days(),
        }
    }

    fn own(&self) -> impl Iterator<Item = &InvoiceAt> {
        let all = self.part.position.invoices.iter();
        all.filter(|invoice| invoice.currency == self.currency)
    }

    /// Debtors with invoices in this currency, and the place of each ledger debtor among them.
    fn debtors(&self) -> (Vec<BookDebtor>, BTreeMap<usize, usize>) {
        let mut debtors: Vec<BookDebtor> = Vec::new();
        let mut places = BTreeMap::new();
        let day = self.part.context.as_of.day();
        let default_days = i32::try_from(self.part.context.policy.risk().default_days).unwrap_or(0);
        let mut first_default: Vec<Option<Day>> = Vec::new();
        for invoice in self.own() {
            let place = *places.entry(invoice.debtor).or_insert_with(|| {
                debtors.push(self.debtor(invoice));
                first_default.push(None);
                debtors.len() - 1
            });
            let debtor = &mut debtors[place];
            take(debtor, invoice, day);
            if let Some(on) = defaulted(invoice, day, default_days) {
                let first = &mut first_default[place];
                *first = Some(first.map_or(on, |first| first.min(on)));
                debtor.in_default |= invoice.outcome == Outcome::Open;
            }
        }
        for (debtor, first) in debtors.iter_mut().zip(first_default) {
            debtor.has_defaulted = first.is_some();
            let until = first.unwrap_or(day);
            debtor.years = f64::from((until - debtor.first_issue).max(0)) / 365.0;
        }
        for note in &self.part.position.credit_notes {
            let place = places.get(&note.debtor).filter(|_| note.currency == self.currency);
            if let Some(&place) = place {
                debtors[place].unapplied = debtors[place].unapplied.saturating_add(note.amount);
            }
        }
        (debtors, places)
    }

    fn debtor(&self, invoice: &InvoiceAt) -> BookDebtor {
        let PartBuilder { context, client, .. } = &self.part;
        let (id, name) = context.columns.debtor(invoice.debtor, context.as_of.day());
        let told = context.columns.told(invoice.debtor);
        let limit = told.limit.parse().ok();
        let client = &context.ledger.clients[*client].id;
        let identity = self.identities.of(client, id);
        let group = Some(told.group.trim().to_owned()).filter(|group| !group.is_empty());
        BookDebtor {
            id: id.to_owned(),
            name: name.to_owned(),
            group: identity.group.clone().or(group),
            identity: identity.key,
            limit: limit.and_then(|limit| {
                Money::round(limit, self.currency, crate::basics::Rounding::Down).ok()
            }),
            unapplied: 0,
            first_issue: invoice.issue,
            last_paid: None,
            sales: 0,
            credited: 0,
            written_off: 0,
            recent: Lateness::default(),
            before: Lateness::default(),
            years: 0.0,
            has_defaulted: false,
            in_default: false,
            oldest_past_due: 0,
        }
    }

    fn invoices(
        &self,
        eligibility: &Eligibility,
        scored: &[Scored],
        places: &BTreeMap<usize, usize>,
    ) -> Vec<BookInvoice> {
        let pool = &self.part.pool;
        let judged = pool.pool.receivables.iter().zip(&eligibility.assessments);
        let of = |(((receivable, assessment), scored), &at): (
            ((&crate::underwriting::Receivable, &crate::underwriting::Assessment), &Scored),
            &usize,
        )| {
            let by = |day: usize| scored.curve.by(day) as f32;
            let last = scored.recourse_day as usize;
            let collected = scored.curve.by(last);
            let mean = scored.curve.mean_day_within(last).unwrap_or(0.0);
            let days = collected * mean + (1.0 - collected) * f64::from(scored.recourse_day);
            BookInvoice {
                debtor: places[&self.part.position.invoices[at].debtor],
                number: receivable.number.clone(),
                issue: receivable.issue,
                due: receivable.due,
                open: receivable.open.minor(),
                eligible: assessment.collateral().minor(),
                disputed: receivable.disputed == Some(true),
                weeks: std::array::from_fn(|week| by(7 * week)),
                collected: collected as f32,
                expected_days: days as f32,
            }
        };
        judged.zip(scored).zip(&pool.invoices).map(of).collect()
    }

    fn month_ends(&self) -> Vec<MonthEnd> {
        let ends = self.months.iter();
        ends.enumerate()
            .map(|(index, (date, position))| {
                let before = index.checked_sub(1).map(|before| self.months[before].0);
                self.month_end(*date, before.unwrap_or_else(|| month_end_before(*date)), position)
            })
            .collect()
    }

    fn month_end(&self, date: NaiveDate, after: NaiveDate, position: &ClientPosition) -> MonthEnd {
        let (day, after) = (day_number(date), day_number(after));
        let mut end = MonthEnd {
            date,
            standing: Standing::default(),
            buckets: vec![0; self.buckets.count()],
            current: 0,
            sales_90: 0,
            true_days: 0.0,
            vintages: BTreeMap::new(),
            new_debtors: 0,
            paid: Lateness::default(),
        };
        let mut first_issue: BTreeMap<usize, Day> = BTreeMap::new();
        for i in position.invoices.iter().filter(|i| i.currency == self.currency) {
            end.standing.add(i.face, i.open, i.credited, i.written_off);
            let past_due = day - i.due;
            end.buckets[self.buckets.index(past_due)] += i128::from(i.open);
            end.current += if past_due <= 0 { i128::from(i.open) } else { 0 };
            end.sales_90 += if i.issue > day - 90 { i128::from(i.face) } else { 0 };
            let vintage = end.vintages.entry(Month::of(from_day_number(i.issue))).or_default();
            vintage.add(i.face, i.open, i.credited, i.written_off);
            let first = first_issue.entry(i.debtor).or_insert(i.issue);
            *first = i.issue.min(*first);
            if let Outcome::Collected(on) = i.outcome
                && on > after
            {
                end.paid.add(i.face, on - i.due);
            }
        }
        end.true_days = true_days(position, self.currency, day, &end.vintages);
        let issued = position.invoices.iter().filter(|i| i.currency == self.currency);
        let new = issued
            .filter(|i| i.issue > after && i.issue - first_issue[&i.debtor] < NEW_DEBTOR_DAYS);
        end.new_debtors = new.map(|i| i128::from(i.face)).sum();
        end
    }

    fn causes(&self, credits: &[(Day, i64)]) -> Causes {
        let as_of = self.part.context.as_of;
        let year = as_of.day() - 365;
        let mut causes = Causes::default();
        for invoice in self.own().filter(|invoice| invoice.credited > 0) {
            let Some(first) = invoice.first_credit.filter(|&day| day > year) else { continue };
            let credited = i128::from(invoice.credited);
            causes.applied_credits += credited;
            causes.lag_weight += credited;
            causes.lag_days += credited * i128::from((first - invoice.issue).max(0));
            let disputed = self.part.context.columns.disputed(invoice.row, as_of);
            causes.disputed_credits += if disputed == Some(true) { credited } else { 0 };
        }
        let all: i128 = credits
            .iter()
            .filter(|(day, _)| *day > year)
            .map(|&(_, amount)| i128::from(amount))
            .sum();
        causes.unapplied_credits = (all - causes.applied_credits).max(0);
        let written = self.own().filter(|invoice| match invoice.outcome {
            Outcome::Removed(day) | Outcome::Collected(day) => day > year,
            Outcome::Open => true,
            Outcome::ClosedUndated => false,
        });
        causes.write_offs = written.map(|invoice| i128::from(invoice.written_off)).sum();
        causes
    }
}

/// Days of sales that are outstanding, invoice by invoice: age x open / sales of its month.
fn true_days(
    position: &ClientPosition,
    currency: Currency,
    day: Day,
    vintages: &BTreeMap<Month, Standing>,
) -> f64 {
    // In the canonical order of the invoices, so the sum is the same for any order of rows.
    let open = position.invoices.iter().filter(|i| i.currency == currency && i.open > 0);
    let days = open.map(|i| {
        let sales = vintages[&Month::of(from_day_number(i.issue))].issued;
        f64::from(day - i.issue) * i.open as f64 / sales as f64
    });
    days.sum()
}

/// The day on which an invoice put its debtor into default: when it was too long past due, or was
/// written off.
fn defaulted(invoice: &InvoiceAt, as_of: Day, default_days: Day) -> Option<Day> {
    let late = invoice.due + default_days + 1;
    match invoice.outcome {
        Outcome::Open => (as_of >= late).then_some(late),
        Outcome::Collected(day) => (day >= late).then_some(late),
        Outcome::Removed(day) if invoice.written_off > 0 => Some(day.min(late)),
        Outcome::Removed(_) | Outcome::ClosedUndated => None,
    }
}

/// Takes an invoice into what is known of its debtor.
fn take(debtor: &mut BookDebtor, invoice: &InvoiceAt, as_of: Day) {
    debtor.first_issue = debtor.first_issue.min(invoice.issue);
    if invoice.issue > as_of - 365 {
        debtor.sales = debtor.sales.saturating_add(invoice.face);
        debtor.credited = debtor.credited.saturating_add(invoice.credited);
        debtor.written_off = debtor.written_off.saturating_add(invoice.written_off);
    }
    match invoice.outcome {
        Outcome::Collected(on) => {
            debtor.last_paid = debtor.last_paid.max(Some(on));
            if on > as_of - 91 {
                debtor.recent.add(invoice.face, on - invoice.due);
            } else if on > as_of - 365 {
                debtor.before.add(invoice.face, on - invoice.due);
            }
        }
        Outcome::Open => {
            debtor.oldest_past_due = debtor.oldest_past_due.max(as_of - invoice.due);
        }
        Outcome::Removed(_) | Outcome::ClosedUndated => {}
    }
}
