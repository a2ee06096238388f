//! Reads Mapbox Vector Tiles 2.1 (<https://github.com/mapbox/vector-tile-spec/tree/master/2.1>): names of layers,
//! properties, and the first point of each feature.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A layer of a tile.
#[derive(Debug, Default)]
pub(crate) struct TileLayer {
    pub(crate) name: String,
    pub(crate) features: Vec<Feature>,
}

/// A feature of a layer.
#[derive(Debug)]
pub(crate) struct Feature {
    pub(crate) properties: BTreeMap<String, Value>,
    /// Where its geometry starts, in units of the tile from the north-west.
    pub(crate) start: (i64, i64),
}

/// The layers of a tile.
pub(crate) fn read(tile: &[u8]) -> Vec<TileLayer> {
    fields(tile).filter(|(tag, _)| *tag == 3).map(|(_, value)| layer(value.bytes())).collect()
}

fn layer(bytes: &[u8]) -> TileLayer {
    let mut layer = TileLayer::default();
    let (mut keys, mut values, mut features) = (Vec::new(), Vec::new(), Vec::new());
    for (tag, field) in fields(bytes) {
        match tag {
            1 => layer.name = text(field.bytes()),
            2 => features.push(field.bytes()),
            3 => keys.push(text(field.bytes())),
            4 => values.push(value(field.bytes())),
            _ => {}
        }
    }
    layer.features = features.into_iter().map(|bytes| feature(bytes, &keys, &values)).collect();
    layer
}

fn feature(bytes: &[u8], keys: &[String], values: &[Value]) -> Feature {
    let (mut tags, mut geometry) = (Vec::new(), Vec::new());
    for (tag, field) in fields(bytes) {
        match tag {
            2 => tags = varints(field.bytes()),
            4 => geometry = varints(field.bytes()),
            _ => {}
        }
    }
    let property = |pair: &[u64]| (keys[pair[0] as usize].clone(), values[pair[1] as usize].clone());
    Feature {
        properties: tags.chunks(2).map(property).collect(),
        start: (zigzag(geometry[1]), zigzag(geometry[2])),
    }
}

fn value(bytes: &[u8]) -> Value {
    let (tag, field) = fields(bytes).next().expect("a value");
    match (tag, field) {
        (1, field) => json!(text(field.bytes())),
        (2, Field::Four(bytes)) => json!(f32::from_le_bytes(bytes)),
        (3, Field::Eight(bytes)) => json!(f64::from_le_bytes(bytes)),
        (6, Field::Varint(n)) => json!(zigzag(n)),
        (7, Field::Varint(n)) => json!(n != 0),
        (_, Field::Varint(n)) => json!(n),
        (tag, _) => panic!("no value has the tag {tag}"),
    }
}

/// A field of a message of protocol buffers.
enum Field<'a> {
    Varint(u64),
    Four([u8; 4]),
    Eight([u8; 8]),
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    fn bytes(&self) -> &'a [u8] {
        if let Self::Bytes(bytes) = self { bytes } else { panic!("bytes expected") }
    }
}

fn fields(mut rest: &[u8]) -> impl Iterator<Item = (u64, Field<'_>)> {
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let key = varint(&mut rest);
        let field = match key & 7 {
            0 => Field::Varint(varint(&mut rest)),
            1 => Field::Eight(take(&mut rest, 8).try_into().expect("eight bytes")),
            2 => {
                let length = varint(&mut rest) as usize;
                Field::Bytes(take(&mut rest, length))
            }
            5 => Field::Four(take(&mut rest, 4).try_into().expect("four bytes")),
            other => panic!("no wire type {other}"),
        };
        Some((key >> 3, field))
    })
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (head, tail) = rest.split_at(length);
    *rest = tail;
    head
}

fn varint(rest: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..).step_by(7) {
        let byte = take(rest, 1)[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    number
}

fn varints(mut bytes: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(varint(&mut bytes));
    }
    numbers
}

fn zigzag(n: u64) -> i64 {
    (n >> 1).cast_signed() ^ -((n & 1).cast_signed())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
