use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{Local, NaiveDate};
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
use super::{CliError, date, print, whole};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  factorage quote --face 50000 --terms 45 --debtors 8 --monthly-sales 120000
  factorage quote --face 50000 --advance 75 --json
  factorage quote data/sample_ledger.csv")]
pub(super) struct QuoteArgs {
    /// A ledger for an exact quote (`evaluate` has more to say about how it is read); without one
    /// the numbers below give an indicative one
    #[arg(value_name = "LEDGER", value_parser = input())]
    ledgers: Vec<PathBuf>,
    /// Invoices to be sold, face amount
    #[arg(long, value_name = "AMOUNT", value_parser = amount, allow_negative_numbers = true,
        conflicts_with = "ledgers")]
    face: Option<Amount>,
    /// Days from invoice to due date
    #[arg(
        long,
        value_name = "DAYS",
        default_value_t = 30,
        value_parser = whole::<u32>,
        conflicts_with = "ledgers"
    )]
    terms: u32,
    /// Customers that owe them
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        value_parser = whole::<u32>,
        conflicts_with = "ledgers"
    )]
    debtors: u32,
    /// Invoices [default: one for each customer]
    #[arg(long, value_name = "N", value_parser = whole::<u32>, conflicts_with = "ledgers")]
    invoices: Option<u32>,
    /// Sales on credit in a month, for what a facility would have out on average
    #[arg(long, value_name = "AMOUNT", value_parser = amount, allow_negative_numbers = true,
        conflicts_with = "ledgers")]
    monthly_sales: Option<Amount>,
    /// Advance at most this percent of the invoices, at the price that brings the same return
    #[arg(long, value_name = "PERCENT", value_parser = advance)]
    advance: Option<Rate>,
    /// Currency [default: the policy's]
    #[arg(long, value_name = "XXX")]
    currency: Option<Currency>,
    /// Day of the purchase [default: today; with a ledger its own date]
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
    /// Print the quote as JSON, its disclosures included
    #[arg(long)]
    json: bool,
}

/// An amount with a decimal point; commas, where there are some, part thousands. What could be read
/// in two ways is refused.
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
            return Err("the point could part thousands or decimals; write 50000 or 50.00");
        }
        _ => {}
    }
    let amount = text.replace(',', "").parse::<Decimal>().ok();
    amount.filter(|amount| *amount > Decimal::ZERO).map(Amount).ok_or(EXPECTED)
}

/// Quotes and prints.
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
        date: args.as_of.unwrap_or_else(|| Local::now().date_naive()),
        policy: policy.into(),
    });
    match quoted {
        // What is out of range is what was typed.
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
        return Err("no invoice is open, so there is nothing to quote".into());
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
        writeln!(out, "  Not in these costs: {}.", quote.other_charges.join("; "))?;
    }
    if let Some(average) = quote.average_advance_outstanding {
        writeln!(
            out,
            "  A facility of these sales would have {} out on average.",
            average.grouped()
        )?;
    }
    let range = quote.range.iter().filter(|_| quote.decline.is_none());
    for end in range {
        writeln!(
            out,
            "  If your customers {} than assumed: advance {}, discount rate {}, cost {}, APR {}.",
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
    writeln!(out, "  on {date}     {:>16}  {rate} of it at once", quote.net_funded.grouped())?;
    let days = quote.expected_days.unwrap_or(0.0);
    writeln!(
        out,
        "  cost, expected    {:>16}  if paid after {days:.0} days; APR {}",
        quote.expected_cost.grouped(),
        percent(quote.apr_percent)
    )?;
    writeln!(out, "  Fee: {}.\n", quote.terms.fee_plan.words())?;
    writeln!(
        out,
        "  {:<20}{:>16}{:>16}{:>10}",
        "customers pay after", "cost", "you get later", "APR"
    )?;
    for day in quote.if_paid_after.iter().filter(|day| [30, 60, 90].contains(&day.days)) {
        let cost = quote.cost(day);
        writeln!(
            out,
            "  {:<20}{:>16}{:>16}{:>10}",
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
