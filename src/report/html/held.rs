//! The invoices that are held: bought once their customers confirm them.

use maud::{Markup, html};

use offer::{OfferLine, OfferPart};
use policy::HoldKind;

use super::super::held::{Group, grouped, lines};
use super::figures::{date, money, name, sum};
use super::lines::{add_job, has_jobs, job};
use super::say::{Sentence, say, say_in, sentence};
use super::table::{Table, left_out, number, row, text};
use super::view::PartView;

/// The most held invoices that the page lists of one part.
const SHOWN: usize = 100;

/// The most invoices of one reason that the owner's part names.
const NAMED: usize = 12;

/// The cash that the owner may still receive, and the reasons for which it has to wait.
pub(super) fn to_owner(view: &PartView<'_>) -> Markup {
    let Some(held) = view.part.totals.held else { return html! {} };
    let more = sentence("page_held.more")
        .with("advance", html! { strong { (sum(held.advance)) } })
        .with("amount", sum(held.amount))
        .count("invoices", held.invoices)
        .count("bought", view.part.totals.bought_invoices);
    html! {
        h4 { (say("page_held.owner_title")) }
        p { (more) }
        ul { @for group in for_owner(view.part) { li { (owner_item(view, &group)) } } }
        p.note { (say("page_held.later")) }
    }
}

/// The same for the owner, in whose words all that looks wrong is one group; the largest first.
fn for_owner(part: &OfferPart) -> Vec<Group<'_, &str>> {
    let mut groups = grouped(part, |line| line.held_for.as_deref());
    groups.sort_by_key(|group| std::cmp::Reverse(group.minor));
    groups
}

fn owner_item(view: &PartView<'_>, group: &Group<'_, &str>) -> Sentence {
    let named = group.lines.iter().take(NAMED).map(|line| name(&line.invoice_number));
    let below = html! { a href={ "#" (view.id) "-held" } { (say("page_held.below")) } };
    sentence("page_held.reason")
        .count("invoices", group.lines.len())
        .with("amount", money(group.amount(view.part)))
        .with("currency", view.part.currency.code())
        .with("why", group.reason)
        .with("numbers", named.collect::<Vec<_>>().join(", "))
        .count("more", group.lines.len().saturating_sub(NAMED))
        .with("below", below)
}

/// Every held invoice with its reasons, what looks wrong first.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let mut held: Vec<&OfferLine> = lines(view.part).collect();
    if held.is_empty() {
        return html! {};
    }
    let currency = view.part.currency;
    let rank = |line: &OfferLine| {
        let looks_wrong = line.holds.iter().any(|hold| hold.kind == HoldKind::LooksWrong);
        let amount = line.once_confirmed.map_or(0, |price| price.amount_bought.minor());
        (std::cmp::Reverse(looks_wrong), std::cmp::Reverse(amount))
    };
    held.sort_by_key(|line| rank(line));
    let has_jobs = has_jobs(view.part);
    let mut columns = vec![
        text(say("label.invoice")),
        text(say("label.customer")),
        text(say("label.due")),
        number(say_in("page_not_bought.open", currency)),
        number(say_in("page_held.amount", currency)),
        number(say_in("page_held.advance", currency)),
        text(say("label.why")),
    ];
    add_job(&mut columns, has_jobs.then(|| text(say("label.job"))));
    let rows = held.iter().take(SHOWN).filter_map(|line| {
        let price = line.once_confirmed?;
        let all: Vec<&str> = line.holds.iter().map(|hold| hold.why.as_str()).collect();
        // The client's copy has no reasons but the one in words.
        let why = if all.is_empty() { line.why.clone() } else { Some(all.join(" ")) };
        let mut row = row![
            name(&line.invoice_number),
            name(&line.debtor_name),
            date(line.due_date),
            money(line.open),
            money(price.amount_bought),
            money(price.advance),
            html! { span.sentence { (why.unwrap_or_default()) } },
        ];
        add_job(&mut row, has_jobs.then(|| job(line)));
        Some(row)
    });
    let rows: Vec<_> = rows.collect();
    let shown = rows.len();
    let wrong = held.iter().filter(|line| rank(line).0.0).count();
    let lead = sentence("page_held.lead").count("invoices", held.len()).count("wrong", wrong);
    html! {
        h4 id={ (view.id) "-held" } { (say("page_held.title")) }
        p.note { (lead) }
        (left_out(shown, held.len(), "invoices.csv"))
        (Table::new(say("page_held.table"), columns, rows).render())
    }
}
