//! Collection curves as lines with dash patterns of their own and labels at their ends.

use maud::{Markup, html};

use super::axis::{WIDTH, at};

const LEFT: f64 = 48.0;
const RIGHT: f64 = 240.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 222.0;
const HEIGHT: f64 = 268.0;

/// Where the sample of a line and its label start.
const SAMPLE: f64 = RIGHT + 10.0;

/// Least distance between two labels.
const LINE_HEIGHT: f64 = 15.0;

/// Dash patterns, so that lines differ without colour; as many as there are ageing buckets.
const DASHES: [&str; 5] = ["none", "8 3", "2 3", "10 3 2 3", "5 2 2 2 2 2"];

/// One line.
pub(super) struct Line {
    /// Its name, which stands at its end.
    pub label: String,
    /// (days, share from 0 to 1), by day.
    pub points: Vec<(u32, f64)>,
}

/// Shares over days.
pub(super) struct LineChart {
    /// What it shows.
    pub title: String,
    /// What the days count from: "Days after 2025-06-30".
    pub days: String,
    /// What the shares are of: "Share collected, %".
    pub shares: &'static str,
    /// The lines.
    pub lines: Vec<Line>,
}

impl LineChart {
    /// The chart as inline SVG.
    pub fn render(&self) -> Markup {
        let days = self.lines.iter().flat_map(|line| &line.points).map(|&(day, _)| day);
        let last = days.max().unwrap_or(0).max(1);
        let label_places = self.label_places();
        html! {
            svg.chart role="img" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) {
                title { (self.title) }
                (self.axes(last))
                @for (index, line) in self.lines.iter().enumerate() {
                    (drawn_line(line, last, label_places[index], index))
                }
            }
        }
    }

    fn axes(&self, last: u32) -> Markup {
        // Months of 30 days, and no more than seven labels.
        let step = 30 * last.div_ceil(30).div_ceil(7).max(1);
        let ticks = (0..=last).step_by(step as usize);
        html! {
            @for percent in [0, 20, 40, 60, 80, 100] {
                @let line_y = at(y(f64::from(percent) / 100.0));
                line.grid x1=(at(LEFT)) x2=(at(RIGHT)) y1=(line_y) y2=(line_y) {}
                text.tick x=(at(LEFT - 5.0)) y=(at(y(f64::from(percent) / 100.0) + 4.0))
                    text-anchor="end" { (percent) }
            }
            @for day in ticks {
                @let line_x = at(x(day, last));
                line.grid x1=(line_x) x2=(line_x) y1=(at(TOP)) y2=(at(BOTTOM)) {}
                text.tick x=(line_x) y=(at(BOTTOM + 15.0)) text-anchor="middle" { (day) }
            }
            text.axis-title x=(at(LEFT.midpoint(RIGHT))) y=(at(HEIGHT - 8.0)) text-anchor="middle" {
                (self.days)
            }
            text.axis-title text-anchor="middle"
                transform=(format!("translate(13 {}) rotate(-90)", at(TOP.midpoint(BOTTOM)))) {
                (self.shares)
            }
        }
    }

    /// Where the labels stand: at the ends of their lines, moved apart where they would overlap.
    fn label_places(&self) -> Vec<f64> {
        let end = |line: &Line| y(line.points.last().map_or(0.0, |&(_, share)| share));
        let ends: Vec<f64> = self.lines.iter().map(end).collect();
        let mut order: Vec<usize> = (0..ends.len()).collect();
        order.sort_by(|&a, &b| ends[a].total_cmp(&ends[b]));
        let mut places = ends;
        let mut free_from = TOP;
        for &line in &order {
            places[line] = places[line].max(free_from);
            free_from = places[line] + LINE_HEIGHT;
        }
        let mut free_to = BOTTOM;
        for &line in order.iter().rev() {
            places[line] = places[line].min(free_to);
            free_to = places[line] - LINE_HEIGHT;
        }
        places
    }
}

fn x(day: u32, last: u32) -> f64 {
    LEFT + (RIGHT - LEFT) * f64::from(day) / f64::from(last)
}

fn y(share: f64) -> f64 {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    BOTTOM - (BOTTOM - TOP) * share
}

fn drawn_line(line: &Line, last: u32, label_y: f64, index: usize) -> Markup {
    let point = |&(day, share): &(u32, f64)| format!("{},{}", at(x(day, last)), at(y(share)));
    let points: Vec<String> = line.points.iter().map(point).collect();
    let end = line.points.last().copied().unwrap_or_default();
    let style = format!("line line-{}", index % DASHES.len());
    let dashes = DASHES[index % DASHES.len()];
    let (end_x, end_y, label_y) = (at(x(end.0, last) + 1.0), at(y(end.1)), at(label_y));
    html! {
        polyline class=(style) points=(points.join(" ")) fill="none" stroke-dasharray=(dashes) {}
        line.leader x1=(end_x) y1=(end_y) x2=(at(SAMPLE)) y2=(label_y) {}
        // The dashes once more beside the name tell apart lines that end together.
        line class=(style) x1=(at(SAMPLE)) y1=(label_y) x2=(at(SAMPLE + 20.0)) y2=(label_y)
            stroke-dasharray=(dashes) {}
        text.label x=(at(SAMPLE + 24.0)) y=(label_y) dy="4" { (line.label) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_lines_that_end_together_do_not_overlap_or_leave_the_chart() {
        for end in [0.0, 0.5, 1.0] {
            let line = |_| Line { label: "x".to_owned(), points: vec![(0, 0.0), (180, end)] };
            let lines = (0..5).map(line).collect();
            let days = "Days".to_owned();
            let chart = LineChart { title: "T".to_owned(), days, shares: "%", lines };
            let mut places = chart.label_places();
            places.sort_by(f64::total_cmp);
            assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= LINE_HEIGHT - 1e-9));
            assert!(places.iter().all(|&place| (TOP..=BOTTOM).contains(&place)), "{places:?}");
        }
    }
}
