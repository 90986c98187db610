//! The lift of an invented invoice that nothing can catch, measured and not judged.

use super::trades::rows::AS_OF;
use super::trades::{debtors, evaluated, invoice, ledgers};
use crate::evaluated::only_part;

/// Nothing can catch one invented invoice that looks like the debtor's others: this says what it
/// brings, in relation to its face.
#[test]
fn one_plausible_invented_invoice_to_an_old_debtor_is_measured() {
    let mut lifts = Vec::new();
    for (name, seed, stated) in ledgers() {
        let before = evaluated(&stated);
        let part = only_part(&before);
        let all = debtors(part);
        for at in [0, all.len() / 2] {
            let (debtor, usual) = all[at];
            let terms = stated.iter().find(|(row, _)| row.debtor == debtor);
            let terms = terms.map_or(30, |(row, _)| row.due - row.issue);
            let cents = usual * 103 / 100 + 11;
            let dates = (AS_OF - 6, AS_OF - 6 + terms);
            let more = vec![(invoice(debtor, "KX-880137".to_owned(), dates, cents), false)];
            let after = evaluated(&[stated.clone(), more].concat());
            let lift = only_part(&after).totals.advance.minor() - part.totals.advance.minor();
            println!("{name:14} {seed} {:6.1} % of its face", 100.0 * lift as f64 / cents as f64);
            lifts.push(100.0 * lift as f64 / cents as f64);
        }
    }
    lifts.sort_by(f64::total_cmp);
    let (median, most) = (lifts[lifts.len() / 2], lifts[lifts.len() - 1]);
    println!(
        "one invented invoice of {}: {median:.1} % of its face, at most {most:.1} %",
        lifts.len()
    );
}
