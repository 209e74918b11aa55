//! Tables of the book's pages that commands write.

/// A table whose first column names the row. In HTML, because Markdown has no headers of rows. No empty line, which would end it.
pub fn table(caption: &str, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let head: String = columns.iter().map(|column| format!("<th scope=\"col\">{column}</th>")).collect();
    let body: String = rows.into_iter().map(|row| format!("<tr>{}</tr>\n", cells(&row))).collect();
    format!("<table>\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n")
}

/// The cells of one row; the first names it.
pub fn cells(row: &[String]) -> String {
    let cell = |(index, text): (usize, &String)| match index {
        0 => format!("<th scope=\"row\">{text}</th>"),
        _ => format!("<td>{text}</td>"),
    };
    row.iter().enumerate().map(cell).collect()
}

/// Text as code.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// Text for a cell; what stands between backticks is code.
pub fn html(text: impl AsRef<str>) -> String {
    let parts: Vec<&str> = text.as_ref().split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped(text.as_ref());
    }
    parts.iter().enumerate().map(|(index, part)| if index.is_multiple_of(2) { escaped(part) } else { code(part) }).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
