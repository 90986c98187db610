//! The terms of recourse: what happens when a customer does not pay, with an example from the
//! offer.

use chrono::NaiveDate;
use maud::{Markup, html};

use basics::{Money, day_number, from_day_number};
use offer::{OfferLine, Percent, PricedLine};
use policy::Policy;
use pricing::{FeeBase, Recourse, line_apr};

use super::figures::{apr, date, money, name, sum};
use super::say::{say, sentence};
use super::view::PartView;

/// The terms and an example; nothing when the text of the policy is not a policy.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let Some(policy) = view.policy else { return html! {} };
    let when = policy.recourse_when();
    let example = view.bought.all.first().and_then(|line| Example::of(line, policy, view));
    html! {
        h4 { (say("page_recourse.title")) }
        p {
            @match policy.recourse() {
                Recourse::Full => {
                    strong { (say("page_recourse.full")) } " "
                    (sentence("page_recourse.full_terms").with("when", &when))
                }
                Recourse::NonRecourse => {
                    strong { (say("page_recourse.none")) } " "
                    (sentence("page_recourse.none_terms").with("when", &when))
                }
                Recourse::Modified => {
                    strong { (say("page_recourse.modified")) } " "
                    (sentence("page_recourse.modified_terms").with("when", &when))
                }
            }
        }
        @if let Some(example) = example { (example.render(policy)) }
    }
}

/// The largest invoice bought, unpaid until the day of recourse.
struct Example<'a> {
    line: &'a OfferLine,
    price: PricedLine,
    date: NaiveDate,
    days: u32,
    fee: Money,
    repaid: Money,
    apr: Option<Percent>,
}

impl<'a> Example<'a> {
    /// Returns `None` when a date or an amount is out of range: the terms then have no example.
    fn of(line: &'a OfferLine, policy: &Policy, view: &PartView<'_>) -> Option<Self> {
        let price = line.price?;
        let day = policy.recourse_day(day_number(line.invoice_date), day_number(line.due_date));
        // What is overdue beyond the term when it is bought is due back on the next day, as the
        // price assumes.
        let date = from_day_number(day).max(view.offer.as_of.succ_opt()?);
        let days = u32::try_from((date - view.offer.as_of).num_days()).ok()?;
        let base = FeeBase {
            amount: price.amount_bought,
            advance: price.advance,
            purchase: view.offer.as_of,
        };
        let fee = view.part.terms.fee_plan.fee(base, days).ok()?;
        let repaid = price.advance.checked_add(fee).ok()?;
        let apr = line_apr(fee, price.advance, days).ok().map(|apr| Percent(apr.percent()));
        Some(Self { line, price, date, days, fee, repaid, apr })
    }

    fn render(&self, policy: &Policy) -> Markup {
        let bought = sentence("page_recourse.example_bought")
            .with("invoice", html! { bdi { (name(&self.line.invoice_number)) } })
            .with("customer", html! { bdi { (name(&self.line.debtor_name)) } })
            .with("due", date(self.line.due_date))
            .with("bought", sum(self.price.amount_bought))
            .with("advance", sum(self.price.advance));
        let unpaid = match policy.recourse() {
            Recourse::Full => sentence("page_recourse.example_full")
                .with("date", date(self.date))
                .with("repaid", sum(self.repaid))
                .with("advance", money(self.price.advance))
                .with("fee", money(self.fee))
                .count("days", self.days)
                .with("apr", apr(self.apr)),
            Recourse::NonRecourse | Recourse::Modified => sentence("page_recourse.example_none")
                .with("date", date(self.date))
                .with("advance", money(self.price.advance)),
        };
        html! {
            p.example { strong { (say("page_recourse.example")) } " " (bought) " " (unpaid) }
        }
    }
}
