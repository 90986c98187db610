use super::normal::given;
use super::recourse::Recourse;

/// What is lost of an invoice that is not collected, and by whom. Decimal form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossTerms {
    /// Who bears what is not collected.
    pub recourse: Recourse,
    /// Share lost of what the factor bears, after all recoveries.
    pub loss_given_default: f64,
    /// Share of the uncollected that is credit loss; the rest is dilution, dispute and invoices
    /// that are not valid, which always come back to the client.
    pub credit_share: f64,
    /// Probability that the client cannot buy back what comes back to it.
    pub client_default: f64,
    /// Correlation of the client's failing with its debtors' not paying.
    pub client_correlation: f64,
}

impl LossTerms {
    /// Share of what is at stake that the factor is expected to lose on an invoice that is not
    /// collected, `uncollected` being the probability of that: the part that it bears, and of the
    /// part that comes back to the client what the client fails to buy back.
    pub fn share_lost(&self, uncollected: f64) -> f64 {
        let borne = match self.recourse {
            Recourse::Full => 0.0,
            Recourse::NonRecourse | Recourse::Modified => self.credit_share,
        };
        let client_fails = given(uncollected, self.client_default, self.client_correlation);
        self.loss_given_default * (borne + (1.0 - borne) * client_fails)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recourse_leaves_the_client_s_own_failing() {
        let full = LossTerms {
            recourse: Recourse::Full,
            loss_given_default: 0.6,
            credit_share: 0.5,
            client_default: 0.1,
            client_correlation: 0.0,
        };
        assert!((full.share_lost(0.05) - 0.06).abs() < 1e-9);
        // Half is borne, of the other half a tenth is not bought back.
        let borne = LossTerms { recourse: Recourse::NonRecourse, ..full };
        assert!((borne.share_lost(0.05) - 0.6 * 0.55).abs() < 1e-9);
        // A client that fails with its debtors is worth less.
        let tied = LossTerms { client_correlation: 0.3, ..full };
        assert!(tied.share_lost(0.05) > 2.0 * full.share_lost(0.05));
    }
}
