//! The density of reports along roads, as lines.

use geojson::{Feature, FeatureCollection, Geometry, GeometryValue, JsonObject};

use super::question::Question;
use super::store::Happening;
use crate::domain::roads::Ways;
use crate::kernel::density::{Lixel, RoadEvent, network_density};
use crate::kernel::geometry::GaussKruger;
use crate::kernel::plane::PlanePoint;
use crate::kernel::roads::{Edge, RoadGraph};
use crate::platform::problem::Problem;
use crate::platform::raster::Frame;

/// Reports further than this from every road are left out: they lie in the fields.
const ROAD_WITHIN_M: f64 = 100.0;
/// Lines are so long at most.
const PIECE_M: f64 = 25.0;
/// Densities below this many events per kilometre are left out.
const LEAST_PER_KM: f64 = 0.01;

/// The lines of the roads within `frame` near which reports lie, as GeoJSON, each with its events per kilometre
/// (`per_km`) and the road's name; `off_road` beside them counts the reports that no road is near.
///
/// # Errors
/// Never in practice: the encoder writes to memory.
pub(super) fn lines(
    happenings: &[Happening],
    question: &Question,
    ways: &Ways,
    frame: &Frame,
) -> Result<Vec<u8>, Problem> {
    let mut off_road = happenings.len();
    let mut features = Vec::new();
    if let Some((graph, projection)) = ways.graph() {
        let mut events = Vec::new();
        for happening in happenings {
            let (place, weight) = happening.weighted(question)?;
            if let Some(snap) = graph.snap(projection.project(place).into(), ROAD_WITHIN_M) {
                events.push(RoadEvent { edge: snap.edge, along_m: snap.along_m, weight });
            }
        }
        off_road -= events.len();
        let bandwidth_m = f64::from(question.bandwidth_m);
        let lixels = network_density(graph.network(), &events, question.kernel, bandwidth_m, PIECE_M);
        let near = lixels.iter().filter(|lixel| lixel.per_km >= LEAST_PER_KM);
        features = near.filter_map(|lixel| feature(lixel, graph, projection, frame)).collect();
    }
    let mut members = JsonObject::new();
    members.insert("unit".into(), "events/km".into());
    members.insert("off_road".into(), off_road.into());
    let collection =
        FeatureCollection { features, foreign_members: Some(members), ..FeatureCollection::default() };
    serde_json::to_vec(&collection).map_err(|error| Problem::internal(&error))
}

/// A line of a road, if any of it lies in the frame.
fn feature(lixel: &Lixel, graph: &RoadGraph, projection: GaussKruger, frame: &Frame) -> Option<Feature> {
    let edge = &graph.network().edges()[lixel.edge as usize];
    let lon_lat = |at: PlanePoint| {
        let place = at.in_projection(projection).ok()?.to_wgs84();
        let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
        Some([rounded(place.lon()), rounded(place.lat())])
    };
    let line: Vec<[f64; 2]> =
        stretch(edge, lixel.from_m, lixel.to_m).into_iter().filter_map(lon_lat).collect();
    let inside = |[lon, lat]: &[f64; 2]| {
        (frame.west..=frame.east).contains(lon) && (frame.south..=frame.north).contains(lat)
    };
    if !line.iter().any(inside) {
        return None;
    }
    let mut properties = JsonObject::new();
    properties.insert("per_km".into(), ((lixel.per_km * 1e3).round() / 1e3).into());
    properties.insert("name".into(), graph.network().name(lixel.edge).into());
    let geometry = Some(Geometry::new(GeometryValue::new_line_string(line)));
    Some(Feature { geometry, properties: Some(properties), ..Feature::default() })
}

/// The vertices of an edge between two distances along it.
fn stretch(edge: &Edge, from_m: f64, to_m: f64) -> Vec<PlanePoint> {
    let at = |along_m: f64| {
        let next =
            edge.along_m.partition_point(|&vertex_m| vertex_m <= along_m).clamp(1, edge.along_m.len() - 1);
        let (start_m, end_m) = (edge.along_m[next - 1], edge.along_m[next]);
        let share = if end_m > start_m { (along_m - start_m) / (end_m - start_m) } else { 0.0 };
        edge.vertices[next - 1].towards(edge.vertices[next], share)
    };
    let between =
        edge.along_m.iter().zip(&edge.vertices).filter(|(along_m, _)| (from_m..to_m).contains(*along_m));
    let inner = between.filter(|(along_m, _)| **along_m > from_m).map(|(_, &vertex)| vertex);
    std::iter::once(at(from_m)).chain(inner).chain([at(to_m)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::roads::{RoadClass, RoadLine, RoadNetwork};

    #[test]
    fn a_stretch_follows_the_bends_of_its_edge() {
        let vertices =
            [(0.0, 0.0), (30.0, 0.0), (30.0, 40.0)].map(|(east, north)| PlanePoint::new(east, north));
        let network = RoadNetwork::build(&[RoadLine::new(vertices.to_vec(), RoadClass::Lane)]).unwrap();
        let edge = &network.edges()[0];
        let of =
            |from_m, to_m| stretch(edge, from_m, to_m).iter().map(|at| at.to_array()).collect::<Vec<_>>();
        assert_eq!(of(10.0, 50.0), [[10.0, 0.0], [30.0, 0.0], [30.0, 20.0]]);
        assert_eq!(of(30.0, 70.0), [[30.0, 0.0], [30.0, 40.0]]);
        assert_eq!(of(0.0, 30.0), [[0.0, 0.0], [30.0, 0.0]]);
    }
}
