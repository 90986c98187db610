use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Money, OutOfRange, Rounding};

use super::{FeeBase, FeePlan, PricingError, Recourse};

/// Why a debtor does not pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LossCause {
    /// It is insolvent, or in protracted default.
    Credit,
    /// It disputes the invoice, or was credited for it.
    Dilution,
    /// The invoice is not valid.
    NotValid,
}

/// Who bears what is not collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettlementTerms {
    /// The kind of recourse.
    pub recourse: Recourse,
    /// Modified recourse: whether the debtor was credit-approved within its limit.
    pub credit_approved: bool,
    /// Why something is missing.
    pub cause: Option<LossCause>,
    /// How the fee is rounded.
    pub rounding: Rounding,
}

/// How an invoice ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// Amount less advance.
    pub reserve: Money,
    /// Charges taken out of the advance.
    pub prepaid: Money,
    /// Advance less those.
    pub net_funded: Money,
    /// Cash from the debtor.
    pub collected: Money,
    /// The fee to that day.
    pub fee: Money,
    /// Amount less collected.
    pub shortfall: Money,
    /// What the client bears of the shortfall.
    pub chargeback: Money,
    /// What the factor bears of it: what it has not got back of advance and fee, at most the
    /// shortfall.
    pub factor_loss: Money,
    /// What the client still gets; negative: it owes that.
    pub rebate: Money,
    /// Net funded and rebate.
    pub total_to_client: Money,
    /// Fee and prepaid charges.
    pub total_cost: Money,
}

impl Recourse {
    /// Whether what is missing for this cause goes back to the client.
    pub fn returns(self, cause: LossCause, credit_approved: bool) -> bool {
        match self {
            Self::Full => true,
            Self::NonRecourse => cause != LossCause::Credit,
            Self::Modified => cause != LossCause::Credit || !credit_approved,
        }
    }
}

/// Settles an invoice on a day: rebate = collected - advance - fee, and of what is missing the part
/// that the factor bears is added back.
///
/// # Errors
/// [`PricingError`] when an amount overflows, more than the amount was collected, or something is
/// missing without a cause.
pub fn settle(
    base: FeeBase,
    collected: Money,
    plan: &FeePlan,
    day: u32,
    terms: SettlementTerms,
) -> Result<Settled, PricingError> {
    let zero = Money::zero(base.amount.currency());
    let shortfall = base.amount.checked_sub(collected)?;
    if collected.minor() < 0 || shortfall.minor() < 0 {
        let expected = format!("from 0 to the amount, {}", base.amount);
        return Err(OutOfRange::new("collected", collected, expected).into());
    }
    let fee = Money::round(plan.unrounded(base, day)?, base.amount.currency(), terms.rounding)?;
    let due = collected.checked_sub(base.advance)?.checked_sub(fee)?;
    let cause = terms.cause;
    if cause.is_none() && shortfall.minor() > 0 {
        let expected = "credit, dilution or not_valid, because less than the amount was collected";
        return Err(OutOfRange::new("cause", "missing", expected).into());
    }
    let returned = cause.is_none_or(|cause| terms.recourse.returns(cause, terms.credit_approved));
    // The factor loses of the shortfall what the reserve does not bear.
    let lost =
        if returned { 0 } else { due.minor().min(0).saturating_neg().min(shortfall.minor()) };
    let factor_loss = Money::from_minor(lost, base.amount.currency());
    let rebate = due.checked_add(factor_loss)?;
    let prepaid = plan.charges().prepaid(base.amount.currency())?;
    let net_funded = base.advance.checked_sub(prepaid)?;
    Ok(Settled {
        reserve: base.amount.checked_sub(base.advance)?,
        prepaid,
        net_funded,
        collected,
        fee,
        shortfall,
        chargeback: if returned { shortfall } else { zero },
        factor_loss,
        rebate,
        total_to_client: net_funded.checked_add(rebate)?,
        total_cost: fee.checked_add(prepaid)?,
    })
}
