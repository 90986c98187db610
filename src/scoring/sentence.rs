//! The facts behind a reason, in plain words.

use super::calendar::WEEKDAYS;
use super::facts::InvoiceFacts;
use super::features::Topic;

const WEEKDAY_NAMES: [&str; WEEKDAYS] =
    ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];

/// A weekday on which a debtor pays half again as often as others is a habit (as a logarithm).
const HABIT: f32 = 0.405;

/// Returns what is known of the invoice on a topic.
pub(super) fn sentence(topic: Topic, facts: &InvoiceFacts<'_>) -> String {
    let debtor = facts.debtor;
    match topic {
        Topic::DebtorHistory if debtor.paid_count < 1.0 => {
            "This debtor has no dated payments, so the estimate rests on other debtors.".to_owned()
        }
        Topic::DebtorHistory => format!(
            "This debtor has paid {}, {} on average.",
            counted(debtor.paid_count, "invoice"),
            lateness(debtor.late_mean)
        ),
        Topic::DebtorTrend if debtor.paid_count < 1.0 => {
            "This debtor has no dated payments that would show a trend.".to_owned()
        }
        Topic::DebtorTrend if debtor.paid_count < 3.0 => {
            format!("This debtor paid its last invoice {}.", lateness(debtor.late_last))
        }
        Topic::DebtorTrend => {
            format!(
                "This debtor paid its last three invoices {} on average.",
                lateness(debtor.late_last_three)
            )
        }
        Topic::DebtorBalance => balance(facts),
        Topic::Amount => amount(facts),
        Topic::Age => age(facts),
        Topic::Calendar => calendar(facts),
        Topic::ClientTrend => trend(facts.client.speeds[1]),
        Topic::Disputes => disputes(facts),
    }
}

fn counted(count: f64, noun: &str) -> String {
    let plural = if (count - 1.0).abs() < 0.5 { "" } else { "s" };
    format!("{count:.0} {noun}{plural}")
}

fn lateness(days: f64) -> String {
    let whole = days.round();
    if whole.abs() < 1.0 {
        "on time".to_owned()
    } else {
        let word = if whole > 0.0 { "late" } else { "early" };
        format!("about {} {word}", counted(whole.abs(), "day"))
    }
}

fn balance(facts: &InvoiceFacts<'_>) -> String {
    let debtor = facts.debtor;
    let open = counted(debtor.open_count as f64, "open invoice");
    match debtor.overdue_count {
        0 if debtor.open_count == 1 => {
            "It is this debtor's only open invoice, and it is not overdue.".to_owned()
        }
        0 => format!("None of this debtor's {open} is overdue."),
        overdue => format!(
            "Of this debtor's {open}, {overdue} {} overdue, the oldest by {}.",
            if overdue == 1 { "is" } else { "are" },
            counted(debtor.most_overdue, "day")
        ),
    }
}

fn amount(facts: &InvoiceFacts<'_>) -> String {
    let ratio = facts.amount_vs_usual.exp();
    if !ratio.is_finite() {
        return "This debtor has paid no invoices to compare the amount with.".to_owned();
    }
    if (0.8..1.25).contains(&ratio) {
        "The invoice is about the size of the invoices that this debtor usually pays.".to_owned()
    } else {
        format!(
            "The invoice is {ratio:.1} times the size of the invoices that this debtor usually pays."
        )
    }
}

fn age(facts: &InvoiceFacts<'_>) -> String {
    let terms = counted(f64::from(facts.invoice.due - facts.invoice.issue), "day");
    match facts.age(0) {
        0 => format!("It is due today, on terms of {terms}."),
        past if past > 0 => {
            format!("It is {} past due, on terms of {terms}.", counted(f64::from(past), "day"))
        }
        ahead => {
            format!("It falls due in {}, on terms of {terms}.", counted(f64::from(-ahead), "day"))
        }
    }
}

fn calendar(facts: &InvoiceFacts<'_>) -> String {
    let lifts = facts.debtor.weekday_lifts;
    let most = (0..WEEKDAYS).max_by(|&a, &b| lifts[a].total_cmp(&lifts[b])).unwrap_or(0);
    if lifts[most] > HABIT {
        format!("This debtor tends to pay on {}.", WEEKDAY_NAMES[most])
    } else {
        "This debtor has no preferred weekday; its payment days are taken from all debtors."
            .to_owned()
    }
}

fn trend(speed: f64) -> String {
    let percent = (100.0 * (speed - 1.0)).round();
    if percent.abs() < 3.0 {
        "The client's debtors have paid as usual in the last 90 days.".to_owned()
    } else {
        let word = if percent > 0.0 { "more" } else { "fewer" };
        format!(
            "The client's debtors made {:.0} % {word} payments than usual in the last 90 days.",
            percent.abs()
        )
    }
}

fn disputes(facts: &InvoiceFacts<'_>) -> String {
    let invoice = facts.invoice;
    if facts.since(invoice.disputed) {
        "The debtor disputes this invoice.".to_owned()
    } else if facts.since(invoice.first_cash) {
        "Part of this invoice has been paid; the rest is outstanding.".to_owned()
    } else if facts.since(invoice.first_credit) {
        "Part of this invoice has been credited.".to_owned()
    } else if facts.debtor.credited_share > 0.0 {
        "Invoices of this debtor have been credited before.".to_owned()
    } else {
        "No dated entry shows a dispute, a credit or a part payment on this invoice.".to_owned()
    }
}
