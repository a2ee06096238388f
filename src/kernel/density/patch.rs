//! A surface at the nodes of one rectangle, for a picture that is drawn once. Never here: pictures.

use super::kernel::Kernel;
use super::nodes::{AFTER, BEFORE, Nodes, Places, Window, steps};
use super::stencil::reach;
use crate::kernel::plane::PlanePoint;

/// A surface at the nodes of one rectangle, straight from events in any order.
#[derive(Debug)]
pub struct Patch {
    spacing_m: f64,
    window: Window,
    nodes: Vec<f32>,
}

/// Events as columns in 32 bits: metres east and north of some origin, and weights. A millimetre is kept within 16 km
/// of the origin, a hand's breadth within 1,000 km.
pub type Columns<'a> = [&'a [f32]; 3];

impl Patch {
    /// The most nodes that a patch can have.
    pub const MOST_NODES: f64 = 8_000_000.0;

    /// About how many nodes lie between two corners, or reach there: what a patch costs.
    #[must_use]
    pub fn nodes(kernel: Kernel, bandwidth_m: f64, south_west: PlanePoint, north_east: PlanePoint) -> f64 {
        let spacing_m = bandwidth_m / steps(kernel);
        let margin = 2.0 * (reach(kernel) * steps(kernel) + 1.0) + (BEFORE + AFTER) as f64;
        let side = |from: f64, to: f64| (to - from).max(0.0) / spacing_m + margin;
        side(south_west.east_m, north_east.east_m) * side(south_west.north_m, north_east.north_m)
    }

    /// The surface between two corners over `events`, given from `origin` on. O(events + nodes · steps of the kernel).
    ///
    /// # Panics
    /// If the bandwidth is not above 0, the columns differ in length, or there are more than
    /// [`MOST_NODES`](Self::MOST_NODES).
    #[must_use]
    pub fn new(
        kernel: Kernel,
        bandwidth_m: f64,
        (south_west, north_east): (PlanePoint, PlanePoint),
        origin: PlanePoint,
        events: Columns<'_>,
    ) -> Self {
        let [east, north, weight] = events;
        assert!(bandwidth_m > 0.0, "a bandwidth above 0");
        assert!(east.len() == north.len() && east.len() == weight.len(), "equal columns");
        assert!(
            Self::nodes(kernel, bandwidth_m, south_west, north_east) <= Self::MOST_NODES,
            "as many nodes as can be numbered"
        );
        let nodes = Nodes::new(kernel, bandwidth_m);
        let window = Window::between(&nodes, south_west, north_east);
        let densities = nodes.densities_of(window, origin, events);
        Self { spacing_m: nodes.spacing_m, window, nodes: densities }
    }

    /// The densities at `N` positions between the corners, in events per square kilometre.
    #[must_use]
    pub fn per_km2<const N: usize>(&self, at: &[PlanePoint; N]) -> [f32; N] {
        let per_step = 1.0 / self.spacing_m;
        let Window { column, row, columns, .. } = self.window;
        let (west, south) = ((column + BEFORE) as f64, (row + BEFORE) as f64);
        let places = Places::<N>::new(|place| {
            (at[place].east_m * per_step - west, at[place].north_m * per_step - south)
        });
        places.interpolated(&self.nodes, columns)
    }
}
