//! The outlines of where a surface is at least so high. Never here: which heights are wanted.

use std::collections::BTreeMap;

use geo::{Contains, LineString, MultiPolygon, Point, Polygon};

/// Heights at the nodes of a raster, row by row, with the coordinates of its columns and rows.
#[derive(Debug, Clone, Copy)]
pub struct Heights<'a> {
    /// The heights, row by row.
    pub values: &'a [f64],
    /// The coordinate of each column.
    pub across: &'a [f64],
    /// The coordinate of each row, rising or falling.
    pub along: &'a [f64],
}

/// Where `heights` are at least `level`, interpolated between the nodes; beyond the outermost nodes all is below.
///
/// Marching squares (Lorensen and Cline 1987, in the plane); where two opposite corners of a square are high and the
/// others low, the mean of the four decides whether the high ones are joined. Takes O(nodes + rings²).
///
/// # Panics
/// If there is not one height for each node.
#[must_use]
pub fn contour(heights: Heights<'_>, level: f64) -> MultiPolygon<f64> {
    assert_eq!(heights.values.len(), heights.across.len() * heights.along.len(), "one height for each node");
    let mut rings = Tracer { heights, level }.rings();
    // Shells before holes: a hole has the other sense of rotation.
    let signed_area = |ring: &LineString<f64>| -> f64 {
        ring.lines().map(|line| line.start.x * line.end.y - line.end.x * line.start.y).sum()
    };
    rings.sort_by(|a, b| signed_area(a).total_cmp(&signed_area(b)));
    let first_shell = rings.partition_point(|ring| signed_area(ring) < 0.0);
    let (holes, shells) = rings.split_at(first_shell);
    // From the smallest shell on, so that a hole goes to the innermost around it.
    let mut polygons: Vec<Polygon<f64>> =
        shells.iter().map(|shell| Polygon::new(shell.clone(), Vec::new())).collect();
    let outlines = polygons.clone();
    for hole in holes {
        let inside = Point::from(hole.0[0]);
        if let Some(shell) = outlines.iter().position(|outline| outline.contains(&inside)) {
            polygons[shell].interiors_push(hole.clone());
        }
    }
    MultiPolygon::new(polygons)
}

struct Tracer<'a> {
    heights: Heights<'a>,
    level: f64,
}

/// Between two neighbouring nodes: the first one's column and row, and whether the other is in the next row.
type Edge = (i64, i64, bool);

impl Tracer<'_> {
    /// The rings around what is high, which lies to their left where rows rise to the north.
    fn rings(&self) -> Vec<LineString<f64>> {
        let mut next = self.steps();
        let mut rings = Vec::new();
        while let Some((&first, _)) = next.first_key_value() {
            let mut ring = Vec::new();
            let mut edge = first;
            while let Some(following) = next.remove(&edge) {
                ring.push(self.crossing(edge));
                edge = following;
            }
            ring.push(ring[0]);
            rings.push(LineString::from(ring));
        }
        // Rows that fall turn everything over.
        if let [first, second, ..] = self.heights.along
            && second < first
        {
            for ring in &mut rings {
                ring.0.reverse();
            }
        }
        rings
    }

    /// From which edge to which the outline goes in each square.
    fn steps(&self) -> BTreeMap<Edge, Edge> {
        let mut next = BTreeMap::new();
        let (columns, rows) = (signed(self.heights.across.len()), signed(self.heights.along.len()));
        for row in -1..rows {
            for column in -1..columns {
                let corner = |right: i64, up: i64| self.height(column + right, row + up);
                let high = |height: f64| height >= self.level;
                let corners = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
                // The sides, in the order of the corners: each from its corner to the next.
                let sides = [
                    (column, row, false),
                    (column + 1, row, true),
                    (column, row + 1, false),
                    (column, row, true),
                ];
                let is_high = corners.map(high);
                // Going round, the outline leaves the square where low turns high and enters where high turns low.
                let turns = |from: bool| {
                    (0..4).filter(move |&side| is_high[side] == from && is_high[(side + 1) % 4] != from)
                };
                let (enters, leaves): (Vec<usize>, Vec<usize>) =
                    (turns(true).collect(), turns(false).collect());
                let joined = corners.iter().sum::<f64>() / 4.0 >= self.level;
                for &enter in &enters {
                    // High lies to the left: on the way out one goes round the low corners, unless the high ones
                    // are apart, each with an outline of its own.
                    let around_high = enters.len() == 2 && !joined;
                    let leave = if around_high {
                        leaves.iter().copied().find(|&leave| (leave + 1) % 4 == enter)
                    } else {
                        (1..4).map(|step| (enter + step) % 4).find(|side| leaves.contains(side))
                    };
                    if let Some(leave) = leave {
                        next.insert(sides[enter], sides[leave]);
                    }
                }
            }
        }
        next
    }

    /// The height of a node; below everything outside.
    fn height(&self, column: i64, row: i64) -> f64 {
        let Heights { values, across, along } = self.heights;
        let inside = (0..signed(across.len())).contains(&column) && (0..signed(along.len())).contains(&row);
        if inside { values[row as usize * across.len() + column as usize] } else { f64::NEG_INFINITY }
    }

    fn crossing(&self, (column, row, upwards): Edge) -> (f64, f64) {
        let Heights { across, along, .. } = self.heights;
        let place = |axis: &[f64], index: i64| axis[index.clamp(0, signed(axis.len()) - 1) as usize];
        let (x, y) = (place(across, column), place(along, row));
        let (right, up) = if upwards { (column, row + 1) } else { (column + 1, row) };
        let (from, to) = (self.height(column, row), self.height(right, up));
        let share = match (from.is_finite(), to.is_finite()) {
            (true, true) => (self.level - from) / (to - from),
            (from_inside, _) => f64::from(u8::from(!from_inside)),
        };
        (x + share * (place(across, right) - x), y + share * (place(along, up) - y))
    }
}

/// A count as a number that one may go below.
fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use geo::{Area, Validation};

    use super::*;

    fn field(side: usize, height: impl Fn(f64, f64) -> f64) -> (Vec<f64>, Vec<f64>) {
        let axis: Vec<f64> = (0..side).map(|i| i as f64 / (side - 1) as f64 * 4.0 - 2.0).collect();
        let values =
            axis.iter().flat_map(|y| axis.iter().map(|x| height(*x, *y)).collect::<Vec<_>>()).collect();
        (axis, values)
    }

    #[test]
    fn a_cone_has_a_circle() {
        let (axis, values) = field(201, |x, y| 1.5 - x.hypot(y));
        let turned: Vec<f64> = axis.iter().rev().copied().collect();
        for along in [&axis, &turned] {
            let area = contour(Heights { values: &values, across: &axis, along }, 0.5);
            assert_eq!(area.0.len(), 1);
            assert!(area.is_valid());
            assert!((area.signed_area() - std::f64::consts::PI).abs() < 1e-3, "{}", area.signed_area());
        }
    }

    #[test]
    fn a_ring_has_a_hole_with_an_island_in_it() {
        let (axis, values) = field(401, |x, y| {
            let r = x.hypot(y);
            f64::max(0.25 - (r - 1.0).powi(2), 0.2 - r)
        });
        let area = contour(Heights { values: &values, across: &axis, along: &axis }, 0.0);
        assert!(area.is_valid());
        let mut holes: Vec<usize> = area.0.iter().map(|polygon| polygon.interiors().len()).collect();
        holes.sort_unstable();
        assert_eq!(holes, [0, 1]);
        let expected = std::f64::consts::PI * (1.5_f64.powi(2) - 0.5_f64.powi(2) + 0.2_f64.powi(2));
        assert!((area.unsigned_area() - expected).abs() < 2e-3, "{} for {expected}", area.unsigned_area());
    }

    #[test]
    fn what_touches_the_edge_is_closed_there() {
        let (axis, values) = field(5, |_, _| 1.0);
        let area = contour(Heights { values: &values, across: &axis, along: &axis }, 0.5);
        assert!((area.unsigned_area() - 16.0).abs() < 1e-12);
        assert!(contour(Heights { values: &values, across: &axis, along: &axis }, 1.5).0.is_empty());
        assert!(contour(Heights { values: &[], across: &[], along: &[] }, 0.0).0.is_empty());
    }

    #[test]
    fn two_opposite_corners_are_joined_by_their_mean() {
        for (low, polygons) in [(0.4, 1), (-3.0, 2)] {
            let values = [1.0, low, low, 1.0];
            let axis = [0.0, 1.0];
            let area = contour(Heights { values: &values, across: &axis, along: &axis }, 0.5);
            assert_eq!(area.0.len(), polygons, "{area:?}");
        }
    }
}
