//! Plans against proven optima: public orienteering instances of 48 to 100 stops with time windows.
//! See `fixtures/reference/tours/README.txt` for their source and format.

use super::*;

macro_rules! instances {
    ($($name:literal),+) => {
        [$(($name, include_str!(concat!("../../../fixtures/reference/tours/", $name, ".txt")))),+]
    };
}

const INSTANCES: [(&str, &str); 11] =
    instances!["c101", "c105", "c109", "pr01", "pr02", "pr07", "r101", "r105", "r109", "rc101", "rc105"];
const OPTIMA: &str = include_str!("../../../fixtures/reference/tours/optimal_m1.csv");

fn optimum(name: &str) -> u64 {
    let row = OPTIMA.lines().find(|row| row.split(',').next() == Some(name)).unwrap();
    row.rsplit(',').next().unwrap().parse().unwrap()
}

/// An instance for one worker. Distances are cut off after one decimal (Solomon) or two (Cordeau), and made whole.
fn problem(name: &str, text: &str) -> Problem {
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(2)
        .map(|row| row.split_whitespace().map(|word| word.parse().unwrap()).collect())
        .filter(|row: &Vec<f64>| row.len() > 6)
        .collect();
    let units = if name.starts_with("pr") { 100.0 } else { 10.0 };
    let distance = |a: &Vec<f64>, b: &Vec<f64>| ((a[1] - b[1]).hypot(a[2] - b[2]) * units).floor() as i64;
    let whole = |time: f64| (time * units).round() as i64;
    let hours = |row: &[f64]| Span { from: whole(row[row.len() - 2]), to: whole(row[row.len() - 1]) };
    let times = rows.iter().flat_map(|a| rows.iter().map(move |b| distance(a, b))).collect();
    let stop = |(place, row): (usize, &Vec<f64>)| Stop {
        windows: vec![hours(row)],
        ..Stop::new(place, whole(row[3]), row[4] as u64)
    };
    Problem {
        travel: vec![TravelTimes::new(rows.len(), times).unwrap()],
        stops: rows.iter().enumerate().skip(1).map(stop).collect(),
        workers: vec![Worker::new(0, hours(&rows[0]))],
        change_penalty: 0,
    }
}

#[test]
fn public_instances_are_planned_close_to_their_optima() {
    let (mut sum, mut optima) = (0, 0);
    for (name, text) in INSTANCES {
        let plan = solve(&problem(name, text), &Effort::iterations(2_000, 1)).unwrap();
        let (found, optimum) = (plan.prize, optimum(name));
        assert!(found <= optimum, "{name}: {found} is more than is possible, {optimum}");
        assert!(found * 100 >= optimum * 96, "{name}: {found} of {optimum}");
        sum += found;
        optima += optimum;
    }
    assert!(sum * 1000 >= optima * 995, "{sum} of {optima}");
}
