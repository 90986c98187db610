//! The largest debtors and their shares of the ledger.

use maud::{Markup, html};

use offer::DebtorShare;
use policy::{Denominator, Policy};
use words::{Fact, Facts};

use super::super::chart::share_bar;
use super::figures::{count, money, name, rate, share};
use super::say::{Sentence, say, say_in, say_with, sentence};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// The table, with a bar for each share.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let currency = view.part.currency;
    let columns = vec![
        text(say("label.debtor")),
        text(say("page_concentration.id")),
        number(say("label.invoices")),
        number(say_in("page_concentration.gross", currency)),
        number(say("page_concentration.share_of_gross")),
        text(say("page_concentration.bar")),
        number(past_due_share(view.policy)),
        number(say_in("label.bought", currency)),
        number(say_in("page_concentration.above_limit", currency)),
    ];
    let rows = view.part.debtors.iter().map(debtor).collect();
    let debtors = i64::try_from(view.part.debtors.len()).unwrap_or(i64::MAX);
    let facts = Facts::new().with("debtors", Fact::Count(debtors));
    let title = say_with("page_concentration.title", &facts);
    html! {
        h4 { (title) }
        @if let Some(policy) = view.policy { p.note { (limits(policy)) } }
        (Table::new(title, columns, rows).render())
    }
}

fn debtor(debtor: &DebtorShare) -> Vec<Markup> {
    row![
        name(&debtor.debtor_name),
        name(&debtor.debtor_id),
        count(debtor.invoices),
        money(debtor.gross),
        share(debtor.share),
        share_bar(debtor.share),
        share(debtor.past_due_share),
        money(debtor.bought),
        money(debtor.above_limit),
    ]
}

fn limits(policy: &Policy) -> Sentence {
    let concentration = policy.concentration();
    let denominator = match concentration.denominator {
        Denominator::EligibleBeforeCap => "eligible_before_cap",
        Denominator::GrossLedger => "gross_ledger",
        Denominator::Fixpoint => "fixpoint",
    };
    sentence("page_concentration.limits")
        .with("limit", rate(concentration.limit_percent))
        .variant("denominator", denominator)
}

/// The heading of the share that is past due, with the limit of days where the policy tells it.
fn past_due_share(policy: Option<&Policy>) -> String {
    let Some(policy) = policy else { return say("page_concentration.past_due_share") };
    let days = Fact::Count(policy.past_due_days().into());
    say_with("page_concentration.past_due_over", &Facts::new().with("days", days))
}
