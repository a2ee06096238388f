//! Faces with gaps and overlaps cut into pieces of land, so that each piece in doubt can be given to one face.
//!
//! All rings and the outline are laid over each other in one constrained Delaunay triangulation, in which constraints that
//! cross are split. Triangles that the same faces claim and that hang together are one piece. Because every piece is made
//! of the same triangles, whatever is chosen for them has no gap and no overlap inside the outline, to the last bit.
//!
//! Never here: the choice. [`Repair::faces`] gives land in doubt to the first face in line unless told otherwise, and
//! changes nothing that is not in doubt.

use std::collections::{BTreeMap, HashMap};

use geo::{BoundingRect, Coord, InteriorPoint, LineString, MultiPolygon, Rect};
use spade::handles::FixedVertexHandle;
use spade::{ConstrainedDelaunayTriangulation, HasPosition, Point2, Triangulation};
use thiserror::Error;

use super::snap::{TOLERANCE_M, key, snap};
use super::trace::polygons_left_of;
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::measure::{LocalPlane, multi_area_m2};

/// How often faces are laid over each other again at most until no two vertices are nearly at one place.
const ROUNDS: usize = 6;
/// No triangle, no face.
const NONE: u32 = u32::MAX;

/// What is in doubt about a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// No face claims it.
    Gap,
    /// Several do.
    Overlap,
    /// It lies outside the outline, and is cut off.
    Outside,
}

/// A piece of land in doubt.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// What is in doubt.
    pub doubt: Doubt,
    /// Who may have it, first in line first: of an overlap those who claim it, of a gap those who border on it (all, if
    /// nobody does), the longest common border first; of land outside those whose it was.
    pub faces: Vec<FaceId>,
    /// Its land, in degrees.
    pub shape: MultiPolygon<f64>,
    /// Square metres.
    pub area_m2: f64,
    /// A place in it, in degrees.
    pub at: Coord<f64>,
    /// Its bounding box, in degrees.
    pub bbox: Rect<f64>,
}

/// Why faces cannot be cut into pieces.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum RepairError {
    /// There is no face with land.
    #[error("there is no land")]
    Empty,
    /// The triangulation refused.
    #[error("the faces cannot be triangulated: {0}")]
    Triangulation(String),
}

/// Faces laid over each other.
#[derive(Debug, Clone)]
pub struct Repair {
    places: Vec<Coord<f64>>,
    corners: Vec<[u32; 3]>,
    beyond: Vec<[u32; 3]>,
    /// For each triangle the position of the face whose it is beyond doubt; [`NONE`] otherwise.
    owner: Vec<u32>,
    /// For each triangle the piece it is part of; [`NONE`] where there is no doubt.
    piece: Vec<u32>,
    ids: Vec<FaceId>,
    pieces: Vec<Piece>,
    outline: Option<MultiPolygon<f64>>,
}

/// A vertex that spade carries along.
#[derive(Debug, Clone, Copy)]
struct Vertex(Point2<f64>);

impl HasPosition for Vertex {
    type Scalar = f64;

    fn position(&self) -> Point2<f64> {
        self.0
    }
}

/// Who claims a triangle, by position, and whether it is inside the outline.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Claim {
    faces: Vec<u32>,
    inside: bool,
}

impl Repair {
    /// Lays faces over each other. Vertices that mean the same place are made the same first. O(n log n) in the number of
    /// vertices, and as many tests of a place as there are cells.
    ///
    /// # Errors
    /// [`RepairError`] if there is nothing to lay out.
    pub fn of(
        faces: &[(FaceId, MultiPolygon<f64>)],
        outline: Option<&MultiPolygon<f64>>,
    ) -> Result<Self, RepairError> {
        let given: Vec<MultiPolygon<f64>> =
            faces.iter().map(|(_, shape)| shape.clone()).chain(outline.cloned()).collect();
        let mut shapes = snap(&given, TOLERANCE_M).faces;
        let outline = outline.and_then(|_| shapes.pop());
        let mut repair = Self::triangulate(&shapes, outline.as_ref())?;
        repair.ids = faces.iter().map(|(id, _)| *id).collect();
        let claims = repair.claims(&shapes, outline.as_ref());
        repair.sort_out(&claims, outline.is_some());
        repair.outline = outline;
        Ok(repair)
    }

    fn triangulate(
        shapes: &[MultiPolygon<f64>],
        outline: Option<&MultiPolygon<f64>>,
    ) -> Result<Self, RepairError> {
        let mut numbers = HashMap::new();
        let mut vertices = Vec::new();
        let mut edges = Vec::new();
        for line in shapes.iter().chain(outline).flat_map(rings).flat_map(LineString::lines) {
            let ends = [line.start, line.end].map(|c| {
                *numbers.entry(key(c)).or_insert_with(|| {
                    vertices.push(Vertex(Point2::new(c.x, c.y)));
                    vertices.len() - 1
                })
            });
            if ends[0] != ends[1] {
                edges.push(ends);
            }
        }
        if edges.len() < 3 {
            return Err(RepairError::Empty);
        }
        let mut crossing = Vec::new();
        let refused = |error: spade::InsertionError| RepairError::Triangulation(error.to_string());
        let mut cdt =
            ConstrainedDelaunayTriangulation::<Vertex>::try_bulk_load_cdt(vertices, edges, |edge| {
                crossing.push(edge);
            })
            .map_err(refused)?;
        for [a, b] in crossing {
            let (a, b) = (FixedVertexHandle::from_index(a), FixedVertexHandle::from_index(b));
            cdt.add_constraint_and_split(a, b, Vertex);
        }
        let count = cdt.num_inner_faces();
        let mut corners = Vec::with_capacity(count);
        let mut beyond = Vec::with_capacity(count);
        for face in cdt.inner_faces() {
            let edges = face.adjacent_edges();
            corners.push(edges.map(|e| e.from().fix().index() as u32));
            // Face 0 is the one outside.
            beyond.push(edges.map(|e| (e.rev().face().fix().index() as u32).wrapping_sub(1)));
        }
        Ok(Self {
            places: cdt.vertices().map(|v| Coord { x: v.position().x, y: v.position().y }).collect(),
            owner: vec![NONE; corners.len()],
            piece: vec![NONE; corners.len()],
            corners,
            beyond,
            ids: Vec::new(),
            pieces: Vec::new(),
            outline: None,
        })
    }

    /// Who claims each triangle, by its centre, even-odd.
    fn claims(&self, shapes: &[MultiPolygon<f64>], outline: Option<&MultiPolygon<f64>>) -> Vec<Claim> {
        let boxes: Vec<Option<Rect<f64>>> = shapes.iter().map(BoundingRect::bounding_rect).collect();
        let claim = |corners: &[u32; 3]| {
            let [a, b, c] = corners.map(|v| self.places[v as usize]);
            let centre = Coord { x: (a.x + b.x + c.x) / 3.0, y: (a.y + b.y + c.y) / 3.0 };
            let near = |rect: &Option<Rect<f64>>| {
                rect.is_some_and(|r| {
                    (r.min().x..=r.max().x).contains(&centre.x) && (r.min().y..=r.max().y).contains(&centre.y)
                })
            };
            let faces = (0..).zip(shapes).zip(&boxes).filter(|(_, rect)| near(rect));
            Claim {
                faces: faces.filter(|((_, shape), _)| holds(shape, centre)).map(|((f, _), _)| f).collect(),
                inside: outline.is_none_or(|outline| holds(outline, centre)),
            }
        };
        self.corners.iter().map(claim).collect()
    }

    /// Gives what is claimed once its owner, and puts the rest together into pieces.
    fn sort_out(&mut self, claims: &[Claim], has_outline: bool) {
        let mut done = vec![false; claims.len()];
        let mut found = Vec::new();
        for first in 0..claims.len() {
            if std::mem::replace(&mut done[first], true) {
                continue;
            }
            let claim = &claims[first];
            let mut part = vec![first];
            let mut next = 0;
            let mut at_hull = false;
            while let Some(&t) = part.get(next) {
                next += 1;
                for other in self.beyond[t] {
                    at_hull |= other == NONE;
                    if other != NONE && claims[other as usize] == *claim && !done[other as usize] {
                        done[other as usize] = true;
                        part.push(other as usize);
                    }
                }
            }
            let doubt = match (claim.inside, claim.faces.as_slice()) {
                (true, &[face]) => {
                    for t in part {
                        self.owner[t] = face;
                    }
                    continue;
                }
                // Beyond the outline, or around faces without one.
                (false, []) => continue,
                (true, []) if at_hull && !has_outline => continue,
                (false, _) => Doubt::Outside,
                (true, []) => Doubt::Gap,
                (true, _) => Doubt::Overlap,
            };
            found.push((doubt, part));
        }
        let mut pieces: Vec<(Piece, Vec<usize>)> = found
            .into_iter()
            .filter_map(|(doubt, part)| Some((self.piece_of(doubt, &part, claims)?, part)))
            .collect();
        pieces.sort_by(|(a, _), (b, _)| {
            a.doubt.cmp(&b.doubt).then(b.area_m2.total_cmp(&a.area_m2)).then(a.at.x.total_cmp(&b.at.x))
        });
        for (number, (piece, part)) in (0..).zip(pieces) {
            for t in part {
                self.piece[t] = number;
            }
            self.pieces.push(piece);
        }
    }

    fn piece_of(&self, doubt: Doubt, part: &[usize], claims: &[Claim]) -> Option<Piece> {
        let mine: std::collections::HashSet<usize> = part.iter().copied().collect();
        let plane = LocalPlane::at_latitude(self.places[self.corners[part[0]][0] as usize].y);
        let mut border_m: BTreeMap<u32, f64> = BTreeMap::new();
        let mut rim = Vec::new();
        for &t in part {
            for i in 0..3 {
                let (a, b) = (self.corners[t][i], self.corners[t][(i + 1) % 3]);
                let other = self.beyond[t][i];
                if other != NONE && mine.contains(&(other as usize)) {
                    continue;
                }
                rim.push((a, b));
                if other != NONE {
                    let length_m = plane.distance_m(self.places[a as usize], self.places[b as usize]);
                    for &face in &claims[other as usize].faces {
                        *border_m.entry(face).or_default() += length_m;
                    }
                }
            }
        }
        let claimed = &claims[part[0]].faces;
        let mut faces: Vec<u32> = match doubt {
            Doubt::Gap if border_m.is_empty() => (0..self.ids.len() as u32).collect(),
            Doubt::Gap => border_m.keys().copied().collect(),
            _ => claimed.clone(),
        };
        let along = |face: &u32| border_m.get(face).copied().unwrap_or(0.0);
        faces.sort_by(|a, b| along(b).total_cmp(&along(a)).then(a.cmp(b)));
        let shape = polygons_left_of(rim, |v| self.places[v as usize])?;
        Some(Piece {
            doubt,
            faces: faces.into_iter().map(|face| self.ids[face as usize]).collect(),
            area_m2: multi_area_m2(&shape),
            at: shape.interior_point()?.into(),
            bbox: shape.bounding_rect()?,
            shape,
        })
    }

    /// The land in doubt: gaps, overlaps, what lies outside; of each the largest first.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The faces with every piece given to the face chosen for it, by the piece's position; else to the first in line. Land
    /// outside the outline is cut off. Faces without land are left out.
    ///
    /// Where lines cross very near to a vertex, the crossing and the vertex are the same place to whoever builds a partition
    /// of the faces. They are made one here, and the slivers between given away, until there are none.
    #[must_use]
    pub fn faces(&self, choose: impl Fn(usize) -> Option<FaceId>) -> Vec<(FaceId, MultiPolygon<f64>)> {
        let mut faces = self.given(choose);
        for _ in 0..ROUNDS {
            let shapes = faces.iter().map(|(_, shape)| shape.clone()).chain(self.outline.clone());
            let snapped = snap(&shapes.collect::<Vec<_>>(), TOLERANCE_M);
            match Self::of(&faces, self.outline.as_ref()) {
                Ok(again) if snapped.moved > 0 => faces = again.given(|_| None),
                _ => break,
            }
        }
        faces
    }

    /// The faces as the triangles have them.
    fn given(&self, choose: impl Fn(usize) -> Option<FaceId>) -> Vec<(FaceId, MultiPolygon<f64>)> {
        let position = |id: FaceId| self.ids.iter().position(|other| *other == id).map(|p| p as u32);
        let given: Vec<u32> = self
            .pieces
            .iter()
            .enumerate()
            .map(|(i, piece)| match piece.doubt {
                Doubt::Outside => None,
                _ => choose(i).filter(|id| self.ids.contains(id)).or_else(|| piece.faces.first().copied()),
            })
            .map(|id| id.and_then(position).unwrap_or(NONE))
            .collect();
        let owner = |t: usize| match self.piece[t] {
            NONE => self.owner[t],
            piece => given[piece as usize],
        };
        let mut edges: Vec<Vec<(u32, u32)>> = vec![Vec::new(); self.ids.len()];
        for t in 0..self.corners.len() {
            let mine = owner(t);
            if mine == NONE {
                continue;
            }
            for i in 0..3 {
                let other = self.beyond[t][i];
                if other == NONE || owner(other as usize) != mine {
                    edges[mine as usize].push((self.corners[t][i], self.corners[t][(i + 1) % 3]));
                }
            }
        }
        let shape = |edges| polygons_left_of(edges, |v: u32| self.places[v as usize]);
        let faces = self.ids.iter().zip(edges).filter_map(|(&id, edges)| Some((id, shape(edges)?)));
        faces.filter(|(_, shape)| !shape.0.is_empty()).collect()
    }
}

fn rings(shape: &MultiPolygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()))
}

/// Whether a place is inside of rings, even-odd.
fn holds(shape: &MultiPolygon<f64>, p: Coord<f64>) -> bool {
    let crossed = |l: geo::Line<f64>| {
        let (a, b) = (l.start, l.end);
        (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
    };
    rings(shape).flat_map(LineString::lines).filter(|l| crossed(*l)).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{CheckOptions, Coverage, RawFace, Rim};
    use super::*;
    use crate::kernel::geometry::jagged;

    fn square(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
        let at = |x: f64, y: f64| (116.3 + x * 1e-4, 35.07 + y * 1e-4);
        Rect::new(at(west, south), at(east, north)).to_polygon().into()
    }

    fn assert_fits(faces: &[(FaceId, MultiPolygon<f64>)], outline: &MultiPolygon<f64>) {
        let raw: Vec<RawFace> = faces.iter().map(|(id, shape)| RawFace::from((*id, shape))).collect();
        let options = CheckOptions { outline: Some(outline), ..CheckOptions::default() };
        Coverage::build(&raw, &options, Rim::Fixed).unwrap();
    }

    #[test]
    fn each_piece_goes_where_it_is_given() {
        let outline = square(0.0, 0.0, 100.0, 50.0);
        // A gap between the first two, an overlap of the last two, and land beyond the eastern rim.
        let faces = [
            (FaceId(1), square(0.0, 0.0, 30.0, 50.0)),
            (FaceId(2), square(40.0, 0.0, 70.0, 50.0)),
            (FaceId(3), square(65.0, 0.0, 110.0, 50.0)),
        ];
        let repair = Repair::of(&faces, Some(&outline)).unwrap();
        let told: Vec<_> = repair.pieces().iter().map(|p| (p.doubt, p.faces.clone())).collect();
        assert_eq!(
            told,
            [
                (Doubt::Gap, vec![FaceId(1), FaceId(2)]),
                (Doubt::Overlap, vec![FaceId(2), FaceId(3)]),
                (Doubt::Outside, vec![FaceId(3)])
            ]
        );
        let whole = multi_area_m2(&outline);
        assert!((repair.pieces()[0].area_m2 / whole - 0.1).abs() < 1e-6);
        assert!((repair.pieces()[1].area_m2 / whole - 0.05).abs() < 1e-6);
        for (gap, overlap, shares) in [(1, 2, [40.0, 30.0, 30.0]), (2, 3, [30.0, 35.0, 35.0])] {
            let chosen = repair.faces(|piece| [Some(FaceId(gap)), Some(FaceId(overlap)), None][piece]);
            assert_fits(&chosen, &outline);
            for ((_, shape), share) in chosen.iter().zip(shares) {
                assert!((multi_area_m2(shape) / whole * 100.0 - share).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn what_fits_is_not_touched() {
        let faces: Vec<_> = jagged::coverage(9, 4, 3, 7).into_iter().collect();
        let repair = Repair::of(&faces, None).unwrap();
        assert!(repair.pieces().is_empty());
        for ((_, before), (_, after)) in faces.iter().zip(repair.faces(|_| None)) {
            assert!((multi_area_m2(before) / multi_area_m2(&after) - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn a_gap_without_an_outline_is_one_only_if_it_is_enclosed() {
        let ring = |w: f64, s: f64, e: f64, n: f64| square(w, s, e, n).0[0].exterior().clone();
        let around = geo::Polygon::new(ring(0.0, 0.0, 90.0, 90.0), vec![ring(30.0, 30.0, 60.0, 60.0)]);
        let faces = [(FaceId(4), around.into()), (FaceId(7), square(95.0, 0.0, 120.0, 90.0))];
        let repair = Repair::of(&faces, None).unwrap();
        let told: Vec<_> = repair.pieces().iter().map(|p| (p.doubt, p.faces.clone())).collect();
        assert_eq!(told, [(Doubt::Gap, vec![FaceId(4)])]);
        assert_eq!(Repair::of(&[], None).unwrap_err(), RepairError::Empty);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Jagged faces shifted about, each by its own way: whatever is chosen, the outline is filled without a seam.
        #[test]
        fn whatever_is_chosen_fills_the_outline(seed in 0_u64..1000, shifts in prop::collection::vec((-6e-5..6e-5, -6e-5..6e-5), 12)) {
            use geo::Translate;
            let true_faces: Vec<_> = jagged::coverage(seed, 4, 3, 5).into_iter().collect();
            let raw: Vec<RawFace> = true_faces.iter().map(|(id, f)| RawFace::from((*id, f))).collect();
            let outline = Coverage::build(&raw, &CheckOptions::default(), Rim::Fixed).unwrap().coverage.union_of(|_| true);
            let faces: Vec<_> = true_faces
                .iter()
                .zip(&shifts)
                .map(|((id, shape), (dx, dy))| (*id, shape.translate(*dx, *dy)))
                .collect();
            let repair = Repair::of(&faces, Some(&outline)).unwrap();
            let chosen = repair.faces(|piece| {
                let faces = &repair.pieces()[piece].faces;
                (!faces.is_empty()).then(|| faces[(piece + seed as usize) % faces.len()])
            });
            let total: f64 = chosen.iter().map(|(_, shape)| multi_area_m2(shape)).sum();
            prop_assert!((total / multi_area_m2(&outline) - 1.0).abs() < 1e-6);
            assert_fits(&chosen, &outline);
        }
    }
}
