//! Small repairs of mdBook's page template, for people who do not use a mouse or do not see the page.
//!
//! The template as a whole is mdBook's; only these three places are changed after the build. The rest is in
//! `theme/course.css` and `theme/keyboard.js`.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::book_folder::BookFolder;
use crate::site::Site;

/// What the template says, and what it should say.
const REPAIRS: [(&str, &str); 3] = [
    // The bar at the top is a landmark, so that a screen reader can jump over it.
    (r#"class="menu-bar sticky">"#, r#"class="menu-bar sticky" role="banner">"#),
    // Without scripts the table of contents is a frame, and a frame needs a name.
    (r#"<iframe class="sidebar-iframe-outer""#, r#"<iframe title="Table of contents" class="sidebar-iframe-outer""#),
    // The book's title repeats on every page; the page's own title is its one `h1`. The end tag follows below.
    (r#"<h1 class="menu-title">"#, r#"<p class="menu-title">"#),
];

/// Repairs every page of the built book, in its folder.
///
/// # Errors
/// When mdBook's template has changed, so that there is nothing to repair: then somebody has to look at it.
pub fn repair(folder: &BookFolder, site: &Site) -> Result<()> {
    for (path, page) in site.pages().filter(|(_, page)| page.contains("mdbook-menu-bar")) {
        let repaired = repaired(page).with_context(|| format!("{path} cannot be repaired"))?;
        let file = folder.html().join(path);
        fs::write(&file, repaired).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

fn repaired(page: &str) -> Result<String> {
    let mut repaired = page.to_owned();
    for (template, better) in REPAIRS {
        ensure!(repaired.matches(template).count() == 1, "mdBook's template has changed: it should contain `{template}` once");
        repaired = repaired.replace(template, better);
    }
    let (before, title) = repaired.split_once(REPAIRS[2].1).context("the title was just replaced")?;
    let title = title.replacen("</h1>", "</p>", 1);
    Ok(format!("{before}{}{title}", REPAIRS[2].1))
}

#[cfg(test)]
mod tests {
    use super::repaired;

    const PAGE: &str = "<noscript><iframe class=\"sidebar-iframe-outer\" src=\"toc.html\"></iframe></noscript>\
                        <div class=\"menu-bar sticky\"><h1 class=\"menu-title\">Book</h1></div><main><h1>Page</h1></main>";

    #[test]
    fn a_page_keeps_one_title_and_gets_names_for_its_parts() {
        assert_eq!(
            repaired(PAGE).unwrap(),
            "<noscript><iframe title=\"Table of contents\" class=\"sidebar-iframe-outer\" src=\"toc.html\"></iframe></noscript>\
             <div class=\"menu-bar sticky\" role=\"banner\"><p class=\"menu-title\">Book</p></div><main><h1>Page</h1></main>"
        );
    }

    #[test]
    fn a_changed_template_is_reported() {
        let said = repaired(&PAGE.replace("sticky", "fixed")).unwrap_err().to_string();
        assert!(said.contains("menu-bar sticky"), "{said}");
    }
}
