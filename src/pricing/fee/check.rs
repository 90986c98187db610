use basics::OutOfRange;
use basics::handwritten::first_fault;

use super::{Benchmark, FeeComponent, FeePlan};

impl FeePlan {
    /// Checks that every value is within the range declared beside its field and consistent with
    /// the others.
    ///
    /// # Errors
    /// The first [`OutOfRange`], with a dotted key such as `fee.step_days`.
    pub fn check(&self) -> Result<(), OutOfRange> {
        first_fault("fee", &self.components)?;
        first_fault("charges", &self.charges)?;
        self.conflicts().into_iter().next().map_or(Ok(()), Err)
    }

    /// Returns the values that contradict each other.
    pub fn conflicts(&self) -> Vec<OutOfRange> {
        let changes = self.components.iter().filter_map(FeeComponent::conflict);
        let charges = &self.charges;
        let limits = charges.minimum_per_invoice.zip(charges.maximum_per_invoice);
        let crossed = limits.filter(|(least, most)| least > most).map(|(least, most)| {
            let expected = format!("at least minimum_per_invoice, {least}");
            OutOfRange::new("charges.maximum_per_invoice", most, expected)
        });
        changes.chain(crossed).collect()
    }
}

impl FeeComponent {
    fn conflict(&self) -> Option<OutOfRange> {
        if let Self::PrimePlus(benchmark) = self { benchmark.conflict() } else { None }
    }
}

impl Benchmark {
    fn conflict(&self) -> Option<OutOfRange> {
        // Two values from one day on would leave open which of them is charged.
        let pair = self.changes.windows(2).find(|pair| pair[0].from >= pair[1].from)?;
        let expected = format!("a date after {}", pair[0].from);
        Some(OutOfRange::new("fee.changes.from", pair[1].from, expected))
    }
}
