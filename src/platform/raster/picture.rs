//! PNG with a palette of at most 16 colours (PNG, third edition, section 11.1): small, and quick to make.

use std::io;

use chrono::TimeDelta;

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
    animation(&[pixels], columns, palette, TimeDelta::zero())
}

/// The pictures one after the other, each shown so long, again and again (an animated PNG); one alone stands still.
///
/// # Errors
/// As [`picture`], and when there is none.
///
/// # Panics
/// If the pixels do not make whole rows, or the pictures differ in size.
pub fn animation(
    pictures: &[impl AsRef<[u8]>],
    columns: usize,
    palette: &Palette,
    each: TimeDelta,
) -> io::Result<Vec<u8>> {
    let pixels = pictures.first().map_or(0, |picture| picture.as_ref().len());
    let rows = pixels / columns.max(1);
    assert_eq!(rows * columns, pixels, "whole rows");
    let side = |length: usize| u32::try_from(length).map_err(io::Error::other);
    let mut file = Vec::with_capacity(1024 + pixels * pictures.len() / 16);
    let mut encoder = png::Encoder::new(&mut file, side(columns)?, side(rows)?);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_palette(palette.rgb.as_slice());
    encoder.set_trns(palette.alpha.as_slice());
    encoder.set_compression(png::Compression::Fast);
    // Neighbouring rows are alike: what is left after taking one from the next is mostly 0.
    encoder.set_filter(png::Filter::Up);
    if pictures.len() > 1 {
        encoder.set_animated(side(pictures.len())?, 0)?;
        encoder.set_frame_delay(u16::try_from(each.num_milliseconds()).unwrap_or(u16::MAX), 1000)?;
    }
    let mut writer = encoder.write_header()?;
    for picture in pictures {
        assert_eq!(picture.as_ref().len(), pixels, "pictures of one size");
        writer.write_image_data(&packed(picture.as_ref(), columns))?;
    }
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
    fn an_animation_has_all_its_pictures() {
        let palette = Palette::new(&[[10, 20, 30]], 255);
        let pictures = [vec![0; 6], vec![1; 6], vec![0, 1, 0, 1, 0, 1]];
        let file = animation(&pictures, 3, &palette, TimeDelta::milliseconds(250)).unwrap();
        let mut reader = png::Decoder::new(io::Cursor::new(file)).read_info().unwrap();
        assert_eq!(reader.info().animation_control().unwrap().num_frames, 3);
        let mut seen = vec![0; reader.output_buffer_size().unwrap()];
        for picture in pictures {
            reader.next_frame(&mut seen).unwrap();
            assert_eq!(seen, packed(&picture, 3));
        }
    }

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
