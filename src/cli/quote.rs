use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use rust_decimal::Decimal;

use app::{EvaluateRequest, evaluate};
use basics::{Amount, Currency, Rate, counted};
use ledger::Guidance;
use offer::{Percent, Quote, QuoteError, QuoteRequest, quote, quote_of};
use policy::Policy;

use super::policy::{advance, policy};
use super::streams::input;
use super::wrong::wrong;
use super::{CliError, clock, date, print, whole};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage quote --face 50000 --terms 45 --debtors 8 --monthly-sales 120000
  factorage quote --face 50000 --advance 75 --json
  factorage quote data/sample_ledger.csv")]
pub(super) struct QuoteArgs {
    /// Ledger for an exact quote (`evaluate` has more options for reading it); without one, the
    /// figures below give an indicative quote
    #[arg(value_name = "LEDGER", value_parser = input())]
    ledgers: Vec<PathBuf>,
    /// Face value of the invoices to sell
    // A negative amount is to be refused as an amount, not as an unknown option.
    #[arg(long, value_name = "AMOUNT", value_parser = amount, allow_negative_numbers = true,
        conflicts_with = "ledgers")]
    face: Option<Amount>,
    /// Payment terms: days from invoice date to due date
    #[arg(
        long,
        value_name = "DAYS",
        default_value_t = 30,
        value_parser = whole::<u32>,
        conflicts_with = "ledgers"
    )]
    terms: u32,
    /// Number of customers that owe them
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        value_parser = whole::<u32>,
        conflicts_with = "ledgers"
    )]
    debtors: u32,
    /// Number of invoices [default: one per customer]
    #[arg(long, value_name = "N", value_parser = whole::<u32>, conflicts_with = "ledgers")]
    invoices: Option<u32>,
    /// Monthly credit sales, to estimate a facility's average balance
    #[arg(long, value_name = "AMOUNT", value_parser = amount, allow_negative_numbers = true,
        conflicts_with = "ledgers")]
    monthly_sales: Option<Amount>,
    /// Advance at most this percent of the invoices, at the price that yields the same return
    #[arg(long, value_name = "PERCENT", value_parser = advance)]
    advance: Option<Rate>,
    /// Currency [default: the policy's]
    #[arg(long, value_name = "XXX")]
    currency: Option<Currency>,
    /// Day of the purchase [default: today, or the ledger's own date]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    as_of: Option<NaiveDate>,
    /// Policy in TOML [default: the standard policy]
    #[arg(
        long,
        value_name = "FILE",
        env = "FACTORAGE_POLICY",
        hide_env_values = true,
        value_parser = input()
    )]
    policy: Option<PathBuf>,
    /// Print the quote as JSON, with its disclosures
    #[arg(long)]
    json: bool,
}

/// Reads an amount with a decimal point and, optionally, commas between thousands. An ambiguous
/// amount is refused: a quote for the wrong sum is worse than none.
fn amount(text: &str) -> Result<Amount, &'static str> {
    const EXPECTED: &str = "expected an amount above 0 such as 50000, 50,000 or 49999.50";
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(w, d)| (w, Some(d)));
    let mut groups = whole.split(',');
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    let is_grouped = whole.contains(',');
    let groups_fit = groups.all(|group| group.len() == 3 && digits(group));
    if !digits(first) || (is_grouped && first.len() > 3) || !groups_fit {
        return Err(EXPECTED);
    }
    match decimals {
        Some(decimals) if !digits(decimals) => return Err(EXPECTED),
        Some(decimals) if decimals.len() == 3 && !is_grouped && first.len() < 4 => {
            return Err(
                "ambiguous: the point could separate thousands or decimals; write 50000 or 50.00",
            );
        }
        _ => {}
    }
    let amount = text.replace(',', "").parse::<Decimal>().ok();
    amount.filter(|amount| *amount > Decimal::ZERO).map(Amount).ok_or(EXPECTED)
}

/// Quotes and prints.
///
/// # Errors
/// If an argument is wrong, an input cannot be read, or no invoice is open.
pub(super) fn run(args: &QuoteArgs) -> Result<(), CliError> {
    let policy = policy(args.policy.as_deref())?;
    let quotes = if args.ledgers.is_empty() {
        vec![indicative(args, policy)?]
    } else {
        exact(args, policy)?
    };
    print(|out| {
        if args.json {
            serde_json::to_writer_pretty(&mut *out, &quotes)?;
            return Ok(writeln!(out)?);
        }
        for quote in &quotes {
            out.write_all(text(quote)?.as_bytes())?;
        }
        Ok(())
    })
}

fn indicative(args: &QuoteArgs, policy: Policy) -> Result<Quote, CliError> {
    let Some(face) = args.face else {
        return wrong("give --face AMOUNT for an indicative quote, or a ledger for an exact one");
    };
    let quoted = quote(&QuoteRequest {
        face,
        terms_days: args.terms,
        debtors: args.debtors,
        invoices: args.invoices,
        monthly_sales: args.monthly_sales,
        advance: args.advance,
        currency: args.currency.unwrap_or(policy.assumed_currency()),
        date: args.as_of.unwrap_or_else(|| clock::local().date_naive()),
        policy: policy.into(),
    });
    match quoted {
        // The figures were typed by the user, so this is a wrong argument: exit code 2.
        Err(error @ (QuoteError::Range(_) | QuoteError::Money(_))) => wrong(error.to_string()),
        other => Ok(other?),
    }
}

fn exact(args: &QuoteArgs, policy: Policy) -> Result<Vec<Quote>, CliError> {
    let request = EvaluateRequest {
        as_of: args.as_of,
        advance: args.advance,
        guidance: Guidance { currency: args.currency, ..Guidance::default() },
        ..EvaluateRequest::new(&args.ledgers, policy)
    };
    let offer = evaluate(&request, &|_| ())?.offer;
    if offer.parts.is_empty() {
        return Err("nothing to quote: the ledger has no open invoices".into());
    }
    let of = |part| quote_of(part, offer.as_of, &request.policy).map_err(CliError::from);
    offer.parts.iter().map(of).collect()
}

fn text(quote: &Quote) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let Quote { kind, currency, date, amount_bought, .. } = quote;
    if let Some(decline) = &quote.decline {
        writeln!(out, "No offer ({kind}, {currency}): {}", decline.sentence)?;
    } else {
        writeln!(out, "Quote ({kind}) for {} {currency} of invoices", amount_bought.grouped())?;
        terms(quote, *date, &mut out)?;
    }
    writeln!(out, "\n  {}", quote.if_unpaid)?;
    if !quote.other_charges.is_empty() {
        writeln!(out, "  Not included in these costs: {}.", quote.other_charges.join("; "))?;
    }
    if let Some(average) = quote.average_advance_outstanding {
        writeln!(
            out,
            "  With these sales, a facility would have {} outstanding on average.",
            average.grouped()
        )?;
    }
    let range = quote.range.iter().filter(|_| quote.decline.is_none());
    for end in range {
        writeln!(
            out,
            "  If we expected your customers to {}, we would quote: advance {}, discount rate {}, \
             cost {}, APR {}.",
            end.customers,
            end.advance_rate_percent,
            end.discount_rate_percent,
            end.expected_cost.grouped(),
            percent(end.apr_percent)
        )?;
    }
    writeln!(out, "\n  Assumed:")?;
    quote.assumptions.iter().try_for_each(|line| writeln!(out, "  - {line}"))?;
    Ok(out)
}

fn terms(quote: &Quote, date: NaiveDate, out: &mut String) -> std::fmt::Result {
    let rate = quote.terms.advance_rate_percent;
    writeln!(out, "  on {date}     {:>16}  {rate} advanced", quote.net_funded.grouped())?;
    let days = quote.expected_days.unwrap_or(0.0);
    writeln!(
        out,
        "  expected cost     {:>16}  if paid after {days:.0} days; APR {}",
        quote.expected_cost.grouped(),
        percent(quote.apr_percent)
    )?;
    writeln!(out, "  Fee: {}.\n", quote.terms.fee_plan.words())?;
    writeln!(
        out,
        "  {:<20}{:>16}{:>18}{:>10}",
        "customers pay after", "cost", "you receive later", "APR"
    )?;
    for day in quote.if_paid_after.iter().filter(|day| [30, 60, 90].contains(&day.days)) {
        let cost = quote.cost(day);
        writeln!(
            out,
            "  {:<20}{:>16}{:>18}{:>10}",
            counted(day.days, "day", "days"),
            cost.grouped(),
            day.rebate.grouped(),
            percent(day.apr_percent)
        )?;
    }
    for offer in quote.menu.iter().skip(1) {
        writeln!(
            out,
            "  {}: {} at once ({}), expected cost {}, APR {}.",
            offer.choice.title(),
            offer.net_funded.grouped(),
            offer.advance_rate_percent,
            offer.total_cost.grouped(),
            percent(offer.apr_percent)
        )?;
    }
    Ok(())
}

fn percent(percent: Option<Percent>) -> String {
    percent.map_or("-".to_owned(), |percent| format!("{:.2} %", percent.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_in_one_way_or_refused() {
        for (text, read) in [
            ("50000", "50000"),
            ("50,000", "50000"),
            ("1,234,567.5", "1234567.5"),
            ("0.125", ""),
            ("1000.555", "1000.555"),
            ("-5", ""),
            ("0", ""),
            ("50.000,00", ""),
            ("50.000", ""),
            ("5,0000", ""),
            ("50,00", ""),
            ("5000,000", ""),
            ("", ""),
            ("1e5", ""),
            ("5.", ""),
        ] {
            let found = amount(text).map_or(String::new(), |amount| amount.0.to_string());
            assert_eq!(found, read, "{text}");
        }
    }
}
