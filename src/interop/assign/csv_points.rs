//! Points from CSV (RFC 4180), in UTF-8 or GB 18030, separated by commas, tabs or semicolons.
//!
//! Rows are cut where a line ends outside of quotes. A block without any quotes is read by looking for separators
//! alone, which is most of what there is to the speed; one with quotes is left to the `csv` crate. In GB 18030 no byte
//! of a longer character is a separator, a quote or a line's end, so neither has to know the encoding.

use std::borrow::Cow;
use std::io::Read;
use std::sync::Arc;

use csv::ByteRecord;
use memchr::{memchr, memchr_iter, memchr2_iter, memrchr};

use super::arrived::Arrived;
use super::point_file::{Block, Ids, PointColumns, Positions};
use super::refusal::{Fault, Refusal, Spot};
use crate::kernel::geometry::Crs;
use crate::message;
use crate::platform::locale::Message;

/// A row longer than this many blocks is not one.
const LONGEST_ROW: usize = 16;

/// What all rows have in common.
#[derive(Debug)]
struct Layout {
    delimiter: u8,
    cells: usize,
    at: Positions,
    crs: Crs,
    /// Not UTF-8: decided for the file, since a single name can be sound in both.
    is_gb18030: bool,
}

/// Set behind a text, this is a row by itself, unless a quote is open.
const BEHIND: &[u8] = b"\n\0\n";

/// Whole rows of a file.
#[derive(Debug)]
pub(super) struct CsvText {
    text: Vec<u8>,
    has_quotes: bool,
    layout: Arc<Layout>,
}

/// CSV as it arrives, cut into whole rows.
#[derive(Debug)]
pub(super) struct CsvPoints {
    name: String,
    columns: PointColumns,
    /// How much text is understood at a time.
    block: usize,
    layout: Option<Arc<Layout>>,
    arrived: Arrived,
    /// How much has to be there before it is looked at.
    wanted: usize,
    position: u64,
}

impl CsvPoints {
    pub(super) fn new(name: &str, columns: &PointColumns, block: usize) -> Self {
        Self {
            name: name.to_owned(),
            columns: columns.clone(),
            block,
            layout: None,
            arrived: Arrived::default(),
            wanted: block,
            position: 0,
        }
    }

    pub(super) fn arrived(&mut self) -> &mut Arrived {
        &mut self.arrived
    }

    /// How many bytes more there should be before it is worth asking for rows.
    pub(super) fn missing(&self) -> usize {
        self.arrived.missing(self.wanted)
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Reads the headings, of which a block must have arrived.
    pub(super) fn headings(&mut self) -> Result<(), Refusal> {
        let (name, text) = (&self.name, &mut self.arrived.text);
        if text.starts_with(&[0xff, 0xfe]) || text.starts_with(&[0xfe, 0xff]) || memchr(0, text).is_some() {
            let why = message!("不是 UTF-8 或 GB18030 编码的 CSV", "not CSV in UTF-8 or GB 18030");
            return Err(Refusal::whole(name, why));
        }
        let mark = if text.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        let delimiter = delimiter(&text[mark..]);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(&text[mark..]);
        let mut record = ByteRecord::new();
        let read = reader.read_byte_record(&mut record);
        if !read.is_ok_and(|read| read) {
            return Err(Refusal::whole(name, message!("文件为空", "the file is empty")));
        }
        let start = mark + reader.position().byte() as usize;
        // The block may end within a character.
        let is_gb18030 = std::str::from_utf8(text).is_err_and(|error| error.error_len().is_some());
        let headings: Vec<String> =
            record.iter().map(|cell| decoded(cell, is_gb18030).trim().to_owned()).collect();
        let at = self.columns.find(&headings).map_err(|why| Refusal::whole(name, why))?;
        text.drain(..start.min(text.len()));
        self.position = start as u64;
        let (cells, crs) = (headings.len(), self.columns.crs);
        self.layout = Some(Arc::new(Layout { delimiter, cells, at, crs, is_gb18030 }));
        Ok(())
    }

    /// The next whole rows; none when more text is wanted first, or after the last.
    pub(super) fn next_text(&mut self) -> Result<Option<CsvText>, Refusal> {
        if self.missing() > 0 {
            return Ok(None);
        }
        if self.layout.is_none() {
            self.headings()?;
        }
        let Arrived { text, ended } = &mut self.arrived;
        let Some(layout) = self.layout.clone().filter(|_| !text.is_empty()) else { return Ok(None) };
        let has_quotes = memchr(b'"', text).is_some();
        let end = if *ended {
            Some(text.len())
        } else if has_quotes {
            last_row_end(text)
        } else {
            memrchr(b'\n', text).map(|at| at + 1)
        };
        let Some(end) = end else {
            self.wanted *= 2;
            if self.wanted > LONGEST_ROW * self.block {
                let why = message!("引号不成对，或某行过长", "a quote is never closed, or a row is too long");
                return Err(Refusal::whole(&self.name, why));
            }
            return Ok(None);
        };
        self.wanted = self.block;
        self.position += end as u64;
        Ok(Some(CsvText { text: self.arrived.take(end, self.block), has_quotes, layout }))
    }
}

/// Behind the last line's end that is not within quotes.
fn last_row_end(text: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let mut end = None;
    for at in memchr2_iter(b'"', b'\n', text) {
        if text[at] == b'"' {
            quoted = !quoted;
        } else if !quoted {
            end = Some(at + 1);
        }
    }
    end
}

/// A tab or semicolon where the first line has more of them than commas.
fn delimiter(text: &[u8]) -> u8 {
    let line = &text[..memchr(b'\n', text).unwrap_or(text.len())];
    let count = |byte| memchr_iter(byte, line).count();
    b",\t;".iter().copied().max_by_key(|&byte| (count(byte), byte == b',')).unwrap_or(b',')
}

/// Text as it was meant: UTF-8, or else GB 18030.
fn decoded(bytes: &[u8], is_gb18030: bool) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !is_gb18030 => Cow::Borrowed(text),
        _ => encoding_rs::GB18030.decode_without_bom_handling(bytes).0,
    }
}

impl CsvText {
    /// Reads the rows.
    pub(super) fn understand(&self) -> Block {
        let rows = self.text.len() / 24;
        let ids = match self.layout.at.id {
            Some(_) => Ids::Texts { text: Vec::with_capacity(rows * 8), ends: Vec::with_capacity(rows) },
            None => Ids::Rows,
        };
        let mut block = Block { places: Vec::with_capacity(rows), ids, rows: 0, faults: Vec::new() };
        if self.has_quotes {
            self.understand_quoted(&mut block);
        } else {
            self.understand_plain(&mut block);
        }
        block
    }

    fn understand_plain(&self, block: &mut Block) {
        let at = self.layout.at;
        let mut rest = &self.text[..];
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = &rest[..end];
            rest = rest.get(end + 1..).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            let (mut lon, mut lat, mut id): (&[u8], &[u8], &[u8]) = (&[], &[], &[]);
            let (mut cells, mut start) = (0, 0);
            for end in memchr_iter(self.layout.delimiter, line).chain([line.len()]) {
                let cell = &line[start..end];
                if cells == at.lon {
                    lon = cell;
                }
                if cells == at.lat {
                    lat = cell;
                }
                if Some(cells) == at.id {
                    id = cell;
                }
                cells += 1;
                start = end + 1;
            }
            self.row(block, cells, [lon, lat, id]);
        }
    }

    fn understand_quoted(&self, block: &mut Block) {
        let at = self.layout.at;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.layout.delimiter)
            .from_reader(self.text.as_slice().chain(BEHIND));
        let mut record = ByteRecord::new();
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(true) if record.iter().eq([BEHIND.trim_ascii()]) => break,
                Ok(true) if record.iter().next_back().is_some_and(|cell| cell.ends_with(BEHIND)) => {
                    block.rows += 1;
                    let reason = message!(
                        "引号没有闭合，文件可能不完整",
                        "a quote is never closed: the file may be cut short"
                    );
                    block.faults.push(Fault { spot: Spot::Row(block.rows), reason });
                    break;
                }
                Ok(true) => {
                    let cell = |column: usize| record.get(column).unwrap_or_default();
                    let id = at.id.map(cell).unwrap_or_default();
                    self.row(block, record.len(), [cell(at.lon), cell(at.lat), id]);
                }
                Ok(false) => break,
                Err(error) => {
                    block.rows += 1;
                    let reason = message!("无法按 CSV 读取：{error}", "cannot be read as CSV: {error}");
                    block.faults.push(Fault { spot: Spot::Row(block.rows), reason });
                    break;
                }
            }
        }
    }

    fn row(&self, block: &mut Block, cells: usize, [lon, lat, id]: [&[u8]; 3]) {
        let wanted = self.layout.cells;
        let coordinates = if cells == wanted {
            number(lon, ("经度", "longitude")).and_then(|x| Ok((x, number(lat, ("纬度", "latitude"))?)))
        } else {
            Err(message!("有 {cells} 列，表头有 {wanted} 列", "{cells} cells under {wanted} headings"))
        };
        block.push(self.layout.crs, coordinates);
        if let Ids::Texts { text, ends } = &mut block.ids {
            text.extend_from_slice(decoded(id, self.layout.is_gb18030).as_bytes());
            ends.push(text.len());
        }
    }
}

fn number(cell: &[u8], (zh, en): (&str, &str)) -> Result<f64, Message> {
    let cell = cell.trim_ascii();
    if let Ok(number) = fast_float2::parse(cell) {
        return Ok(number);
    }
    if cell.is_empty() {
        return Err(message!("{zh}为空", "the {en} is empty"));
    }
    let found: String = decoded(cell, false).chars().take(30).collect();
    Err(message!("{zh}“{found}”不是数字", "the {en} {found:?} is not a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(id: Option<&str>) -> PointColumns {
        PointColumns { id: id.map(str::to_owned), lon_lat: None, crs: Crs::Wgs84 }
    }

    fn blocks(text: &[u8], id: Option<&str>) -> Vec<Block> {
        in_pieces(text, id, usize::MAX, 4 << 20)
    }

    /// The blocks of a text that arrives in pieces of a length.
    fn in_pieces(text: &[u8], id: Option<&str>, length: usize, block: usize) -> Vec<Block> {
        let mut points = CsvPoints::new("p.csv", &columns(id), block);
        let mut blocks = Vec::new();
        for piece in text.chunks(length) {
            points.arrived().text.extend_from_slice(piece);
            while let Some(text) = points.next_text().unwrap() {
                blocks.push(text.understand());
            }
        }
        points.arrived().ended = true;
        while let Some(text) = points.next_text().unwrap() {
            blocks.push(text.understand());
        }
        blocks
    }

    fn ids(block: &Block) -> Vec<&str> {
        let Ids::Texts { text, ends } = &block.ids else { return Vec::new() };
        let starts = std::iter::once(&0).chain(ends);
        starts.zip(ends).map(|(&a, &b)| std::str::from_utf8(&text[a..b]).unwrap()).collect()
    }

    #[test]
    fn headings_and_separators_are_found() {
        for text in [
            "lon,lat,name\n116.5,35.25,甲\n",
            "\u{feff}name;LAT;LNG\r\n甲;35.25;116.5\r\n",
            "经度\t纬度\tname\n116.5\t 35.25\t甲",
            "y,x,name\n\n35.25,\"116.5\",\"甲\"\n",
        ] {
            let blocks = blocks(text.as_bytes(), Some("name"));
            assert_eq!(blocks[0].places, [crate::kernel::geometry::Wgs84::new(116.5, 35.25).unwrap()]);
            assert_eq!(ids(&blocks[0]), ["甲"]);
        }
        let gb = encoding_rs::GB18030.encode("编号,经度,纬度\n甲,116.5,35.25\n").0.into_owned();
        assert_eq!(ids(&blocks(&gb, Some("编号"))[0]), ["甲"]);
    }

    #[test]
    fn quotes_give_the_same_rows_as_none() {
        let plain = "id,lon,lat\na,1,2\nb,3,4\n";
        let quoted = "id,lon,lat\n\"a\",1,2\n\"b\",\"3\",4\n";
        let (plain, quoted) = (blocks(plain.as_bytes(), Some("id")), blocks(quoted.as_bytes(), Some("id")));
        assert_eq!(plain[0].places, quoted[0].places);
        assert_eq!(ids(&plain[0]), ids(&quoted[0]));
        let hard = blocks(b"id,lon,lat\n\"a\n\"\"x\"\",\",1,2\n", Some("id"));
        assert_eq!(ids(&hard[0]), ["a\n\"x\","]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_a_fault() {
        for text in ["lon,lat\n1,2\n3,\"4", "lon,lat\n1,2\n3,\"4\n", "lon,lat\n\"1\",2\n3,\"4\n5,6\n"] {
            let block = &blocks(text.as_bytes(), None)[0];
            assert_eq!((block.rows, block.places.len()), (2, 1), "{text}");
            assert!(block.faults[0].in_file("p").en.starts_with("p: row 2: a quote is never closed"));
        }
        for text in ["lon,lat\n1,2\n3,\"4\"", "lon,lat\n1,2\n3,\"4\"\n\n"] {
            let block = &blocks(text.as_bytes(), None)[0];
            assert_eq!((block.rows, block.places.len()), (2, 2), "{text}");
        }
    }

    #[test]
    fn each_fault_names_its_row() {
        let faults = |text: &str| -> Vec<String> {
            blocks(text.as_bytes(), None)[0].faults.iter().map(|fault| fault.in_file("p").en.into()).collect()
        };
        assert_eq!(
            faults("lon,lat\n1,2\nNaN,2\n,2\n1,x\n1,2,3\n200,1\n35,116\n"),
            [
                "p: row 2: a coordinate is not a finite number",
                "p: row 3: the longitude is empty",
                "p: row 4: the latitude \"x\" is not a number",
                "p: row 5: 3 cells under 2 headings",
                "p: row 6: longitude 200 is outside -180..180",
                "p: row 7: longitude and latitude look swapped: got longitude 35, latitude 116",
            ]
        );
    }

    #[test]
    fn rows_are_whole_in_every_block() {
        let row = |i: usize| {
            format!("{i},1.5,2.5,\"a \"\"quoted\"\" text,\nof two lines {}\"\n", "x".repeat(i % 700))
        };
        let text: String = std::iter::once("id,lon,lat,t\n".to_owned()).chain((0..20_000).map(row)).collect();
        for (length, block) in [(4 << 20, 4 << 20), (1 << 16, 4 << 20), (1000, 10_000), (77, 1 << 10)] {
            let blocks = in_pieces(text.as_bytes(), Some("id"), length, block);
            assert!(blocks.len() > 1);
            assert!(blocks.iter().all(|block| block.faults.is_empty()));
            let ids: Vec<&str> = blocks.iter().flat_map(ids).collect();
            assert_eq!(ids, (0..20_000).map(|i| i.to_string()).collect::<Vec<_>>());
        }
    }
}
