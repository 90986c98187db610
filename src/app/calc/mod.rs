//! Every published formula as a calculator: JSON in, JSON out. The functions are the engine's own;
//! here each gets a name, a schema, an example and its source.

mod apr;
mod borrowing_base;
mod dilution;
mod distribution;
mod fee;
mod limits;
mod loss;
mod provision;
mod settlement;
mod time;
mod turnover;

use rust_decimal::prelude::ToPrimitive;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

use basics::handwritten::{Faults, from_json};
use basics::{Amount, Currency, Money, MoneyError, OutOfRange, Rate};
use pricing::PricingError;

/// A formula with typed input and output. Unknown keys of the input are errors.
trait Formula: DeserializeOwned + JsonSchema {
    /// Its name on the command line.
    const NAME: &'static str;
    /// The result it computes, in a few words.
    const SUMMARY: &'static str;
    /// The origin of the formula.
    const SOURCE: &'static str;
    /// An input in JSON.
    const EXAMPLE: &'static str;
    /// The result.
    type Output: Serialize + JsonSchema;

    /// Computes the result; remarks that a reader should see with it go into `notes`.
    fn compute(self, notes: &mut Vec<String>) -> Result<Self::Output, CalcError>;
}

/// An error of a calculator.
#[derive(Debug, Error)]
pub enum CalcError {
    /// No calculator of this name.
    #[error("there is no calculator '{0}'; `factorage calc --list` lists them")]
    Unknown(String),
    /// The input does not match the calculator's schema.
    #[error("the input of {name} (`factorage calc {name} --help` shows its schema): {faults}")]
    Input {
        /// The calculator.
        name: &'static str,
        /// Every fault and its place.
        faults: Faults,
    },
    /// A value is outside its range.
    #[error(transparent)]
    Range(#[from] OutOfRange),
    /// A value that can be given in two ways is not given in exactly one of them.
    #[error("the {what} is missing, incomplete or given twice: give {ways}")]
    Choice {
        /// The value.
        what: &'static str,
        /// The members of the input that give it.
        ways: &'static str,
    },
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A price cannot be computed.
    #[error(transparent)]
    Pricing(#[from] PricingError),
    /// The result has no JSON form.
    #[error("the result cannot be written as JSON")]
    Output(serde_json::Error),
}

/// One calculator.
#[derive(Debug, Clone, Copy)]
pub struct Calculator {
    /// Its name on the command line.
    pub name: &'static str,
    /// The result it computes, in a few words.
    pub summary: &'static str,
    /// The origin of the formula.
    pub source: &'static str,
    /// An input in JSON.
    pub example: &'static str,
    // Pointers to functions, because formulas of many types stand in one list.
    input_schema: fn() -> Value,
    output_schema: fn() -> Value,
    run: fn(&str) -> Result<Value, CalcError>,
}

impl Calculator {
    const fn of<F: Formula>() -> Self {
        Self {
            name: F::NAME,
            summary: F::SUMMARY,
            source: F::SOURCE,
            example: F::EXAMPLE,
            input_schema: schema::<F>,
            output_schema: written::<F::Output>,
            run: run::<F>,
        }
    }

    /// The JSON schema of its input.
    pub fn input_schema(&self) -> Value {
        (self.input_schema)()
    }

    /// The JSON schema of its result.
    pub fn output_schema(&self) -> Value {
        (self.output_schema)()
    }

    /// Computes the result for an input in JSON: an object whose `warnings` are remarks on it.
    ///
    /// # Errors
    /// If the input does not match the schema, or a value or the result is out of range.
    pub fn run(&self, input: &str) -> Result<Value, CalcError> {
        (self.run)(input)
    }
}

/// Every calculator.
pub const CALCULATORS: &[Calculator] = &[
    Calculator::of::<fee::Fee>(),
    Calculator::of::<settlement::Settlement>(),
    Calculator::of::<settlement::Advance>(),
    Calculator::of::<settlement::AverageAdvance>(),
    Calculator::of::<apr::AprInput>(),
    Calculator::of::<apr::EarlyPayDiscount>(),
    Calculator::of::<apr::Xirr>(),
    Calculator::of::<apr::EffectiveYield>(),
    Calculator::of::<time::DayCountInput>(),
    Calculator::of::<time::LatePayment>(),
    Calculator::of::<turnover::Dso>(),
    Calculator::of::<turnover::CountbackDso>(),
    Calculator::of::<turnover::BestPossibleDso>(),
    Calculator::of::<turnover::AverageDaysDelinquent>(),
    Calculator::of::<turnover::Cei>(),
    Calculator::of::<turnover::Turnover>(),
    Calculator::of::<turnover::RollRatesInput>(),
    Calculator::of::<limits::Hhi>(),
    Calculator::of::<dilution::Dilution>(),
    Calculator::of::<dilution::DynamicReserveCalc>(),
    Calculator::of::<borrowing_base::BorrowingBaseInput>(),
    Calculator::of::<limits::CrossAgingInput>(),
    Calculator::of::<limits::ConcentrationInput>(),
    Calculator::of::<provision::ProvisionMatrix>(),
    Calculator::of::<provision::ProvisionFromHistory>(),
    Calculator::of::<loss::IrbCapitalCalc>(),
    Calculator::of::<loss::Vasicek>(),
    Calculator::of::<loss::GranularityCalc>(),
    Calculator::of::<distribution::LossDistributionInput>(),
    Calculator::of::<loss::ExpectedLoss>(),
    Calculator::of::<loss::DefaultCount>(),
];

/// Returns the calculator of this name.
///
/// # Errors
/// If there is no calculator of this name.
pub fn calculator(name: &str) -> Result<&'static Calculator, CalcError> {
    let named = |calculator: &&Calculator| calculator.name == name;
    CALCULATORS.iter().find(named).ok_or_else(|| CalcError::Unknown(name.to_owned()))
}

fn schema<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

/// The schema of a result, whose members may be left out.
fn written<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::default().for_serialize();
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

fn run<F: Formula>(input: &str) -> Result<Value, CalcError> {
    let formula: F =
        from_json(input).map_err(|faults| CalcError::Input { name: F::NAME, faults })?;
    let mut notes = Vec::new();
    let output = formula.compute(&mut notes)?;
    let mut value = serde_json::to_value(output).map_err(CalcError::Output)?;
    if let Value::Object(members) = &mut value {
        members.insert("warnings".to_owned(), notes.into());
    }
    Ok(value)
}

/// A decimal fraction as a percentage.
fn percent(fraction: f64) -> f64 {
    100.0 * fraction
}

/// The usual dilution threshold.
fn five() -> Rate {
    Rate::from_percent(5.into())
}

fn yes() -> bool {
    true
}

/// The default currency.
fn usd() -> Currency {
    Currency::USD
}

/// An amount as money: exact, with the currency's decimals.
fn money(amount: Amount, currency: Currency) -> Result<Money, MoneyError> {
    Money::from_major(amount.0, currency)
}

/// An amount as a float, for statistics.
fn float(amount: Amount) -> f64 {
    amount.0.to_f64().unwrap_or(f64::NAN)
}
