//! The coordinates of a GeoJSON geometry, nested however they are: read before the geometry's type is known.

use std::fmt;

use geo::Coord;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, SeqAccess, Visitor};

use crate::kernel::geometry::coverage::RawRing;

/// Nested lists of positions. A position's third number, its height, is dropped.
#[derive(Debug, PartialEq)]
pub(super) enum Nest {
    Number(f64),
    Position(Coord<f64>),
    Ring(RawRing),
    Rings(Vec<RawRing>),
    Polygons(Vec<Vec<RawRing>>),
    /// A list of nothing, at any depth.
    Empty,
}

impl Nest {
    /// The rings of a polygon.
    pub(super) fn into_rings(self) -> Option<Vec<RawRing>> {
        match self {
            Self::Rings(rings) => Some(rings),
            Self::Ring(ring) if ring.is_empty() => Some(Vec::new()),
            Self::Empty => Some(Vec::new()),
            _ => None,
        }
    }

    /// The polygons of a multipolygon.
    pub(super) fn into_polygons(self) -> Option<Vec<Vec<RawRing>>> {
        match self {
            Self::Polygons(polygons) => Some(polygons),
            Self::Empty => Some(Vec::new()),
            _ => None,
        }
    }

    fn into_ring(self) -> Option<RawRing> {
        match self {
            Self::Ring(ring) => Some(ring),
            Self::Empty => Some(Vec::new()),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Nest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NestVisitor)
    }
}

struct NestVisitor;

impl<'de> Visitor<'de> for NestVisitor {
    type Value = Nest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a list")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Nest, E> {
        Ok(Nest::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Nest, E> {
        Ok(Nest::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Nest, E> {
        Ok(Nest::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Nest, A::Error> {
        match list.next_element::<Nest>()? {
            None => Ok(Nest::Empty),
            Some(Nest::Number(x)) => {
                let y = list.next_element()?.ok_or_else(|| A::Error::custom("a position has two numbers"))?;
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Nest::Position(Coord { x, y }))
            }
            Some(Nest::Position(first)) => {
                let rest = |nest| if let Nest::Position(place) = nest { Some(place) } else { None };
                all(first, list, rest).map(Nest::Ring)
            }
            Some(Nest::Ring(first)) => all(first, list, Nest::into_ring).map(Nest::Rings),
            Some(Nest::Rings(first)) => all(first, list, Nest::into_rings).map(Nest::Polygons),
            Some(Nest::Empty) => {
                // Nothing tells how deep an empty list is; what follows does.
                match list.next_element::<Nest>()? {
                    None => Ok(Nest::Rings(vec![Vec::new()])),
                    Some(Nest::Ring(second)) => {
                        let mut rings = all(second, list, Nest::into_ring)?;
                        rings.insert(0, Vec::new());
                        Ok(Nest::Rings(rings))
                    }
                    Some(_) => Err(A::Error::custom("an empty list of coordinates")),
                }
            }
            Some(Nest::Polygons(_)) => Err(A::Error::custom("coordinates are nested too deep")),
        }
    }
}

/// The whole list, each of whose members must be as deep as the first.
fn all<'de, A: SeqAccess<'de>, T>(
    first: T,
    mut list: A,
    take: impl Fn(Nest) -> Option<T>,
) -> Result<Vec<T>, A::Error> {
    let mut members = vec![first];
    while let Some(next) = list.next_element::<Nest>()? {
        members.push(take(next).ok_or_else(|| A::Error::custom("coordinates are nested unevenly"))?);
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nest(text: &str) -> Option<Nest> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn depth_decides_what_a_list_is() {
        let ring = vec![Coord { x: 1.0, y: 2.5 }, Coord { x: 3.0, y: 4.0 }];
        assert_eq!(nest("[1,2.5,9]"), Some(Nest::Position(ring[0])));
        assert_eq!(nest("[[1,2.5],[3,4]]"), Some(Nest::Ring(ring.clone())));
        assert_eq!(nest("[[[1,2.5],[3,4]],[]]"), Some(Nest::Rings(vec![ring.clone(), vec![]])));
        assert_eq!(nest("[[[[1,2.5],[3,4]]]]"), Some(Nest::Polygons(vec![vec![ring]])));
        assert_eq!(nest("[]"), Some(Nest::Empty));
    }

    #[test]
    fn uneven_lists_are_refused() {
        for text in ["[1]", "[[1,2],3]", "[[[1,2]],[3,4]]", "[[[[[1,2]]]]]", "[null,1]", "[\"1\",2]"] {
            assert_eq!(nest(text), None, "{text}");
        }
    }
}
