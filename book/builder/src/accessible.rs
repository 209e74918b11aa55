//! Small repairs of mdBook's page template, for people who do not use a mouse or do not see the page.
//!
//! The template as a whole is mdBook's; only these places are changed after the build. The rest is in
//! `theme/course.css` and `theme/keyboard.js`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::site::Site;

/// What the template says, and what it should say.
const REPAIRS: [(&str, &str); 2] = [
    // The bar at the top is a landmark, so that a screen reader can jump over it.
    (r#"class="menu-bar sticky">"#, r#"class="menu-bar sticky" role="banner">"#),
    // Without scripts the table of contents is a frame, and a frame needs a name.
    (r#"<iframe class="sidebar-iframe-outer""#, r#"<iframe title="Table of contents" class="sidebar-iframe-outer""#),
];

/// Elements of the wrong kind: start tag, end tag, and what they should be.
const ELEMENTS: [[&str; 4]; 2] = [
    // The book's title repeats on every page; the page's own title is its one `h1`.
    [r#"<h1 class="menu-title""#, "</h1>", r#"<p class="menu-title""#, "</p>"],
    // The switch of the table of contents is a label, which no keyboard can press. `keyboard.js` lets the button work.
    // Without scripts mdBook hides all buttons of the bar, and `header.hbs` offers a link instead.
    [
        r#"<label id="mdbook-sidebar-toggle" class="icon-button" for="mdbook-sidebar-toggle-anchor""#,
        "</label>",
        r#"<button type="button" id="mdbook-sidebar-toggle" class="icon-button""#,
        "</button>",
    ],
];

/// The icon before the title of a note says nothing that the title does not say. A page may have any number of notes.
const ICON: [&str; 2] = [r#"<p class="blockquote-tag-title"><svg "#, r#"<p class="blockquote-tag-title"><svg aria-hidden="true" "#];

/// Repairs every page of the book that was built in this folder.
///
/// # Errors
/// When mdBook's template has changed, so that there is nothing to repair: then somebody has to look at it.
pub fn repair(place: &Path, site: &Site) -> Result<()> {
    for (path, page) in site.pages().filter(|(_, page)| page.contains("mdbook-menu-bar")) {
        let repaired = repaired(page).with_context(|| format!("{path} cannot be repaired"))?;
        let file = place.join(path);
        fs::write(&file, repaired).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

fn repaired(page: &str) -> Result<String> {
    let [icon, hidden_icon] = ICON;
    let mut repaired = page.replace(icon, hidden_icon);
    for (template, better) in REPAIRS {
        let (before, after) = split_at_the_only(template, &repaired)?;
        repaired = format!("{before}{better}{after}");
    }
    for [start, end, better_start, better_end] in ELEMENTS {
        let (before, after) = split_at_the_only(start, &repaired)?;
        repaired = format!("{before}{better_start}{}", after.replacen(end, better_end, 1));
    }
    Ok(repaired)
}

fn split_at_the_only<'a>(template: &str, page: &'a str) -> Result<(&'a str, &'a str)> {
    let parts = page.split_once(template).filter(|(_, after)| !after.contains(template));
    parts.with_context(|| format!("mdBook's template has changed: it should contain `{template}` once"))
}

#[cfg(test)]
mod tests {
    use super::repaired;

    const PAGE: &str = r#"<iframe class="sidebar-iframe-outer" src="toc.html"></iframe>
<div class="menu-bar sticky">
<label id="mdbook-sidebar-toggle" class="icon-button" for="mdbook-sidebar-toggle-anchor" title="x">=</label>
<h1 class="menu-title">Book</h1></div><label>y</label><main><h1>Page</h1></main>"#;

    #[test]
    fn a_page_keeps_one_title_and_gets_names_for_its_parts() {
        let better = r#"<iframe title="Table of contents" class="sidebar-iframe-outer" src="toc.html"></iframe>
<div class="menu-bar sticky" role="banner">
<button type="button" id="mdbook-sidebar-toggle" class="icon-button" title="x">=</button>
<p class="menu-title">Book</p></div><label>y</label><main><h1>Page</h1></main>"#;
        assert_eq!(repaired(PAGE).unwrap(), better);
    }

    #[test]
    fn the_icons_of_notes_are_not_read_aloud() {
        let note = r#"<blockquote><p class="blockquote-tag-title"><svg viewbox="0"></svg>Note</p></blockquote>"#;
        let page = repaired(&PAGE.replace("</main>", &format!("{note}{note}</main>"))).unwrap();
        assert_eq!(page.matches(r#"<svg aria-hidden="true" viewbox="0">"#).count(), 2, "{page}");
    }

    #[test]
    fn a_changed_template_is_reported() {
        let said = repaired(&PAGE.replace("sticky", "fixed")).unwrap_err().to_string();
        assert!(said.contains("menu-bar sticky"), "{said}");
    }
}
