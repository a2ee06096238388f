//! Risk (风险热力): where reports are dense, as a surface in events per square kilometre, drawn as map tiles.
//!
//! Never here: a single report, but where the caller asks what makes up the value at a place. What a caller's surface is
//! made of is what row-level security lets them read.

mod animated;
mod api;
mod export;
mod field;
mod hotspots;
mod legend;
mod manner;
mod network;
mod painter;
mod question;
mod spacetime;
mod store;
mod surface;
mod tallies;
mod tile;
mod value;

pub use api::router;
pub use field::Reader;
pub use hotspots::{Trend, UnitKind};
pub use legend::DensityLegend;
pub use manner::{AutoBandwidth, RelativeTo};
pub use painter::Painter;
pub use question::Subject;
pub use surface::Surface;
pub use tallies::Span;
