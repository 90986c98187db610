//! The invoices: those not bought and the reasons, and those bought and their prices.

use maud::{Markup, html};

use basics::Money;
use offer::{Decision, OfferLine, OfferPart};
use words::{Fact, Facts};

use super::figures::{NONE, SENTENCE, apr, count, date, money, name, share, shortened};
use super::rows::amount_not_bought;
use super::say::{say, say_in, say_with};
use super::table::{Table, left_out, number, row, text};
use super::view::PartView;

/// Invoices excluded, or bought in part.
pub(super) fn not_bought(view: &PartView<'_>) -> Markup {
    let currency = view.part.currency;
    let shown = view.not_bought.shown();
    let has_jobs = has_jobs(view.part);
    let mut columns = vec![
        text(say("label.invoice")),
        text(say("label.debtor")),
        text(say("label.due")),
        number(say("label.days_past_due")),
        number(say_in("page_not_bought.open", currency)),
        number(say_in("page_not_bought.not_bought", currency)),
        text(say("page_not_bought.decision")),
        text(say("page_not_bought.reason")),
        text(say("label.why")),
        text(say("page_not_bought.change")),
        text(say("page_not_bought.also_fails")),
    ];
    add_job(&mut columns, has_jobs.then(|| text(say("label.job"))));
    let rows = shown.iter().map(|line| {
        let mut row = not_bought_row(line);
        add_job(&mut row, has_jobs.then(|| job(line)));
        row
    });
    let rows = rows.collect();
    html! {
        h4 id={ (view.id) "-not-bought" } { (say("page_not_bought.title")) }
        @if shown.is_empty() {
            p { (say("page_not_bought.none")) }
        } @else {
            (left_out(shown.len(), view.not_bought.all.len(), "invoices.csv"))
            (Table::new(say("page_not_bought.table"), columns, rows).render())
        }
    }
}

fn not_bought_row(line: &OfferLine) -> Vec<Markup> {
    let missing = Money::from_minor(amount_not_bought(line), line.open.currency());
    let others: Vec<&str> = line.also_fails.iter().map(|rule| rule.code()).collect();
    row![
        name(&line.invoice_number),
        name(&line.debtor_name),
        date(line.due_date),
        days_past_due(line),
        money(line.open),
        money(missing),
        match line.decision {
            Decision::Buy => say("page_not_bought.bought"),
            Decision::Part => say("page_not_bought.in_part"),
            Decision::Hold => say("page_not_bought.held"),
            Decision::Exclude => say("page_not_bought.excluded"),
        },
        html! { code { (line.reason.map_or(NONE, |rule| rule.code())) } },
        html! { span.sentence { (shortened(line.why.as_deref().unwrap_or(NONE), SENTENCE)) } },
        line.counterfactual.as_ref().map_or(NONE, |change| change.sentence.as_str()),
        if others.is_empty() { NONE.to_owned() } else { others.join(", ") },
    ]
}

/// Returns true if any line of the part has a job.
pub(super) fn has_jobs(part: &OfferPart) -> bool {
    part.lines.iter().any(|line| line.job.is_some())
}

/// The job of a line.
pub(super) fn job(line: &OfferLine) -> Markup {
    html! { (line.job.as_deref().map_or(NONE.into(), name)) }
}

/// Puts the job, if there is one, after invoice and debtor.
pub(super) fn add_job<T>(cells: &mut Vec<T>, job: Option<T>) {
    if let Some(job) = job {
        cells.insert(2, job);
    }
}

/// The days past due, or the days until the due date.
fn days_past_due(line: &OfferLine) -> String {
    if line.days_past_due >= 0 {
        return count(line.days_past_due);
    }
    let days = Fact::Count(-i64::from(line.days_past_due));
    say_with("label.due_in", &Facts::new().with("days", days))
}

/// Bought invoices with their prices.
pub(super) fn bought(view: &PartView<'_>) -> Markup {
    let currency = view.part.currency;
    let shown = view.bought.shown();
    let amount = |name: &str| number(say_in(name, currency));
    let has_jobs = has_jobs(view.part);
    let mut columns = vec![
        text(say("label.invoice")),
        text(say("label.debtor")),
        text(say("label.due")),
        number(say("label.days_past_due")),
        amount("label.bought"),
        amount("label.advance"),
        amount("label.reserve"),
        text(say("page_bought.expected")),
        amount("label.fee"),
        number(say("label.apr")),
        amount("label.rebate"),
        amount("label.expected_loss"),
        number(say("page_bought.within_30")),
        number(say("page_bought.within_60")),
        number(say("page_bought.within_90")),
    ];
    add_job(&mut columns, has_jobs.then(|| text(say("label.job"))));
    let rows = shown.iter().filter_map(|line| {
        let mut row = bought_row(line)?;
        add_job(&mut row, has_jobs.then(|| job(line)));
        Some(row)
    });
    let rows = rows.collect();
    html! {
        h4 { (say("page_bought.title")) }
        @if shown.is_empty() {
            p { (say("page.none")) }
        } @else {
            p.note { (say("page_bought.note")) }
            (left_out(shown.len(), view.bought.all.len(), "invoices.csv"))
            (Table::new(say("page_bought.table"), columns, rows).render())
        }
    }
}

fn bought_row(line: &OfferLine) -> Option<Vec<Markup>> {
    let price = line.price?;
    Some(row![
        name(&line.invoice_number),
        name(&line.debtor_name),
        date(line.due_date),
        days_past_due(line),
        money(price.amount_bought),
        money(price.advance),
        money(price.reserve),
        date(price.expected_date),
        money(price.fee),
        apr(price.apr_percent),
        money(price.expected_rebate),
        money(price.expected_loss),
        share(line.collected_30),
        share(line.collected_60),
        share(line.collected_90),
    ])
}
