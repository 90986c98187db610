//! What happens when a customer does not pay, worded from the policy, with an example from the
//! offer.

use chrono::{Days, NaiveDate};
use maud::{Markup, html};

use basics::Money;
use offer::{OfferLine, Percent, PricedLine};
use policy::Policy;
use pricing::{FeeBase, Recourse, line_apr};

use super::figures::{apr, counted, date, money, name, sum};
use super::view::PartView;

/// The terms and an example; nothing when the policy's terms are not known.
pub(super) fn section(view: &PartView<'_>) -> Markup {
    let Some(policy) = view.policy else { return html! {} };
    let days = usize::try_from(policy.recourse_days()).unwrap_or_default();
    let example = view.bought.all.first().and_then(|line| Example::of(line, policy, view));
    html! {
        h4 { "What happens if a customer does not pay" }
        p {
            @match policy.recourse() {
                Recourse::Full => {
                    strong { "You buy the invoice back (full recourse). " }
                    "If an invoice is still unpaid " (counted(days, "day")) " after its due date, \
                    you repay the advance on it and the fee up to that day. The invoice is then \
                    yours again."
                }
                Recourse::NonRecourse => {
                    strong { "We bear it (non-recourse). " }
                    "If an invoice is still unpaid " (counted(days, "day")) " after its due date \
                    because the customer cannot pay, you keep the advance and do not buy the \
                    invoice back. What we held back on it is not paid out. What a customer \
                    disputes or is credited for comes back to you."
                }
                Recourse::Modified => {
                    strong { "We bear it for approved customers (modified recourse). " }
                    "If an invoice to a customer whom we have approved, within its limit, is still \
                    unpaid " (counted(days, "day")) " after its due date because the customer cannot \
                    pay, you keep the advance. Every other unpaid invoice you buy back, with the fee \
                    up to that day."
                }
            }
        }
        @if let Some(example) = example { (example.render(policy)) }
    }
}

/// The largest invoice that is bought, unpaid until the day of recourse.
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
    /// `None` when a date or an amount cannot be computed: the terms then stand without an example.
    fn of(line: &'a OfferLine, policy: &Policy, view: &PartView<'_>) -> Option<Self> {
        let price = line.price?;
        let after_due = Days::new(u64::try_from(policy.recourse_days()).ok()?);
        // What is overdue beyond the term when it is bought is due back on the next day, as the
        // price assumes.
        let earliest = view.offer.as_of.succ_opt()?;
        let date = line.due_date.checked_add_days(after_due)?.max(earliest);
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
        html! {
            p.example {
                strong { "Example. " }
                "The largest invoice of this offer is " bdi { (name(&self.line.invoice_number)) }
                " to " bdi { (name(&self.line.debtor_name)) } ", due " (date(self.line.due_date))
                ". We buy " (sum(self.price.amount_bought)) " of it and pay you "
                (sum(self.price.advance)) ". "
                @match policy.recourse() {
                    Recourse::Full => {
                        "If it is still unpaid on " (date(self.date)) ", you buy it back for "
                        (sum(self.repaid)) ": the advance of " (money(self.price.advance))
                        " and a fee of " (money(self.fee)) " for "
                        (counted(self.days as usize, "day")) " (APR " (apr(self.apr)) ")."
                    }
                    Recourse::NonRecourse | Recourse::Modified => {
                        "If it is still unpaid on " (date(self.date)) ", you keep the "
                        (money(self.price.advance)) " and the loss is ours, unless the customer disputes the invoice."
                    }
                }
            }
        }
    }
}
