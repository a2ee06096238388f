//! Which units are near each other, and how much each counts. Never here: how nearness was found.

/// The neighbours of each unit. They need not be mutual: of the nearest five to one unit, not all have it among
/// theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbours {
    /// Where the list of each unit begins in `of`, and where the last one ends.
    first: Vec<usize>,
    of: Vec<u32>,
}

/// How much a neighbour counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weights {
    /// Each counts 1.
    Binary,
    /// All the neighbours of a unit together count 1.
    RowStandardised,
}

/// Why lists of neighbours cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNeighbours {
    /// A neighbour does not exist.
    #[error("unit {unit} has the neighbour {neighbour}, but the units are 0 to {last}")]
    Missing {
        /// Whose neighbour.
        unit: usize,
        /// The neighbour named.
        neighbour: u32,
        /// The last unit that exists.
        last: usize,
    },
    /// A unit is among its own neighbours.
    #[error("unit {unit} is listed as its own neighbour")]
    Itself {
        /// Which unit.
        unit: usize,
    },
    /// A neighbour is listed twice.
    #[error("unit {unit} has the neighbour {neighbour} twice")]
    Twice {
        /// Whose neighbour.
        unit: usize,
        /// The neighbour named twice.
        neighbour: u32,
    },
    /// There are more units than can be numbered.
    #[error("there are more units than 2^32 − 1")]
    TooMany,
}

impl Neighbours {
    /// Parses one list for each unit; an empty list makes the unit an island.
    ///
    /// # Errors
    /// When a list names a unit that does not exist, the unit itself, or a neighbour twice.
    pub fn new(lists: &[Vec<u32>]) -> Result<Self, InvalidNeighbours> {
        if u32::try_from(lists.len()).is_err() {
            return Err(InvalidNeighbours::TooMany);
        }
        let mut neighbours = Self { first: vec![0], of: Vec::new() };
        // The last unit in whose list each neighbour was seen, counted from 1.
        let mut seen_by = vec![0_usize; lists.len()];
        for (unit, list) in lists.iter().enumerate() {
            for &neighbour in list {
                let Some(seen) = seen_by.get_mut(neighbour as usize) else {
                    let last = lists.len() - 1;
                    return Err(InvalidNeighbours::Missing { unit, neighbour, last });
                };
                if neighbour as usize == unit {
                    return Err(InvalidNeighbours::Itself { unit });
                }
                if std::mem::replace(seen, unit + 1) == unit + 1 {
                    return Err(InvalidNeighbours::Twice { unit, neighbour });
                }
            }
            neighbours.of.extend_from_slice(list);
            neighbours.first.push(neighbours.of.len());
        }
        Ok(neighbours)
    }

    /// How many units there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// Whether there is no unit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The neighbours of a unit.
    ///
    /// # Panics
    /// If there is no such unit.
    #[must_use]
    pub fn of(&self, unit: usize) -> &[u32] {
        &self.of[self.first[unit]..self.first[unit + 1]]
    }

    /// The units that have no neighbours.
    pub fn islands(&self) -> impl Iterator<Item = usize> {
        (0..self.len()).filter(|&unit| self.of(unit).is_empty())
    }

    /// The sum of `values` over the neighbours of a unit.
    pub(super) fn sum_over(&self, unit: usize, values: &[f64]) -> f64 {
        self.of(unit).iter().map(|&neighbour| values[neighbour as usize]).sum()
    }
}

impl Weights {
    /// What each of `count` neighbours counts.
    pub(super) fn of_each(self, count: usize) -> f64 {
        match self {
            Self::Binary => 1.0,
            Self::RowStandardised => 1.0 / count as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_cannot_be_meant_are_refused() {
        let parse = |lists: &[&[u32]]| Neighbours::new(&lists.iter().map(|l| l.to_vec()).collect::<Vec<_>>());
        assert_eq!(
            parse(&[&[1], &[0, 2]]),
            Err(InvalidNeighbours::Missing { unit: 1, neighbour: 2, last: 1 })
        );
        assert_eq!(parse(&[&[1], &[0, 1]]), Err(InvalidNeighbours::Itself { unit: 1 }));
        assert_eq!(parse(&[&[1, 1], &[0]]), Err(InvalidNeighbours::Twice { unit: 0, neighbour: 1 }));
        let some = parse(&[&[1, 2], &[0], &[], &[0]]).unwrap();
        assert_eq!((some.len(), some.of(0), some.of(3)), (4, [1, 2].as_slice(), [0].as_slice()));
        assert_eq!(some.islands().collect::<Vec<_>>(), [2]);
        assert!(parse(&[]).unwrap().is_empty());
    }
}
