//! Forecasts on made-up records whose truth is known.

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use super::backtest::{BacktestPlan, Method, backtest};
use super::feature::Feature;
use super::forecast::Forecast;
use super::model::RiskKind;
use super::record::{Finding, Known, Record};
use super::sample::samples;
use super::score::Scored;
use crate::domain::enterprises::{Category, HazardClass};
use crate::domain::hazards::HazardKind;
use crate::kernel::geometry::Wgs84;
use crate::kernel::plane::PlanePoint;

fn day(after: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 7, 1).unwrap() + TimeDelta::days(after)
}

/// An enterprise on a lattice 500 m wide, so that none is near another.
fn enterprise(number: u32, hazard_class: HazardClass) -> Known {
    let place = PlanePoint::new(f64::from(number % 20) * 500.0, f64::from(number / 20) * 500.0);
    Known {
        id: Uuid::from_u128(u128::from(number) + 1),
        code: format!("{number:018}"),
        name: format!("企业{number}"),
        place_code: "370828003218001".into(),
        category: Category::Workshop,
        hazard_class,
        floor_area_m2: Some(200.0),
        at: Wgs84::new(116.3, 35.07).unwrap(),
        on_plane: place,
    }
}

fn finding(at: &Known, on: i64, cleared_after: i64) -> Finding {
    Finding {
        kind: HazardKind::Fire,
        severity: 3,
        enterprise_id: Some(at.id),
        found_on: day(on),
        cleared_on: Some(day(on + cleared_after)),
        on_plane: at.on_plane,
    }
}

/// Flammable stores have a find about every `every` days, others a tenth as often; a fixed sequence of numbers
/// decides when.
fn village(every: u32) -> Record {
    let mut record = Record::default();
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    for number in 0..100 {
        let is_store = number % 4 == 0;
        let one =
            enterprise(number, if is_store { HazardClass::FlammableStore } else { HazardClass::General });
        let gap = if is_store { every } else { every * 10 };
        for on in 0..400 {
            if random() % gap == 0 {
                record.hazards.push(finding(&one, on, 5));
            }
        }
        record.enterprises.push(one);
    }
    record
}

fn scores(record: &Record, on: NaiveDate) -> Vec<Scored> {
    let forecast = Forecast::learn(record, RiskKind::Fire, on, 30).unwrap();
    let samples = samples(record, RiskKind::Fire, on);
    samples.iter().map(|sample| Scored::of(&forecast, &forecast.predict(sample))).collect()
}

#[test]
fn what_has_been_dangerous_ranks_first_and_the_points_add_up() {
    let scores = scores(&village(60), day(399));
    let mean = |store: bool| {
        let of: Vec<i32> =
            scores.iter().enumerate().filter(|(i, _)| (i % 4 == 0) == store).map(|(_, s)| s.score).collect();
        of.iter().sum::<i32>() / i32::try_from(of.len()).unwrap()
    };
    assert!(mean(true) > 3 * mean(false), "{} and {}", mean(true), mean(false));
    for one in &scores {
        assert_eq!(one.base + one.points.iter().sum::<i32>(), one.score);
        assert!(one.interval.0 <= one.score && one.score <= one.interval.1);
    }
}

#[test]
fn the_model_beats_counting_and_chance_where_there_is_something_to_learn() {
    let plan =
        BacktestPlan { kind: RiskKind::Fire, until: day(399), horizon_days: 30, trials: 6, share: 0.25 };
    let tried = backtest(&village(60), &plan).unwrap();
    let verdict = |method| tried.methods.iter().find(|verdict| verdict.method == method).unwrap();
    let model = verdict(Method::Model);
    assert!(model.pai.unwrap() > 2.0 && model.auc.unwrap() > 0.7, "{model:?}");
    assert!(model.auc.unwrap() > verdict(Method::CellCount).auc.unwrap());
    assert_eq!(tried.trials.len(), 6);

    let (expected, observed) = tried
        .calibration
        .iter()
        .fold((0.0, 0.0), |(expected, observed), part| (expected + part.expected, observed + part.observed));
    assert!((expected / observed - 1.0).abs() < 0.25, "{expected} expected, {observed} found");
}

#[test]
fn a_forecast_knows_nothing_of_what_came_after() {
    let whole = village(60);
    let known = whole.as_of(day(250));
    assert!(known.hazards.len() < whole.hazards.len());
    assert_eq!(scores(&known, day(250)), scores(&whole, day(250)));
}

#[test]
fn without_a_record_there_is_only_what_was_believed() {
    let record = Record {
        enterprises: vec![enterprise(0, HazardClass::FlammableStore), enterprise(1, HazardClass::General)],
        ..Record::default()
    };
    let forecast = Forecast::learn(&record, RiskKind::Fire, day(0), 30).unwrap();
    assert_eq!((forecast.events, forecast.windows), (0, 0));
    let believed: Vec<f64> = forecast.priors.iter().map(|prior| prior.mean).collect();
    assert_eq!(forecast.model.coefficients(), believed);
    let scores = scores(&record, day(0));
    assert!(scores[0].score > scores[1].score);
    assert_eq!(scores[0].raised_by(), [Feature::HazardClass]);
    assert!(Forecast::learn(&Record::default(), RiskKind::All, day(0), 30).is_ok());
}

#[test]
fn what_is_not_known_widens_and_does_not_raise() {
    let mut record = village(60);
    for (number, one) in record.enterprises.iter_mut().enumerate() {
        one.floor_area_m2 = Some(if number % 3 == 0 { 50.0 } else { 800.0 });
    }
    let known = scores(&record, day(399));
    record.enterprises[1].floor_area_m2 = None;
    let unknown = scores(&record, day(399));
    let width = |one: &Scored| one.interval.1 - one.interval.0;
    assert!(width(&unknown[1]) > width(&known[1]));
    assert_eq!(unknown[1].points[Feature::FloorArea as usize], 0);
}

/// Two equal enterprises; one is inspected three times as often, and so has three times the finds.
#[test]
fn looking_more_often_does_not_raise_a_score_by_itself() {
    let mut record = Record {
        enterprises: vec![enterprise(0, HazardClass::General), enterprise(1, HazardClass::General)],
        ..Record::default()
    };
    for (number, times) in [(0, 3), (1, 1)] {
        let one = record.enterprises[number].clone();
        let visits: Vec<NaiveDate> = (0..400 / 30 * times).map(|i| day(i * 30 / times)).collect();
        for on in (10..400).step_by(60) {
            for nth in 0..times {
                record.hazards.push(finding(&one, on + nth * 7, 1));
            }
        }
        record.inspections.insert(one.id, visits);
    }
    let count = |number: usize| {
        let id = record.enterprises[number].id;
        record.hazards.iter().filter(|found| found.enterprise_id == Some(id)).count()
    };
    assert_eq!(count(0), 3 * count(1));
    let with_inspections = scores(&record, day(399));
    record.inspections.clear();
    let without = scores(&record, day(399));
    let ratio = |scores: &[Scored]| f64::from(scores[0].score) / f64::from(scores[1].score);
    assert!(ratio(&with_inspections) < ratio(&without), "correcting for visits brings them closer");
}

#[test]
fn kinds_are_kept_apart() {
    let record = village(60);
    assert!(record.hazards.iter().all(|found| RiskKind::Fire.holds(found.kind)));
    let none = Forecast::learn(&record, RiskKind::Safety, day(399), 30).unwrap();
    assert_eq!(none.events, 0);
}
