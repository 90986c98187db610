use basics::Money;

use super::DisclosureRow;
use super::facts::{DisclosureFacts, Figures, PREPAYMENT};

/// Returns the rows that Georgia, Florida, Kansas, Missouri and Utah have in common.
pub(super) fn rows(facts: &DisclosureFacts, figures: &Figures) -> Vec<DisclosureRow> {
    let currency = figures.amount.currency();
    let money = |amount: Money| format!("{} {currency}", amount.grouped());
    let row = |label: &'static str, value, explanation: &str, rule: &'static str| DisclosureRow {
        label: label.into(),
        value,
        explanation: explanation.to_owned(),
        rule: rule.into(),
    };
    vec![
        row(
            "Total Funds Provided",
            // Before deductions: what is withheld counts as provided, and shows in the next row.
            money(figures.advance),
            "The advance on the receivables bought.",
            "total amount of funds provided",
        ),
        row(
            "Total Funds Disbursed",
            money(figures.financed),
            "The advance less deductions.",
            "total disbursed, if less",
        ),
        row(
            "Total of Payments",
            money(figures.payment),
            "The amount paid to us out of the receivables.",
            "total of payments",
        ),
        row(
            "Total Dollar Cost",
            money(figures.charge),
            &format!(
                "Total payments less funds provided, plus deducted charges.{}",
                facts.beside()
            ),
            "total dollar cost",
        ),
        row(
            "Manner, Frequency and Amount of Payments",
            format!("Your customers pay the invoices sold after {}", figures.term_in_words()),
            &facts.term_rule,
            "manner, frequency and amount, or method",
        ),
        row("Prepayment", PREPAYMENT.to_owned(), &facts.repurchase, "prepayment cost or discount"),
    ]
}
