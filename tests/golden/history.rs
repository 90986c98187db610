//! The basis of the curves: the policy's prior, a mixture, or the client's own history.

use factorage::app::Evaluation;
use factorage::ledger::Source;
use factorage::offer::{NoticeCode, OfferPart};
use factorage::scoring::Basis;

use super::AS_OF;
use crate::evaluated::{Desk, evaluated, line, offer_text, only_part, policy, priced_policy};

const HEADER: &str = "invoice_number,debtor_id,invoice_date,due_date,amount,paid_date\n";

/// `paid` invoices of one debtor, each paid 4 days late, and one open, due in 30 days.
fn with_paid(paid: usize) -> String {
    let row = |n| format!("P-{n},{},2026-03-01,2026-03-31,100.00,2026-04-04\n", n % 10);
    let rows: String = (0..paid).map(row).collect();
    format!("{HEADER}{rows}O-1,77,2026-06-30,2026-07-30,1000.00,\n")
}

fn part_of<T>(csv: &str, look: impl FnOnce(&OfferPart) -> T) -> T {
    look(only_part(&evaluated(csv, AS_OF)))
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
}

#[test]
fn without_paid_invoices_every_curve_is_the_prior_and_says_so() {
    part_of(&with_paid(0), |part| {
        assert!(part.lines.iter().all(|line| line.curve_basis == Basis::Prior));
        assert_eq!((part.scoring.basis, part.scoring.paid_invoices), (Basis::Prior, 0));
        near(part.scoring.own_history_weight, 0.0);
        assert!(part.scoring.sentence.contains("paid_date"), "{}", part.scoring.sentence);
        assert!(part.scoring.sentence.contains("prior curve alone"));
    });
}

#[test]
fn the_prior_is_conditioned_on_the_age_of_the_invoice() {
    part_of(&with_paid(0), |part| {
        let line = line(part, "O-1");
        // Due in 30 days. F(-30) = 0.03, F(0) = 0.42, F(30) = 0.84, F(60) = 0.925 in the policy:
        // (F(-30 + d) - 0.03) / 0.97.
        near(line.collected_30, 0.39 / 0.97);
        near(line.collected_60, 0.81 / 0.97);
        near(line.collected_90, 0.895 / 0.97);
    });
}

#[test]
fn the_expected_day_is_the_mean_of_the_prior_within_the_recourse_period() {
    let csv =
        format!("{HEADER}T,1,2026-05-31,2026-06-30,1000.00,\nM,2,2026-06-30,2026-07-30,1000.00,\n");
    let no_cap = policy(&[("eligibility.concentration.limit_percent", "100")]);
    let evaluation = Desk::with("l.csv", csv).at(AS_OF).policy(no_cap).evaluate();
    let price = |number| line(only_part(&evaluation), number).price.expect("bought");
    // Due today, recourse on day 90. Mass and mean day between the prior's points from 0 on:
    // 0.14 x 3 + 0.10 x 8 + 0.11 x 15.5 + 0.07 x 25.5 + 0.055 x 38 + 0.03 x 53 + 0.03 x 75.5
    // = 10.655 over 0.535: day 19.9, so day 20, and 3 %.
    assert_eq!(price("T").expected_day, 20);
    assert_eq!(price("T").advance.to_string(), "850.00");
    assert_eq!(price("T").fee.to_string(), "30.00");
    // Due in 30 days, recourse on day 120: the same 30 days later, and before it
    // 0.07 x 8 + 0.12 x 20.5 + 0.20 x 28: 35.325 over 0.925: day 38.2, so day 39, and 4 %.
    assert_eq!(price("M").expected_day, 39);
    assert_eq!(price("M").fee.to_string(), "40.00");
    assert_eq!(price("M").expected_rebate.to_string(), "110.00");
    assert_eq!(price("M").expected_date.to_string(), "2026-08-08");
    // 1 - 0.925 / 0.97 = 4.64 % is not collected within the recourse period and comes back to the
    // client, who then cannot buy it back with probability 20.9 %: of 8 %, correlated by 30 %
    // (scipy's bivariate normal distribution). 60 % of that advance is lost.
    assert_eq!(price("M").expected_loss.to_string(), "4.95");
}

#[test]
fn old_open_invoices_alone_do_not_slow_the_prior() {
    // An export of open items leaves out what was paid: it cannot tell how slow a debtor is.
    let row = |n: i32| format!("O-{},77,2026-01-01,2026-01-31,100.00,\n", n + 2);
    let old: String = (0..200).map(row).collect();
    part_of(&(with_paid(0) + &old), |part| {
        near(line(part, "O-1").collected_30, 0.39 / 0.97);
        // 150 days past due: F(150) = 0.973, F(180) = 0.978.
        near(line(part, "O-2").collected_30, 0.005 / 0.027);
        let codes: Vec<_> = part.notices.iter().map(|notice| notice.code.as_ref()).collect();
        assert_eq!(codes, ["survivorship", "no_history"]);
    });
}

#[test]
fn twenty_five_paid_invoices_are_half_of_a_history() {
    part_of(&with_paid(25), |part| {
        assert_eq!((part.scoring.basis, part.scoring.paid_invoices), (Basis::Blended, 25));
        near(part.scoring.own_history_weight, 0.5);
        assert!(part.scoring.sentence.contains("weight 50 %"), "{}", part.scoring.sentence);
        assert!(part.lines.iter().all(|line| line.curve_basis == Basis::Blended));
    });
}

#[test]
fn fifty_paid_invoices_stand_alone() {
    part_of(&with_paid(49), |part| assert_eq!(part.scoring.basis, Basis::Blended));
    part_of(&with_paid(50), |part| {
        assert_eq!((part.scoring.basis, part.scoring.own_history_weight), (Basis::OwnHistory, 1.0));
        assert!(part.scoring.sentence.contains("own history of 50 paid invoices"));
        // All were paid 4 days late, on day 34 from the issue: hardly any before, nearly all by 60.
        let line = line(part, "O-1");
        assert!(line.collected_30 < 0.1 && line.collected_60 > 0.9, "{line:?}");
    });
}

#[test]
fn an_invoice_settled_by_credit_or_write_off_is_not_a_paid_one() {
    let csv = "invoice_number,debtor_id,invoice_date,due_date,amount,credited_amount,credited_date,\
               written_off_amount,written_off_date\n\
               1,1,2026-01-01,2026-02-01,100.00,100.00,2026-02-10,,\n\
               2,1,2026-01-01,2026-02-01,100.00,,,100.00,2026-03-10\n\
               3,1,2026-06-01,2026-07-01,100.00,,,,\n";
    part_of(csv, |part| {
        assert_eq!((part.scoring.basis, part.scoring.paid_invoices), (Basis::Prior, 0));
    });
}

/// Staff are told that nobody can be told to be new, and the client is not.
#[test]
fn a_ledger_without_payments_says_that_the_screens_could_not_look() {
    let told = |desk: &Desk| {
        let evaluation = desk.evaluate();
        let notices = only_part(&evaluation).notices.iter();
        notices.filter(|notice| notice.is(NoticeCode::NoHistory)).count()
    };
    let desk =
        |paid: usize| Desk::with("l.csv", with_paid(paid)).at(AS_OF).policy(priced_policy(&[]));
    assert_eq!(told(&desk(2)), 1, "too few");
    assert_eq!(told(&desk(3)), 0);
    // An earlier ledger may show them.
    let mut beside = desk(0);
    assert_eq!(told(&beside), 1);
    beside.request.previous =
        vec![Source::bytes("before.csv", with_paid(0).replace("2026-06-30", "2026-06-01"))];
    assert_eq!(told(&beside), 1, "an earlier ledger without payments shows no more");
    let paid = with_paid(1).replace("O-1,77,2026-06-30", "O-1,77,2026-06-20");
    beside.request.previous = vec![Source::bytes("before.csv", paid)];
    assert_eq!(told(&beside), 0);
    // A policy that holds neither new customers nor round amounts misses nothing.
    let other = priced_policy(&[("confirm.hold", "[\"re_dated\"]")]);
    assert_eq!(told(&desk(0).policy(other)), 0);
    let mut evaluation = desk(0).evaluate();
    let text = |evaluation: &Evaluation| offer_text(evaluation);
    assert!(text(&evaluation).contains("no_history"));
    evaluation.offer.keep_client_copy();
    assert!(!text(&evaluation).contains("no_history"));
}
