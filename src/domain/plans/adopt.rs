//! Taking a proposal over into a draft.

use super::draft::{Attributes, Draft, Refusal};
use super::sheet::{Sheet, face_of};
use crate::message;

impl Draft {
    /// Draws the grids as a sheet has them, whose outline is the same; locks stay as they are in this draft.
    ///
    /// # Errors
    /// When the sheet is missing or no partition, moves what is locked, or has another outline. Nothing has changed then.
    pub(super) fn adopt(&mut self, sheet: Option<&Sheet>) -> Result<(), Refusal> {
        let lost = || Refusal::from(message!("该建议已不存在", "this proposal is not there any more"));
        let sheet = sheet.ok_or_else(lost)?;
        let coverage = sheet.coverage().ok_or_else(lost)?;
        let broken = self.held().into_iter().find(|(_, [a, b])| !coverage.has_border(*a, *b));
        if let Some((lock, [a, _])) = broken {
            return Err(Refusal { why: lock.refusal(self), at: Some([a.x, a.y]) });
        }
        let rim = self.coverage.arcs().into_iter().filter(|arc| arc.right.is_none());
        for arc in rim.filter(|_| self.fixed_outline) {
            let line: Vec<_> = arc.vertices.iter().filter_map(|&v| self.coverage.vertex(v)).collect();
            if let Some(pair) = line.windows(2).find(|pair| !coverage.has_border(pair[0], pair[1])) {
                let why = message!(
                    "建议提出后村界已改变，请重新求建议",
                    "the village's outline has changed since: ask for proposals anew"
                );
                return Err(Refusal { why, at: Some([pair[0].x, pair[0].y]) });
            }
        }
        let locked = |face| self.grids.get(&face).is_some_and(|grid| grid.locked);
        let grids = sheet
            .grids
            .iter()
            .map(|grid| {
                let face = face_of(&grid.code);
                (face, Attributes { name: grid.name.clone(), kind: grid.kind, locked: locked(face) })
            })
            .collect();
        self.grids = grids;
        self.coverage = coverage;
        self.next_number = self.next_number.max(sheet.next_number);
        Ok(())
    }
}
