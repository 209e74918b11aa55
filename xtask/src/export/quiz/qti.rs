//! A content package of QTI 2.1: <https://www.imsglobal.org/question/qtiv2p1/imsqti_infov2p1.html>. It is a zip file with a manifest and a file
//! for each item.

use std::io::{Cursor, Write};

use anyhow::Result;
use knowledge_checks::{Item, KnowledgeCheck};
use maud::{Markup, PreEscaped, html};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::feedback;

const DECLARATION: PreEscaped<&str> = PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

/// One point for the whole answer; each choice that was picked shows its feedback.
const PROCESSING: PreEscaped<&str> = PreEscaped(
    "<responseProcessing><responseCondition>\
     <responseIf><match><variable identifier=\"RESPONSE\"/><correct identifier=\"RESPONSE\"/></match>\
     <setOutcomeValue identifier=\"SCORE\"><baseValue baseType=\"float\">1</baseValue></setOutcomeValue></responseIf>\
     <responseElse><setOutcomeValue identifier=\"SCORE\"><baseValue baseType=\"float\">0</baseValue></setOutcomeValue></responseElse>\
     </responseCondition><setOutcomeValue identifier=\"FEEDBACK\"><variable identifier=\"RESPONSE\"/></setOutcomeValue></responseProcessing>",
);

/// The package.
pub fn exported(checks: &[KnowledgeCheck]) -> Result<Vec<u8>> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in files(checks) {
        package.start_file(path, SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
        package.write_all(text.into_string().as_bytes())?;
    }
    Ok(package.finish()?.into_inner())
}

/// What is in the package: path and text.
fn files(checks: &[KnowledgeCheck]) -> Vec<(String, Markup)> {
    let items: Vec<&Item> = checks.iter().flat_map(|check| &check.items).collect();
    let mut files = vec![("imsmanifest.xml".to_owned(), manifest(&items))];
    files.extend(items.iter().map(|item| (path(item), question(item))));
    files
}

fn path(item: &Item) -> String {
    format!("items/{}.xml", item.id)
}

fn manifest(items: &[&Item]) -> Markup {
    html! {
        (DECLARATION)
        manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="knowledge-checks" {
            metadata { schema { "QTIv2.1 Package" } schemaversion { "1.0.0" } }
            organizations {}
            resources {
                @for item in items {
                    resource identifier=(item.id) type="imsqti_item_xmlv2p1" href=(path(item)) { file href=(path(item)) {} }
                }
            }
        }
    }
}

fn question(item: &Item) -> Markup {
    let cardinality = if item.takes_several() { "multiple" } else { "single" };
    let most_choices = if item.takes_several() { "0" } else { "1" };
    let choices: Vec<_> = item.printed().into_iter().zip((1..).map(|number| format!("choice-{number}"))).collect();
    html! {
        (DECLARATION)
        assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier=(item.id) title=(item.id) adaptive="false" timeDependent="false" {
            responseDeclaration identifier="RESPONSE" cardinality=(cardinality) baseType="identifier" {
                correctResponse { @for (choice, id) in &choices { @if choice.correct { value { (id) } } } }
            }
            outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" {}
            outcomeDeclaration identifier="FEEDBACK" cardinality=(cardinality) baseType="identifier" {}
            itemBody {
                (item.stem_html())
                choiceInteraction responseIdentifier="RESPONSE" shuffle=(!item.has_numbers()) maxChoices=(most_choices) {
                    @for (choice, id) in &choices {
                        simpleChoice identifier=(id) {
                            (choice.text) " "
                            feedbackInline outcomeIdentifier="FEEDBACK" identifier=(id) showHide="show" { (feedback(choice)) }
                        }
                    }
                }
            }
            (PROCESSING)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::samples, *};

    #[test]
    fn the_package_has_a_manifest_and_a_file_for_each_item() {
        let shown = |(path, text): (String, Markup)| format!("=== {path}\n{}\n", text.into_string().replace("><", ">\n<"));
        insta::assert_snapshot!(files(&samples()).into_iter().map(shown).collect::<String>());
    }
}
