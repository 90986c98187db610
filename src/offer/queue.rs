//! The invoices to confirm first.

use std::borrow::Cow;

use basics::{Money, MoneyError};
use policy::{Confirmable, Policy, Pool, Verification};
use pricing::LinePrice;

use super::scored::Scored;

/// Weight of a debtor's own history below which it has hardly ever paid: one expected payment
/// against the five of the shrinkage.
const HARDLY_KNOWN: f64 = 1.0 / 6.0;

/// Invoices that are bought by what confirming them saves, those that are always confirmed first.
pub(super) fn verification_queue(
    policy: &Policy,
    pool: &Pool,
    scored: &[Scored],
    prices: &[Option<LinePrice>],
    loss_given_default: f64,
) -> Result<Vec<Verification>, MoneyError> {
    let Some(rules) = policy.verification() else { return Ok(Vec::new()) };
    let mut judged = Vec::new();
    for (index, (scored, price)) in scored.iter().zip(prices).enumerate() {
        let Some(price) = price else { continue };
        let receivable = &pool.receivables[index];
        let invoice = Confirmable {
            amount: price.amount,
            advance: price.advance,
            is_new_debtor: scored.weights.debtor < HARDLY_KNOWN,
            is_date_assumed: receivable.issue_assumed || receivable.due_assumed,
        };
        let (reasons, saved) = rules.judge(&invoice, loss_given_default);
        judged.push((reasons, saved, index, price.amount));
    }
    // The order of the pool decides between equals.
    judged.sort_by(|a, b| {
        let always = |reasons: &[&str]| reasons.contains(&"large");
        always(&b.0).cmp(&always(&a.0)).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2))
    });
    judged.truncate(rules.most);
    let of = |(reasons, saved, index, amount_bought): (Vec<_>, f64, usize, Money)| {
        let receivable = &pool.receivables[index];
        Ok(Verification {
            invoice_number: receivable.number.clone(),
            debtor_name: pool.debtors[receivable.debtor].name.clone(),
            amount_bought,
            reasons: reasons.into_iter().map(Cow::Borrowed).collect(),
            expected_loss_avoided: Money::from_expectation(saved, pool.currency)?,
        })
    };
    judged.into_iter().map(of).collect()
}
