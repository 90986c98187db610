//! The invoices to confirm first.

use std::borrow::Cow;

use basics::{Money, MoneyError};
use policy::{Confirmable, Policy, Pool, Verification};
use pricing::LinePrice;

use super::scored::Scored;

/// The weight of a debtor's own history below which it counts as new: one expected payment against
/// the five of the shrinkage.
const HARDLY_KNOWN: f64 = 1.0 / 6.0;

/// Returns the invoices to confirm: those that are always confirmed, then those that are bought in
/// order of the loss that confirming them avoids.
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
    // The order of the pool decides between equals, so that the queue is always the same.
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

#[cfg(test)]
mod tests {
    use super::super::samples::{Case, listed_with, policy, pool_of, usd};
    use super::*;
    use basics::Currency;

    /// Invalid in 0.5 % of the cases, five times that of a new debtor; from 1,000.00 on always.
    const RULES: &str = "[verification]\nalways_from = 1000\nmost = 3\n";

    fn queue_of(case: &Case) -> Vec<Verification> {
        let Case { policy, pool, scored, .. } = case;
        verification_queue(policy, pool, scored, &case.prices(), 0.6).expect("a queue")
    }

    fn queue(invoices: &[(usize, i32, i64)]) -> Vec<Verification> {
        queue_of(&Case::of(listed_with(RULES), pool_of(Currency::USD, invoices)))
    }

    fn numbers(queue: &[Verification]) -> Vec<&str> {
        queue.iter().map(|invoice| invoice.invoice_number.as_str()).collect()
    }

    #[test]
    fn what_is_always_confirmed_comes_first_then_what_saves_most_and_the_queue_ends() {
        let found = queue(&[(0, 30, 99_999), (0, 30, 100_000), (1, 30, 50_000), (1, 30, 200_000)]);
        assert_eq!(numbers(&found), ["A-4", "A-2", "A-1"]);
        assert_eq!(found[0].reasons, ["large"]);
        assert!(
            found[2].reasons.is_empty(),
            "a cent below the limit, and only because there is room"
        );
        // 80 % of 2,000.00, of which 0.5 % is not valid and 60 % is lost then.
        assert_eq!(found[0].expected_loss_avoided, usd(480));
    }

    #[test]
    fn the_order_of_the_pool_decides_between_equals() {
        assert_eq!(numbers(&queue(&[(0, 30, 10_000); 4])), ["A-1", "A-2", "A-3"]);
    }

    #[test]
    fn a_debtor_is_new_below_one_expected_payment() {
        let mut case = Case::of(listed_with(RULES), pool_of(Currency::USD, &[(0, 30, 50_000); 3]));
        // One payment against five of the shrinkage is a weight of 1 / (1 + 5).
        case.scored[0].weights.debtor = 1.0 / 6.0;
        case.scored[1].weights.debtor = 0.166;
        case.pool.receivables[2].due_assumed = true;
        let found = queue_of(&case);
        assert_eq!(numbers(&found), ["A-2", "A-1", "A-3"]);
        assert_eq!(found[0].reasons, ["new_debtor"]);
        // 400.00 x 2.5 % x 60 %, and x 0.5 % x 60 %.
        assert_eq!(found[0].expected_loss_avoided, usd(600));
        assert_eq!(found[1].expected_loss_avoided, usd(120));
        assert_eq!(
            (found[1].reasons.len(), &found[2].reasons[..]),
            (0, &["date_assumed".into()][..])
        );
    }

    #[test]
    fn only_what_is_bought_is_confirmed() {
        let mut case = Case::of(listed_with(RULES), pool_of(Currency::USD, &[(0, 30, 500_000); 2]));
        case.bought[0] = usd(0);
        case.bought[1] = usd(1_000);
        let found = queue_of(&case);
        assert_eq!(numbers(&found), ["A-2"]);
        assert_eq!((found[0].amount_bought, found[0].reasons.len()), (usd(1_000), 0));
    }

    #[test]
    fn a_policy_that_confirms_nothing_has_no_queue() {
        let without = policy("without = [\"verification\"]\n");
        let case = Case::of(without, pool_of(Currency::USD, &[(0, 30, 500_000)]));
        assert!(queue_of(&case).is_empty());
    }
}
