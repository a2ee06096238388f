//! PNG with a palette of at most 16 colours (PNG, third edition, section 11.1): small, and quick to make.

use std::io;

/// The colours of a picture.
#[derive(Debug, Clone)]
pub struct Palette {
    rgb: Vec<u8>,
    alpha: Vec<u8>,
}

impl Palette {
    /// Colour 0 is nothing at all; the others are `colours` (red, green, blue), all as opaque as `alpha` says, of
    /// 255.
    ///
    /// # Panics
    /// With more than 15 colours.
    #[must_use]
    pub fn new(colours: &[[u8; 3]], alpha: u8) -> Self {
        assert!(colours.len() < 16, "a picture holds 4 bits for each pixel");
        Self {
            rgb: [&[[0; 3]], colours].concat().concat(),
            alpha: std::iter::once(0).chain(colours.iter().map(|_| alpha)).collect(),
        }
    }
}

/// The picture of which `pixels` gives the colours, row by row from the top.
///
/// # Errors
/// When a side is longer than a PNG can be, or there are no pixels.
///
/// # Panics
/// If the pixels do not make whole rows.
pub fn picture(pixels: &[u8], columns: usize, palette: &Palette) -> io::Result<Vec<u8>> {
    let rows = pixels.len() / columns.max(1);
    assert_eq!(rows * columns, pixels.len(), "whole rows");
    let side = |length: usize| u32::try_from(length).map_err(io::Error::other);
    let mut file = Vec::with_capacity(1024 + pixels.len() / 16);
    let mut encoder = png::Encoder::new(&mut file, side(columns)?, side(rows)?);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_palette(palette.rgb.as_slice());
    encoder.set_trns(palette.alpha.as_slice());
    encoder.set_compression(png::Compression::Fast);
    // Neighbouring rows are alike: what is left after taking one from the next is mostly 0.
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&packed(pixels, columns))?;
    writer.finish()?;
    Ok(file)
}

/// Two pixels in each byte; each row begins a new one.
fn packed(pixels: &[u8], columns: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(pixels.len().div_ceil(2));
    for row in pixels.chunks(columns.max(1)) {
        let (pairs, last) = row.as_chunks::<2>();
        bytes.extend(pairs.iter().map(|[left, right]| left << 4 | right));
        bytes.extend(last.iter().map(|left| left << 4));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_can_be_seen() {
        let palette = Palette::new(&[[10, 20, 30], [40, 50, 60]], 200);
        for columns in [1, 3, 4] {
            let pixels: Vec<u8> = (0..columns * 5).map(|pixel| (pixel % 3) as u8).collect();
            let file = picture(&pixels, columns, &palette).unwrap();
            let mut decoder = png::Decoder::new(io::Cursor::new(file));
            decoder.set_transformations(png::Transformations::EXPAND);
            let mut reader = decoder.read_info().unwrap();
            let mut seen = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut seen).unwrap();
            let expected: Vec<u8> = pixels
                .iter()
                .flat_map(|pixel| [[0, 0, 0, 0], [10, 20, 30, 200], [40, 50, 60, 200]][usize::from(*pixel)])
                .collect();
            assert_eq!(seen, expected);
        }
    }
}
