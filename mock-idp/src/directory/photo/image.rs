//! What the first bytes of an image tell: its format and its size.

/// A format that a photo may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// ISO/IEC 10918-1.
    Jpeg,
    /// W3C "Portable Network Graphics (PNG) Specification".
    Png,
}

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Dimensions {
    pub width: u32,
    pub height: u32,
}

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

impl ImageFormat {
    /// The format of an image, by the bytes with which every file of that format begins.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(PNG_SIGNATURE) {
            Some(Self::Png)
        } else {
            None
        }
    }

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// The size that the file states; none if it ends before.
    pub fn dimensions(self, bytes: &[u8]) -> Option<Dimensions> {
        match self {
            Self::Jpeg => of_jpeg(bytes),
            Self::Png => of_png(bytes),
        }
    }
}

/// The first chunk, `IHDR`, holds width and height (PNG §11.2.2).
fn of_png(bytes: &[u8]) -> Option<Dimensions> {
    let header = bytes.get(PNG_SIGNATURE.len()..)?;
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    (header.get(4..8)? == b"IHDR").then_some(())?;
    Some(Dimensions { width: number(8)?, height: number(12)? })
}

/// Height and width stand in the frame header, `SOF`, after any number of other segments (ISO/IEC 10918-1 §B.2.2).
fn of_jpeg(bytes: &[u8]) -> Option<Dimensions> {
    let number = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let mut at = 2;
    loop {
        let [0xff, marker] = *bytes.get(at..at + 2)? else { return None };
        match marker {
            // A marker may be preceded by any number of fill bytes.
            0xff => at += 1,
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => at += 2,
            // `DHT`, `JPG` and `DAC` lie among the frame headers and are none.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some(Dimensions { height: number(at + 5)?.into(), width: number(at + 7)?.into() });
            }
            _ => at += 2 + usize::from(number(at + 2)?),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The beginning of a PNG file of this size.
    pub fn png(width: u32, height: u32) -> Vec<u8> {
        [PNG_SIGNATURE, &[0, 0, 0, 13], b"IHDR", &width.to_be_bytes(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat()
    }

    /// The beginning of a JPEG file of this size, with a comment before the frame header.
    pub fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let comment = [0xff, 0xfe, 0, 4, b'h', b'i'];
        let frame = [&[0xff, 0xc0, 0, 17, 8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[3]].concat();
        [&[0xff, 0xd8][..], &comment, &frame].concat()
    }

    #[test]
    fn format_and_size_are_read_from_the_file() {
        let size = |bytes: &[u8]| ImageFormat::of(bytes).and_then(|format| Some((format, format.dimensions(bytes)?)));
        assert_eq!(size(&png(640, 480)), Some((ImageFormat::Png, Dimensions { width: 640, height: 480 })));
        assert_eq!(size(&jpeg(48, 64)), Some((ImageFormat::Jpeg, Dimensions { width: 48, height: 64 })));
        assert_eq!(size(b"GIF89a"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_strange_to_be_judged(bytes: Vec<u8>) {
            for start in [&[0xff, 0xd8, 0xff][..], PNG_SIGNATURE] {
                let image = [start, &bytes].concat();
                let format = ImageFormat::of(&image).expect("by its first bytes");
                let _ = format.dimensions(&image);
            }
        }
    }
}
