//! The invoices to confirm with their customers first.

use std::collections::HashMap;

use maud::{Markup, html};

use offer::{Decision, OfferLine, OfferPart};
use policy::Verification;

use super::figures::{NONE, money, name, share, sum};
use super::say::{say, say_in, sentence};
use super::table::{Table, number, row, text};
use super::view::PartView;

/// A row of the verification queue.
pub(super) struct Queued<'a> {
    /// The row.
    pub row: &'a Verification,
    /// Its invoice.
    pub line: Option<&'a OfferLine>,
}

impl Queued<'_> {
    /// Returns true if a rule excludes it, so that it is not held either.
    pub fn is_excluded(&self) -> bool {
        self.line.is_some_and(|line| line.decision == Decision::Exclude)
    }
}

fn key(row: &Verification) -> (&str, &str) {
    (&row.invoice_number, &row.debtor_name)
}

/// The verification queue with the invoice of each row. Of several with one number and debtor, that
/// of the same amount is taken.
pub(super) fn queued<'a>(part: &'a OfferPart) -> Vec<Queued<'a>> {
    let queue = &part.verification_queue;
    let mut lines: HashMap<(&str, &str), Vec<&OfferLine>> =
        queue.iter().map(|row| (key(row), Vec::new())).collect();
    for line in &part.lines {
        let own = lines.get_mut(&(line.invoice_number.as_str(), line.debtor_name.as_str()));
        own.into_iter().for_each(|own| own.push(line));
    }
    let amount = |line: &OfferLine| {
        let price = line.price.or(line.once_confirmed);
        price.map_or(0, |price| price.amount_bought.minor())
    };
    let of = |row: &'a Verification| {
        let own = &lines[&key(row)];
        let same = own.iter().find(|line| amount(line) == row.amount_bought.minor());
        Queued { row, line: same.or(own.first()).copied() }
    };
    queue.iter().map(of).collect()
}

/// The verification queue; nothing where the policy has no rules for one.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let queue = &view.part.verification_queue;
    if queue.is_empty() {
        return html! {};
    }
    let currency = view.part.currency;
    let columns = vec![
        text(say("label.invoice")),
        text(say("label.customer")),
        number(say_in("page_not_bought.open", currency)),
        number(say_in("label.amount_bought", currency)),
        text(say("page_queue.held")),
        text(say("label.why")),
        number(say_in("page_queue.loss_avoided", currency)),
    ];
    let rows = queued(view.part).into_iter().map(|own| {
        let row = own.row;
        row![
            name(&row.invoice_number),
            name(&row.debtor_name),
            own.line.map_or(NONE.to_owned(), |line| money(line.open)),
            money(row.amount_bought),
            if row.held {
                say("page_queue.yes")
            } else if own.is_excluded() {
                say("page_not_bought.excluded")
            } else {
                say("page_queue.no")
            },
            html! { span.sentence { (row.why) } },
            money(row.expected_loss_avoided)
        ]
    });
    let covers = view.part.queue_covers.map(|covers| {
        sentence("page_queue.covers")
            .with("amount", sum(covers.amount))
            .with("share", share(covers.share))
    });
    html! {
        h4 { (say("page_queue.title")) }
        @if let Some(covers) = covers { p.note { (covers) } }
        (Table::new(say("page_queue.table"), columns, rows.collect()).render())
    }
}
