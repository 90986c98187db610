//! A client at the end of a past month, as it was known then: the collections its curves expected,
//! and those that came.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::NaiveDate;

use basics::{Currency, Day, day_number};
use ledger::{ClientPosition, InvoiceAt, Outcome};
use portfolio::{WEEKS, WeekSeen};
use scoring::{KaplanMeier, PayCalendar, PriorCurve};

use super::super::pool::spells;

/// The days after an origin over which the calendar is learnt.
const MONTH: Day = 31;

/// The end of a past month.
pub(super) struct Origin {
    pub date: NaiveDate,
    pub position: ClientPosition,
    km: KaplanMeier,
}

/// The outcomes of the ledger's invoices, by row.
pub(super) type Outcomes = HashMap<usize, Outcome>;

impl Origin {
    pub fn new(
        date: NaiveDate,
        position: ClientPosition,
        debtors: &Range<usize>,
        prior: &PriorCurve,
    ) -> Self {
        let spells = spells(&position, debtors.start, day_number(date), &HashSet::new());
        let km = KaplanMeier::fit(&spells, debtors.len(), prior);
        Self { date, position, km }
    }

    fn day(&self) -> Day {
        day_number(self.date)
    }

    /// Calls `seen` with every invoice open then, in `currency` if one is given, and its curve over
    /// `days` days.
    fn curves(
        &self,
        first_debtor: usize,
        currency: Option<Currency>,
        days: Day,
        mut seen: impl FnMut(&InvoiceAt, &basics::CollectionCurve),
    ) {
        let day = self.day();
        let meant = |i: &&InvoiceAt| i.open > 0 && currency.is_none_or(|c| c == i.currency);
        let open: Vec<&InvoiceAt> = self.position.invoices.iter().filter(meant).collect();
        // One set of curves serves all invoices of a debtor; only their ages differ.
        for own in open.chunk_by(|a, b| a.debtor == b.debtor) {
            let ages = || own.iter().map(|i| day - i.due);
            let (youngest, oldest) = (ages().min().unwrap_or(0), ages().max().unwrap_or(0));
            let last = u32::try_from(days).unwrap_or(0);
            let curves = self.km.debtor(own[0].debtor - first_debtor, youngest..=oldest, last);
            for invoice in own {
                seen(invoice, &curves.score(day - invoice.due));
            }
        }
    }

    /// Teaches the calendar on which days of the month this client's debtors pay.
    pub fn learn(
        &self,
        first_debtor: usize,
        outcomes: &Outcomes,
        as_of: Day,
        calendar: &mut PayCalendar,
    ) {
        let (day, last) = (self.day(), as_of.min(self.day() + MONTH));
        // The as-of date is an origin too, with no days after it yet.
        if last <= day {
            return;
        }
        self.curves(first_debtor, None, MONTH, |invoice, curve| {
            calendar.see(curve, day, paid_on(outcomes, invoice), last);
        });
    }

    /// The collections expected in the weeks after it and those that came, for the weeks that are
    /// over.
    pub fn weeks(
        &self,
        first_debtor: usize,
        currency: Currency,
        outcomes: &Outcomes,
        as_of: Day,
        calendar: &PayCalendar,
    ) -> Vec<WeekSeen> {
        let day = self.day();
        // Whole weeks only: one under way has not had all of its collections.
        let known = usize::try_from((as_of - day) / 7).unwrap_or(0).min(WEEKS);
        let mut weeks = vec![WeekSeen::default(); known];
        if known == 0 {
            return weeks;
        }
        // A small number, so the cast is exact.
        let days = 7 * WEEKS as Day;
        self.curves(first_debtor, Some(currency), days, |invoice, curve| {
            let by = calendar.weekly::<{ WEEKS + 1 }>(curve, day);
            let amount = invoice.open as f64;
            for (seen, pair) in weeks.iter_mut().zip(by.windows(2)) {
                let p = f64::from(pair[1] - pair[0]);
                seen.expected += amount * p;
                // As if each invoice were paid whole or not at all, whatever the others do.
                seen.variance += amount * amount * p * (1.0 - p);
            }
            let Some(on) = paid_on(outcomes, invoice).filter(|&on| on > day) else { return };
            let week = usize::try_from((on - day - 1) / 7).unwrap_or(usize::MAX);
            if let Some(seen) = weeks.get_mut(week) {
                seen.collected += amount;
            }
        });
        weeks
    }
}

fn paid_on(outcomes: &Outcomes, invoice: &InvoiceAt) -> Option<Day> {
    match outcomes.get(&invoice.row) {
        Some(&Outcome::Collected(on)) => Some(on),
        _ => None,
    }
}
