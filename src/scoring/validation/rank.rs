/// Returns the area under the ROC curve: the share of pairs of one event and one non-event in which
/// the event has the higher probability, ties counting half (Mann and Whitney 1947). `None` if
/// nothing or everything happened.
pub(super) fn auc(pairs: &[(f64, bool)]) -> Option<f64> {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let happened = sorted.iter().filter(|pair| pair.1).count() as f64;
    let others = sorted.len() as f64 - happened;
    if happened == 0.0 || others == 0.0 {
        return None;
    }
    let (mut rank_sum, mut before) = (0.0, 0.0);
    for ties in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let count = ties.len() as f64;
        let middle = before + f64::midpoint(1.0, count);
        rank_sum += middle * ties.iter().filter(|pair| pair.1).count() as f64;
        before += count;
    }
    Some((rank_sum - happened * (happened + 1.0) / 2.0) / (happened * others))
}

/// Returns intercept and slope of a logistic regression of the outcome on the log-odds of the
/// probability: 0 and 1 are right (Cox 1958). `None` if all outcomes or all probabilities are the
/// same.
pub(super) fn calibration_line(pairs: &[(f64, bool)]) -> Option<(f64, f64)> {
    let log_odds = |p: f64| {
        let p = p.clamp(1e-6, 1.0 - 1e-6);
        (p / (1.0 - p)).ln()
    };
    let points: Vec<(f64, f64)> =
        pairs.iter().map(|&(p, happened)| (log_odds(p), f64::from(u8::from(happened)))).collect();
    let (x, y) = *points.first()?;
    let same = |a: f64, b: f64| a.total_cmp(&b).is_eq();
    let one = |part: fn(&(f64, f64)) -> f64, value| points.iter().all(|p| same(part(p), value));
    if one(|point| point.0, x) || one(|point| point.1, y) {
        return None;
    }
    let (mut intercept, mut slope) = (0.0_f64, 1.0_f64);
    for _ in 0..100 {
        let mut gradient = [0.0; 2];
        let mut hessian = [1e-12, 0.0, 1e-12];
        for &(x, y) in &points {
            let p = 1.0 / (1.0 + (-(intercept + slope * x)).exp());
            let (error, weight) = (p - y, p * (1.0 - p));
            gradient = [gradient[0] + error, gradient[1] + error * x];
            hessian = [hessian[0] + weight, hessian[1] + weight * x, hessian[2] + weight * x * x];
        }
        let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
        if determinant <= 0.0 {
            return None;
        }
        let step = [
            (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
            (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
        ];
        // A long step is cut, so that the iteration does not run away if the outcomes are perfectly
        // separated.
        intercept -= step[0].clamp(-1.0, 1.0);
        slope -= step[1].clamp(-1.0, 1.0);
        if step[0].abs() + step[1].abs() < 1e-10 {
            return Some((intercept, slope));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auc_counts_pairs() {
        let pairs = [(0.1, false), (0.4, false), (0.35, true), (0.8, true)];
        assert_eq!(auc(&pairs), Some(0.75));
        assert_eq!(auc(&[(0.5, true), (0.5, false)]), Some(0.5));
        assert_eq!(auc(&[(0.5, true)]), None);
    }

    #[test]
    fn the_line_solves_its_equations() {
        // At the maximum of the likelihood the errors sum to 0, plain and times the log-odds.
        let draw = |i: u32| f64::from(i * 7919 % 1000) / 1000.0;
        let pairs: Vec<(f64, bool)> = (0..400)
            .map(|i| (0.05 + 0.9 * draw(i), draw(3 * i + 1) < 0.2 + 0.6 * draw(i)))
            .collect();
        let (intercept, slope) = calibration_line(&pairs).expect("a line");
        let error = |p: f64, happened: bool| {
            let x = (p / (1.0 - p)).ln();
            (1.0 / (1.0 + (-(intercept + slope * x)).exp()) - f64::from(u8::from(happened)), x)
        };
        let sums = pairs.iter().fold((0.0, 0.0), |sums, &(p, happened)| {
            let (e, x) = error(p, happened);
            (sums.0 + e, sums.1 + e * x)
        });
        assert!(sums.0.abs() < 1e-7 && sums.1.abs() < 1e-7, "{sums:?}");
        assert!(slope > 0.3 && slope < 1.0, "{slope}");
    }
}
