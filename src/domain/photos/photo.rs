//! Photos: recognised by their content, stripped of everything but the picture, and asked for the place they were
//! taken at on the way.
//!
//! A phone writes into a photo where it was taken, by which device, sometimes a second picture or a short film.
//! What is kept is the picture and, for JPEG, which way up it goes. Never here: the decoding of pixels.

use std::io::Cursor;

use exif::{Exif, In, Tag, Value};
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::Png;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{CHUNK_ALPH, CHUNK_VP8, CHUNK_VP8L, CHUNK_VP8X, WebP};
use img_parts::{Bytes, ImageEXIF};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::MediaType;
use crate::kernel::geometry::Wgs84;
use crate::message;
use crate::platform::locale::Message;

/// Largest photo taken, in bytes.
pub(super) const MAX_BYTES: usize = 10 * 1024 * 1024;
/// No phone's sensor has more, and no browser should be asked to unpack more. Pixels.
const MAX_PIXELS: u64 = 200_000_000;
/// Chunks of a PNG that say how it looks; every other says something else.
const PNG_PICTURE: [[u8; 4]; 10] =
    [*b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"gAMA", *b"cHRM", *b"sRGB", *b"sBIT", *b"bKGD"];
/// The bit of `VP8X` that says that there is transparency; the others announce what is stripped.
const WEBP_ALPHA: u8 = 0b0001_0000;

/// A photo fit to be stored.
#[derive(Debug)]
pub(crate) struct Photo {
    pub(crate) media_type: MediaType,
    pub(crate) content: Bytes,
    /// Of the content.
    pub(crate) sha256: [u8; 32],
    /// Where it says it was taken.
    pub(crate) taken_at: Option<Wgs84>,
}

/// Why a photo was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum PhotoError {
    #[error("not a JPEG, PNG or WebP photo")]
    Kind,
    #[error("broken off or damaged")]
    Damaged,
    #[error("larger than 10 MB")]
    Bytes,
    #[error("more than 200 million pixels")]
    Pixels,
}

impl PhotoError {
    /// The reason in both languages.
    pub(super) fn message(self) -> Message {
        let zh = match self {
            Self::Kind => "不是 JPEG、PNG 或 WebP 照片",
            Self::Damaged => "照片不完整或已损坏",
            Self::Bytes => "照片超过 10 MB",
            Self::Pixels => "照片超过两亿像素",
        };
        message!("{zh}", "{self}")
    }
}

impl Photo {
    /// Recognises, checks and strips a photo. Work for the processor, O(n): not for an async thread.
    ///
    /// # Errors
    /// When it is no photo, damaged, or too large.
    pub(super) fn parse(bytes: Bytes) -> Result<Self, PhotoError> {
        if bytes.len() > MAX_BYTES {
            return Err(PhotoError::Bytes);
        }
        let kind = infer::get(&bytes).and_then(|kind| kind.mime_type().parse::<MediaType>().ok());
        let media_type = kind.ok_or(PhotoError::Kind)?;
        let exif = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)).ok();
        let content = match media_type {
            MediaType::Jpeg => strip_jpeg(bytes, exif.as_ref().and_then(orientation))?,
            MediaType::Png => strip_png(bytes)?,
            MediaType::Webp => strip_webp(bytes)?,
        };
        let sha256 = Sha256::digest(&content).into();
        Ok(Self { media_type, content, sha256, taken_at: exif.as_ref().and_then(place) })
    }

    /// The same for the same photo of the same `owner`, a report or a visit: a photo sent twice is one (a `UUIDv8`,
    /// RFC 9562, section 5.8).
    pub(crate) fn id_of(&self, owner: Uuid) -> Uuid {
        let digest: [u8; 32] =
            Sha256::new().chain_update(owner.as_bytes()).chain_update(self.sha256).finalize().into();
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        uuid::Builder::from_custom_bytes(half).into_uuid()
    }
}

fn strip_jpeg(bytes: Bytes, orientation: Option<u8>) -> Result<Bytes, PhotoError> {
    let mut jpeg = Jpeg::from_bytes(bytes).map_err(|_| PhotoError::Damaged)?;
    let (width, height) = jpeg.dimensions().ok_or(PhotoError::Damaged)?;
    check_size(u32::from(width), u32::from(height))?;
    let segments = jpeg.segments_mut();
    segments.retain(|segment| is_picture(segment.marker()));
    // The last segment read is the first scan; what follows it in the file came with it.
    let scan = segments.pop().filter(|last| last.marker() == markers::SOS).ok_or(PhotoError::Damaged)?;
    let tail = scan.clone().encoder().bytes();
    let entropy = tail.slice(scan.len()..);
    segments.push(JpegSegment::new_with_entropy(
        markers::SOS,
        scan.contents().clone(),
        strip_scans(&entropy)?,
    ));
    if let Some(orientation) = orientation {
        jpeg.set_exif(Some(exif_of_orientation(orientation)));
    }
    Ok(jpeg.encoder().bytes())
}

/// True for segments that say how the picture looks: neither application data nor a comment. Adobe's APP14 says how
/// colours were transformed.
fn is_picture(marker: u8) -> bool {
    marker == markers::APP14 || !(matches!(marker, markers::APP0..=markers::APP15) || marker == markers::COM)
}

/// The entropy-coded scans up to the end of the picture, without application data between them and without anything
/// after it (ITU-T T.81, annex B).
fn strip_scans(data: &[u8]) -> Result<Bytes, PhotoError> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    loop {
        let marker_at = rest
            .windows(2)
            .position(|pair| pair[0] == markers::P && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | markers::P))
            .ok_or(PhotoError::Damaged)?;
        out.extend_from_slice(&rest[..marker_at]);
        let marker = rest[marker_at + 1];
        rest = &rest[marker_at..];
        if marker == markers::EOI {
            out.extend_from_slice(&rest[..2]);
            return Ok(out.into());
        }
        let &[_, _, high, low, ..] = rest else { return Err(PhotoError::Damaged) };
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(..length).ok_or(PhotoError::Damaged)?;
        if is_picture(marker) {
            out.extend_from_slice(segment);
        }
        rest = &rest[length..];
    }
}

fn strip_png(bytes: Bytes) -> Result<Bytes, PhotoError> {
    let mut png = Png::from_bytes(bytes).map_err(|_| PhotoError::Damaged)?;
    let (width, height) = png.dimensions().ok_or(PhotoError::Damaged)?;
    check_size(width, height)?;
    png.chunks_mut().retain(|chunk| PNG_PICTURE.contains(&chunk.kind()));
    let kinds: Vec<_> = png.chunks().iter().map(img_parts::png::PngChunk::kind).collect();
    let whole = kinds.first() == Some(b"IHDR") && kinds.last() == Some(b"IEND") && kinds.contains(b"IDAT");
    if whole { Ok(png.encoder().bytes()) } else { Err(PhotoError::Damaged) }
}

fn strip_webp(bytes: Bytes) -> Result<Bytes, PhotoError> {
    let mut webp = WebP::from_bytes(bytes).map_err(|_| PhotoError::Damaged)?;
    let (width, height) = webp.dimensions().ok_or(PhotoError::Damaged)?;
    check_size(width, height)?;
    let chunks = webp.chunks_mut();
    chunks.retain(|chunk| [CHUNK_VP8X, CHUNK_ALPH, CHUNK_VP8, CHUNK_VP8L].contains(&chunk.id()));
    for chunk in chunks.iter_mut().filter(|chunk| chunk.id() == CHUNK_VP8X) {
        let mut header = chunk.content().data().ok_or(PhotoError::Damaged)?.to_vec();
        if let Some(flags) = header.first_mut() {
            *flags &= WEBP_ALPHA;
        }
        *chunk = RiffChunk::new(CHUNK_VP8X, RiffContent::Data(header.into()));
    }
    // An animation's frames were in chunks of their own: a photo is still.
    if !webp.has_chunk(CHUNK_VP8) && !webp.has_chunk(CHUNK_VP8L) {
        return Err(PhotoError::Kind);
    }
    Ok(webp.encoder().bytes())
}

fn check_size(width: u32, height: u32) -> Result<(), PhotoError> {
    match u64::from(width) * u64::from(height) {
        0 => Err(PhotoError::Damaged),
        pixels if pixels > MAX_PIXELS => Err(PhotoError::Pixels),
        _ => Ok(()),
    }
}

/// Which way up the picture goes, when it is not the way it is stored.
fn orientation(exif: &Exif) -> Option<u8> {
    let value = exif.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0)?;
    u8::try_from(value).ok().filter(|orientation| (2..=8).contains(orientation))
}

/// The least Exif there is: a big-endian TIFF header and one directory with one entry, the orientation (tag 0x0112,
/// one SHORT).
fn exif_of_orientation(orientation: u8) -> Bytes {
    let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0".to_vec();
    exif[19] = orientation;
    exif.into()
}

/// Where the picture was taken, if it says so and that is a place. Satellite positions in Exif are in WGS84.
fn place(exif: &Exif) -> Option<Wgs84> {
    let degrees = |angle: Tag, half: Tag, negative: u8| {
        let Value::Rational(parts) = &exif.get_field(angle, In::PRIMARY)?.value else { return None };
        let value = parts.iter().zip([1.0, 60.0, 3600.0]).map(|(part, per)| part.to_f64() / per).sum::<f64>();
        let Value::Ascii(half) = &exif.get_field(half, In::PRIMARY)?.value else { return None };
        let sign = if half.first()?.first() == Some(&negative) { -1.0 } else { 1.0 };
        Some(sign * value)
    };
    let lon = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    let lat = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    Wgs84::new(lon, lat).ok()
}

#[cfg(test)]
mod tests;
