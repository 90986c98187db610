/// Credibility estimates of the means of groups, each between its own mean and that of all.
///
/// ```text
/// credibility Z = w between / (w between + within), w the sum of the group's weights
/// expected      = Z x own mean + (1 - Z) x collective
/// ```
///
/// Source: Bühlmann and Straub 1970, with the unbiased estimators of Bühlmann and Gisler (2005,
/// chapter 4).
#[derive(Debug, Clone, PartialEq)]
pub struct Credibility {
    /// Credibility-weighted mean of all groups.
    pub collective: f64,
    /// Variance of one observation of weight 1 within a group.
    pub within: f64,
    /// Variance of the means of groups around the collective; 0 if it cannot be told from chance.
    pub between: f64,
    /// The estimates by group.
    pub groups: Vec<GroupCredibility>,
}

/// The estimate of one group.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GroupCredibility {
    /// The group's own weighted mean; 0 without observations.
    pub mean: f64,
    /// Sum of its weights.
    pub weight: f64,
    /// The weight of its own mean, 0 to 1.
    pub credibility: f64,
    /// The credibility estimate of its mean.
    pub expected: f64,
}

impl Credibility {
    /// Estimates the means of groups of (value, weight); weights are above 0.
    pub fn of(groups: &[Vec<(f64, f64)>]) -> Self {
        let mut all: Vec<GroupCredibility> = groups.iter().map(|group| own(group)).collect();
        let total: f64 = all.iter().map(|group| group.weight).sum();
        let seen = all.iter().filter(|group| group.weight > 0.0).count() as f64;
        let mean = all.iter().map(|group| group.weight * group.mean).sum::<f64>() / total;
        let mean = if total > 0.0 { mean } else { 0.0 };
        let (mut squares, mut freedom) = (0.0, 0.0);
        for (group, own) in groups.iter().zip(&all).filter(|(group, _)| !group.is_empty()) {
            squares += group.iter().map(|(x, w)| w * (x - own.mean).powi(2)).sum::<f64>();
            freedom += group.len() as f64 - 1.0;
        }
        let within = if freedom > 0.0 { squares / freedom } else { 0.0 };
        let spread: f64 = all.iter().map(|group| group.weight * (group.mean - mean).powi(2)).sum();
        let effective = total - all.iter().map(|group| group.weight.powi(2)).sum::<f64>() / total;
        // Negative where chance alone explains the spread; NaN with a single group.
        let between = (spread - (seen - 1.0) * within) / effective;
        let between = if between.is_finite() { between.max(0.0) } else { 0.0 };
        for group in &mut all {
            let own = group.weight * between;
            group.credibility = if own > 0.0 { own / (own + within) } else { 0.0 };
        }
        let counted: f64 = all.iter().map(|group| group.credibility).sum();
        let weighted = all.iter().map(|group| group.credibility * group.mean).sum::<f64>();
        // Weighted by credibility, not by volume: one large group must not set the mean of all.
        let collective = if counted > 0.0 { weighted / counted } else { mean };
        for group in &mut all {
            group.expected =
                group.credibility * group.mean + (1.0 - group.credibility) * collective;
        }
        Self { collective, within, between, groups: all }
    }

    /// Returns the standard deviation of the mean of further observations of a group, whose weights
    /// add up to `weight`: chance within the group, and uncertainty about the group itself.
    pub fn spread(&self, group: usize, weight: f64) -> f64 {
        let credibility = self.groups.get(group).map_or(0.0, |group| group.credibility);
        let chance = if weight > 0.0 { self.within / weight } else { 0.0 };
        (chance + self.between * (1.0 - credibility)).sqrt()
    }
}

fn own(group: &[(f64, f64)]) -> GroupCredibility {
    let weight: f64 = group.iter().map(|(_, weight)| weight).sum();
    let sum: f64 = group.iter().map(|(value, weight)| value * weight).sum();
    let mean = if weight > 0.0 { sum / weight } else { 0.0 };
    GroupCredibility { mean, weight, ..GroupCredibility::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hachemeisters_states_are_those_of_the_textbooks() {
        // Hachemeister 1975: mean claim and number of claims of five states in twelve quarters;
        // results as published, for instance by Goovaerts and Hoogstad 1987.
        const CLAIMS: [[f64; 12]; 5] = [
            [1738., 1642., 1794., 2051., 2079., 2234., 2032., 2035., 2115., 2262., 2267., 2517.],
            [1364., 1408., 1597., 1444., 1342., 1675., 1470., 1448., 1464., 1831., 1612., 1471.],
            [1759., 1685., 1479., 1763., 1674., 2103., 1502., 1622., 1828., 2155., 2233., 2059.],
            [1223., 1146., 1010., 1257., 1426., 1532., 1953., 1123., 1343., 1243., 1762., 1306.],
            [1456., 1499., 1609., 1741., 1482., 1572., 1606., 1735., 1607., 1573., 1613., 1690.],
        ];
        const COUNTS: [[f64; 12]; 5] = [
            [7861., 9251., 8706., 8575., 7917., 8263., 9456., 8003., 7365., 7832., 7849., 9077.],
            [1622., 1742., 1523., 1515., 1622., 1602., 1964., 1515., 1527., 1748., 1654., 1861.],
            [1147., 1357., 1329., 1204., 998., 1077., 1277., 1218., 896., 1003., 1108., 1121.],
            [407., 396., 348., 341., 315., 328., 352., 331., 287., 384., 321., 342.],
            [2902., 3172., 3046., 3068., 2693., 2910., 3275., 2697., 2663., 3017., 3242., 3425.],
        ];
        let groups: Vec<Vec<(f64, f64)>> = (0..5)
            .map(|state| CLAIMS[state].iter().copied().zip(COUNTS[state]).collect())
            .collect();
        let found = Credibility::of(&groups);
        assert!((found.collective - 1684.0).abs() < 0.5, "{}", found.collective);
        assert!((found.within - 139_120_026.0).abs() < 1.0, "{}", found.within);
        assert!((found.between - 89_639.0).abs() < 1.0, "{}", found.between);
        let published = [0.9847, 0.9276, 0.8985, 0.7279, 0.9588];
        for (group, credibility) in found.groups.iter().zip(published) {
            assert!((group.credibility - credibility).abs() < 5e-5, "{}", group.credibility);
        }
        assert!((found.groups[3].expected - 1443.0).abs() < 0.5, "{}", found.groups[3].expected);
    }

    #[test]
    fn groups_that_do_not_differ_are_the_collective() {
        let found =
            Credibility::of(&[vec![(0.0, 1.0), (0.2, 1.0)], vec![(0.2, 1.0), (0.0, 1.0)], vec![]]);
        assert!(found.between.abs() < 1e-12);
        assert!(found.groups.iter().all(|group| (group.expected - 0.1).abs() < 1e-12));
        let nothing = Credibility::of(&[]);
        assert!(nothing.collective.abs() < 1e-12 && nothing.spread(0, 1.0).abs() < 1e-12);
    }
}
