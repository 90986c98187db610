use super::normal::Correlation;
use super::recourse::Recourse;

/// The share lost of an invoice that is not collected, and who bears it. Decimal form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossTerms {
    /// Kind of recourse: who bears what is not collected.
    pub recourse: Recourse,
    /// Share lost of what the factor bears, after all recoveries (LGD).
    pub loss_given_default: f64,
    /// Share of the uncollected that is credit loss. The rest is dilution, disputes and invalid
    /// invoices, which always come back to the client.
    pub credit_share: f64,
    /// Probability that the client cannot buy back what comes back to it.
    pub client_default: f64,
    /// Correlation of the client's failure with its debtors' non-payment.
    pub client_correlation: f64,
}

/// The share lost under some terms, with what is the same for every invoice worked out once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareLost {
    terms: LossTerms,
    correlation: Correlation,
}

impl LossTerms {
    /// Returns the share lost, to be asked for many invoices.
    pub fn share_lost(&self) -> ShareLost {
        ShareLost { terms: *self, correlation: Correlation::new(self.client_correlation) }
    }
}

impl ShareLost {
    /// Returns the kind of recourse of the terms.
    pub fn recourse(&self) -> Recourse {
        self.terms.recourse
    }

    /// Returns the share of what is at stake that the factor is expected to lose on an invoice that
    /// is not collected: the part that it bears, and of the part that comes back to the client what
    /// the client fails to buy back.
    ///
    /// ```text
    /// share lost = LGD x (borne + (1 - borne) x P(client fails | debtor does not pay))
    /// ```
    ///
    /// `borne` is 0 under full recourse and the credit share otherwise: modified recourse is priced
    /// as if every debtor were approved. `uncollected` is the probability that the invoice is not
    /// collected. The conditional probability is that of two correlated normal scores, by the
    /// bivariate normal distribution (Drezner and Wesolowsky 1990 for its integral).
    pub fn of(&self, uncollected: f64) -> f64 {
        let terms = &self.terms;
        let borne = match terms.recourse {
            Recourse::Full => 0.0,
            Recourse::NonRecourse | Recourse::Modified => terms.credit_share,
        };
        let client_fails = self.correlation.given(uncollected, terms.client_default);
        terms.loss_given_default * (borne + (1.0 - borne) * client_fails)
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
        assert!((full.share_lost().of(0.05) - 0.06).abs() < 1e-9);
        // Half is borne, of the other half a tenth is not bought back.
        let borne = LossTerms { recourse: Recourse::NonRecourse, ..full };
        assert!((borne.share_lost().of(0.05) - 0.6 * 0.55).abs() < 1e-9);
        // A client that fails with its debtors is worth less.
        let tied = LossTerms { client_correlation: 0.3, ..full };
        assert!(tied.share_lost().of(0.05) > 2.0 * full.share_lost().of(0.05));
    }
}
