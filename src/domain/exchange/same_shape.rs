//! Whether two drawings show the same shape.

use geo::orient::Direction;
use geo::{LineString, MultiPolygon, Orient, Polygon};

/// True when two shapes have the same vertices, wherever their rings start and whichever way they run.
pub(super) fn same_shape(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> bool {
    canonical(a) == canonical(b)
}

/// The rings of each polygon from their least vertex on, in a fixed order.
fn canonical(shape: &MultiPolygon<f64>) -> Vec<Vec<Vec<(u64, u64)>>> {
    let mut polygons: Vec<_> = shape.orient(Direction::Default).iter().map(rings).collect();
    polygons.sort_unstable();
    polygons
}

fn rings(polygon: &Polygon<f64>) -> Vec<Vec<(u64, u64)>> {
    let ring = |line: &LineString<f64>| {
        let open = line.0.split_last().map_or(&[][..], |(_, open)| open);
        let mut vertices: Vec<(u64, u64)> = open.iter().map(|c| (c.x.to_bits(), c.y.to_bits())).collect();
        let least =
            vertices.iter().enumerate().min_by_key(|(_, vertex)| **vertex).map_or(0, |(index, _)| index);
        vertices.rotate_left(least);
        vertices
    };
    let mut holes: Vec<_> = polygon.interiors().iter().map(ring).collect();
    holes.sort_unstable();
    std::iter::once(ring(polygon.exterior())).chain(holes).collect()
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    #[test]
    fn neither_start_nor_direction_makes_another_shape() {
        let one = MultiPolygon(vec![polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.)]]);
        let same = MultiPolygon(vec![polygon![(x: 1., y: 1.), (x: 1., y: 0.), (x: 0., y: 0.)]]);
        let other = MultiPolygon(vec![polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.000_000_1)]]);
        assert!(same_shape(&one, &same));
        assert!(!same_shape(&one, &other));
    }
}
