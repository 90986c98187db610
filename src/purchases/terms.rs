use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use pricing::{FeePlan, Recourse};

use super::PurchaseError;

/// The terms under which an invoice was bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionTerms {
    /// The fee plan.
    pub fee_plan: FeePlan,
    /// Kind of recourse: who bears what is not collected.
    #[serde(default)]
    pub recourse: Recourse,
    /// Days after the due date on which the client buys an unpaid invoice back. No fee accrues
    /// after that day.
    pub recourse_days: u32,
    /// The day of recourse if it comes before that after the due date, because recourse counts from
    /// the invoice date as well; absent if only the due date counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recourse_by: Option<NaiveDate>,
    /// Under modified recourse: true if the debtor was credit-approved within its limit, so that
    /// the factor bears its insolvency. The other kinds of recourse ignore it.
    #[serde(default)]
    pub credit_approved: bool,
}

impl PositionTerms {
    /// Checks that positions can be recorded under these terms.
    ///
    /// # Errors
    /// [`PurchaseError::FeePlan`] if the fee plan contradicts itself, [`PurchaseError::Components`]
    /// if it does not have one or two components.
    pub fn check(&self) -> Result<(), PurchaseError> {
        self.fee_plan.check().map_err(PurchaseError::FeePlan)?;
        match self.fee_plan.components().len() {
            1..=2 => Ok(()),
            count => Err(PurchaseError::Components(count)),
        }
    }

    /// Returns the day of recourse of an invoice due on `due`, the earlier of the two; `None`
    /// beyond the calendar.
    pub fn day_of_recourse(&self, due: NaiveDate) -> Option<NaiveDate> {
        let after_due = due.checked_add_days(Days::new(self.recourse_days.into()));
        after_due.into_iter().chain(self.recourse_by).min()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{day, terms};
    use super::*;

    #[test]
    fn one_component_or_two() {
        let with = |count| {
            let one = terms(Recourse::Full).fee_plan.components()[0].clone();
            let fee_plan = FeePlan::new(vec![one; count]);
            PositionTerms { fee_plan, ..terms(Recourse::Full) }.check()
        };
        assert_eq!((with(1), with(2)), (Ok(()), Ok(())));
        assert_eq!(with(3), Err(PurchaseError::Components(3)));
    }

    #[test]
    fn recourse_is_taken_so_many_days_after_the_due_date() {
        let terms = terms(Recourse::Full);
        assert_eq!(terms.day_of_recourse(day("2026-02-01")), Some(day("2026-04-02")));
        assert_eq!(terms.day_of_recourse(NaiveDate::MAX), None);
    }

    #[test]
    fn recourse_is_taken_by_whichever_day_comes_first() {
        let by = |by| PositionTerms { recourse_by: Some(day(by)), ..terms(Recourse::Full) };
        let due = day("2026-02-01");
        for (last, recourse) in [
            ("2026-01-15", "2026-01-15"),
            ("2026-04-01", "2026-04-01"),
            ("2026-04-02", "2026-04-02"),
            ("2026-04-03", "2026-04-02"),
        ] {
            assert_eq!(by(last).day_of_recourse(due), Some(day(recourse)), "{last}");
        }
        assert_eq!(by("2026-04-03").day_of_recourse(NaiveDate::MAX), Some(day("2026-04-03")));
        let text = serde_json::to_string(&by("2026-04-03")).expect("JSON");
        assert_eq!(serde_json::from_str::<PositionTerms>(&text).ok(), Some(by("2026-04-03")));
        let without = serde_json::to_string(&terms(Recourse::Full)).expect("JSON");
        assert!(!without.contains("recourse_by"), "{without}");
    }

    #[test]
    fn what_is_left_out_is_full_recourse_without_approval() {
        let text =
            r#"{"fee_plan":{"components":[{"kind":"flat","percent":"3"}]},"recourse_days":60}"#;
        let terms: PositionTerms = serde_json::from_str(text).expect("terms");
        assert_eq!((terms.recourse, terms.credit_approved), (Recourse::Full, false));
        let more = text.replace("\"recourse_days\"", "\"x\":1,\"recourse_days\"");
        assert!(serde_json::from_str::<PositionTerms>(&more).is_err());
    }
}
