//! Density surfaces of reports, remembered for as long as no report changes.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use moka::future::Cache;
use sha2::{Digest, Sha256};

use super::question::Question;
use super::store::{self, Happening};
use super::tile;
use crate::kernel::density::{Density, Event, InvalidDensity, Kernel, Lattice};
use crate::kernel::geometry::{GaussKruger, Wgs84};
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
    pub(super) density: Lattice,
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
        let mut hash = Sha256::new();
        hash.update(kernel.key());
        hash.update(bandwidth_m.to_bits().to_be_bytes());
        let mut events = Vec::new();
        let mut extent: Option<Extent> = None;
        for (place, weight) in places {
            for number in [place.lon(), place.lat(), weight] {
                hash.update(number.to_bits().to_be_bytes());
            }
            let extent = extent.get_or_insert_with(|| Extent::at(place));
            extent.include(place);
            events.push(Event { at: extent.projection.project(place).into(), weight });
        }
        let density = Density::new(kernel, events, bandwidth_m)?;
        let reach_m = density.reach_m();
        Ok(Self {
            fingerprint: URL_SAFE_NO_PAD.encode(&hash.finalize()[..12]),
            density: Lattice::new(density),
            extent: extent.map(|extent| extent.widened(reach_m)),
        })
    }

    /// The surface that answers `question` over its reports.
    fn over(happenings: &[Happening], question: &Question) -> Result<Self, Problem> {
        let places = happenings.iter().map(|happening| happening.weighted(question));
        let places = places.collect::<Result<Vec<_>, _>>()?;
        Self::new(question.kernel, f64::from(question.bandwidth_m), places)
            .map_err(|error| Problem::internal(&error))
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
        self.density.prepare();
    }

    /// The surface, to be asked position by position.
    #[must_use]
    pub fn density(&self) -> &Lattice {
        &self.density
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
            u32::try_from(surface.density.exact().events()).unwrap_or(u32::MAX).saturating_add(100)
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
            Change::Report { .. } => true,
            Change::Layer { layer } => layer == "reports",
            _ => false,
        };
        let scope = session.scope();
        let key = Key {
            generation: self.generation.current(&ground.events, concerns),
            scope: scope.cache_key(),
            question: question.clone(),
        };
        let compute = async {
            let happenings = Self::happenings(ground, session, &question).await?;
            let surface = tokio::task::spawn_blocking(move || Surface::over(&happenings, &question))
                .await
                .map_err(|error| Problem::internal(&error))??;
            Ok(Arc::new(surface))
        };
        self.computed.try_get_with(key, compute).await.map_err(|problem: Arc<Problem>| (*problem).clone())
    }

    /// The reports that `question` is about, as `session` sees them.
    pub(super) async fn happenings(
        ground: &Ground,
        session: &Session,
        question: &Question,
    ) -> Result<Vec<Happening>, Problem> {
        let mut transaction = ground.database.begin(&session.scope()).await?;
        let happenings = store::happenings(&mut transaction, question).await?;
        transaction.commit().await?;
        Ok(happenings)
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
