use super::frame::{CHARACTER, Plot, WIDTH};

/// Least distance between two labels.
pub(super) const LINE_HEIGHT: f64 = 15.0;

/// Length of the sample of a line or fill beside its label.
pub(super) const SAMPLE: f64 = 18.0;

/// Space between the area and the samples, for the leaders.
pub(super) const GAP: f64 = 10.0;

/// Space between a sample and its label.
pub(super) const SPACE: f64 = 4.0;

const LEFT: f64 = 48.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 222.0;

/// The area that leaves room for these labels at its right.
pub(super) fn beside<'t>(labels: impl Iterator<Item = &'t str>) -> Plot {
    let longest = labels.map(|label| label.chars().count()).max().unwrap_or(0) as f64;
    let room = GAP + SAMPLE + SPACE + CHARACTER * longest;
    // A long name may leave the chart; the lines are never squeezed to nothing for it.
    let right = (WIDTH - room).max(WIDTH / 2.0);
    Plot { left: LEFT, right, top: TOP, bottom: BOTTOM }
}

/// The heights of labels that belong to these ends: moved apart where they would overlap, and kept
/// within the area. The first pass moves labels down, the second those up that left the area.
pub(super) fn apart(ends: &[f64], plot: &Plot) -> Vec<f64> {
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by(|&a, &b| ends[a].total_cmp(&ends[b]));
    let mut places = ends.to_vec();
    let mut free_from = plot.top;
    for &label in &order {
        places[label] = places[label].max(free_from);
        free_from = places[label] + LINE_HEIGHT;
    }
    let mut free_to = plot.bottom;
    for &label in order.iter().rev() {
        places[label] = places[label].min(free_to);
        free_to = places[label] - LINE_HEIGHT;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_belong_together_do_not_overlap_or_leave_the_chart() {
        let plot = beside(["a"].into_iter());
        for end in [0.0, 0.5, 1.0] {
            let mut places = apart(&[plot.y(end); 5], &plot);
            places.sort_by(f64::total_cmp);
            assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= LINE_HEIGHT - 1e-9));
            assert!(places.iter().all(|&y| (plot.top..=plot.bottom).contains(&y)), "{places:?}");
        }
    }

    #[test]
    fn the_longest_label_has_room() {
        let plot = beside(["8 of 10 weeks", "Expected"].into_iter());
        let start = plot.right + GAP + SAMPLE + SPACE;
        assert!(start + 13.0 * CHARACTER <= WIDTH + 1e-9);
    }
}
