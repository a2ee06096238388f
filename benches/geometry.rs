//! How fast points are assigned to faces, against an R-tree of envelopes with `geo`'s `contains`, in the same run.
//!
//! `cargo bench --bench geometry`, or with `-- village street province` the coverages wanted. Single-threaded but
//! for the building of the index. Figures are the median of nine rounds, in
//! processor time.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark reports to the terminal, or stops"
)]

use std::hint::black_box;
use std::io::Read;
use std::time::Instant;

use geo::{Contains, Coord, LineString, MultiPolygon, Polygon};
use gridkeeper::kernel::geometry::{FaceId, GridIndex, Wgs84};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

type Faces = Vec<(FaceId, MultiPolygon<f64>)>;

/// `SplitMix64` (S. Vigna 2015).
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn fixture(gzipped: &[u8]) -> Faces {
    let mut text = String::new();
    flate2::read::GzDecoder::new(gzipped).read_to_string(&mut text).expect("a gzipped fixture");
    let json: serde_json::Value = serde_json::from_str(&text).expect("a GeoJSON fixture");
    let ring = |ring: &serde_json::Value| -> LineString<f64> {
        let number = |v: &serde_json::Value| v.as_f64().expect("a coordinate");
        let points = ring.as_array().expect("a ring");
        points.iter().map(|p| Coord { x: number(&p[0]), y: number(&p[1]) }).collect()
    };
    let features = json["features"].as_array().expect("features");
    features
        .iter()
        .enumerate()
        .map(|(i, f)| {
            let shell = ring(&f["geometry"]["coordinates"][0]);
            (FaceId(i as u32), Polygon::new(shell, vec![]).into())
        })
        .collect()
}

/// Bends a straight seam by displacing its middle, and the middles of its halves, until it has `inner` vertices.
fn bend(random: &mut Random, from: Coord<f64>, to: Coord<f64>, inner: usize, out: &mut Vec<Coord<f64>>) {
    if inner == 0 {
        return;
    }
    let shift = 0.3 * (random.unit() - 0.5);
    let middle = Coord {
        x: f64::midpoint(from.x, to.x) - shift * (to.y - from.y),
        y: f64::midpoint(from.y, to.y) + shift * (to.x - from.x),
    };
    bend(random, from, middle, (inner - 1) / 2, out);
    out.push(middle);
    bend(random, middle, to, inner - 1 - (inner - 1) / 2, out);
}

/// A province: `side` × `side` faces of about four times `inner` vertices, 0.01 degrees across. Synthetic.
fn province(side: usize, inner: usize) -> Faces {
    let mut random = Random(42);
    let node = |i: usize, j: usize| Coord { x: 110.0 + i as f64 * 0.01, y: 28.0 + j as f64 * 0.01 };
    let mut seam = |from: Coord<f64>, to: Coord<f64>| {
        let mut vertices = vec![from];
        bend(&mut random, from, to, inner, &mut vertices);
        vertices.push(to);
        vertices
    };
    let mut east = Vec::new();
    let mut north = Vec::new();
    for j in 0..=side {
        for i in 0..=side {
            east.push(seam(node(i, j), node(i + 1, j)));
            north.push(seam(node(i, j), node(i, j + 1)));
        }
    }
    let at = |i: usize, j: usize| j * (side + 1) + i;
    let mut faces = Vec::new();
    for j in 0..side {
        for i in 0..side {
            let mut ring = east[at(i, j)].clone();
            ring.extend(&north[at(i + 1, j)][1..]);
            ring.extend(east[at(i, j + 1)].iter().rev().skip(1));
            ring.extend(north[at(i, j)].iter().rev().skip(1));
            faces.push((FaceId((j * side + i) as u32), Polygon::new(LineString(ring), vec![]).into()));
        }
    }
    faces
}

/// The usual way: envelopes in an R-tree, then `contains` on each candidate.
struct Usual {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    faces: Faces,
}

impl Usual {
    fn new(faces: &Faces) -> Self {
        let envelope = |(i, (_, face)): (usize, &(FaceId, MultiPolygon<f64>))| {
            let r = geo::BoundingRect::bounding_rect(face).expect("a face with vertices");
            let corners = ([r.min().x, r.min().y], [r.max().x, r.max().y]);
            GeomWithData::new(Rectangle::from_corners(corners.0, corners.1), i)
        };
        let tree = RTree::bulk_load(faces.iter().enumerate().map(envelope).collect());
        Self { tree, faces: faces.clone() }
    }

    fn locate(&self, place: Wgs84) -> Option<FaceId> {
        let point = geo::Point::new(place.lon(), place.lat());
        self.tree
            .locate_in_envelope_intersecting(AABB::from_point([place.lon(), place.lat()]))
            .find(|e| self.faces[e.data].1.contains(&point))
            .map(|e| self.faces[e.data].0)
    }
}

impl Usual {
    /// The lowest number among all faces that contain the place: seams bent at random sometimes cross.
    fn lowest(&self, place: Wgs84) -> Option<FaceId> {
        let point = geo::Point::new(place.lon(), place.lat());
        let around = self.tree.locate_in_envelope_intersecting(AABB::from_point([place.lon(), place.lat()]));
        around.filter(|e| self.faces[e.data].1.contains(&point)).map(|e| self.faces[e.data].0).min()
    }
}

/// Nanoseconds that this thread has had a processor (Linux; see `proc_pid_schedstat`): others' work on the machine
/// does not count.
fn cpu_ns() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    stat.split_whitespace().next().and_then(|ns| ns.parse().ok()).expect("nanoseconds on a processor")
}

/// Million points in a second of processor time: the median of nine rounds.
fn rate(points: usize, mut round: impl FnMut()) -> f64 {
    let mut taken: Vec<u64> = (0..9)
        .map(|_| {
            let start = cpu_ns();
            round();
            cpu_ns() - start
        })
        .collect();
    taken.sort_unstable();
    points as f64 * 1e3 / taken[4] as f64
}

fn measure(name: &str, faces: &Faces, count: usize) {
    let vertices: usize = faces.iter().map(|(_, f)| f.0[0].exterior().0.len() - 1).sum();
    let start = Instant::now();
    let index = GridIndex::build(faces.clone()).expect("sound faces");
    let built_s = start.elapsed().as_secs_f64();
    let all = faces.iter().flat_map(|(_, f)| f.0[0].exterior().0.iter());
    let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
    for c in all {
        low = (low.0.min(c.x), low.1.min(c.y));
        high = (high.0.max(c.x), high.1.max(c.y));
    }
    let mut random = Random(7);
    let places: Vec<Wgs84> = (0..count)
        .map(|_| {
            let (x, y) = (random.unit(), random.unit());
            Wgs84::new(low.0 + x * (high.0 - low.0), low.1 + y * (high.1 - low.1)).expect("a coordinate")
        })
        .collect();
    let mut owners = vec![None; count];
    let batch = rate(count, || {
        index.locate_into(black_box(&places), &mut owners);
        black_box(&owners);
    });
    let single = rate(count, || {
        for &place in &places {
            black_box(index.locate(place));
        }
    });
    let few = &places[..count / 20];
    let usual = Usual::new(faces);
    let reference = rate(few.len(), || {
        for &place in few {
            black_box(usual.locate(place));
        }
    });
    let differ = few.iter().filter(|&&p| index.locate(p) != usual.lowest(p)).count();
    println!(
        "{name:9} {:>7} faces {vertices:>9} vertices | built {built_s:6.2} s, cells {:6.1} MB | \
         batch {batch:6.1} M/s, one by one {single:6.1} M/s, R-tree and contains {reference:5.2} M/s | \
         {differ} of {} differ",
        faces.len(),
        index.cell_bytes() as f64 / 1e6,
        few.len(),
    );
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let want = |name: &str| wanted.is_empty() || wanted.iter().any(|w| w == name);
    if want("village") {
        let faces = fixture(include_bytes!("../fixtures/reference/coverage/village3.geojson.gz"));
        measure("village", &faces, 4_000_000);
    }
    if want("street") {
        let faces = fixture(include_bytes!("../fixtures/reference/coverage/street105.geojson.gz"));
        measure("street", &faces, 4_000_000);
    }
    if want("province") {
        measure("province", &province(316, 23), 4_000_000);
    }
}
