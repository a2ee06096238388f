//! The surface as it came about: a picture for each of some moments, in one file.

use chrono::{DateTime, TimeDelta, Utc};
use rayon::prelude::*;

use super::export::values;
use super::manner::Manner;
use super::painter::Painter;
use super::question::{BANDWIDTHS_M, Question};
use super::store::Happening;
use super::surface::{Ingredients, Surface};
use crate::kernel::density::ramp::{self, Scale};
use crate::kernel::density::{Event, recency};
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::platform::problem::Problem;
use crate::platform::raster::{Frame, Palette, animation};

/// How long each picture is shown.
const SHOWN: TimeDelta = TimeDelta::milliseconds(500);

/// An animated PNG with a picture for each of `moments`, which rise: the reports up to then, their age counted from
/// then. A bandwidth that is chosen from the reports is chosen once, from all of them, so that the pictures compare.
///
/// # Errors
/// Never in practice: the encoder writes to memory.
pub(super) fn animated(
    mut ingredients: Ingredients,
    question: &Question,
    moments: &[DateTime<Utc>],
    frame: &Frame,
) -> Result<Vec<u8>, Problem> {
    let middle = Wgs84::new(f64::midpoint(frame.west, frame.east), f64::midpoint(frame.south, frame.north))
        .map_err(|error| Problem::internal(&error))?;
    let projection = GaussKruger::for_place(middle);
    ingredients.happenings.sort_by_key(|happening| happening.happened_at);
    let question = settled(question, &ingredients.happenings, projection)?;
    let (pictures, scale) = if question.manner == Manner::default() {
        (in_plain_manner(&ingredients.happenings, &question, moments, frame, projection)?, Scale::Density)
    } else {
        (in_any_manner(&mut ingredients, &question, moments, frame)?, question.manner.scale())
    };
    animation(&pictures, frame.columns, &Palette::new(&scale.colours(), 255), SHOWN)
        .map_err(|error| Problem::internal(&error))
}

/// The question with a bandwidth that no longer depends on the reports.
fn settled(
    question: &Question,
    happenings: &[Happening],
    projection: GaussKruger,
) -> Result<Question, Problem> {
    if question.manner.auto.is_none() {
        return Ok(question.clone());
    }
    let event = |happening: &Happening| {
        let (place, weight) = happening.weighted(question)?;
        Ok(Event { at: projection.project(place).into(), weight })
    };
    let events = happenings.iter().map(event).collect::<Result<Vec<_>, Problem>>()?;
    let bandwidth_m =
        question.manner.bandwidth_m(question.kernel, &events, question.bandwidth_m, &BANDWIDTHS_M);
    Ok(Question { bandwidth_m, manner: Manner { auto: None, ..question.manner }, ..question.clone() })
}

/// One picture out of the last: what was there has aged alike, and what is new is added, so that all pictures together
/// take each report once.
fn in_plain_manner(
    happenings: &[Happening],
    question: &Question,
    moments: &[DateTime<Utc>],
    frame: &Frame,
    projection: GaussKruger,
) -> Result<Vec<Vec<u8>>, Problem> {
    let painter = Painter::new(frame, projection);
    let origin = painter.origin();
    let (bandwidth_m, half_life) = (f64::from(question.bandwidth_m), f64::from(question.half_life_days));
    let mut densities = painter.blank();
    let mut drawn = 0;
    let mut day = None;
    let mut pictures = Vec::with_capacity(moments.len());
    for &moment in moments {
        let until = question.until(moment);
        if let Some(before) = day.replace(until.as_of) {
            let left = recency((until.as_of - before).num_days() as f64, half_life);
            densities.par_iter_mut().for_each(|density| *density *= left);
        }
        let count = happenings.partition_point(|happening| happening.happened_at < moment);
        let [mut east_m, mut north_m, mut weights] = [const { Vec::new() }; 3];
        for happening in &happenings[drawn..count] {
            let (place, weight) = happening.weighted(&until)?;
            let at = projection.project(place);
            east_m.push((at.east_m() - origin.east_m) as f32);
            north_m.push((at.north_m() - origin.north_m) as f32);
            weights.push(weight as f32);
        }
        painter.add(question.kernel, bandwidth_m, [&east_m, &north_m, &weights], &mut densities);
        drawn = count;
        pictures.push(densities.par_iter().map(|&density| ramp::colour(density)).collect());
    }
    Ok(pictures)
}

/// A surface for each picture. The reports are taken from the ingredients and not put back.
fn in_any_manner(
    ingredients: &mut Ingredients,
    question: &Question,
    moments: &[DateTime<Utc>],
    frame: &Frame,
) -> Result<Vec<Vec<u8>>, Problem> {
    let all = std::mem::take(&mut ingredients.happenings);
    let picture = |&moment: &DateTime<Utc>| {
        let count = all.partition_point(|happening| happening.happened_at < moment);
        ingredients.happenings = all[..count].to_vec();
        let surface = Surface::over(ingredients, &question.until(moment))?;
        let scale = surface.field.scale();
        Ok(values(&surface, frame).into_par_iter().map(|value| scale.colour(value)).collect())
    };
    moments.iter().map(picture).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;
    use crate::domain::reports::Status;
    use crate::domain::risk::question::DensityQuery;
    use crate::platform::clock::Clock;
    use crate::platform::raster::System;

    fn frame(side: usize) -> Frame {
        Frame {
            west: 116.29,
            south: 35.06,
            east: 116.32,
            north: 35.09,
            columns: side,
            rows: side,
            system: System::LonLat,
        }
    }

    fn happenings(count: usize) -> Vec<Happening> {
        // Scattered by steps of the golden ratio and its square.
        let unit = |number: usize, step: f64| (number as f64 * step).fract();
        let happening = |number: usize| Happening {
            lon: 116.292 + 0.026 * unit(number, 0.618_033_99),
            lat: 35.062 + 0.026 * unit(number, 0.381_966_01),
            severity: [1, 2, 3, 4][number % 4],
            status: if number.is_multiple_of(3) { Status::Closed } else { Status::Open },
            happened_at: Utc.with_ymd_and_hms(2022, 1, 1, 9, 0, 0).unwrap()
                + TimeDelta::days((unit(number, 0.754_877_67) * 180.0) as i64),
        };
        (0..count).map(happening).collect()
    }

    fn question(more: DensityQuery) -> Question {
        let query = DensityQuery {
            from: Some("2022-01-01".into()),
            to: Some("2022-06-30".into()),
            half_life_days: Some(60),
            done_percent: Some(50),
            ..more
        };
        query.parse(&Clock::system()).unwrap()
    }

    fn moments() -> Vec<DateTime<Utc>> {
        (1..=6).map(|month| Utc.with_ymd_and_hms(2022, month, 20, 0, 0, 0).unwrap()).collect()
    }

    #[test]
    fn pictures_made_of_each_other_are_those_made_alone() {
        let frame = frame(60);
        for kernel in ["quartic", "gaussian"] {
            let question = question(DensityQuery { kernel: Some(kernel.into()), ..DensityQuery::default() });
            let mut sorted = happenings(300);
            sorted.sort_by_key(|happening| happening.happened_at);
            let zone = GaussKruger::from_epsg(4548).unwrap();
            let from_each_other = in_plain_manner(&sorted, &question, &moments(), &frame, zone).unwrap();
            let mut ingredients = Ingredients { happenings: sorted, ..Ingredients::default() };
            let alone = in_any_manner(&mut ingredients, &question, &moments(), &frame).unwrap();
            for (one, other) in from_each_other.iter().zip(&alone) {
                let differ = one.iter().zip(other).filter(|(a, b)| a != b).count();
                assert!(differ * 100 <= one.len(), "{kernel}: {differ} of {} cells differ", one.len());
                assert!(one.iter().zip(other).all(|(a, b)| a.abs_diff(*b) <= 1));
            }
            assert!(from_each_other[5].iter().any(|&class| class > 0));
        }
    }

    /// What an export asks for at most, drawn by a build that nobody optimised.
    #[test]
    fn the_largest_animation_takes_seconds_and_not_minutes() {
        let started = std::time::Instant::now();
        let question = question(DensityQuery { bandwidth_m: Some(150), ..DensityQuery::default() });
        let moments: Vec<DateTime<Utc>> = (1..=60)
            .map(|step| Utc.with_ymd_and_hms(2022, 1, 1, 0, 0, 0).unwrap() + TimeDelta::days(3 * step))
            .collect();
        let ingredients = Ingredients { happenings: happenings(5_000), ..Ingredients::default() };
        let file = animated(ingredients, &question, &moments, &frame(512)).unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        assert_eq!(reader.info().animation_control().unwrap().num_frames, 60);
        assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    }
}
