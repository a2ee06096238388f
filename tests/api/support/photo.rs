//! Photos as phones send them.

#![expect(clippy::unwrap_used, reason = "a photo that cannot be made should stop its test")]

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value as ExifValue};
use reqwest::multipart::{Form, Part};

/// A photo in form, of nothing, that says it was taken at 35.0765° N, 116.3051° E by a phone. `n` tells photos apart.
pub(crate) fn photo(n: u8) -> Vec<u8> {
    let angle = |tag, ten_thousandths| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: ExifValue::Rational(vec![Rational { num: ten_thousandths, denom: 10_000 }]),
    };
    let text = |tag, text: &str| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: ExifValue::Ascii(vec![text.as_bytes().to_vec()]),
    };
    let fields = [
        text(Tag::Model, "SECRET PHONE"),
        text(Tag::GPSLatitudeRef, "N"),
        angle(Tag::GPSLatitude, 350_765),
        text(Tag::GPSLongitudeRef, "E"),
        angle(Tag::GPSLongitude, 1_163_051),
    ];
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut tiff = std::io::Cursor::new(Vec::new());
    writer.write(&mut tiff, false).unwrap();
    let exif = [b"Exif\0\0".to_vec(), tiff.into_inner()].concat();
    let segment = |marker: u8, contents: &[u8]| {
        let length = u16::try_from(contents.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker], &length[..], contents].concat()
    };
    [
        vec![0xFF, 0xD8],
        segment(0xE1, &exif),
        segment(0xDB, &[n; 65]),
        segment(0xC0, &[8, 0, 16, 0, 32, 1, 1, 0x11, 0]),
        segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        vec![1, 2, 3, 0xFF, 0xD9],
    ]
    .concat()
}

/// A form of photos.
pub(crate) fn form(photos: impl IntoIterator<Item = Vec<u8>>) -> Form {
    photos.into_iter().fold(Form::new(), |form, photo| {
        // What the caller calls it does not count.
        form.part(
            "photo",
            Part::bytes(photo).file_name("a.exe").mime_str("application/x-msdownload").unwrap(),
        )
    })
}
