//! A backtest as one page: how far the model can be trusted on this ledger.

use maud::{Markup, html};

use basics::grouped;
use scoring::validation::{HORIZONS, Interval, Metrics};
use words::{Fact, Facts};

use super::document;
use super::figures::{NONE, count, date, name};
use super::say::{say, say_with, sentence};
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
    let method = sentence("page_backtest.method_is")
        .count("scores", backtest.scored.len())
        .with("until", date(backtest.known_until));
    let body = html! {
        header {
            p.brand { "Factorage" }
            h1 { (say("page_backtest.title")) }
            p.lead { (verdict(backtest, &metrics, &differences)) }
        }
        main {
            section #method {
                h2 { (say("page_backtest.method")) }
                p { (method) }
                ul {
                    @for (origin, model) in &backtest.models {
                        @let used = sentence("page_backtest.origin")
                            .with("origin", date(*origin))
                            .with("model", model_words(model));
                        li { (used) }
                    }
                }
                @if backtest.rejects > 0 {
                    p.notice { (sentence("page_backtest.rejected").count("rows", backtest.rejects)) }
                }
            }
            (compared(&metrics, &differences))
            @if let Some((_, Some(model))) = metrics.first() { (horizons(model)) }
            (diagrams(backtest))
            (cash_by_origin(backtest))
            (sliced(backtest))
        }
    };
    document(&say("page_backtest.title"), &body).into_string()
}

/// The verdict: the model against the debtor's own curve, or against the base rate if it is itself
/// that curve.
fn verdict(
    backtest: &Backtest,
    metrics: &[(&'static str, Option<Metrics>)],
    differences: &[Difference],
) -> Markup {
    let Some((_, Some(model))) = metrics.first() else {
        return html! { (say("page_backtest.no_outcome")) };
    };
    // A model that only repeats the debtor's own curve cannot beat it.
    let is_km = backtest.models.iter().all(|(_, model)| *model == "km");
    let (other, words) = if is_km {
        ("base_rate", say("page_backtest.base_rate"))
    } else {
        ("kaplan_meier", say("page_backtest.own_curve"))
    };
    let against = differences.iter().find(|(name, _)| *name == other);
    // A difference whose interval includes 0 decides nothing.
    let judged = match against {
        Some((_, Some([brier, _]))) if brier.high < 0.0 => {
            sentence("page_backtest.better").with("other", words)
        }
        Some((_, Some([brier, _]))) if brier.low > 0.0 => {
            sentence("page_backtest.worse").with("other", words)
        }
        _ => sentence("page_backtest.undecided").with("other", words),
    };
    let accuracy = sentence("page_backtest.accuracy")
        .with("days", format!("{:.1}", model.mean_absolute_days))
        .with("coverage", format!("{:.0} %", 100.0 * model.coverage));
    html! { (judged) " " (accuracy) }
}

fn shown(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| format!("{value:.decimals$}"))
}

fn compared(metrics: &[(&'static str, Option<Metrics>)], differences: &[Difference]) -> Markup {
    let columns = vec![
        text(say("page_backtest.forecast")),
        number(say("page_backtest.brier")),
        number(say("page_backtest.log_loss")),
        number(say("page_backtest.ece")),
        number(say("page_backtest.auc")),
        number(say("page_backtest.days_off")),
        number(say("page_backtest.within_range")),
        number(say("page_backtest.width")),
        number(say("page_backtest.cash_off")),
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
    let difference_columns = vec![
        text(say("page_backtest.model_less")),
        number(say("page_backtest.brier")),
        number(say("page_backtest.log_loss")),
    ];
    let differences_table =
        Table::new(say("page_backtest.differences"), difference_columns, differences.collect());
    html! {
        section #compared {
            h2 { (say("page_backtest.compared")) }
            p.note { (say("page_backtest.compared_note")) }
            (Table::new(say("page_backtest.fit"), columns, rows.collect()).render())
            p.note { (say("page_backtest.differences_note")) }
            (differences_table.render())
        }
    }
}

fn words(name: &str) -> String {
    match name {
        "model" => say("page_backtest.model"),
        "kaplan_meier" => say("page_backtest.kaplan_meier"),
        "debtor_average" => say("page_backtest.debtor_average"),
        _ => say("page_backtest.the_base_rate"),
    }
}

fn horizons(model: &Metrics) -> Markup {
    let columns = vec![
        text(say("page_backtest.within")),
        number(say("page_backtest.known")),
        number(say("page_backtest.collected")),
        number(say("page_backtest.brier")),
        number(say("page_backtest.log_loss")),
        number(say("page_backtest.auc")),
        number(say("page_backtest.ece")),
        number(say("page_backtest.slope")),
        number(say("page_backtest.intercept")),
    ];
    let rows = model.horizons.iter().map(|at| {
        row![
            sentence("page_backtest.days").with("days", at.days),
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
            h2 { (say("page_backtest.horizons")) }
            p.note { (say("page_backtest.horizons_note")) }
            (Table::new(say("page_backtest.horizons_table"), columns, rows.collect()).render())
        }
    }
}

fn diagrams(backtest: &Backtest) -> Markup {
    html! {
        section #reliability {
            h2 { (say("page_backtest.reliability")) }
            p.note { (say("page_backtest.reliability_note")) }
            div.charts {
                @for (place, days) in HORIZONS.iter().enumerate() {
                    @let bins = backtest.calibration(place);
                    @if !bins.is_empty() {
                        div {
                            h4 { (sentence("page_backtest.within_days").with("days", days)) }
                            (reliability_chart(&chart_title(*days), &bins))
                        }
                    }
                }
            }
        }
    }
}

fn chart_title(days: u32) -> String {
    say_with("page_backtest.chart", &Facts::new().with("days", Fact::Count(days.into())))
}

fn cash_by_origin(backtest: &Backtest) -> Markup {
    let columns = vec![
        text(say("page_backtest.from")),
        text(say("label.currency")),
        number(say("page_backtest.open")),
        number(say("page_backtest.expected")),
        number(say("page_backtest.by_kaplan_meier")),
        number(say("page_backtest.collected")),
        number(say("page_backtest.paid")),
        number(say("page_backtest.expected_of_paid")),
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
            h2 { (say("page_backtest.cash")) }
            p { (say("page_backtest.cash_note")) }
            (Table::new(say("page_backtest.cash_table"), columns, rows.collect()).render())
        }
    }
}

fn sliced(backtest: &Backtest) -> Markup {
    let columns = vec![
        text(say("page_backtest.slice")),
        text(say("page_backtest.of")),
        number(say("page_backtest.scores")),
        number(say("page_backtest.brier")),
        number(say("page_backtest.brier_kaplan_meier")),
        text(say("page_backtest.less_kaplan_meier")),
        number(say("page_backtest.ece")),
        number(say("page_backtest.days_off")),
        number(say("page_backtest.within_range")),
        number(say("page_backtest.cash_off")),
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
            h2 { (say("page_backtest.slices")) }
            (Table::new(say("page_backtest.slices_table"), columns, rows.collect()).render())
        }
    }
}
