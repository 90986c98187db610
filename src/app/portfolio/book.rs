//! Builds one client's book from its ledger.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use basics::{Currency, Day, Money, day_number, from_day_number, month_end_before};
use ledger::{InvoiceAt, Outcome};
use offer::{Scored, Standing};
use policy::Eligibility;
use portfolio::{
    BookDebtor, BookInvoice, Buckets, Causes, ClientBook, Exposure, Lateness, Month, MonthEnd,
    Outcomes as Settled,
};
use pricing::{PricingError, Recourse};
use scoring::{Basis, KaplanMeier, PayCalendar};

use super::super::context::Context;
use super::super::part::ClientPart;
use super::super::pool::{pool, spells};
use super::super::previous::KnownBefore;
use super::identity::Identities;
use super::origin::{Origin, Outcomes};

/// The ends of months looked back at, the as-of date included: 13 months of flows between them.
const MONTHS: usize = 14;

/// The days for which a debtor counts as new.
const NEW_DEBTOR_DAYS: Day = 90;

/// The books of a client, one for each currency in which it has or had open invoices.
pub(super) fn client_books(
    context: &Context<'_>,
    client: usize,
    identities: &Identities,
    buckets: &Buckets,
) -> Result<Vec<ClientBook>, PricingError> {
    let as_of = context.as_of;
    let position = context.columns.position(client, as_of);
    let known = KnownBefore::of(context.ledgers(), client, &position);
    let debtors = context.ledger.clients[client].debtors.clone();
    let spells = spells(&position, debtors.start, as_of.day(), &HashSet::new());
    let km = KaplanMeier::fit(&spells, debtors.len(), context.policy.prior());
    let prior = context.policy.prior();
    let months: Vec<Origin> = month_ends(as_of.date)
        .into_iter()
        .map(|date| {
            let then = context.columns.position(client, &as_of.earlier(date));
            Origin::new(date, then, &debtors, prior)
        })
        .collect();
    let closed: Outcomes = position.invoices.iter().map(|i| (i.row, i.outcome)).collect();
    // One for all currencies: the days on which debtors pay do not depend on them.
    let mut calendar = PayCalendar::default();
    for origin in &months {
        origin.learn(debtors.start, &closed, as_of.day(), &mut calendar);
    }
    let mut currencies: Vec<Currency> = position.invoices.iter().map(|i| i.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let build = |currency| {
        let pool = pool(context, client, &position, currency, &known);
        let (position, km, known) = (&position, &km, &known);
        let (scorer, history) = (None, None);
        let part = ClientPart { context, client, position, km, scorer, history, pool, known };
        let (months, closed, calendar) = (&months, &closed, &calendar);
        Builder { part, currency, identities, buckets, months, closed, calendar }.build()
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
    part: ClientPart<'a>,
    currency: Currency,
    identities: &'a Identities,
    buckets: &'a Buckets,
    /// Ends of months, the first one first.
    months: &'a [Origin],
    /// The outcomes of invoices, by row.
    closed: &'a Outcomes,
    /// The days of the month on which this client's debtors pay.
    calendar: &'a PayCalendar,
}

impl Builder<'_> {
    fn build(self) -> Result<ClientBook, PricingError> {
        let ClientPart { context, client, position, .. } = &self.part;
        let (policy, as_of) = (context.policy, context.as_of);
        let eligibility = self.part.pool.judged(policy);
        let counted_dilution = self.part.sales().dilution(&self.part.pool.pool, eligibility);
        let certificate = self.part.certificate(eligibility, counted_dilution)?;
        let scored = self.part.score();
        let (debtors, places) = self.debtors();
        let credits = position.credits.iter().filter(|(currency, ..)| *currency == self.currency);
        let mut credits: Vec<(Day, i64)> = credits.map(|&(_, day, amount)| (day, amount)).collect();
        credits.sort_unstable();
        let exposure = self.exposure(certificate.base.gross_availability);
        Ok(ClientBook {
            client: context.ledger.clients[*client].id.clone(),
            // Set from the manifest once the book is built.
            sector: String::new(),
            currency: self.currency,
            as_of: as_of.date,
            last_known: day_number(as_of.ledger_date),
            invoices: self.invoices(eligibility, &scored, &places),
            months: self.month_ends(),
            causes: self.causes(&credits),
            outcomes: self.outcomes(),
            defaults: self.defaults(),
            credits,
            debtors,
            advance_rate: policy.advance_cap(),
            dilution: self.part.dilution(),
            counted_dilution,
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
            dilution_threshold: policy.dilution_threshold().to_f64(),
        }
    }

    fn own(&self) -> impl Iterator<Item = &InvoiceAt> {
        let all = self.part.position.invoices.iter();
        all.filter(|invoice| invoice.currency == self.currency)
    }

    /// The debtors with invoices in this currency, and the index of each ledger debtor among them.
    fn debtors(&self) -> (Vec<BookDebtor>, BTreeMap<usize, usize>) {
        let mut debtors: Vec<BookDebtor> = Vec::new();
        let mut places = BTreeMap::new();
        let day = self.part.context.as_of.day();
        for invoice in self.own() {
            let place = *places.entry(invoice.debtor).or_insert_with(|| {
                debtors.push(self.debtor(invoice));
                debtors.len() - 1
            });
            take(&mut debtors[place], invoice, day);
        }
        let first = self.first_defaults(&places, &mut debtors);
        for (debtor, first) in debtors.iter_mut().zip(first) {
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

    /// The day of each debtor's first default: the first month end at which too large a share of
    /// its undisputed balance was mostly unpaid and too long past due, or the day on which most of
    /// an invoice was written off, whichever is earlier. Marks the debtors that are in default now.
    fn first_defaults(
        &self,
        places: &BTreeMap<usize, usize>,
        debtors: &mut [BookDebtor],
    ) -> Vec<Option<Day>> {
        let context = self.part.context;
        let risk = context.policy.risk();
        let days = i32::try_from(risk.default_days).unwrap_or(0);
        let share = risk.default_share_percent.to_f64();
        let mut first: Vec<Option<Day>> = vec![None; debtors.len()];
        for origin in self.months {
            let (day, then) = (day_number(origin.date), context.as_of.earlier(origin.date));
            let mut owed = vec![(0.0, 0.0); debtors.len()];
            let own = origin.position.invoices.iter();
            for i in own.filter(|i| i.currency == self.currency && i.open > 0) {
                let disputed = context.columns.disputed(i.row, &then) == Some(true);
                let Some(&place) = places.get(&i.debtor).filter(|_| !disputed) else { continue };
                owed[place].0 += i.open as f64;
                let unpaid = day - i.due > days && 2 * i.open > i.face;
                owed[place].1 += if unpaid { i.open as f64 } else { 0.0 };
            }
            for (place, (all, late)) in owed.into_iter().enumerate() {
                let defaults = late > 0.0 && late >= share * all;
                // Each month overwrites the one before: the as-of date comes last and decides.
                debtors[place].in_default = defaults;
                if defaults {
                    first[place].get_or_insert(day);
                }
            }
        }
        for i in self.own().filter(|i| 2 * i.written_off > i.face) {
            if let (Outcome::Removed(on), Some(&place)) = (i.outcome, places.get(&i.debtor)) {
                first[place] = Some(first[place].map_or(on, |first| first.min(on)));
            }
        }
        first
    }

    fn debtor(&self, invoice: &InvoiceAt) -> BookDebtor {
        let ClientPart { context, client, .. } = &self.part;
        let (id, name) = context.columns.debtor(invoice.debtor, context.as_of.day());
        let facts = context.columns.facts(invoice.debtor);
        let limit = facts.and_then(|facts| facts.limit);
        let client = &context.ledger.clients[*client].id;
        let identity = self.identities.of(client, id);
        let group = facts.and_then(|facts| facts.group.as_deref()).map(str::trim);
        let group = group.filter(|group| !group.is_empty()).map(str::to_owned);
        BookDebtor {
            id: id.to_owned(),
            name: name.to_owned(),
            // The list of all clients' debtors knows more than one client's ledger, so it goes
            // first.
            group: identity.group.clone().or(group),
            identity: identity.key,
            limit: limit.and_then(|limit| {
                // A limit with more decimals than the currency is never raised by rounding.
                Money::round(limit.0, self.currency, basics::Rounding::Down).ok()
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
            insolvent: facts.and_then(|facts| facts.insolvent) == Some(true),
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
            ((&policy::Receivable, &policy::Assessment), &Scored),
            &usize,
        )| {
            let last = scored.recourse_day as usize;
            let collected = scored.curve.by(last);
            let mean = scored.curve.mean_day_within(last).unwrap_or(0.0);
            // What is not collected is out to the day of recourse; no figure looks beyond it.
            let days = collected * mean + (1.0 - collected) * f64::from(scored.recourse_day);
            BookInvoice {
                debtor: places[&self.part.position.invoices[at].debtor],
                number: receivable.number.clone(),
                issue: receivable.issue,
                due: receivable.due,
                open: receivable.open.minor(),
                eligible: assessment.collateral().minor(),
                eligible_until: self
                    .part
                    .context
                    .policy
                    .eligible_until(receivable, &pool.pool.debtors[receivable.debtor]),
                disputed: receivable.disputed == Some(true),
                weeks: self.calendar.weekly(&scored.curve, self.part.context.as_of.day()),
                collected: collected as f32,
                expected_days: days as f32,
            }
        };
        judged.zip(scored).zip(&pool.invoices).map(of).collect()
    }

    fn month_ends(&self) -> Vec<MonthEnd> {
        let ends = self.months.iter();
        ends.enumerate()
            .map(|(index, origin)| {
                let before = index.checked_sub(1).map(|before| self.months[before].date);
                self.month_end(origin, before.unwrap_or_else(|| month_end_before(origin.date)))
            })
            .collect()
    }

    fn month_end(&self, origin: &Origin, after: NaiveDate) -> MonthEnd {
        let Origin { date, position, .. } = origin;
        let (date, day, after) = (*date, day_number(*date), day_number(after));
        let ClientPart { context, client, .. } = &self.part;
        let first_debtor = context.ledger.clients[*client].debtors.start;
        let as_of = context.as_of.day();
        let mut end = MonthEnd {
            date,
            standing: Standing::default(),
            buckets: vec![0; self.buckets.count()],
            current: 0,
            sales_90: 0,
            vintages: BTreeMap::new(),
            aged: BTreeMap::new(),
            new_debtors: 0,
            paid: Lateness::default(),
            weeks: origin.weeks(first_debtor, self.currency, self.closed, as_of, self.calendar),
        };
        let mut first_issue: BTreeMap<usize, Day> = BTreeMap::new();
        for i in position.invoices.iter().filter(|i| i.currency == self.currency) {
            end.standing.add(i.face, i.open, i.credited, i.written_off);
            let past_due = day - i.due;
            end.buckets[self.buckets.index(past_due)] += i128::from(i.open);
            end.current += if past_due <= 0 { i128::from(i.open) } else { 0 };
            end.sales_90 += if i.issue > day - 90 { i128::from(i.face) } else { 0 };
            let month = Month::of(from_day_number(i.issue));
            // In 128 bits: amounts times days exceed 64.
            *end.aged.entry(month).or_default() += i128::from(i.open) * i128::from(day - i.issue);
            let vintage = end.vintages.entry(month).or_default();
            vintage.add(i.face, i.open, i.credited, i.written_off);
            let first = first_issue.entry(i.debtor).or_insert(i.issue);
            *first = i.issue.min(*first);
            if let Outcome::Collected(on) = i.outcome
                && on > after
            {
                end.paid.add(i.face, on - i.due);
            }
        }
        let issued = position.invoices.iter().filter(|i| i.currency == self.currency);
        let new = issued
            .filter(|i| i.issue > after && i.issue - first_issue[&i.debtor] < NEW_DEBTOR_DAYS);
        end.new_debtors = new.map(|i| i128::from(i.face)).sum();
        end
    }

    fn outcomes(&self) -> Settled {
        let day = self.part.context.as_of.day();
        let last = day - i32::try_from(self.part.context.policy.risk().default_days).unwrap_or(0);
        let mut all = Settled { sold: 0, paid: vec![0; self.buckets.count()] };
        // A year of invoices, all of them due long enough ago that the unpaid ones are in default.
        for invoice in self.own().filter(|i| i.due > last - 365 && i.due <= last) {
            // What was credited was neither paid nor lost.
            let net = i128::from(invoice.face) - i128::from(invoice.credited);
            let lost = i128::from(invoice.open) + i128::from(invoice.written_off);
            let paid_on = match invoice.outcome {
                Outcome::Collected(on) | Outcome::Removed(on) => Some(on),
                // Later part payments count in the bucket of the first: only its day is kept.
                Outcome::Open => invoice.first_cash,
                // Closed on an unknown day, so it is in neither sum.
                Outcome::ClosedUndated => continue,
            };
            all.sold += net;
            if let Some(on) = paid_on {
                all.paid[self.buckets.index(on - invoice.due)] += net - lost;
            }
        }
        all
    }

    fn defaults(&self) -> Vec<i128> {
        let context = self.part.context;
        let days = i32::try_from(context.policy.risk().default_days).unwrap_or(0);
        let ends: Vec<Day> = self.months.iter().map(|origin| day_number(origin.date)).collect();
        let mut all = vec![0; ends.len() - 1];
        for invoice in self.own() {
            let Some(on) = defaulted(invoice, context.as_of.day(), days) else { continue };
            // A default up to the first end is in none of the months between the ends.
            let month = ends.partition_point(|&end| end < on);
            if let Some(sum) = month.checked_sub(1).and_then(|month| all.get_mut(month)) {
                let unpaid = i128::from(invoice.open) + i128::from(invoice.written_off);
                let late = i128::from(invoice.face) - i128::from(invoice.credited);
                // An invoice that was paid after all was in default with all that no credit covers.
                *sum += if unpaid > 0 { unpaid } else { late };
            }
        }
        all
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
            // A credit may be dated before its invoice.
            causes.lag_days += credited * i128::from((first - invoice.issue).max(0));
            let disputed = self.part.context.columns.disputed(invoice.row, as_of);
            causes.disputed_credits += if disputed == Some(true) { credited } else { 0 };
        }
        let all: i128 = credits
            .iter()
            .filter(|(day, _)| *day > year)
            .map(|&(_, amount)| i128::from(amount))
            .sum();
        // An undated credit counts on its invoice's issue date, which may lie before the year.
        causes.unapplied_credits = (all - causes.applied_credits).max(0);
        let written = self.own().filter(|invoice| match invoice.outcome {
            Outcome::Removed(day) | Outcome::Collected(day) => day > year,
            // No day is kept of a part written off, so it counts while the rest is open.
            Outcome::Open => true,
            Outcome::ClosedUndated => false,
        });
        causes.write_offs = written.map(|invoice| i128::from(invoice.written_off)).sum();
        causes
    }
}

/// The day on which an invoice put its debtor into default: when it was too long past due or was
/// written off.
fn defaulted(invoice: &InvoiceAt, as_of: Day, default_days: Day) -> Option<Day> {
    // More than that many days past due, so the day after.
    let late = invoice.due + default_days + 1;
    match invoice.outcome {
        Outcome::Open => (as_of >= late).then_some(late),
        Outcome::Collected(day) => (day >= late).then_some(late),
        Outcome::Removed(day) if invoice.written_off > 0 => Some(day.min(late)),
        // What was credited away is dilution and not default.
        Outcome::Removed(_) | Outcome::ClosedUndated => None,
    }
}

/// Adds an invoice to the figures of its debtor.
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
