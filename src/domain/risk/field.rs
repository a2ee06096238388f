//! The numbers of a surface at positions of its plane, whatever it is made of. Never here: pixels, or where it comes
//! from.

use crate::kernel::density::ramp::Scale;
use crate::kernel::density::{Adaptive, AdaptiveVisitor, Density, Lattice, Visitor, Window, least_base};
use crate::kernel::plane::PlanePoint;

/// What a surface is made of.
#[derive(Debug)]
pub(super) enum Field {
    /// One bandwidth for all events.
    Fixed(Lattice),
    /// A bandwidth for each event.
    Adaptive(Adaptive),
    /// Events for each of what stands there.
    Relative {
        /// The events.
        events: Lattice,
        /// What stands there.
        base: Lattice,
    },
    /// What has become more, or less.
    Change {
        /// The events of the period.
        now: Lattice,
        /// Those of the period that it is compared with.
        before: Lattice,
    },
}

impl Field {
    /// What its numbers mean.
    pub(super) fn scale(&self) -> Scale {
        match self {
            Self::Fixed(_) | Self::Adaptive(_) => Scale::Density,
            Self::Relative { .. } => Scale::Relative,
            Self::Change { .. } => Scale::Change,
        }
    }

    /// How many events it is made of, those of a period that it is compared with aside.
    pub(super) fn events(&self) -> usize {
        match self {
            Self::Fixed(lattice)
            | Self::Relative { events: lattice, .. }
            | Self::Change { now: lattice, .. } => lattice.exact().events(),
            Self::Adaptive(adaptive) => adaptive.events(),
        }
    }

    /// How many enterprises, households or earlier events they are compared with.
    pub(super) fn compared(&self) -> Option<usize> {
        match self {
            Self::Fixed(_) | Self::Adaptive(_) => None,
            Self::Relative { base: lattice, .. } | Self::Change { before: lattice, .. } => {
                Some(lattice.exact().events())
            }
        }
    }

    /// How far from any event it can be other than 0, in metres.
    pub(super) fn reach_m(&self) -> f64 {
        match self {
            Self::Fixed(lattice)
            | Self::Relative { events: lattice, .. }
            | Self::Change { now: lattice, .. } => lattice.exact().reach_m(),
            Self::Adaptive(adaptive) => adaptive.reach_m(),
        }
    }

    /// Computes what is otherwise computed when first asked for.
    pub(super) fn prepare(&self) {
        match self {
            Self::Fixed(lattice) => lattice.prepare(),
            Self::Adaptive(adaptive) => adaptive.prepare(),
            Self::Relative { events: one, base: other } | Self::Change { now: one, before: other } => {
                one.prepare();
                other.prepare();
            }
        }
    }

    /// Somebody who asks for one position after another: by the lattices, or by exact sums.
    pub(super) fn reader<'a>(&'a self, window: Option<&'a Window>, is_exact: bool) -> Reader<'a> {
        let source = |lattice: &'a Lattice| {
            if is_exact { Source::Exact(lattice.exact()) } else { Source::Visitor(lattice.visitor()) }
        };
        let parts = match self {
            Self::Fixed(lattice) => Parts::Fixed(source(lattice)),
            Self::Adaptive(adaptive) => Parts::Adaptive(adaptive.visitor()),
            Self::Relative { events, base } => {
                Parts::Relative(source(events), source(base), least_base(base.exact()))
            }
            Self::Change { now, before } => Parts::Change(source(now), source(before)),
        };
        Reader { parts, window }
    }
}

/// Asks a [`Field`] for one position after another.
#[derive(Debug)]
pub struct Reader<'a> {
    parts: Parts<'a>,
    window: Option<&'a Window>,
}

#[derive(Debug)]
enum Parts<'a> {
    Fixed(Source<'a>),
    Adaptive(AdaptiveVisitor<'a>),
    Relative(Source<'a>, Source<'a>, f64),
    Change(Source<'a>, Source<'a>),
}

#[derive(Debug)]
enum Source<'a> {
    Visitor(Visitor<'a>),
    Exact(&'a Density),
}

impl Reader<'_> {
    /// The number at a position; none outside the window, and where nothing stands that events could be compared with.
    pub fn at(&mut self, at: PlanePoint) -> f64 {
        let is_outside = self.window.is_some_and(|window| !window.covers(at));
        if is_outside { f64::NAN } else { self.along::<1>(at, at)[0] }
    }

    /// The numbers at `N` positions from `start` to `end`, each in the middle of its part of the way, whether inside the
    /// window or not.
    pub(super) fn along<const N: usize>(&mut self, start: PlanePoint, end: PlanePoint) -> [f64; N] {
        match &mut self.parts {
            Parts::Fixed(source) => source.along(start, end),
            Parts::Adaptive(visitor) => visitor.along(start, end),
            Parts::Relative(events, base, least) => {
                let (events, base) = (events.along::<N>(start, end), base.along::<N>(start, end));
                std::array::from_fn(
                    |part| if base[part] >= *least { events[part] / base[part] } else { f64::NAN },
                )
            }
            Parts::Change(now, before) => {
                let (now, before) = (now.along::<N>(start, end), before.along::<N>(start, end));
                std::array::from_fn(|part| now[part] - before[part])
            }
        }
    }
}

impl Source<'_> {
    fn along<const N: usize>(&mut self, start: PlanePoint, end: PlanePoint) -> [f64; N] {
        match self {
            Self::Visitor(visitor) => visitor.along(start, end).map(f64::from),
            Self::Exact(density) => std::array::from_fn(|part| {
                density.per_km2(start.towards(end, (part as f64 + 0.5) / N as f64))
            }),
        }
    }
}
