//! The reference coverages of `fixtures/reference/coverage/` for tests: synthetic, with known answers.

use std::io::Read;

use geo::MultiPolygon;

use super::{FaceId, Wgs84};

fn gunzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

fn faces(geojson: &[u8]) -> Vec<(FaceId, MultiPolygon<f64>)> {
    let collection: geojson::FeatureCollection =
        gunzip(geojson).parse::<geojson::GeoJson>().unwrap().try_into().unwrap();
    collection
        .features
        .into_iter()
        .map(|f| {
            let id = f.properties.unwrap()["id"].as_u64().unwrap() as u32;
            let polygon = geo::Polygon::try_from(f.geometry.unwrap()).unwrap();
            (FaceId(id), MultiPolygon::from(polygon))
        })
        .collect()
}

fn points(csv: &[u8]) -> Vec<(Wgs84, Option<FaceId>)> {
    gunzip(csv)
        .lines()
        .skip(1)
        .map(|line| {
            let v: Vec<&str> = line.split(',').collect();
            let place = Wgs84::new(v[0].parse().unwrap(), v[1].parse().unwrap()).unwrap();
            (place, v[2].parse().ok().map(FaceId))
        })
        .collect()
}

/// 3 faces of 2,220 vertices each.
pub(crate) fn village_faces() -> Vec<(FaceId, MultiPolygon<f64>)> {
    faces(include_bytes!("../../../fixtures/reference/coverage/village3.geojson.gz"))
}

/// 105 faces of 182 vertices each.
pub(crate) fn street_faces() -> Vec<(FaceId, MultiPolygon<f64>)> {
    faces(include_bytes!("../../../fixtures/reference/coverage/street105.geojson.gz"))
}

/// Random points and the face that exact predicates give.
pub(crate) fn village_points() -> Vec<(Wgs84, Option<FaceId>)> {
    points(include_bytes!("../../../fixtures/reference/coverage/village_points.csv.gz"))
}

/// Random points and the face that exact predicates give.
pub(crate) fn street_points() -> Vec<(Wgs84, Option<FaceId>)> {
    points(include_bytes!("../../../fixtures/reference/coverage/street_points.csv.gz"))
}
