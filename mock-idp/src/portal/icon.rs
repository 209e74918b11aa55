//! The little pictures beside words. They never stand alone, so they are hidden from screen readers.

use maud::{Markup, Render, html};

/// A picture of 16 by 16 units, drawn with strokes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    House,
    Tiles,
    Building,
    Person,
    People,
    Lens,
    Moon,
    Lock,
    Link,
    Bin,
    Copy,
    Tick,
    Exclamation,
    Plus,
    Restore,
    Shield,
    Book,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::House => "M2.5 7.5L8 3l5.5 4.5V13h-11z",
            Self::Tiles => "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
            Self::Building => "M2.5 13.5v-9l5.5-2 5.5 2v9M6 13.5v-4h4v4",
            Self::Person => "M8 2.5a2.7 2.7 0 110 5.4 2.7 2.7 0 010-5.4zM2.8 13.5c.6-3 2.6-4.3 5.2-4.3s4.6 1.3 5.2 4.3",
            Self::People => {
                "M6 3.2a2.3 2.3 0 110 4.6 2.3 2.3 0 010-4.6zM1.8 13c.4-2.6 2-3.8 4.2-3.8s3.8 1.2 4.2 3.8M10.5 3.6a2.2 2.2 0 010 4M12 9.6c1.3.5 2 1.6 \
                 2.3 3.4"
            }
            Self::Lens => "M7 2.8a4.2 4.2 0 110 8.4 4.2 4.2 0 010-8.4zM10.2 10.2l3.3 3.3",
            Self::Moon => "M13 9.6A5.6 5.6 0 016.4 3 5.6 5.6 0 1013 9.6z",
            Self::Lock => "M4 7.5h8v6H4zM5.8 7.5V5.4a2.2 2.2 0 014.4 0v2.1",
            Self::Link => "M6.5 9.5l3-3M5 7.5L3.3 9.2a2.4 2.4 0 003.5 3.5L8.5 11M11 8.5l1.7-1.7a2.4 2.4 0 00-3.5-3.5L7.5 5",
            Self::Bin => "M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.6 9h5.8l.6-9",
            Self::Copy => "M5.5 5.5h7v7h-7zM3.5 10.5v-7h7",
            Self::Tick => "M3 8.5l3.2 3.2L13 5",
            Self::Exclamation => "M8 3v6M8 12.2v.3",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Restore => "M3.5 8a4.7 4.7 0 111.6 3.5M3.2 4.2V8H7",
            Self::Shield => "M8 2l5 1.8v3.9c0 3-2 5-5 6.3-3-1.3-5-3.3-5-6.3V3.8z",
            Self::Book => "M3 3h4a1.5 1.5 0 011.5 1.5V13A1.5 1.5 0 007 11.8H3zM13 3H10a1.5 1.5 0 00-1.5 1.5M13 3v8.8h-3A1.5 1.5 0 008.5 13",
        }
    }
}

impl Render for Icon {
    fn render(&self) -> Markup {
        html! { svg class="ico" viewBox="0 0 16 16" aria-hidden="true" { path d=(self.path()) {} } }
    }
}
