//! Dividing a face, joining two, and handing a block from one to the other.
//!
//! Never here: checks of the result, which are the patch's.

use std::collections::BTreeSet;

use geo::{Coord, LineString};

use super::cut::Cut;
use super::defect::{Place, place};
use super::edit::with_vertices;
use super::partition::{Coverage, Edge, Face, Ring, VertexId, edges_of};
use super::patch::{EditError, Patch};
use super::trace::{Piece, area_m2, pieces};
use crate::kernel::geometry::FaceId;
use crate::kernel::geometry::measure::ring_area_m2;

fn face_of(pieces: Vec<Piece>) -> Face {
    pieces.into_iter().map(|rings| rings.into_iter().map(Ring::new).collect()).collect()
}

fn edges_of_piece(piece: &Piece) -> impl Iterator<Item = Edge> + '_ {
    piece.iter().flat_map(|ring| {
        let next = ring.iter().cycle().skip(1);
        ring.iter().copied().zip(next.copied())
    })
}

/// Without the edges that run both ways: what two faces share.
fn without_seams(edges: &BTreeSet<Edge>) -> BTreeSet<Edge> {
    edges.iter().filter(|&&(a, b)| !edges.contains(&(b, a))).copied().collect()
}

impl Coverage {
    pub(super) fn split(&self, id: FaceId, line: &[Coord<f64>], new: FaceId) -> Result<Patch, EditError> {
        if self.faces.contains_key(&new) {
            return Err(EditError::FaceExists(new));
        }
        let mut patch = Patch::default();
        let Cut { pieces, line, added } = self.cut(id, line, false, &mut patch)?;
        let on_line = |e: Edge| line.contains(&e) || line.contains(&(e.1, e.0));
        let (mut parts, mut rest): (Vec<Piece>, Vec<Piece>) =
            pieces.into_iter().partition(|piece| edges_of_piece(piece).any(on_line));
        let (Some(b), Some(a)) = (parts.pop(), parts.pop()) else { return Err(EditError::NoDivision(id)) };
        if !parts.is_empty() {
            return Err(EditError::NoDivision(id));
        }
        let size = |piece: &Piece| -> f64 {
            piece.iter().map(|ring| area_m2(ring, &|v| self.place_in(&patch, v))).sum()
        };
        let (large, small) = if size(&a) >= size(&b) { (a, b) } else { (b, a) };
        rest.insert(0, large);
        patch.faces.push((id, Some(face_of(rest))));
        patch.faces.push((new, Some(face_of(vec![small]))));
        self.put_on_edges(&added, &mut patch);
        self.drop_unused(&mut patch);
        Ok(patch)
    }

    pub(super) fn merge(&self, keep: FaceId, absorb: FaceId) -> Result<Patch, EditError> {
        let one = self.faces.get(&keep).ok_or(EditError::NoFace(keep))?;
        let other = self.faces.get(&absorb).ok_or(EditError::NoFace(absorb))?;
        if keep == absorb {
            return Err(EditError::NotAdjacent(keep, absorb));
        }
        let all: BTreeSet<Edge> = edges_of(one).chain(edges_of(other)).collect();
        let border = without_seams(&all);
        if border.len() == all.len() {
            return Err(EditError::NotAdjacent(keep, absorb));
        }
        let pieces = pieces(&border, &|v| self.place(v)).ok_or(EditError::Collapsed(keep))?;
        let faces = vec![(keep, Some(face_of(pieces))), (absorb, None)];
        let mut patch = Patch { faces, ..Patch::default() };
        self.drop_unused(&mut patch);
        Ok(patch)
    }

    pub(super) fn hand_over(
        &self,
        from: FaceId,
        to: FaceId,
        block: &[Coord<f64>],
    ) -> Result<Patch, EditError> {
        let giver = self.faces.get(&from).ok_or(EditError::NoFace(from))?;
        let taker = self.faces.get(&to).ok_or(EditError::NoFace(to))?;
        if from == to {
            return Err(EditError::NotAdjacent(from, to));
        }
        let mut block = block.to_vec();
        block.dedup();
        if block.len() > 1 && block.first() == block.last() {
            block.pop();
        }
        if ring_area_m2(&LineString(block.iter().chain(block.first()).copied().collect())) < 0.0 {
            block.reverse();
        }
        let mut patch = Patch::default();
        let Cut { pieces: parts, line, added } = self.cut(from, &block, true, &mut patch)?;
        let (given, kept): (Vec<Piece>, Vec<Piece>) =
            parts.into_iter().partition(|piece| self.lies_in_block(piece, &block, &line, &patch));
        if given.is_empty() || kept.is_empty() {
            return Err(EditError::NoDivision(from));
        }
        if kept.len() > giver.len() {
            return Err(EditError::FallsApart(from));
        }
        let widened = with_vertices(taker, &added);
        let all: BTreeSet<Edge> = given.iter().flat_map(edges_of_piece).chain(edges_of(&widened)).collect();
        let joined = pieces(&without_seams(&all), &|v| self.place_in(&patch, v))
            .ok_or(EditError::NotAdjacent(from, to))?;
        if joined.len() > taker.len() {
            return Err(EditError::NotAdjacent(from, to));
        }
        patch.faces.push((from, Some(face_of(kept))));
        patch.faces.push((to, Some(face_of(joined))));
        self.put_on_edges(&added, &mut patch);
        self.drop_unused(&mut patch);
        Ok(patch)
    }

    /// A piece of a cut lies in an anticlockwise block if the block's border has it on its left; one that the border
    /// does not touch lies in it if a corner does.
    fn lies_in_block(
        &self,
        piece: &Piece,
        block: &[Coord<f64>],
        line: &BTreeSet<Edge>,
        patch: &Patch,
    ) -> bool {
        let corners: Vec<Edge> = edges_of_piece(piece).collect();
        if corners.iter().any(|e| line.contains(e)) {
            return true;
        }
        if corners.iter().any(|&(a, b)| line.contains(&(b, a))) {
            return false;
        }
        let mut places = corners.iter().map(|&(a, _)| place(block, self.place_in(patch, a)));
        places.find(|p| *p != Place::Border) == Some(Place::Inside)
    }

    /// Takes the places of vertices that no face uses any more, and of new ones that none came to use.
    fn drop_unused(&self, patch: &mut Patch) {
        let faces = patch.faces.iter().filter_map(|(_, face)| face.as_ref());
        let used: BTreeSet<VertexId> = faces.flat_map(edges_of).map(|e| e.0).collect();
        patch.places.retain(|(v, _)| used.contains(v));
        let patched: BTreeSet<FaceId> = patch.faces.iter().map(|(id, _)| *id).collect();
        let before = patched.iter().filter_map(|id| self.faces.get(id)).flat_map(edges_of).map(|e| e.0);
        let mut gone: BTreeSet<VertexId> = before.filter(|v| !used.contains(v)).collect();
        for (edge, face) in &self.left_of {
            if !patched.contains(face) {
                gone.remove(&edge.0);
            }
        }
        patch.places.extend(gone.into_iter().map(|v| (v, None)));
    }
}
