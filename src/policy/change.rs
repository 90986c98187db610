use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A change that would make the policy buy more, or make it cheaper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The client shows that the other invoice with this number is a different one.
    NumberExplained,
    /// The other payee or secured party releases its interest.
    Released,
    /// The debtor withdraws its dispute.
    DisputeSettled,
    /// Time passes until it is close enough to its due date.
    Time,
    /// The debtor pays part of its past-due balance.
    PastDuePaid,
    /// The debtor's credits are refunded or applied.
    CreditsUsed,
    /// The client pays what it owes the debtor.
    PayablePaid,
    /// The limit for the debtor is raised.
    LimitRaised,
    /// The limit for the debtor's group is raised.
    GroupLimitRaised,
    /// Funds in use of the facility are repaid.
    FundsRepaid,
    /// The debtor pays one step of the fee earlier.
    PaidEarlier,
    /// The debtor confirms the invoice.
    Confirmed,
    /// The debtor confirms both the invoice and the one that it may be a copy of.
    CopyConfirmed,
    /// The debtor confirms that it has received the goods or services.
    ReceiptConfirmed,
    /// The debtor confirms the whole amount of the invoice.
    AmountConfirmed,
}

impl Change {
    /// Returns the code used in files and in the catalogue.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::NumberExplained => "number_explained",
            Self::Released => "released",
            Self::DisputeSettled => "dispute_settled",
            Self::Time => "time",
            Self::PastDuePaid => "past_due_paid",
            Self::CreditsUsed => "credits_used",
            Self::PayablePaid => "payable_paid",
            Self::LimitRaised => "limit_raised",
            Self::GroupLimitRaised => "group_limit_raised",
            Self::FundsRepaid => "funds_repaid",
            Self::PaidEarlier => "paid_earlier",
            Self::Confirmed => "confirmed",
            Self::CopyConfirmed => "copy_confirmed",
            Self::ReceiptConfirmed => "receipt_confirmed",
            Self::AmountConfirmed => "amount_confirmed",
        }
    }
}
