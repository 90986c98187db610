use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use basics::{Money, OutOfRange, Rounding};

use super::{FeeBase, FeePlan, PricingError, Recourse};

/// The cause of a debtor's non-payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LossCause {
    /// The debtor is insolvent, or in protracted default.
    Credit,
    /// The debtor disputes the invoice, or was credited for it.
    Dilution,
    /// The invoice is not valid.
    NotValid,
}

/// The terms that decide who bears what is not collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettlementTerms {
    /// The kind of recourse.
    pub recourse: Recourse,
    /// Under modified recourse: true if the debtor was credit-approved within its limit. The other
    /// kinds of recourse ignore it.
    pub credit_approved: bool,
    /// The cause of a shortfall.
    pub cause: Option<LossCause>,
    /// The rounding of the fee.
    pub rounding: Rounding,
}

/// The settlement of an invoice.
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
    /// The fee to the day of settlement.
    pub fee: Money,
    /// Amount less collected.
    pub shortfall: Money,
    /// The part of the shortfall that the client bears.
    pub chargeback: Money,
    /// The part of the shortfall that the factor bears: what it has not got back of advance and
    /// fee, but at most the shortfall.
    pub factor_loss: Money,
    /// Amount that the client still gets. Negative if the client owes it.
    pub rebate: Money,
    /// Net funded plus rebate.
    pub total_to_client: Money,
    /// Fee plus prepaid charges.
    pub total_cost: Money,
}

impl Recourse {
    /// True if a shortfall of this cause goes back to the client.
    ///
    /// Full recourse returns every shortfall. Non-recourse keeps the debtor's insolvency, modified
    /// recourse the same for approved debtors only. Source: trade practice.
    pub fn returns(self, cause: LossCause, credit_approved: bool) -> bool {
        match self {
            Self::Full => true,
            Self::NonRecourse => cause != LossCause::Credit,
            Self::Modified => cause != LossCause::Credit || !credit_approved,
        }
    }
}

/// Settles an invoice on a day.
///
/// ```text
/// shortfall     = amount bought - collected
/// factor's loss = 0 if the shortfall is the client's, else
///                 min(shortfall, max(0, advance + fee - collected))
/// rebate        = collected - advance - fee + factor's loss
/// ```
///
/// Source: trade identities.
///
/// # Errors
/// [`PricingError`] if an amount overflows, if more than the amount bought was collected, if `day`
/// lies beyond a fee table, or if there is a shortfall without a cause.
pub fn settle(
    base: FeeBase,
    collected: Money,
    plan: &FeePlan,
    day: u32,
    terms: SettlementTerms,
) -> Result<Settled, PricingError> {
    let zero = Money::zero(base.amount.currency());
    let shortfall = base.amount.checked_sub(collected)?;
    // Cash beyond the amount bought belongs to the client and is no part of a settlement.
    if collected.minor() < 0 || shortfall.minor() < 0 {
        let expected = format!("from 0 to the amount, {}", base.amount);
        return Err(OutOfRange::new("collected", collected, expected).into());
    }
    let fee = Money::round(plan.unrounded(base, day)?, base.amount.currency(), terms.rounding)?;
    let due = collected.checked_sub(base.advance)?.checked_sub(fee)?;
    let cause = terms.cause;
    // Who bears a shortfall depends on its cause, so it must be stated rather than assumed.
    if cause.is_none() && shortfall.minor() > 0 {
        let expected = "credit, dilution or not_valid, because less than the amount was collected";
        return Err(OutOfRange::new("cause", "missing", expected).into());
    }
    // Without a cause nothing is missing, so that either answer leaves nothing to bear.
    let returned = cause.is_none_or(|cause| terms.recourse.returns(cause, terms.credit_approved));
    // The reserve bears the first loss: only what exceeds it is the factor's.
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
