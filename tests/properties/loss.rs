//! The simulated loss of a book: its parts add up, and one debtor defaults once.

use factorage::portfolio::{Copula, LossModel, Name, Seller};
use rayon::ThreadPoolBuilder;

use crate::reference::simulation::{SCENARIOS, agrees, equal};

#[test]
fn contributions_add_up_and_threads_change_nothing() {
    let names: Vec<Name> = (0..300)
        .map(|index| Name {
            pd: 0.001 * f64::from(1 + index % 60),
            loss: f64::from(1 + index % 17),
            correlation: 0.1 + 0.001 * f64::from(index % 100),
            client: (index % 2) as usize,
            others: if index % 50 == 0 { vec![(1 - index as usize % 2, 3.0)] } else { vec![] },
        })
        .collect();
    let seller = Seller {
        pd: 0.1,
        loading: 0.4,
        borne: 0.3,
        bought: 500.0,
        reserve: 60.0,
        uncovered: 9.0,
        dilution: 0.05,
    };
    let model = LossModel {
        names,
        clients: vec![seller, Seller { borne: 1.0, ..seller }],
        copula: Copula::StudentT { degrees: 4 },
        timing: 0.7,
    };
    let on = |threads: usize| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| model.simulate(SCENARIOS, 5).expect("simulated"))
    };
    let one = on(1);
    assert_eq!(on(3), one);
    let shortfall = one.tails[1].expected_shortfall.value;
    let by_name = one.by_name.iter().sum::<f64>() + one.dilution + one.timing;
    let by_client = one.by_client.iter().sum::<f64>() + one.timing;
    for parts in [by_name, by_client] {
        assert!((parts / shortfall - 1.0).abs() < 1e-9, "{parts} of {shortfall}");
    }
}

/// A debtor of two clients defaults once, for both.
#[test]
fn what_a_debtor_owes_two_clients_is_lost_together() {
    let seller = Seller {
        pd: 0.0,
        loading: 0.0,
        borne: 1.0,
        bought: 0.0,
        reserve: 0.0,
        uncovered: 0.0,
        dilution: 0.0,
    };
    let name = Name { pd: 0.1, loss: 1.0, correlation: 0.0, client: 0, others: vec![(1, 2.0)] };
    let model = LossModel {
        names: vec![name],
        clients: vec![seller, seller],
        copula: Copula::Gaussian,
        timing: 0.0,
    };
    let found = model.simulate(SCENARIOS, 7).expect("simulated");
    agrees(found.expected.value, found.expected.error, 0.3, 0.0);
    assert!(found.losses.iter().all(|&loss| loss < 0.5 || (loss - 3.0).abs() < 1e-12));
}

#[test]
fn what_is_no_book_is_refused() {
    let refused = |names: Vec<Name>, scenarios| {
        let model = LossModel::without_recourse(names, Copula::Gaussian);
        model.simulate(scenarios, 1).expect_err("refused").to_string()
    };
    assert!(refused(equal(1, 1.1, 0.1), 1_000).contains("pd"));
    assert!(refused(equal(1, f64::NAN, 0.1), 1_000).contains("pd"));
    assert!(refused(equal(1, 0.1, 1.0), 1_000).contains("correlation"));
    assert!(refused(equal(1, 0.1, 0.1), 999).contains("scenarios"));
}
