//! The largest debtors and their weight in the ledger.

use maud::{Markup, html};

use offer::DebtorShare;
use policy::{Denominator, Policy};

use super::super::chart::share_bar;
use super::figures::{count, counted, money, name, rate, share};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// Table with bars.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let currency = view.part.currency;
    let columns = vec![
        text("Debtor"),
        text("Id"),
        number("Invoices"),
        number(format!("Gross, {currency}")),
        number("Share of gross"),
        text("0 to 100 %"),
        number("Past-due share"),
        number(format!("Bought, {currency}")),
        number(format!("Above limit, {currency}")),
    ];
    let rows = view.part.debtors.iter().map(debtor).collect();
    let title = match view.part.debtors.len() {
        1 => "Concentration: the one debtor".to_owned(),
        debtors => format!("Concentration: the {debtors} largest debtors"),
    };
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

fn limits(policy: &Policy) -> String {
    let concentration = policy.concentration();
    let of = match concentration.denominator {
        Denominator::EligibleBeforeCap => "the eligible ledger before the cap",
        Denominator::GrossLedger => "the gross ledger",
        Denominator::Fixpoint => "what the limit itself leaves",
    };
    let days = usize::try_from(policy.past_due_days()).unwrap_or_default();
    format!(
        "The policy buys at most {} of {of} from one debtor. Past-due share: the part of the \
         debtor's gross that is more than {} past due.",
        rate(concentration.limit_percent),
        counted(days, "day")
    )
}
