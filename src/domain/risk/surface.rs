//! Density surfaces of reports, remembered for as long as no report changes.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use geo::{CoordsIter, MapCoords, MultiPolygon};
use moka::future::Cache;
use sha2::{Digest, Sha256};

use super::field::{Field, Reader};
use super::question::{BANDWIDTHS_M, Question};
use super::store::{self, Happening};
use super::tile;
use crate::kernel::density::{Adaptive, Density, Event, InvalidDensity, Kernel, Lattice, Window};
use crate::kernel::geometry::{GaussKruger, Wgs84};
use crate::kernel::plane::PlanePoint;
use crate::platform::accounts::Session;
use crate::platform::events::Change;
use crate::platform::generation::Generation;
use crate::platform::ground::Ground;
use crate::platform::http::TileId;
use crate::platform::problem::Problem;

/// A density surface on the map.
#[derive(Debug)]
pub struct Surface {
    /// Distinguishes this surface from every other: equal for equal reports and questions.
    pub(super) fingerprint: String,
    pub(super) field: Field,
    /// The kernel's bandwidth in metres, or that which others are wider and narrower than.
    pub(super) bandwidth_m: f64,
    /// The land that it is confined to.
    pub(super) window: Option<Window>,
    /// None without reports.
    pub(super) extent: Option<Extent>,
}

/// Where a surface lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// The projection of its events.
    pub(super) projection: GaussKruger,
    /// The longitudes, in degrees, outside which the density is 0.
    pub(super) lon: (f64, f64),
    /// The latitudes, in degrees, outside which the density is 0.
    pub(super) lat: (f64, f64),
}

impl Surface {
    /// The surface over weighted places. All are projected in the zone of the first.
    ///
    /// # Errors
    /// When the bandwidth is not above 0, or a weight is negative or not a number.
    pub fn new(
        kernel: Kernel,
        bandwidth_m: f64,
        places: impl IntoIterator<Item = (Wgs84, f64)>,
    ) -> Result<Self, InvalidDensity> {
        let mut gathered = Gathered::new(&(kernel.key(), bandwidth_m.to_bits()));
        let events = gathered.project(places);
        let lattice = Lattice::new(Density::new(kernel, events, bandwidth_m)?);
        Ok(gathered.surface(Field::Fixed(lattice), bandwidth_m, None))
    }

    /// As [`Surface::new`], with a bandwidth for each place: wider and narrower than `bandwidth_m` where places are few and
    /// many.
    ///
    /// # Errors
    /// As [`Surface::new`].
    pub fn adaptive(
        kernel: Kernel,
        bandwidth_m: f64,
        places: impl IntoIterator<Item = (Wgs84, f64)>,
    ) -> Result<Self, InvalidDensity> {
        let mut gathered = Gathered::new(&("adaptive", kernel.key(), bandwidth_m.to_bits()));
        let events = gathered.project(places);
        let adaptive = Adaptive::new(kernel, events, bandwidth_m, None)?;
        Ok(gathered.surface(Field::Adaptive(adaptive), bandwidth_m, None))
    }

    /// The surface that answers `question` over what was read for it.
    pub(super) fn over(ingredients: &Ingredients, question: &Question) -> Result<Self, Problem> {
        let Question { kernel, manner, .. } = *question;
        let weighted = |happenings: &[Happening], question: &Question| {
            happenings.iter().map(|happening| happening.weighted(question)).collect::<Result<Vec<_>, _>>()
        };
        let mut gathered = Gathered::new(&(kernel.key(), manner));
        let events = gathered.project(weighted(&ingredients.happenings, question)?);
        let bandwidth_m = f64::from(manner.bandwidth_m(kernel, &events, question.bandwidth_m, &BANDWIDTHS_M));
        gathered.hash.update(bandwidth_m.to_bits().to_be_bytes());
        let before = match manner.against {
            Some(period) => Some(gathered.project(weighted(&ingredients.before, &question.during(period))?)),
            None => None,
        };
        let base = gathered.project(ingredients.base.iter().map(|&place| (place, 1.0)));
        let window = gathered.window(ingredients.land.as_ref());
        let confined = |events: Vec<Event>| match &window {
            Some(window) => window.corrected(kernel, bandwidth_m, &events),
            None => events,
        };
        let lattice = |events: Vec<Event>| Density::new(kernel, events, bandwidth_m).map(Lattice::new);
        let field = match (before, manner.relative) {
            (Some(before), _) => lattice(confined(events))
                .and_then(|now| Ok(Field::Change { now, before: lattice(confined(before))? })),
            (None, Some(_)) => {
                lattice(events).and_then(|events| Ok(Field::Relative { events, base: lattice(base)? }))
            }
            (None, None) if manner.is_adaptive => {
                Adaptive::new(kernel, events, bandwidth_m, window.as_ref()).map(Field::Adaptive)
            }
            (None, None) => lattice(confined(events)).map(Field::Fixed),
        };
        let field = field.map_err(|error| Problem::internal(&error))?;
        Ok(gathered.surface(field, bandwidth_m, window))
    }

    /// The tile at `id` as PNG.
    ///
    /// # Errors
    /// Never in practice: the encoder writes to memory.
    pub fn draw(&self, id: TileId) -> io::Result<Bytes> {
        tile::draw(self, id)
    }

    /// Computes what tiles of crowded places need, which otherwise the first of them does.
    pub fn prepare(&self) {
        self.field.prepare();
    }

    /// The surface, to be asked position by position: as tiles show it, or by exact sums.
    #[must_use]
    pub fn reader(&self, is_exact: bool) -> Reader<'_> {
        self.field.reader(self.window.as_ref(), is_exact)
    }
}

/// What a surface is made from.
#[derive(Debug, Default)]
pub(super) struct Ingredients {
    /// The reports that are asked about.
    pub(super) happenings: Vec<Happening>,
    /// Those of the period that they are compared with.
    pub(super) before: Vec<Happening>,
    /// The enterprises or households that they are compared with.
    pub(super) base: Vec<Wgs84>,
    /// The land that they could have happened on, in longitudes and latitudes.
    pub(super) land: Option<MultiPolygon<f64>>,
}

/// Places on their way into a surface: all in one plane, none without leaving a trace in the fingerprint.
struct Gathered {
    hash: Sha256,
    extent: Option<Extent>,
}

impl Gathered {
    fn new(manner: &impl std::fmt::Debug) -> Self {
        Self { hash: Sha256::new_with_prefix(format!("{manner:?}")), extent: None }
    }

    fn project(&mut self, places: impl IntoIterator<Item = (Wgs84, f64)>) -> Vec<Event> {
        self.hash.update(b"|");
        let mut events = Vec::new();
        for (place, weight) in places {
            for number in [place.lon(), place.lat(), weight] {
                self.hash.update(number.to_bits().to_be_bytes());
            }
            let extent = self.extent.get_or_insert_with(|| Extent::at(place));
            extent.include(place);
            events.push(Event { at: extent.projection.project(place).into(), weight });
        }
        events
    }

    /// The land in the plane of the events.
    fn window(&mut self, land: Option<&MultiPolygon<f64>>) -> Option<Window> {
        let (land, projection) = (land?, self.extent?.projection);
        for corner in land.coords_iter() {
            self.hash.update(corner.x.to_bits().to_be_bytes());
            self.hash.update(corner.y.to_bits().to_be_bytes());
        }
        let projected = land.map_coords(|corner| {
            // The database holds no corner off the Earth.
            let at = Wgs84::new(corner.x, corner.y).map(|place| PlanePoint::from(projection.project(place)));
            at.map_or(corner, |at| geo::Coord { x: at.east_m, y: at.north_m })
        });
        Window::new(&projected)
    }

    fn surface(self, field: Field, bandwidth_m: f64, window: Option<Window>) -> Surface {
        let reach_m = field.reach_m();
        Surface {
            fingerprint: URL_SAFE_NO_PAD.encode(&self.hash.finalize()[..12]),
            field,
            bandwidth_m,
            window,
            extent: self.extent.map(|extent| extent.widened(reach_m)),
        }
    }
}

impl Happening {
    /// Where it happened, and how much it counts.
    pub(super) fn weighted(&self, question: &Question) -> Result<(Wgs84, f64), Problem> {
        let place = Wgs84::new(self.lon, self.lat).map_err(|error| Problem::internal(&error))?;
        Ok((place, question.weight(self.severity, self.status, self.happened_at)))
    }
}

impl Extent {
    /// The extent of a single place, in the zone it lies in.
    fn at(place: Wgs84) -> Self {
        let (lon, lat) = (place.lon(), place.lat());
        Self { projection: GaussKruger::for_place(place), lon: (lon, lon), lat: (lat, lat) }
    }

    fn include(&mut self, place: Wgs84) {
        self.lon = (self.lon.0.min(place.lon()), self.lon.1.max(place.lon()));
        self.lat = (self.lat.0.min(place.lat()), self.lat.1.max(place.lat()));
    }

    /// The extent with a margin of at least `metres` on every side.
    fn widened(self, metres: f64) -> Self {
        /// Fewer than there are in any degree of latitude: 110,574 at the equator.
        const METRES_PER_DEGREE: f64 = 110_000.0;
        let up = metres / METRES_PER_DEGREE;
        let furthest = self.lat.0.abs().max(self.lat.1.abs());
        let across = up / (furthest + up).min(89.0).to_radians().cos();
        Self {
            lon: (self.lon.0 - across, self.lon.1 + across),
            lat: (self.lat.0 - up, self.lat.1 + up),
            ..self
        }
    }
}

/// What is remembered of surfaces and tiles. One per service.
#[derive(Debug)]
pub(super) struct Surfaces {
    generation: Generation,
    computed: Cache<Key, Arc<Surface>>,
    drawn: Cache<(String, TileId), Bytes>,
}

/// Equal keys see the same reports.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    generation: u64,
    scope: String,
    question: Question,
}

/// Reports held in remembered surfaces, all together.
const MOST_EVENTS: u64 = 2_000_000;
/// Bytes held in remembered tiles, all together.
const MOST_TILE_BYTES: u64 = 32 * 1024 * 1024;
/// What nobody asks for is forgotten.
const IDLE: Duration = Duration::from_secs(600);

impl Default for Surfaces {
    fn default() -> Self {
        let events = |_: &Key, surface: &Arc<Surface>| {
            let all = surface.field.events() + surface.field.compared().unwrap_or(0);
            u32::try_from(all).unwrap_or(u32::MAX).saturating_add(100)
        };
        let bytes = |_: &(String, TileId), tile: &Bytes| {
            u32::try_from(tile.len()).unwrap_or(u32::MAX).saturating_add(100)
        };
        Self {
            generation: Generation::default(),
            computed: Cache::builder().max_capacity(MOST_EVENTS).weigher(events).time_to_idle(IDLE).build(),
            drawn: Cache::builder().max_capacity(MOST_TILE_BYTES).weigher(bytes).time_to_idle(IDLE).build(),
        }
    }
}

impl Surfaces {
    /// The surface that answers `question` for `session`.
    pub(super) async fn get(
        &self,
        ground: &Ground,
        session: &Session,
        question: Question,
    ) -> Result<Arc<Surface>, Problem> {
        let concerns = |change: &Change| match change {
            Change::Report { .. } | Change::Boundaries => true,
            Change::Layer { layer } => {
                matches!(layer.as_str(), "reports" | "enterprises" | "households" | "grids")
            }
            _ => false,
        };
        let scope = session.scope();
        let key = Key {
            generation: self.generation.current(&ground.events, concerns),
            scope: scope.cache_key(),
            question: question.clone(),
        };
        let compute = async {
            let ingredients = store::ingredients(ground, session, &question).await?;
            let surface = tokio::task::spawn_blocking(move || Surface::over(&ingredients, &question))
                .await
                .map_err(|error| Problem::internal(&error))??;
            Ok(Arc::new(surface))
        };
        self.computed.try_get_with(key, compute).await.map_err(|problem: Arc<Problem>| (*problem).clone())
    }

    /// The tile of `surface` at `id` as PNG.
    pub(super) async fn tile(&self, surface: Arc<Surface>, id: TileId) -> Result<Bytes, Problem> {
        let key = (surface.fingerprint.clone(), id);
        let draw = async {
            tokio::task::spawn_blocking(move || surface.draw(id))
                .await
                .map_err(|error| Problem::internal(&error))?
                .map_err(|error| Problem::internal(&error))
        };
        self.drawn.try_get_with(key, draw).await.map_err(|problem: Arc<Problem>| (*problem).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::geometry::measure::distance_m;

    #[test]
    fn the_margin_is_at_least_the_bandwidth_everywhere() {
        for lat in [0.0, 35.0, -60.0, 84.0] {
            let place = |lon, lat| Wgs84::new(lon, lat).unwrap();
            let extent = Extent::at(place(116.0, lat)).widened(1000.0);
            let away = |lon, at| distance_m(place(116.0, lat), place(lon, at));
            let sides = [
                away(extent.lon.0, lat),
                away(extent.lon.1, lat),
                away(116.0, extent.lat.0),
                away(116.0, extent.lat.1),
            ];
            for metres in sides {
                assert!((1000.0..1200.0).contains(&metres), "{metres} at {lat}");
            }
        }
    }
}
