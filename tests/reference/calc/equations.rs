//! Every solution is put back into the equation that defines it.

use chrono::{Days, NaiveDate};
use factorage::pricing::xirr;
use proptest::prelude::*;

use crate::properties::cases;

proptest! {
    #![proptest_config(cases(1000))]

    /// The sum of CF / (1 + r)^(days / 365) is 0: Microsoft Support, "XIRR function",
    /// <https://support.microsoft.com/en-us/office/xirr-function-de1242ec-6477-445b-b11b-a303ad9adc9d>.
    #[test]
    fn xirr_solves_its_equation(
        out in 1.0_f64..1e6,
        back in prop::collection::vec((1_u64..1500, 0.0_f64..2.0), 1..12),
    ) {
        let start = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");
        let mut flows = vec![(start, -out)];
        let total: f64 = back.iter().map(|(_, share)| share).sum();
        prop_assume!(total > 0.01);
        for (day, share) in back {
            flows.push((start + Days::new(day), out * share));
        }
        let rate = match xirr(&flows) {
            Ok(rate) => rate,
            // A root beyond the rates looked at.
            Err(error) => return {
                prop_assert!(error.to_string().starts_with("no rate between"));
                Ok(())
            },
        };
        let present = |(date, flow): &(NaiveDate, f64)| {
            flow / (1.0 + rate).powf((*date - start).num_days() as f64 / 365.0)
        };
        let value: f64 = flows.iter().map(present).sum();
        let scale: f64 = flows.iter().map(|flow| present(flow).abs()).sum();
        prop_assert!(value.abs() < 1e-9 * scale, "{rate} leaves {value}");
    }
}
