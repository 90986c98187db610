use chrono::NaiveDate;

use basics::{Money, Rounding};
use pricing::{FeeBase, LossCause, PricingError, SettlementTerms, settle};

use super::invoice::BoughtInvoice;

/// The settlement of a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Its id: that of the position, with the version at which it was settled.
    pub id: String,
    /// The day of settlement. The fee runs to it, but not beyond the day of recourse.
    pub on: NaiveDate,
    /// The day of the books on which it counts: that of the settlement, or of a reversal on the
    /// position if that is later.
    pub booked_on: NaiveDate,
    /// The cause of a shortfall.
    pub cause: Option<LossCause>,
    /// Cash received from the debtor by then.
    pub collected: Money,
    /// The fee.
    pub fee: Money,
    /// Amount bought less collected.
    pub shortfall: Money,
    /// The part of the shortfall that the client bears.
    pub chargeback: Money,
    /// The part of the shortfall that the factor bears.
    pub factor_loss: Money,
    /// Amount that the client still gets. Negative if the client owes it.
    pub rebate: Money,
}

impl Settlement {
    /// Settles an invoice on a day, given what was collected by then.
    ///
    /// # Errors
    /// [`PricingError`] if the fee overflows or lies beyond its table, if more than the amount was
    /// collected, or if there is a shortfall without a cause.
    pub(super) fn of(
        invoice: &BoughtInvoice,
        collected: Money,
        on: NaiveDate,
        cause: Option<LossCause>,
    ) -> Result<Self, PricingError> {
        let BoughtInvoice { amount, advance, purchased_on, due_on, terms, .. } = invoice;
        let days = |to: NaiveDate| to.signed_duration_since(*purchased_on).num_days();
        let after_due = days(*due_on) + i64::from(terms.recourse_days);
        let recourse = terms.recourse_by.map_or(after_due, |by| days(by).min(after_due));
        // An invoice bought after its day of recourse gives a negative day, which costs what day 0
        // costs.
        let day = u32::try_from(days(on).min(recourse)).unwrap_or(0);
        let base = FeeBase { amount: *amount, advance: *advance, purchase: *purchased_on };
        let sharing = SettlementTerms {
            recourse: terms.recourse,
            credit_approved: terms.credit_approved,
            cause,
            // As in `FeePlan::fee`, by which the offer has shown the fee.
            rounding: Rounding::HalfUp,
        };
        let settled = settle(base, collected, &terms.fee_plan, day, sharing)?;
        Ok(Self {
            id: format!("{}.{}", invoice.id, invoice.version),
            on,
            booked_on: on,
            cause,
            collected,
            fee: settled.fee,
            shortfall: settled.shortfall,
            chargeback: settled.chargeback,
            factor_loss: settled.factor_loss,
            rebate: settled.rebate,
        })
    }
}

#[cfg(test)]
mod tests {
    use pricing::Recourse;

    use super::super::samples::{day, invoice, usd};
    use super::*;

    fn settled(recourse: Recourse, collected: i64, on: &str, cause: LossCause) -> Settlement {
        let invoice = invoice("p", recourse);
        Settlement::of(&invoice, usd(collected), day(on), Some(cause)).expect("settled")
    }

    /// Due on 2026-02-01 (day 31), recourse 60 days later, on day 91: 3 % and a block of 10 days
    /// begun for every 10 days behind day 30, 7 blocks on day 91 as on day 100.
    #[test]
    fn the_fee_runs_to_the_day_of_recourse_and_no_further() {
        let fee = |on| settled(Recourse::Full, 0, on, LossCause::Credit).fee;
        assert_eq!(fee("2026-03-31"), usd(9_000), "day 89, two days before");
        assert_eq!(fee("2026-04-01"), usd(9_000), "day 90, the day before");
        assert_eq!(fee("2026-04-02"), usd(10_000), "day 91, the day of recourse");
        assert_eq!(fee("2026-04-03"), usd(10_000), "the day after");
        assert_eq!(fee("2027-04-02"), usd(10_000), "a year later");
    }

    /// The same with recourse on 2026-03-02, day 60 of the purchase: three blocks of 10 days.
    #[test]
    fn the_fee_runs_to_a_day_of_recourse_that_counts_from_the_invoice_date() {
        let mut invoice = invoice("p", Recourse::Full);
        let mut fee = |by: &str, on: &str| {
            invoice.terms.recourse_by = Some(day(by));
            let cause = Some(LossCause::Credit);
            Settlement::of(&invoice, usd(0), day(on), cause).expect("settled").fee
        };
        assert_eq!(fee("2026-03-02", "2026-03-01"), usd(6_000), "day 59");
        assert_eq!(fee("2026-03-02", "2026-03-02"), usd(6_000), "day 60");
        assert_eq!(fee("2026-03-02", "2026-03-03"), usd(6_000), "no further");
        assert_eq!(fee("2026-03-02", "2027-03-03"), usd(6_000), "a year later");
        // After the day of recourse by the due date it changes nothing.
        assert_eq!(fee("2026-04-03", "2027-03-03"), usd(10_000));
    }

    /// Shortfall = amount - collected; rebate = collected - advance - fee, plus what the factor
    /// bears.
    #[test]
    fn who_bears_what_is_missing_follows_recourse_and_cause() {
        use LossCause::{Credit, Dilution, NotValid};
        let shares = |recourse, cause| {
            let own = settled(recourse, 0, "2026-04-02", cause);
            assert_eq!(own.shortfall, usd(100_000));
            let due = 0 - 80_000 - own.fee.minor();
            assert_eq!(own.rebate.minor(), due + own.factor_loss.minor());
            (own.chargeback, own.factor_loss, own.rebate)
        };
        // The client repays the advance of 800 and the fee of 100.
        let (client, factor) =
            ((usd(100_000), usd(0), usd(-90_000)), (usd(0), usd(90_000), usd(0)));
        for cause in [Credit, Dilution, NotValid] {
            assert_eq!(shares(Recourse::Full, cause), client);
        }
        for recourse in [Recourse::NonRecourse, Recourse::Modified] {
            assert_eq!(shares(recourse, Dilution), client);
            assert_eq!(shares(recourse, NotValid), client);
        }
        assert_eq!(shares(Recourse::NonRecourse, Credit), factor);
        assert_eq!(shares(Recourse::Modified, Credit), client, "not approved");
    }

    #[test]
    fn modified_recourse_bears_the_credit_loss_of_an_approved_debtor() {
        let mut approved = invoice("p", Recourse::Modified);
        approved.terms.credit_approved = true;
        let on = day("2026-04-02");
        let of = |cause| Settlement::of(&approved, usd(0), on, Some(cause)).expect("settled");
        assert_eq!(of(LossCause::Credit).factor_loss, usd(90_000));
        assert_eq!(of(LossCause::Dilution).chargeback, usd(100_000));
    }

    #[test]
    fn the_reserve_bears_a_loss_first() {
        // Day 20: a fee of 30. Collected 850 - advance 800 - fee 30 = 20 for the client.
        let own = settled(Recourse::NonRecourse, 85_000, "2026-01-21", LossCause::Credit);
        assert_eq!((own.shortfall, own.chargeback), (usd(15_000), usd(0)));
        assert_eq!((own.factor_loss, own.rebate), (usd(0), usd(2_000)));
    }

    #[test]
    fn nothing_is_missing_without_a_cause() {
        let invoice = invoice("p", Recourse::Full);
        let of = |collected| Settlement::of(&invoice, usd(collected), day("2026-01-31"), None);
        assert!(of(99_999).is_err());
        let own = of(100_000).expect("collected in full");
        // The trade's example: face less advance less fee comes back.
        assert_eq!((own.fee, own.rebate), (usd(3_000), usd(17_000)));
        assert!(of(100_001).is_err(), "more than the amount");
    }

    #[test]
    fn an_invoice_long_overdue_when_it_was_bought_costs_what_day_0_costs() {
        let mut late = invoice("p", Recourse::Full);
        late.due_on = day("2025-06-01");
        let own = Settlement::of(&late, usd(100_000), day("2026-03-10"), None).expect("settled");
        assert_eq!(own.fee, usd(3_000), "its day of recourse lies before day 0");
    }
}
