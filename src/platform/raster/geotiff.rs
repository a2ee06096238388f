//! GeoTIFF (OGC 19-008r4): one band of floats and where it lies.

use std::io::Cursor;

use tiff::TiffResult;
use tiff::encoder::TiffEncoder;
use tiff::encoder::colortype::Gray64Float;
use tiff::tags::Tag;

use super::{Frame, System};

/// The raster as a GeoTIFF of one band of 64-bit floats, uncompressed so that everything reads it.
///
/// # Errors
/// When the raster is larger than a TIFF can be, or has no cells.
///
/// # Panics
/// If there is not one value for each cell.
pub fn geotiff(values: &[f64], frame: &Frame) -> TiffResult<Vec<u8>> {
    assert_eq!(values.len(), frame.columns * frame.rows, "one value for each cell");
    let mut file = Cursor::new(Vec::with_capacity(values.len() * 8 + 1024));
    let mut encoder = TiffEncoder::new(&mut file)?;
    let mut image =
        encoder.new_image::<Gray64Float>(u32::try_from(frame.columns)?, u32::try_from(frame.rows)?)?;
    let tags = image.encoder();
    let scale = [frame.cell_width(), frame.cell_height(), 0.0];
    tags.write_tag(Tag::ModelPixelScaleTag, scale.as_slice())?;
    // The corner of the first cell, and where it lies.
    let corner = [0.0, 0.0, 0.0, frame.west, frame.north, 0.0];
    tags.write_tag(Tag::ModelTiepointTag, corner.as_slice())?;
    tags.write_tag(Tag::GeoKeyDirectoryTag, keys(frame.system))?;
    image.write_data(values)?;
    Ok(file.into_inner())
}

/// The key directory: a header, then each key with the value that it holds itself.
fn keys(system: System) -> &'static [u16] {
    match system {
        // GTModelType 2: geographic; GTRasterType 1: a pixel is an area; GeodeticCRS 4326; angles in degrees (9102).
        #[rustfmt::skip]
        System::LonLat => &[1, 1, 0, 4, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326, 2054, 0, 1, 9102],
        System::Plane => &[1, 1, 0, 1, 1025, 0, 1, 1],
    }
}

#[cfg(test)]
mod tests {
    use tiff::decoder::{Decoder, DecodingResult};

    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let frame = Frame {
            west: 116.0,
            south: 35.0,
            east: 119.0,
            north: 37.0,
            columns: 3,
            rows: 2,
            system: System::LonLat,
        };
        let values = [0.0, 1.5, -2.0, 1e-300, 1e300, 0.1];
        let bytes = geotiff(&values, &frame).unwrap();
        let mut decoder = Decoder::new(Cursor::new(bytes)).unwrap();
        assert_eq!(decoder.dimensions().unwrap(), (3, 2));
        let numbers = |decoder: &mut Decoder<_>, tag| decoder.get_tag_f64_vec(tag).unwrap();
        assert_eq!(numbers(&mut decoder, Tag::ModelPixelScaleTag), [1.0, 1.0, 0.0]);
        assert_eq!(numbers(&mut decoder, Tag::ModelTiepointTag), [0.0, 0.0, 0.0, 116.0, 37.0, 0.0]);
        assert_eq!(decoder.get_tag_u16_vec(Tag::GeoKeyDirectoryTag).unwrap()[15], 4326);
        let DecodingResult::F64(read) = decoder.read_image().unwrap() else { panic!("not floats") };
        assert_eq!(read, values);
    }
}
