//! HTML forms: what they hold and what submitting them sends (HTML standard, "Form submission").

use reqwest::Method;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{address::resolve, page::Page, request::Request};

/// A form as it stands on a page.
#[derive(Debug, Clone)]
pub struct Form {
    action: Url,
    method: Method,
    fields: Vec<(String, String)>,
    buttons: Vec<Button>,
}

/// A button that submits a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// `name`, if there is one.
    pub name: Option<String>,
    /// `value`.
    pub value: String,
    /// The words on it.
    pub text: String,
}

impl Form {
    /// Where it is sent.
    pub fn action(&self) -> &Url {
        &self.action
    }

    /// Whether it is sent by POST.
    pub fn is_post(&self) -> bool {
        self.method == Method::POST
    }

    /// Its fields with their values, without the buttons.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// Its buttons.
    pub fn buttons(&self) -> &[Button] {
        &self.buttons
    }

    /// Whether it has a field or a button of this name.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name) || self.has_button(name)
    }

    /// Whether it has a button of this name.
    pub fn has_button(&self, name: &str) -> bool {
        self.buttons.iter().any(|button| button.name.as_deref() == Some(name))
    }

    /// Whether it has a button of this name that sends this value.
    pub fn offers(&self, name: &str, value: &str) -> bool {
        self.buttons.iter().any(|button| button.name.as_deref() == Some(name) && button.value == value)
    }

    /// The same form with a field filled in.
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// The request of submitting it without a button's value.
    pub fn submit(&self, page: &Page) -> Request {
        self.request(page, self.fields.clone())
    }

    /// The request of pressing the button with this name and value. The value need not be on the page: a program may name it.
    pub fn press(&self, page: &Page, name: &str, value: &str) -> Request {
        let mut fields = self.fields.clone();
        fields.push((name.to_owned(), value.to_owned()));
        self.request(page, fields)
    }

    fn request(&self, page: &Page, fields: Vec<(String, String)>) -> Request {
        let mut request = Request::typed(self.action.clone(), super::Accept::Html).from_site(page.site());
        request.method = self.method.clone();
        if self.is_post() {
            request.form = Some(fields);
            request.origin = Some(page.url().origin().ascii_serialization());
        } else {
            request.url.set_query(None);
            request.url.query_pairs_mut().extend_pairs(fields);
        }
        request
    }

    /// The forms of a document. A control belongs to the form around it, or to the one that its `form` attribute names.
    pub(super) fn all(document: &Html, base: &Url) -> Vec<Self> {
        let selector = |css: &str| Selector::parse(css).expect("a constant selector");
        let (forms, controls) = (selector("form"), selector("input, select, textarea, button"));
        document
            .select(&forms)
            .map(|form| {
                let action = form.attr("action").filter(|action| !action.is_empty());
                let action = action.and_then(|action| resolve(base, action).ok()).unwrap_or_else(|| base.clone());
                let is_post = form.attr("method").is_some_and(|method| method.trim().eq_ignore_ascii_case("post"));
                let mut read = Self { action, method: if is_post { Method::POST } else { Method::GET }, fields: vec![], buttons: vec![] };
                document.select(&controls).filter(|control| belongs(*control, form)).for_each(|control| read.add(control));
                read
            })
            .collect()
    }

    fn add(&mut self, control: ElementRef<'_>) {
        if control.attr("disabled").is_some() {
            return;
        }
        let name = control.attr("name").filter(|name| !name.is_empty()).map(str::to_owned);
        let value = control.attr("value").unwrap_or_default().to_owned();
        let kind = control.attr("type").unwrap_or_default().to_ascii_lowercase();
        match (control.value().name(), kind.as_str()) {
            ("button", "reset" | "button") | ("input", "reset" | "button" | "file") => {}
            ("button", _) => self.buttons.push(Button { name, value, text: text_of(control) }),
            ("input", "submit" | "image") => self.buttons.push(Button { name, text: value.clone(), value }),
            ("input", "checkbox" | "radio") => {
                if let (Some(name), true) = (name, control.attr("checked").is_some()) {
                    self.fields.push((name, control.attr("value").unwrap_or("on").to_owned()));
                }
            }
            ("select", _) => self.fields.extend(name.zip(selected(control))),
            ("textarea", _) => self.fields.extend(name.map(|name| (name, control.text().collect()))),
            _ => self.fields.extend(name.map(|name| (name, value))),
        }
    }
}

fn belongs(control: ElementRef<'_>, form: ElementRef<'_>) -> bool {
    match control.attr("form") {
        Some(id) => form.attr("id") == Some(id),
        None => control.ancestors().any(|ancestor| ancestor.id() == form.id()),
    }
}

fn selected(select: ElementRef<'_>) -> Option<String> {
    let options = Selector::parse("option").expect("a constant selector");
    let chosen = select.select(&options).find(|option| option.attr("selected").is_some()).or_else(|| select.select(&options).next())?;
    Some(chosen.attr("value").map_or_else(|| text_of(chosen), str::to_owned))
}

/// The text of an element, with runs of white space as one space.
pub(super) fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::browser::request::Site;

    fn page(body: &str) -> Page {
        Page::for_tests(Site::App, "http://localhost:5000/a/b", body)
    }

    #[test]
    fn a_form_sends_its_fields_and_the_button_that_was_pressed() {
        let page = page(
            r#"<form method=POST action="../go?x=1"><input type=hidden name=csrf value="a&amp;b"><input type=checkbox name=off>
               <input type=checkbox name=on checked><select name=s><option value=1>A<option value=2 selected>B</select>
               <textarea name=t>text</textarea><input name=gone disabled value=1><button name=consent value=accept>Yes</button>
               <button name=consent value=cancel>No</button></form>"#,
        );
        let form = &page.forms()[0];
        assert_eq!(form.buttons().iter().map(|button| button.text.as_str()).collect::<Vec<_>>(), ["Yes", "No"]);
        let request = form.press(&page, "consent", "cancel");
        assert_eq!(request.url.as_str(), "http://localhost:5000/go?x=1");
        let expected = [("csrf", "a&b"), ("on", "on"), ("s", "2"), ("t", "text"), ("consent", "cancel")];
        assert_eq!(request.form, Some(expected.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()));
    }

    #[test]
    fn a_form_without_a_method_is_a_get_that_replaces_the_query() {
        let page = page(r#"<form action="/find?old=1"><input name=q value=x></form>"#);
        let request = page.forms()[0].submit(&page);
        assert_eq!((request.method, request.url.as_str()), (Method::GET, "http://localhost:5000/find?q=x"));
    }

    #[test]
    fn a_control_outside_the_form_belongs_to_it_by_id() {
        let page = page(r#"<form id=f method=post></form><input form=f name=a value=1><input name=b value=2>"#);
        assert_eq!(page.forms()[0].fields(), [("a".to_owned(), "1".to_owned())]);
    }
}
