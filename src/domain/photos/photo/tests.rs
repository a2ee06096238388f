use super::*;

fn segment(marker: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &length[..], contents].concat()
}

/// Exif as a phone writes it: lying on its side, taken at 35°4′30″ N, 116°18′18″ E.
fn phone_exif() -> Vec<u8> {
    use exif::experimental::Writer;
    use exif::{Field, Rational};
    let rational = |tag, parts: [u32; 3]| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Rational(parts.map(|num| Rational { num, denom: 1 }).to_vec()),
    };
    let ascii = |tag, text: &str| Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![text.as_bytes().to_vec()]),
    };
    let fields = [
        Field { tag: Tag::Orientation, ifd_num: In::PRIMARY, value: Value::Short(vec![6]) },
        ascii(Tag::Model, "SECRET PHONE"),
        ascii(Tag::GPSLatitudeRef, "N"),
        rational(Tag::GPSLatitude, [35, 4, 30]),
        ascii(Tag::GPSLongitudeRef, "E"),
        rational(Tag::GPSLongitude, [116, 18, 18]),
    ];
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out, false).unwrap();
    out.into_inner()
}

/// A JPEG in form, with a picture of nothing: two scans with secrets before, between and after them.
fn jpeg() -> Vec<u8> {
    [
        vec![0xFF, 0xD8],
        segment(0xE1, &[&b"Exif\0\0"[..], &phone_exif()].concat()),
        segment(0xE2, b"MPF\0SECRET"),
        segment(0xFE, b"SECRET comment"),
        segment(0xDB, &[0; 65]),
        segment(0xC2, &[8, 0, 16, 0, 32, 1, 1, 0x11, 0]),
        segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        vec![1, 2, 0xFF, 0x00, 3, 0xFF, 0xD0, 4],
        segment(0xEB, b"SECRET between scans"),
        segment(0xC4, &[0; 20]),
        segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        vec![5, 6, 0xFF, 0xD9],
        b"SECRET film".to_vec(),
    ]
    .concat()
}

fn png(extra: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    sized_png(1, extra)
}

fn sized_png(side: u32, extra: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    use img_parts::png::PngChunk;
    let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let mut chunks = vec![PngChunk::new(*b"IHDR", header.into())];
    chunks.extend(extra.iter().map(|(kind, data)| PngChunk::new(**kind, Bytes::copy_from_slice(data))));
    chunks.push(PngChunk::new(*b"IDAT", Bytes::from_static(b"pixels")));
    chunks.push(PngChunk::new(*b"IEND", Bytes::new()));
    let body = chunks.into_iter().flat_map(|chunk| chunk.encoder().bytes().to_vec());
    b"\x89PNG\r\n\x1a\n".iter().copied().chain(body).collect()
}

fn has_secret(content: &[u8]) -> bool {
    content.windows(6).any(|window| window == b"SECRET")
}

#[test]
fn a_jpeg_keeps_its_picture_and_which_way_up_it_goes() {
    let photo = Photo::parse(jpeg().into()).unwrap();
    assert_eq!(photo.media_type, MediaType::Jpeg);
    let taken_at = photo.taken_at.unwrap();
    assert!((taken_at.lon() - 116.305).abs() < 1e-9 && (taken_at.lat() - 35.075).abs() < 1e-9);
    assert!(has_secret(&jpeg()) && !has_secret(&photo.content));
    assert!(photo.content.ends_with(&[5, 6, 0xFF, 0xD9]), "nothing after the end of the picture");
    assert!(photo.content.windows(8).any(|w| w == [1, 2, 0xFF, 0x00, 3, 0xFF, 0xD0, 4]), "scans untouched");
    let kept = exif::Reader::new().read_from_container(&mut Cursor::new(&photo.content)).unwrap();
    assert_eq!(orientation(&kept), Some(6));
    assert_eq!(kept.fields().count(), 1);
    // Stripping again changes nothing.
    let again = Photo::parse(photo.content.clone()).unwrap();
    assert_eq!((again.sha256, again.taken_at), (photo.sha256, None));
}

#[test]
fn a_png_keeps_its_picture() {
    let given = png(&[(b"tEXt", b"SECRET"), (b"eXIf", &phone_exif()), (b"gAMA", &[0, 0, 1, 1])]);
    let photo = Photo::parse(given.into()).unwrap();
    assert_eq!(photo.media_type, MediaType::Png);
    assert!(photo.taken_at.is_some());
    assert_eq!(photo.content, png(&[(b"gAMA", &[0, 0, 1, 1])]));
}

#[test]
fn a_webp_keeps_its_picture() {
    let chunk =
        |id: [u8; 4], data: &[u8]| RiffChunk::new(id, RiffContent::Data(Bytes::copy_from_slice(data)));
    let file =
        |chunks| RiffChunk::new(*b"RIFF", RiffContent::List { kind: Some(*b"WEBP"), subchunks: chunks });
    let header = [WEBP_ALPHA | 0b0010_1100, 0, 0, 0, 31, 0, 0, 15, 0, 0];
    let picture = [0x2F, 0x1F, 0xC0, 0x03, 0x00, 0, 0, 0];
    let given = file(vec![
        chunk(CHUNK_VP8X, &header),
        chunk(*b"ICCP", b"SECRET"),
        chunk(CHUNK_VP8L, &picture),
        chunk(*b"EXIF", &phone_exif()),
        chunk(*b"XMP ", b"SECRET"),
    ]);
    let photo = Photo::parse(given.encoder().bytes()).unwrap();
    assert_eq!(photo.media_type, MediaType::Webp);
    assert!(photo.taken_at.is_some() && !has_secret(&photo.content));
    let kept = WebP::from_bytes(photo.content).unwrap();
    let ids: Vec<_> = kept.chunks().iter().map(RiffChunk::id).collect();
    assert_eq!(ids, [CHUNK_VP8X, CHUNK_VP8L]);
    assert_eq!(kept.chunks()[0].content().data().unwrap()[0], WEBP_ALPHA);
    let film = file(vec![chunk(CHUNK_VP8X, &header), chunk(*b"ANMF", b"frame")]);
    assert_eq!(Photo::parse(film.encoder().bytes()).unwrap_err(), PhotoError::Kind);
}

#[test]
fn what_is_no_photo_is_refused() {
    let refused = |bytes: Vec<u8>| Photo::parse(bytes.into()).unwrap_err();
    assert_eq!(refused(b"<svg onload=alert(1)>".to_vec()), PhotoError::Kind);
    assert_eq!(refused(b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()), PhotoError::Kind);
    assert_eq!(refused(Vec::new()), PhotoError::Kind);
    let whole = jpeg();
    for cut in [4, 100, whole.len() - 13] {
        assert_eq!(refused(whole[..cut].to_vec()), PhotoError::Damaged, "cut at {cut}");
    }
    let cut = png(&[]);
    assert_eq!(refused(cut[..cut.len() - 12].to_vec()), PhotoError::Damaged);
    assert_eq!(refused(vec![0xFF; MAX_BYTES + 1]), PhotoError::Bytes);
    assert_eq!(refused(sized_png(20_000, &[])), PhotoError::Pixels);
}
