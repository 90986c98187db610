//! A backtest as one page: whether to trust the model on this ledger, and where not.

use maud::{Markup, html};

use basics::grouped;
use scoring::validation::{HORIZONS, Interval, Metrics};

use super::document;
use super::figures::{NONE, count, counted, date, name};
use super::table::{Table, number, row, text};
use crate::backtest::text::model_words;
use crate::chart::reliability_chart;
use app::{Backtest, cash, slices};

/// The model less the forecast of this name, in Brier score and log-loss.
type Difference = (&'static str, Option<[Interval; 2]>);

/// The page: UTF-8, complete in itself, no script.
pub fn backtest_html(backtest: &Backtest) -> String {
    let metrics = backtest.metrics();
    let differences = backtest.differences();
    let body = html! {
        header {
            p.brand { "Factorage" }
            h1 { "Backtest of the scoring model" }
            p.lead { (verdict(backtest, &metrics, &differences)) }
        }
        main {
            section #method {
                h2 { "What was done" }
                p {
                    "At the end of each of these days everything that came later was put aside, the \
                     model was made from what was left, and every invoice then open was scored: "
                    (count(backtest.scored.len())) " scores. They are compared with what happened \
                     until " (date(backtest.known_until)) "."
                }
                ul {
                    @for (origin, model) in &backtest.models {
                        li { (date(*origin)) ": " (model_words(model)) }
                    }
                }
                @if backtest.rejects > 0 {
                    p.notice { (counted(backtest.rejects, "row")) " of the ledger "
                        (if backtest.rejects == 1 { "was" } else { "were" }) " rejected." }
                }
            }
            (compared(&metrics, &differences))
            @if let Some((_, Some(model))) = metrics.first() { (horizons(model)) }
            (diagrams(backtest))
            (cash_by_origin(backtest))
            (sliced(backtest))
        }
    };
    document("Backtest of the scoring model", &body).into_string()
}

/// Whether the model beats the debtor's own curve, or the base rate where it is that curve.
fn verdict(
    backtest: &Backtest,
    metrics: &[(&'static str, Option<Metrics>)],
    differences: &[Difference],
) -> String {
    let Some((_, Some(model))) = metrics.first() else {
        return "No outcome is known yet.".to_owned();
    };
    // What only repeats the debtor's own curve is judged by the base rate.
    let is_km = backtest.models.iter().all(|(_, model)| *model == "km");
    let (other, words) = if is_km {
        ("base_rate", "the base rate")
    } else {
        ("kaplan_meier", "the debtor's own Kaplan-Meier curve")
    };
    let against = differences.iter().find(|(name, _)| *name == other);
    let judged = match against {
        Some((_, Some([brier, _]))) if brier.high < 0.0 => {
            format!("The model tells invoices apart better than {words}")
        }
        Some((_, Some([brier, _]))) if brier.low > 0.0 => {
            format!("The model does worse than {words} on this ledger")
        }
        _ => format!("On this ledger it cannot be told whether the model does better than {words}"),
    };
    format!(
        "{judged}. Its median day is off by {:.1} days on average, and {:.0} % of the \
         outcomes lie within the range that should hold 80 %.",
        model.mean_absolute_days,
        100.0 * model.coverage
    )
}

fn shown(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| format!("{value:.decimals$}"))
}

fn compared(metrics: &[(&'static str, Option<Metrics>)], differences: &[Difference]) -> Markup {
    let columns = vec![
        text("Forecast"),
        number("Brier"),
        number("Log-loss"),
        number("ECE"),
        number("AUC"),
        number("Days off"),
        number("Within 80 % range"),
        number("Width, days"),
        number("30-day cash off"),
    ];
    let rows = metrics.iter().filter_map(|(name, metrics)| {
        let m = metrics.as_ref()?;
        Some(row![
            words(name),
            format!("{:.4}", m.mean_brier),
            format!("{:.4}", m.mean_log_loss),
            format!("{:.4}", m.mean_ece),
            shown(m.mean_auc, 3),
            format!("{:.2}", m.mean_absolute_days),
            format!("{:.3}", m.coverage),
            format!("{:.1}", m.width),
            shown(m.collections_30_error, 3),
        ])
    });
    let differences = differences.iter().filter_map(|&(name, both)| {
        let [brier, log_loss] = both?;
        let cell = |i: Interval| format!("{:+.4} ({:+.4} to {:+.4})", i.value, i.low, i.high);
        Some(row![words(name), cell(brier), cell(log_loss)])
    });
    let difference_columns = vec![text("Model less"), number("Brier"), number("Log-loss")];
    html! {
        section #compared {
            h2 { "Beside simple forecasts" }
            p.note {
                "Means over the horizons of 7, 14, 30, 60 and 90 days. Less is better, but for AUC; \
                 80 % of the outcomes should lie within the 80 % range. Days off: mean distance \
                 between the predicted median day and the day of payment."
            }
            (Table::new("How the forecasts fit", columns, rows.collect()).render())
            p.note {
                "Differences with 95 % intervals by drawing debtors again and again; below zero the \
                 model is better."
            }
            (Table::new("Differences", difference_columns, differences.collect()).render())
        }
    }
}

fn words(name: &str) -> &'static str {
    match name {
        "model" => "The model",
        "kaplan_meier" => "Debtor's Kaplan-Meier curve",
        "debtor_average" => "Debtor's average days late",
        _ => "Base rate",
    }
}

fn horizons(model: &Metrics) -> Markup {
    let columns = vec![
        text("Within"),
        number("Known"),
        number("Collected"),
        number("Brier"),
        number("Log-loss"),
        number("AUC"),
        number("ECE"),
        number("Calibration slope"),
        number("Intercept"),
    ];
    let rows = model.horizons.iter().map(|at| {
        row![
            format!("{} days", at.days),
            count(at.rows),
            format!("{:.1} %", 100.0 * at.rate),
            format!("{:.4}", at.brier),
            format!("{:.4}", at.log_loss),
            shown(at.auc, 3),
            format!("{:.4}", at.ece),
            shown(at.calibration_slope, 2),
            shown(at.calibration_intercept, 2),
        ]
    });
    html! {
        section #horizons {
            h2 { "By horizon" }
            p.note { "A slope of 1 and an intercept of 0 are right; a slope below 1 is overconfident." }
            (Table::new("The model by horizon", columns, rows.collect()).render())
        }
    }
}

fn diagrams(backtest: &Backtest) -> Markup {
    html! {
        section #reliability {
            h2 { "Reliability" }
            p.note {
                "Each point stands for about a tenth of the scores; on the diagonal as many were paid \
                 as predicted. The lines are 95 % intervals as if invoices were independent."
            }
            div.charts {
                @for (place, days) in HORIZONS.iter().enumerate() {
                    @let bins = backtest.calibration(place);
                    @if !bins.is_empty() {
                        div {
                            h4 { "Within " (days) " days" }
                            (reliability_chart(&format!("Paid within {days} days"), &bins))
                        }
                    }
                }
            }
        }
    }
}

fn cash_by_origin(backtest: &Backtest) -> Markup {
    let columns = vec![
        text("From"),
        text("Currency"),
        number("Open"),
        number("Expected"),
        number("By Kaplan-Meier"),
        number("Collected"),
        number("Paid"),
        number("Expected of paid"),
    ];
    let amount = |value: f64| grouped(&format!("{value:.0}"));
    let rows = cash(backtest).into_iter().map(|cash| {
        row![
            date(cash.origin),
            cash.currency,
            amount(cash.open),
            amount(cash.expected),
            amount(cash.kaplan_meier),
            amount(cash.collected),
            amount(cash.paid),
            if cash.paid > 0.0 {
                format!("{:.1} %", 100.0 * cash.expected / cash.paid)
            } else {
                NONE.to_owned()
            },
        ]
    });
    html! {
        section #cash {
            h2 { "Cash of the next 30 days" }
            p {
                "What was expected of the invoices open at each origin, what those owed that were \
                 then closed mostly by cash, and what was paid on all of them, in part as well."
            }
            (Table::new("Collections within 30 days", columns, rows.collect()).render())
        }
    }
}

fn sliced(backtest: &Backtest) -> Markup {
    let columns = vec![
        text("Slice"),
        text("Of"),
        number("Scores"),
        number("Brier"),
        number("Kaplan-Meier's"),
        text("Model less Kaplan-Meier, 95 %"),
        number("ECE"),
        number("Days off"),
        number("Within 80 % range"),
        number("30-day cash off"),
    ];
    let rows = slices(backtest).into_iter().filter_map(|slice| {
        let (m, km) = slice.model.zip(slice.kaplan_meier)?;
        Some(row![
            name(&slice.value),
            slice.of,
            count(m.rows),
            format!("{:.4}", m.mean_brier),
            format!("{:.4}", km.mean_brier),
            slice.difference.map_or(NONE.to_owned(), |[brier, _]| {
                format!("{:+.4} to {:+.4}", brier.low, brier.high)
            }),
            format!("{:.4}", m.mean_ece),
            format!("{:.2}", m.mean_absolute_days),
            format!("{:.3}", m.coverage),
            shown(m.collections_30_error, 3),
        ])
    });
    html! {
        section #slices {
            h2 { "Where it fits and where not" }
            (Table::new("The model by slice", columns, rows.collect()).render())
        }
    }
}
