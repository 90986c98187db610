use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the curves of a part rest on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ScoringNote {
    /// The model: `km`, or `boosted` on top of it.
    pub model: Cow<'static, str>,
    /// SHA-256 of the model file that was used; absent when the model was trained here or is `km`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_sha256: Option<String>,
    /// On what it rests.
    pub basis: scoring::Basis,
    /// Paid invoices in the client's history.
    pub paid_invoices: usize,
    /// Weight of that history against the policy's prior curve.
    pub own_history_weight: f64,
    /// The same in words, with the file that would improve it.
    pub sentence: String,
    /// Share lost of an invoice that is not paid, 0 to 1: from the ledger's write-offs as far as
    /// there are any, else the policy's; absent by the Kaplan-Meier model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss_given_non_payment: Option<f64>,
    /// Unpaid invoices that it was seen on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpaid_invoices_seen: Option<usize>,
}
