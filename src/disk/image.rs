//! The size of an image, from its file's header: nothing is decoded.

use std::fs::File;
use std::io::{BufRead, BufReader, Seek};
use std::path::Path;
use std::str::FromStr as _;

use quick_xml::events::{BytesStart, Event};
use svgtypes::{Length, LengthUnit, ViewBox};

use crate::source::Size;

/// What stands before the first element of an SVG is no longer than this.
const LONGEST_PROLOGUE: u64 = 1024 * 1024;

/// How large an image is shown; none for a file that has not the name of one, or whose size cannot be read.
pub(super) fn size(path: &Path) -> Option<Size> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    let open = || File::open(path).ok().map(BufReader::new);
    match ending.as_str() {
        "svg" => of_svg(open()?),
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" => of_pixels(open()?),
        _ => None,
    }
}

fn of_pixels(mut file: impl BufRead + Seek) -> Option<Size> {
    let kind = imagesize::reader_type(&mut file).ok()?;
    let found = kind.reader_size(&mut file).ok()?;
    let side = |pixels: usize| u32::try_from(pixels).ok().filter(|pixels| *pixels > 0);
    let (width, height) = (side(found.width)?, side(found.height)?);
    Some(
        if kind == imagesize::ImageType::Jpeg && lies_on_its_side(&mut file) {
            Size {
                width: height,
                height: width,
            }
        } else {
            Size { width, height }
        },
    )
}

/// Whether a camera was held upright, and its picture is to be turned by a quarter when it is shown.
fn lies_on_its_side(file: &mut (impl BufRead + Seek)) -> bool {
    if file.rewind().is_err() {
        return false;
    }
    let record = exif::Reader::new().read_from_container(file).ok();
    let orientation = record.and_then(|record| {
        let field = record.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?;
        field.value.get_uint(0)
    });
    matches!(orientation, Some(5..=8))
}

/// The size of an SVG by its first element: its width and height, or else its view box.
fn of_svg(file: impl BufRead) -> Option<Size> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(file.take(LONGEST_PROLOGUE)));
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(root) | Event::Empty(root) => return of_root(&root),
            Event::Eof => return None,
            _ => buffer.clear(),
        }
    }
}

fn of_root(root: &BytesStart<'_>) -> Option<Size> {
    let text = |name: &str| {
        let attribute = root.try_get_attribute(name).ok()??;
        Some(attribute.unescape_value().ok()?.into_owned())
    };
    if root.local_name().as_ref() != b"svg" {
        return None;
    }
    let length = |name| pixels(Length::from_str(text(name)?.trim()).ok()?);
    let view = text("viewBox").and_then(|view| ViewBox::from_str(view.trim()).ok());
    match (length("width"), length("height"), view) {
        (Some(width), Some(height), _) => rounded(width, height),
        (Some(width), None, Some(view)) => rounded(width, width * view.h / view.w),
        (None, Some(height), Some(view)) => rounded(height * view.w / view.h, height),
        (None, None, Some(view)) => rounded(view.w, view.h),
        (_, _, None) => None,
    }
}

/// A length in CSS pixels; none where it depends on what stands around it.
fn pixels(length: Length) -> Option<f64> {
    const INCH: f64 = 96.0;
    let unit = match length.unit {
        LengthUnit::None | LengthUnit::Px => 1.0,
        LengthUnit::In => INCH,
        LengthUnit::Cm => INCH / 2.54,
        LengthUnit::Mm => INCH / 25.4,
        LengthUnit::Pt => INCH / 72.0,
        LengthUnit::Pc => INCH / 6.0,
        LengthUnit::Em | LengthUnit::Ex | LengthUnit::Percent => return None,
    };
    Some(length.number * unit)
}

/// The size in whole pixels, if an image can have it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both are within the bounds that are checked"
)]
fn rounded(width: f64, height: f64) -> Option<Size> {
    let bounds = 0.5..1e6;
    (bounds.contains(&width) && bounds.contains(&height)).then(|| Size {
        width: width.round() as u32,
        height: height.round() as u32,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn shown(size: Option<Size>) -> String {
        size.map_or("none".into(), |size| {
            format!("{} × {}", size.width, size.height)
        })
    }

    #[track_caller]
    fn check(svg: &str, expected: &str) {
        assert_eq!(shown(of_svg(svg.as_bytes())), expected, "{svg}");
    }

    #[test]
    fn an_svg_has_the_size_that_a_browser_gives_it() {
        check(r#"<svg width="30" height="40px"/>"#, "30 × 40");
        check(r#"<svg width="1in" height="36pt">"#, "96 × 48");
        check(
            r#"<svg width="25.4mm" height="2.54cm" viewBox="0 0 9 9"/>"#,
            "96 × 96",
        );
        check(r#"<svg viewBox=" -5 -5, 120 80 "/>"#, "120 × 80");
        check(r#"<svg width="60" viewBox="0 0 120 80"/>"#, "60 × 40");
        check(r#"<svg height="40" viewBox="0 0 120 80"/>"#, "60 × 40");
        check(
            r#"<svg width="100%" height="100%" viewBox="0 0 120 80"/>"#,
            "120 × 80",
        );
        check(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n<!-- <svg width='1' height='1'> -->\n<s:svg xmlns:s='x' width='3' height='4'/>",
            "3 × 4",
        );
    }

    #[test]
    fn an_svg_without_a_size_has_none() {
        for svg in [
            "",
            "<svg",
            "no image",
            "<svg/>",
            r#"<svg width="30"/>"#,
            r#"<svg width="100%" height="3em"/>"#,
            r#"<svg width="0" height="10"/>"#,
            r#"<svg width="-1" height="10"/>"#,
            r#"<svg width="1e300" height="10"/>"#,
            r#"<svg width="10" viewBox="0 0 0 0"/>"#,
            r#"<html width="10" height="10"/>"#,
        ] {
            check(svg, "none");
        }
    }

    #[test]
    fn pixels_are_read_from_the_header_and_cut_files_do_no_harm() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40\0\0\0\xc8\x08\x02\0\0\0".as_slice();
        let gif = b"GIF89a\x40\x01\xc8\0\0\0\0".as_slice();
        // SOI, APP1 with an orientation of 6 (turn clockwise), SOF0.
        let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut jpeg = b"\xff\xd8\xff\xe1\0\x22".to_vec();
        jpeg.extend(exif);
        jpeg.extend(b"\xff\xc0\0\x11\x08\0\xc8\x01\x40\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xda\0\x02\xff\xd9");
        for (bytes, expected) in [(png, "320 × 200"), (gif, "320 × 200"), (&jpeg, "200 × 320")] {
            assert_eq!(shown(of_pixels(Cursor::new(bytes))), expected);
            for end in 0..bytes.len() {
                of_pixels(Cursor::new(&bytes[..end]));
            }
        }
    }
}
