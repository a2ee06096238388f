//! Tiles remembered, compressed, until something shown in them changes.

use std::io::Write;
use std::sync::Arc;

use axum::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use chrono::NaiveDate;
use flate2::Compression;
use flate2::write::GzEncoder;
use moka::future::Cache;
use sha2::{Digest, Sha256};

use super::layer::Layer;
use super::store::{self, Cut};
use crate::domain::households;
use crate::platform::accounts::Session;
use crate::platform::generation::Generation;
use crate::platform::ground::Ground;
use crate::platform::http::TileId;
use crate::platform::problem::Problem;

/// Bytes remembered, all together.
const MOST_BYTES: u64 = 128 * 1024 * 1024;
/// What an entry weighs beside its body.
const OVERHEAD_BYTES: usize = 256;
/// Compressing more than this takes longer than other requests should wait for it.
const COMPRESSED_AT_ONCE_BYTES: usize = 32 * 1024;

/// A tile ready to send.
#[derive(Debug, Clone)]
pub(super) struct Tile {
    /// Compressed with gzip; empty when there is nothing to see.
    pub(super) gzip: Bytes,
    /// Names the content: equal for equal tiles, across restarts and instances.
    pub(super) etag: HeaderValue,
}

/// Equal keys have equal tiles.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    layer: Layer,
    tile: TileId,
    viewer: Arc<str>,
    today: NaiveDate,
    generation: u64,
}

/// What is remembered of tiles. One per service.
#[derive(Debug)]
pub(super) struct Tiles {
    cut: Cache<Key, Tile>,
    generations: Vec<(Layer, Generation)>,
}

impl Default for Tiles {
    fn default() -> Self {
        Self {
            cut: Cache::builder()
                .max_capacity(MOST_BYTES)
                .weigher(|_, tile: &Tile| u32::try_from(tile.gzip.len() + OVERHEAD_BYTES).unwrap_or(u32::MAX))
                .build(),
            generations: Layer::ALL.iter().map(|&layer| (layer, Generation::default())).collect(),
        }
    }
}

impl Tiles {
    /// The tile as `session` may see it. Callers that ask for the same one at once share one query.
    pub(super) async fn get(
        &self,
        ground: &Ground,
        session: &Session,
        layer: Layer,
        tile: TileId,
    ) -> Result<Tile, Problem> {
        let today = ground.clock.today();
        let key = Key {
            layer,
            tile,
            viewer: viewer(session, layer).into(),
            today,
            generation: self.generation(ground, layer),
        };
        let cut = Cut { layer, tile, today, knows_care: households::knows_care(session.role) };
        let made = self.cut.try_get_with(key, async {
            let mut transaction = ground.database.begin(&session.scope()).await?;
            let mvt = store::cut(&mut transaction, cut).await?;
            transaction.commit().await?;
            compressed(mvt).await
        });
        made.await.map_err(|problem: Arc<Problem>| Problem::clone(&problem))
    }

    fn generation(&self, ground: &Ground, layer: Layer) -> u64 {
        self.generations
            .iter()
            .filter(|(of, _)| *of == layer)
            .map(|(_, generation)| generation.current(&ground.events, |change| layer.shows(change)))
            .sum()
    }
}

/// Equal for two sessions that see the same of `layer`. Reports are also seen by whoever filed them.
fn viewer(session: &Session, layer: Layer) -> String {
    let scope = session.scope().cache_key();
    if layer == Layer::Reports { format!("{scope}:{}", session.account) } else { scope }
}

async fn compressed(mvt: Vec<u8>) -> Result<Tile, Problem> {
    if mvt.len() <= COMPRESSED_AT_ONCE_BYTES {
        return compress(&mvt);
    }
    tokio::task::spawn_blocking(move || compress(&mvt)).await.map_err(|error| Problem::internal(&error))?
}

fn compress(mvt: &[u8]) -> Result<Tile, Problem> {
    let name = URL_SAFE_NO_PAD.encode(&Sha256::digest(mvt)[..12]);
    let etag = HeaderValue::from_str(&format!("\"{name}\"")).map_err(|error| Problem::internal(&error))?;
    if mvt.is_empty() {
        return Ok(Tile { gzip: Bytes::new(), etag });
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(mvt.len() / 2), Compression::default());
    encoder.write_all(mvt).map_err(|error| Problem::internal(&error))?;
    let gzip = encoder.finish().map_err(|error| Problem::internal(&error))?.into();
    Ok(Tile { gzip, etag })
}
