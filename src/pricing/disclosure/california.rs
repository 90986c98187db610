use super::DisclosureRow;
use super::facts::{DisclosureFacts, Figures, PREPAYMENT};

fn row(
    label: &'static str,
    value: String,
    explanation: String,
    rule: &'static str,
) -> DisclosureRow {
    DisclosureRow { label: label.into(), value, explanation, rule: rule.into() }
}

/// Returns the six rows of 10 CCR 912, for a specific transaction.
pub(super) fn specific(facts: &DisclosureFacts, figures: &Figures) -> Vec<DisclosureRow> {
    let currency = figures.amount.currency();
    let prepaid = facts.prepaid;
    let itemised = if prepaid.minor() > 0 {
        format!(
            " Due to deductions of {} for charges, this is less than the advance of {}; see the \
             itemization of amount financed.",
            prepaid.grouped(),
            figures.advance.grouped()
        )
    } else {
        String::new()
    };
    vec![
        row(
            "Funding Provided",
            format!("{} {currency}", figures.financed.grouped()),
            format!("This is how much funding we will provide.{itemised}"),
            "10 CCR 912(a)(2)(A); 900(a)(1)(D)",
        ),
        row(
            "Estimated Annual Percentage Rate (APR)",
            facts.printed(figures.apr),
            "APR is the cost of your financing expressed as a yearly rate. It incorporates the amount \
             and timing of the funding you receive, the fees you pay and the payments. Your APR is not \
             an interest rate."
                .to_owned(),
            "10 CCR 912(a)(2)(B); 940, 941",
        ),
        row(
            "Finance Charge",
            format!("{} {currency}", figures.charge.grouped()),
            format!(
                "This is the dollar cost of your financing. It depends on when your customers pay.{}",
                facts.beside()
            ),
            "10 CCR 912(a)(2)(C); 943(a)(3)",
        ),
        row(
            "Estimated Payment",
            // One of the three spellings that the rule admits.
            "N/A".to_owned(),
            format!(
                "You make no payments: your customers pay the invoices of {} {currency} that we buy.",
                figures.amount.grouped()
            ),
            "10 CCR 912(a)(2)(D)",
        ),
        row(
            "Estimated Term",
            figures.term_in_words(),
            format!("Time until your customers are expected to pay. {}", facts.term_rule),
            "10 CCR 912(a)(2)(E); 941",
        ),
        row(
            "Prepayment",
            PREPAYMENT.to_owned(),
            facts.repurchase.clone(),
            "10 CCR 912(a)(2)(F)",
        ),
    ]
}

/// Returns the seven rows of 10 CCR 913, for an example under a general agreement; the first row
/// states its assumptions.
pub(super) fn general(facts: &DisclosureFacts, figures: &Figures) -> Vec<DisclosureRow> {
    let assumptions = row(
        "Assumptions",
        format!(
            "This is an example: a sale of {} {} of receivables with an advance of {}, paid after {}.",
            figures.amount.grouped(),
            figures.amount.currency(),
            figures.advance.grouped(),
            figures.term_in_words()
        ),
        "The actual terms of a sale under the agreement may differ.".to_owned(),
        "10 CCR 913(a)(2)(A); 951",
    );
    std::iter::once(assumptions).chain(specific(facts, figures)).collect()
}
