//! How long it takes to check a street of 105 grids (19,081 vertices) before they may be published: against each other, the
//! outline they must fill, and the grids around; and to build the partition that is published.
//!
//! `cargo bench --bench validation`

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark without its input should say so and stop"
)]

use std::hint::black_box;
use std::io::Read;

use criterion::{Criterion, criterion_group, criterion_main};
use flate2::read::GzDecoder;
use geo::MultiPolygon;
use gridkeeper::kernel::geometry::FaceId;
use gridkeeper::kernel::geometry::coverage::{CheckOptions, Coverage, RawFace, Rim, check};

const STREET: &[u8] = include_bytes!("../fixtures/reference/coverage/street105.geojson.gz");

fn street() -> Vec<RawFace> {
    let mut text = String::new();
    GzDecoder::new(STREET).read_to_string(&mut text).expect("is gzip");
    let collection: geojson::FeatureCollection = text.parse().expect("is GeoJSON");
    let shape = |feature: geojson::Feature| {
        let geometry: geo::Geometry<f64> = feature.geometry.expect("a shape").try_into().expect("a geometry");
        match geometry {
            geo::Geometry::Polygon(polygon) => MultiPolygon::from(polygon),
            geo::Geometry::MultiPolygon(polygons) => polygons,
            other => panic!("{other:?} is no area"),
        }
    };
    (0..)
        .map(FaceId)
        .zip(collection.features.into_iter().map(shape))
        .map(|(id, shape)| RawFace::from((id, &shape)))
        .collect()
}

fn validation(criterion: &mut Criterion) {
    let faces = street();
    let coverage =
        Coverage::build(&faces, &CheckOptions::default(), Rim::Free).expect("is seamless").coverage;
    let outline = coverage.union_of(|_| true);
    let options = CheckOptions { outline: Some(&outline), ..CheckOptions::default() };
    assert!(check(&faces, &options).is_seamless());
    let mut group = criterion.benchmark_group("street of 105 grids");
    group.sample_size(20);
    group.bench_function("check", |bencher| bencher.iter(|| check(black_box(&faces), &options)));
    group.bench_function("build", |bencher| {
        bencher.iter(|| Coverage::build(black_box(&faces), &options, Rim::Fixed));
    });
    group.bench_function("keep and open", |bencher| {
        bencher.iter(|| Coverage::from_topology(&black_box(&coverage).topology(), Rim::Fixed));
    });
}

criterion_group!(benches, validation);
criterion_main!(benches);
