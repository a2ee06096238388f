//! The values of the surface that was asked for, cell by cell.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use geo::{Coord, MapCoords};
use rayon::prelude::*;

use super::DensityArgs;
use super::options::Bandwidth;
use crate::cli::plane::{Plane, Points};
use crate::interop::tables::read_area;
use crate::kernel::density::{
    Adaptive, Density, Event, Kernel, Positions, Window, likely_bandwidth, raster, relative, scott_bandwidth,
};
use crate::kernel::plane::PlanePoint;
use crate::message;
use crate::platform::raster::Frame;

/// Square metres in a square kilometre: what the kernel's numbers are multiplied by.
const PER_KM2: f64 = 1e6;
/// The bandwidths that one is chosen from, in metres; in a plane of unknown unit the points span [`SPAN`] of it.
const LEAST_CHOSEN: f64 = 10.0;
const SPAN: f64 = 10_000.0;

/// A surface: its values row by row from the north, and the bandwidth it has.
pub(super) struct Computed {
    pub(super) values: Vec<f64>,
    pub(super) points: usize,
    pub(super) bandwidth: f64,
}

pub(super) fn compute(args: &DensityArgs, frame: &Frame) -> anyhow::Result<Computed> {
    let box_ = [frame.west, frame.south, frame.east, frame.north];
    let plane = if args.planar { Plane::AsGiven } else { Plane::zone(box_, "--bbox")? };
    let events = read_events(args, plane)?;
    let points = events.len();
    let bandwidth = bandwidth(args, &events)?;
    let density = |events: Vec<Event>| {
        Density::new(args.kernel, events, bandwidth).map_err(|_| {
            anyhow::anyhow!(message!(
                "--bandwidth：{bandwidth} 不是大于 0 的长度",
                "--bandwidth: {bandwidth} is not a length above 0"
            ))
        })
    };
    let window = args.within.as_deref().map(|path| read_window(path, plane)).transpose()?;
    let positions = positions(plane, frame)?;
    let mut values = if let Some(path) = &args.relative_to {
        let base = Points::read(path, args.x.as_deref(), args.y.as_deref(), &[])?.places(plane)?;
        let base = density(base.into_iter().map(|at| Event { at, weight: 1.0 }).collect())?;
        let events = density(events)?;
        each(&positions, |at| relative(&events, &base, at))
    } else if args.adaptive {
        // Refuses a bandwidth that is none, in the same words.
        density(Vec::new())?;
        let adaptive = Adaptive::new(args.kernel, events, bandwidth, window.as_ref())?;
        each(&positions, |at| adaptive.per_km2(at) / PER_KM2)
    } else {
        density(Vec::new())?;
        let events = match &window {
            Some(window) => window.corrected(args.kernel, bandwidth, &events),
            None => events,
        };
        raster(&density(events)?, &positions)
    };
    if let (Plane::Zone(_), None) = (plane, &args.relative_to) {
        for value in &mut values {
            *value *= PER_KM2;
        }
    }
    if let Some(window) = window {
        let outside = each(&positions, |at| if window.covers(at) { 0.0 } else { f64::NAN });
        values.iter_mut().zip(outside).for_each(|(value, outside)| *value += outside);
    }
    Ok(Computed { values, points, bandwidth })
}

/// A number at each position, row by row.
fn each(positions: &Positions, value: impl Fn(PlanePoint) -> f64 + Sync) -> Vec<f64> {
    let (columns, rows) = (positions.columns(), positions.rows());
    (0..columns * rows)
        .into_par_iter()
        .map(|cell| value(positions.at(cell % columns, cell / columns)))
        .collect()
}

fn positions(plane: Plane, frame: &Frame) -> anyhow::Result<Positions> {
    let (across, down) = (frame.across(), frame.down());
    if let Plane::AsGiven = plane {
        return Ok(Positions::Straight { east: across, north: down });
    }
    let cells = down.iter().flat_map(|&y| across.iter().map(move |&x| plane.place(x, y)));
    let at = cells.collect::<Result<_, _>>().map_err(|why| anyhow::anyhow!("--bbox: {why}"))?;
    Ok(Positions::Bent { columns: frame.columns, at })
}

fn read_events(args: &DensityArgs, plane: Plane) -> anyhow::Result<Vec<Event>> {
    let weight = args.weight.as_deref().map(|name| [name]);
    let more: Vec<&[&str]> = weight.iter().map(<[&str; 1]>::as_slice).collect();
    let points = Points::read(&args.points, args.x.as_deref(), args.y.as_deref(), &more)?;
    let weights = if more.is_empty() { vec![1.0; points.len()] } else { points.more_numbers(0)? };
    if let Some(point) = weights.iter().position(|&weight| weight < 0.0) {
        let weight = weights[point];
        return Err(points.fault(point, &message!("权重 {weight} 为负", "the weight {weight} is negative")));
    }
    let places = points.places(plane)?;
    Ok(places.into_iter().zip(weights).map(|(at, weight)| Event { at, weight }).collect())
}

/// The land in the plane of the points.
fn read_window(path: &Path, plane: Plane) -> anyhow::Result<Window> {
    let name = path.display().to_string();
    let bytes =
        fs::read(path).with_context(|| message!("无法读取 {name}", "cannot read {name}").to_string())?;
    let area = read_area(&bytes).with_context(|| name.clone())?;
    let projected = area.try_map_coords(|corner| {
        let at = plane.place(corner.x, corner.y)?;
        Ok(Coord { x: at.east_m, y: at.north_m })
    });
    let projected =
        projected.map_err(|why: crate::platform::locale::Message| anyhow::anyhow!("{name}: {why}"))?;
    Window::new(&projected)
        .with_context(|| message!("{name}：多边形没有面积", "{name}: the polygon has no extent").to_string())
}

/// The bandwidth given, or chosen from the points.
fn bandwidth(args: &DensityArgs, events: &[Event]) -> anyhow::Result<f64> {
    let wider = args.kernel.gaussian_bandwidths();
    let chosen = match args.bandwidth {
        Bandwidth::Given(length) => return Ok(length),
        Bandwidth::Scott => scott_bandwidth(events),
        Bandwidth::Likelihood => likely(args.kernel, args.planar, events),
    };
    let Some(chosen) = chosen.filter(|chosen| *chosen > 0.0) else {
        bail!(message!(
            "--bandwidth：点全在一处或不足两处，无从选择，请给出长度",
            "--bandwidth: it takes points in two places at least to choose one; give a length"
        ));
    };
    Ok(chosen * wider)
}

fn likely(kernel: Kernel, planar: bool, events: &[Event]) -> Option<f64> {
    let span = |of: fn(&Event) -> f64| {
        let least = events.iter().map(of).reduce(f64::min)?;
        let most = events.iter().map(of).reduce(f64::max)?;
        Some(most - least)
    };
    let widest = span(|event| event.at.east_m)?.max(span(|event| event.at.north_m)?);
    if !(widest > 0.0 && widest.is_finite()) {
        return None;
    }
    // What is one place depends on the unit, which in a plane of its own nobody told.
    let scale = if planar { SPAN / widest } else { 1.0 };
    let scaled = events.iter().map(|event| Event {
        at: PlanePoint::new(event.at.east_m * scale, event.at.north_m * scale),
        ..*event
    });
    let least = LEAST_CHOSEN / kernel.gaussian_bandwidths();
    let most = (0.5 * widest * scale).max(2.0 * least);
    likely_bandwidth(&scaled.collect::<Vec<_>>(), &(least..=most)).map(|chosen| chosen / scale)
}
