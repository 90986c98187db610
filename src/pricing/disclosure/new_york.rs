use super::DisclosureRow;
use super::facts::{DisclosureFacts, Figures};

/// Returns the eight rows of 23 NYCRR 600.12.
pub(super) fn rows(facts: &DisclosureFacts, figures: &Figures) -> Vec<DisclosureRow> {
    let currency = figures.amount.currency();
    let row = |label: &'static str, value, explanation: &str, rule: &'static str| DisclosureRow {
        label: label.into(),
        value,
        explanation: explanation.to_owned(),
        rule: rule.into(),
    };
    let avoidable =
        if facts.avoidable.is_empty() { "None".to_owned() } else { facts.avoidable.join("; ") };
    vec![
        row(
            "Funding Provided",
            format!("{} {currency}", figures.financed.grouped()),
            "The purchase price less deductions. None of it refinances other financing from us.",
            "23 NYCRR 600.12(b)(1); 600.1(a)(4); FSL 806(a)",
        ),
        row(
            "Estimated Annual Percentage Rate (APR)",
            facts.printed(figures.single),
            "The estimated cost as a yearly rate, for a single advance and a single payment. It is not \
             an interest rate.",
            "23 NYCRR 600.12(b)(2); FSL 806(c)",
        ),
        row(
            "Finance Charge",
            format!("{} {currency}", figures.charge.grouped()),
            &format!(
                "The dollar cost of the financing if your customers pay as estimated.{}",
                facts.beside()
            ),
            "23 NYCRR 600.12(b)(3); FSL 806(b)",
        ),
        row(
            "Total Payment Amount",
            format!("{} {currency}", figures.payment.grouped()),
            "The funding provided plus the finance charge.",
            "23 NYCRR 600.12(b)(4); FSL 806(d)",
        ),
        row(
            "Estimated Term",
            figures.term_in_words(),
            &facts.term_rule,
            "23 NYCRR 600.12(b)(5), 600.13; FSL 806(c)",
        ),
        row(
            "Repurchase",
            facts.repurchase.clone(),
            "When you have to buy an invoice back.",
            "23 NYCRR 600.12(b)(6)",
        ),
        row(
            "Avoidable Fees and Charges",
            avoidable,
            "Charged only if the event occurs.",
            "23 NYCRR 600.12(b)(7); FSL 806(e)",
        ),
        row(
            "Collateral",
            facts.receivables.clone(),
            "The receivables that are sold, and what secures the sale.",
            "23 NYCRR 600.12(b)(8); FSL 806(f)",
        ),
    ]
}
