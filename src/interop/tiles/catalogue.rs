//! What tiles there are: the catalogue, and TileJSON 3.0.0 for each layer
//! (<https://github.com/mapbox/tilejson-spec/tree/master/3.0.0>).

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::layer::{Layer, MAX_ZOOM};
use crate::platform::locale::Locale;

/// The layers there are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Catalogue {
    items: Vec<CatalogueItem>,
}

/// A layer in the catalogue.
#[derive(Debug, Serialize, ToSchema)]
struct CatalogueItem {
    /// The layer's name.
    layer: Layer,
    /// What it shows.
    description: String,
    /// Its TileJSON.
    url: String,
}

/// How to get a layer's tiles (TileJSON 3.0.0).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TileJson {
    /// The version of the specification: 3.0.0.
    tilejson: &'static str,
    /// The layer's name.
    name: Layer,
    /// What it shows.
    description: String,
    /// `xyz`: rows count from the north.
    scheme: &'static str,
    /// `pbf`: Mapbox Vector Tiles.
    format: &'static str,
    /// Templates of addresses.
    tiles: Vec<String>,
    /// The zoom below which there is nothing to see.
    minzoom: u8,
    /// The last zoom worth asking for.
    maxzoom: u8,
    /// The layers inside a tile.
    vector_layers: Vec<VectorLayer>,
}

/// A layer inside a tile.
#[derive(Debug, Serialize, ToSchema)]
struct VectorLayer {
    /// Its name in the tile.
    id: &'static str,
    /// What it shows.
    description: String,
    /// The zoom below which there is nothing to see.
    minzoom: u8,
    /// The last zoom worth asking for.
    maxzoom: u8,
    /// Its properties and what they are.
    fields: BTreeMap<&'static str, &'static str>,
}

impl Catalogue {
    /// The catalogue of the service at `base`, without a slash at the end.
    pub(super) fn new(base: &str) -> Self {
        let item = |&layer: &Layer| CatalogueItem {
            layer,
            description: describe(layer),
            url: format!("{base}/tiles/{layer}"),
        };
        Self { items: Layer::ALL.iter().map(item).collect() }
    }
}

impl TileJson {
    /// The TileJSON of `layer` in the service at `base`, without a slash at the end.
    pub(super) fn new(base: &str, layer: Layer) -> Self {
        let minzoom = layer.min_zoom();
        let shapes = layer.shapes().iter().map(|shape| VectorLayer {
            id: shape.id,
            description: describe(layer),
            minzoom,
            maxzoom: MAX_ZOOM,
            fields: shape.properties.iter().copied().collect(),
        });
        Self {
            tilejson: "3.0.0",
            name: layer,
            description: describe(layer),
            scheme: "xyz",
            format: "pbf",
            tiles: vec![format!("{base}/tiles/{layer}/{{z}}/{{x}}/{{y}}")],
            minzoom,
            maxzoom: MAX_ZOOM,
            vector_layers: shapes.collect(),
        }
    }
}

fn describe(layer: Layer) -> String {
    layer.description().in_locale(Locale::current()).to_owned()
}
