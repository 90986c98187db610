use rust_decimal::Decimal;

use basics::{Day, Rate};
use policy::{Assessment, Eligibility, Pool};

/// Days of sales over which dilution is measured.
const TRAILING_DAYS: Day = 365;

/// The closed sales and the credits of a client's trailing 12 months in one currency: with the open
/// invoices of its pool, the dilution of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrailingSales {
    /// Face of the invoices that are closed, minor units.
    pub closed: i128,
    /// Credits, whether they name an invoice or not, minor units.
    pub credits: i128,
}

impl TrailingSales {
    /// The sums over closed invoices, (issue date, face), and credits, (date, amount); amounts in
    /// minor units.
    pub fn of(
        as_of: Day,
        closed: impl IntoIterator<Item = (Day, i64)>,
        credits: impl IntoIterator<Item = (Day, i64)>,
    ) -> Self {
        Self { closed: trailing(as_of, closed), credits: trailing(as_of, credits) }
    }

    /// Returns the dilution rate of an offer: credits over the sales that are closed, are bought or
    /// have been, rounded up to a basis point; zero without credits, 100 % without sales.
    ///
    /// The trade divides by all sales, as [`dilution_rate`] does. For an offer that would let
    /// invoices which are excluded or held, or of which a limit leaves nothing, raise the advance
    /// on others: a fictitious one dilutes nothing. Where nothing at all is bought, what is held
    /// counts, because the price is then that of what is held. Our own.
    pub fn dilution(&self, pool: &Pool, eligibility: &Eligibility) -> Rate {
        let judged = || pool.receivables.iter().zip(&eligibility.assessments);
        let sales_of = |of: fn(&Assessment) -> i64| {
            let counted = judged().filter(|(_, assessment)| of(assessment) > 0);
            trailing(pool.as_of, counted.map(|(r, _)| (r.counted_issue(), r.face.minor())))
        };
        let helps = |assessment: &Assessment| assessment.collateral().minor();
        let open = if judged().any(|(_, assessment)| helps(assessment) > 0) {
            sales_of(helps)
        } else {
            sales_of(|assessment| assessment.held().minor())
        };
        let sales = self.closed + open;
        if sales == 0 && self.credits > 0 {
            return Rate::from_percent(100.into());
        }
        rate(self.credits, sales)
    }
}

/// Returns the dilution rate of the trade: non-cash reductions over all sales of the trailing 12
/// months, rounded up to a basis point; zero without sales. Reports on a book use it; an offer
/// counts fewer sales, see [`TrailingSales::dilution`].
///
/// `sales` are (issue date, face) of invoices, `credits` are (date, amount) of credits, whether
/// they name an invoice or not; amounts in minor units of one currency. Write-offs are credit loss,
/// not dilution. Source: trade definition, non-cash credits / gross sales; Basel CRE34 counts the
/// same reductions.
pub fn dilution_rate(
    as_of: Day,
    sales: impl IntoIterator<Item = (Day, i64)>,
    credits: impl IntoIterator<Item = (Day, i64)>,
) -> Rate {
    rate(trailing(as_of, credits), trailing(as_of, sales))
}

/// Returns the sum of the amounts of the trailing 12 months.
fn trailing(as_of: Day, amounts: impl IntoIterator<Item = (Day, i64)>) -> i128 {
    let within = |day: Day| day > as_of - TRAILING_DAYS && day <= as_of;
    let amounts = amounts.into_iter().filter(|&(day, _)| within(day));
    amounts.map(|(_, amount)| i128::from(amount)).sum()
}

fn rate(credits: i128, sales: i128) -> Rate {
    if sales == 0 {
        return Rate::default();
    }
    // Rounded up to a basis point. More credits than sales is 100 %: nothing is left to buy.
    let bps = ((credits * 10_000 + sales - 1) / sales).min(10_000);
    Rate::from_bps(Decimal::from_i128_with_scale(bps, 0))
}

#[cfg(test)]
mod tests {
    use rust_decimal::prelude::ToPrimitive;

    use super::super::samples::{listed, pool};
    use super::*;
    use policy::{Finding, HoldReason, assess};
    use words::Facts;

    #[test]
    fn credits_over_sales_of_a_year_rounded_up() {
        let sales = [(100, 10_000), (465, 20_000), (400, 9_999)];
        // The invoice of day 100 is older than a year: 650 / (20,000 + 9,999) = 2.1667 %.
        let rate = dilution_rate(465, sales, [(464, 650), (50, 7_000)]);
        assert_eq!(rate, Rate::from_bps(217.into()));
        assert_eq!(dilution_rate(465, [], []), Rate::default());
    }

    #[test]
    fn sums_of_a_year_are_those_of_closed_invoices_and_credits() {
        let closed = [(100, 10_000), (101, 20_000), (465, 1), (466, 7)];
        let found = TrailingSales::of(465, closed, [(100, 5), (101, 30), (466, 2)]);
        assert_eq!(found, TrailingSales { closed: 20_001, credits: 30 });
    }

    /// The dilution of the sample pool after a change: 1,000.00, 2,500.50 and 4,000.00 are bought,
    /// 400.00 is too far past due; 2,499.50 are closed, and 200.00 are credited.
    fn diluted(change: impl Fn(&mut Pool)) -> i64 {
        let mut pool = pool();
        change(&mut pool);
        let sales = TrailingSales { closed: 249_950, credits: 20_000 };
        let rate = sales.dilution(&pool, &assess(&pool, &listed()));
        (rate.percent() * Decimal::from(100)).to_i64().expect("basis points")
    }

    #[test]
    fn what_is_neither_bought_nor_closed_is_no_sale_of_an_offer() {
        // 200 / (2,499.50 + 7,500.50) = 2 %; the 400.00 would make it 1.93 %.
        assert_eq!(diluted(|_| ()), 200);
        let looks_wrong = |pool: &mut Pool, at: usize| {
            let finding = Finding::new(HoldReason::Reopened, Facts::new());
            pool.receivables[at].scrutiny.findings.push(finding);
        };
        // Without the 4,000.00: 200 / 6,000 = 3.333 %.
        assert_eq!(diluted(|pool| pool.receivables[3].disputed = Some(true)), 334);
        assert_eq!(diluted(|pool| pool.debtors[1].facts.consumer = Some(true)), 334);
        assert_eq!(diluted(|pool| looks_wrong(pool, 3)), 334);
        // What was bought before counts, and what is older than a year does not.
        assert_eq!(diluted(|pool| pool.receivables[3].funded = true), 200);
        assert_eq!(diluted(|pool| pool.receivables[3].issue -= 364), 334);
        // Where nothing is bought, what is held counts: 200 / 10,000.
        assert_eq!(diluted(|pool| [0, 1, 3].into_iter().for_each(|at| looks_wrong(pool, at))), 200);
    }

    #[test]
    fn credits_without_a_sale_leave_nothing_to_advance_on() {
        let mut pool = pool();
        pool.receivables.iter_mut().for_each(|receivable| receivable.disputed = Some(true));
        let eligibility = assess(&pool, &listed());
        let of = |credits| TrailingSales { closed: 0, credits }.dilution(&pool, &eligibility);
        assert_eq!(of(1), Rate::from_percent(100.into()));
        assert_eq!(of(0), Rate::default());
    }
}
