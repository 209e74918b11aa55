//! Moodle's XML: <https://docs.moodle.org/en/Moodle_XML_format>.

use std::io;

use anyhow::Result;
use knowledge_checks::{Choice, Item, KnowledgeCheck};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{category, feedback, percent};

type Xml = Writer<Vec<u8>>;

/// All questions, unit by unit.
pub fn exported(checks: &[KnowledgeCheck]) -> Result<String> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("quiz").write_inner_content(|xml| checks.iter().try_for_each(|check| unit(xml, check)))?;
    Ok(String::from_utf8(xml.into_inner())? + "\n")
}

fn unit(xml: &mut Xml, check: &KnowledgeCheck) -> io::Result<()> {
    let path = format!("$course$/top/{}", category(check));
    xml.create_element("question").with_attribute(("type", "category")).write_inner_content(|xml| text_in(xml, "category", None, &path))?;
    check.items.iter().try_for_each(|item| question(xml, item))
}

fn question(xml: &mut Xml, item: &Item) -> io::Result<()> {
    let settings = [
        ("defaultgrade", "1"),
        ("single", if item.takes_several() { "false" } else { "true" }),
        ("shuffleanswers", if item.has_numbers() { "false" } else { "true" }),
        ("answernumbering", "none"),
    ];
    xml.create_element("question").with_attribute(("type", "multichoice")).write_inner_content(|xml| {
        text_in(xml, "name", None, &item.id)?;
        text_in(xml, "questiontext", Some("html"), &item.stem_html().into_string())?;
        settings.iter().try_for_each(|(name, value)| text(xml, name, value))?;
        item.printed().into_iter().try_for_each(|choice| answer(xml, item, choice))?;
        xml.create_element("tags").write_inner_content(|xml| text_in(xml, "tag", None, &item.objective))?;
        Ok(())
    })?;
    Ok(())
}

fn answer(xml: &mut Xml, item: &Item, choice: &Choice) -> io::Result<()> {
    let fraction = percent(item, choice);
    let attributes = [("fraction", fraction.as_str()), ("format", "plain_text")];
    xml.create_element("answer").with_attributes(attributes).write_inner_content(|xml| {
        text(xml, "text", &choice.text)?;
        text_in(xml, "feedback", Some("plain_text"), &feedback(choice))
    })?;
    Ok(())
}

/// `<name format="..."><text>content</text></name>`
fn text_in(xml: &mut Xml, name: &str, format: Option<&str>, content: &str) -> io::Result<()> {
    let format = format.map(|format| ("format", format));
    xml.create_element(name).with_attributes(format).write_inner_content(|xml| text(xml, "text", content))?;
    Ok(())
}

fn text(xml: &mut Xml, name: &str, content: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(content))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{super::tests::samples, *};

    #[test]
    fn a_question_has_its_answers_with_what_each_is_worth() {
        insta::assert_snapshot!(exported(&samples()).unwrap());
    }
}
