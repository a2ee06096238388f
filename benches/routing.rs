//! How close plans come to proven optima in a given processor time: public orienteering instances with time windows.
//!
//! `cargo bench --bench routing -- --seconds 1 --seeds 10 --workers 1`; for several workers the prizes are printed
//! without optima. One thread; the time is the thread's own, so that neighbours on the machine cost nothing but
//! cache. `benches/routing_peers.py` runs other programs on the same instances.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark reports to the terminal, or stops"
)]

use gridkeeper::kernel::routing::{Budget, Effort, Problem, Span, Stop, TravelTimes, Worker, solve};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/reference/tours");

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)?.parse::<f64>().ok()
    };
    let seconds = option("--seconds").unwrap_or(1.0);
    let seeds = option("--seeds").unwrap_or(3.0) as u64;
    let workers = option("--workers").unwrap_or(1.0) as usize;
    println!("{seconds} s of processor time, {seeds} seeds, {workers} workers");

    let optima = std::fs::read_to_string(format!("{FOLDER}/optimal_m1.csv")).expect("the optima");
    let (mut gaps, mut sum, mut iterations) = (0.0, 0.0, 0);
    let instances: Vec<(&str, f64)> = optima
        .lines()
        .skip(1)
        .filter_map(|row| Some((row.split(',').next()?, row.rsplit(',').next()?.parse().ok()?)))
        .collect();
    for &(name, optimum) in &instances {
        let problem = problem(name, workers);
        let prizes: Vec<u64> = (1..=seeds)
            .map(|seed| {
                let begun = cpu_s();
                let share = || (cpu_s() - begun) / seconds;
                let effort = Effort { seed, threads: 1, budget: Budget::Share(&share), watch: &|_| true };
                let plan = solve(&problem, &effort).expect("a sound problem");
                iterations += plan.iterations;
                plan.prize
            })
            .collect();
        let mean = prizes.iter().sum::<u64>() as f64 / seeds as f64;
        sum += mean;
        let least = prizes.iter().min().copied().unwrap_or_default();
        if workers == 1 {
            let gap = (optimum - mean) / optimum * 100.0;
            gaps += gap;
            println!("{name}: mean {mean:.1}, least {least}, optimum {optimum}, gap {gap:.3} %");
        } else {
            println!("{name}: mean {mean:.1}, least {least}");
        }
    }
    let each = iterations / (seeds * instances.len() as u64).max(1);
    println!("all: {sum:.1}, {each} iterations each");
    if workers == 1 {
        println!("mean gap {:.4} %", gaps / instances.len() as f64);
    }
}

/// An instance in whole numbers: distances are cut off after one decimal (Solomon) or two (Cordeau).
fn problem(name: &str, workers: usize) -> Problem {
    let text = std::fs::read_to_string(format!("{FOLDER}/{name}.txt")).expect("an instance");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(2)
        .map(|row| row.split_whitespace().filter_map(|word| word.parse().ok()).collect())
        .filter(|row: &Vec<f64>| row.len() > 6)
        .collect();
    let units = if name.starts_with("pr") { 100.0 } else { 10.0 };
    let whole = |time: f64| (time * units).round() as i64;
    let distance = |a: &Vec<f64>, b: &Vec<f64>| ((a[1] - b[1]).hypot(a[2] - b[2]) * units).floor() as i64;
    let hours = |row: &[f64]| Span { from: whole(row[row.len() - 2]), to: whole(row[row.len() - 1]) };
    let times = rows.iter().flat_map(|a| rows.iter().map(move |b| distance(a, b))).collect();
    let stops = rows.iter().enumerate().skip(1).map(|(place, row)| Stop {
        windows: vec![hours(row)],
        ..Stop::new(place, whole(row[3]), row[4] as u64)
    });
    Problem {
        travel: vec![TravelTimes::new(rows.len(), times).expect("a square table")],
        stops: stops.collect(),
        workers: vec![Worker::new(0, hours(&rows[0])); workers],
        change_penalty: 0,
    }
}

/// This thread's processor time.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or_default() / 1e9
}
