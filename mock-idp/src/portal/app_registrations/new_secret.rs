//! GET|POST /portal/apps/{appId}/credentials/new-secret: "Add a client secret".

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::html;
use time::{Date, Duration, OffsetDateTime, macros::format_description};

use super::{Part, SECTION, find, mistakes_of};
use crate::{
    directory::{
        application::Application,
        directory_role::Action,
        validation::{Problem, credentials::lifetime_in_portal},
    },
    portal::{
        PortalState,
        form::Fields,
        inputs::{Field, csrf_field},
        mistakes::Mistakes,
        page::Page,
        values::day,
        visit::{Instead, Visit, encoded},
    },
};

/// The choices of "Expires": days, and the words for them.
const EXPIRES: [(&str, &str); 6] = [
    ("180", "Recommended: 180 days (6 months)"),
    ("90", "90 days (3 months)"),
    ("365", "365 days (12 months)"),
    ("545", "545 days (18 months)"),
    ("730", "730 days (24 months)"),
    (CUSTOM, "Custom"),
];

const CUSTOM: &str = "custom";

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/apps/{app_id}/credentials/new-secret", get(show).post(add))
}

async fn show(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    Ok(visit.show(render(&visit, &app, &Fields::default(), &Mistakes::none())))
}

async fn add(visit: Visit, Path(app_id): Path<String>, fields: Fields) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    visit.require(Action::ManageApplication, Some(&app.id), SECTION)?;
    let (start, end) = match life(&fields, visit.now) {
        Ok(life) => life,
        Err(mistakes) => return Ok(visit.show_again(render(&visit, &app, &fields, &mistakes))),
    };
    let description = Some(fields.text("description").trim().to_owned()).filter(|text| !text.is_empty());
    let (id, now, entropy) = (app.id.clone(), visit.now, visit.entropy().clone());
    let made = visit.edit(move |directory| directory.add_password(&id, description, Some(start), Some(end), now, &entropy)).await;
    match made {
        Ok(made) => {
            let token = visit.keep_for_one_page(format!("{} {}", made.credential.key_id, made.secret_text));
            let path = format!("{}?{}", Part::Credentials.path(&app), encoded(&[("created", &token)]));
            Ok(visit.done(&path, "Created the client secret."))
        }
        Err(refusal) => {
            let fields_of =
                [("passwordCredential.endDateTime", "end", "End"), ("passwordCredentials.displayName", "description", "Description")];
            let mistakes = mistakes_of(&visit, &refusal, &fields_of)?;
            Ok(visit.show_again(render(&visit, &app, &fields, &mistakes)))
        }
    }
}

/// When the secret begins and ends to work.
fn life(fields: &Fields, now: OffsetDateTime) -> Result<(OffsetDateTime, OffsetDateTime), Mistakes> {
    let chosen = EXPIRES.iter().find(|(value, _)| *value == fields.text("expires"));
    let (value, _) = chosen.ok_or_else(|| Mistakes::one("expires", "Choose when the secret expires."))?;
    if let Ok(days) = value.parse::<i64>() {
        return Ok((now, now + Duration::days(days)));
    }
    let mut mistakes = Mistakes::none();
    let mut read = |name: &str, label: &str| {
        let read = Date::parse(fields.text(name).trim(), format_description!("[year]-[month]-[day]")).ok();
        if read.is_none() {
            mistakes.about(name, label, "Give a day as year-month-day, for example 2027-01-31.");
        }
        read
    };
    let (Some(start), Some(end)) = (read("start", "Start"), read("end", "End")) else { return Err(mistakes) };
    // A secret that begins today begins now, and one that ends on a day works until that day begins.
    let start = if start == now.date() { now } else { start.midnight().assume_utc() };
    let end = end.midnight().assume_utc();
    match lifetime_in_portal(start, end, now) {
        Ok(()) => Ok((start, end)),
        Err(problem) => {
            let sentence = match problem {
                Problem::LifetimeTooLong => "A client secret lives for at most 24 months. Microsoft advises less than 12.".to_owned(),
                problem => problem.to_string(),
            };
            mistakes.about("end", "End", sentence);
            Err(mistakes)
        }
    }
}

fn render(visit: &Visit, app: &Application, fields: &Fields, mistakes: &Mistakes) -> Page {
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let path = Part::Credentials.path(app);
    let today = day(visit.now);
    let start = if fields.has("start") { fields.text("start") } else { &today };
    let page = Page::part(SECTION, &app.display_name, "Add a client secret").under(&app.display_name, Part::Overview.path(app));
    page.under(Part::Credentials.name(), path.clone()).body(html! {
        (mistakes.summary())
        (right.note())
        form class="card pad stack" method="post" action={ (path) "/new-secret" } {
            (csrf_field(&visit.session.csrf))
            (Field::optional("description", "Description")
                .hint(html! { "Where it will be used, so that you know later which one to renew. For example: dev laptop." })
                .text(fields.text("description"), mistakes))
            (Field::required("expires", "Expires").choice(&EXPIRES, fields.text("expires"), mistakes))
            fieldset class="group" {
                legend { "Only for Custom" }
                div class="pairs" {
                    (Field::optional("start", "Start").date(start, mistakes))
                    (Field::optional("end", "End").date(fields.text("end"), mistakes))
                }
            }
            div class="submit" { (right.submit("fill", "Add")) a class="btn line" href=(path) { "Cancel" } }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-25 14:02 UTC);

    fn ends(body: &str) -> Result<OffsetDateTime, String> {
        let life = life(&Fields::parse(body.as_bytes()), NOW);
        life.map(|(_, end)| end)
            .map_err(|mistakes| ["expires", "start", "end"].iter().find_map(|field| mistakes.of(field)).unwrap_or("?").to_owned())
    }

    #[test]
    fn a_secret_lives_as_long_as_was_chosen() {
        assert_eq!(ends("expires=180"), Ok(datetime!(2027-05-24 14:02 UTC)));
        assert_eq!(ends("expires=custom&start=2026-11-25&end=2027-01-31"), Ok(datetime!(2027-01-31 00:00 UTC)));
    }

    #[test]
    fn a_life_of_more_than_two_years_or_none_at_all_is_refused() {
        assert!(ends("expires=custom&start=2026-11-25&end=2028-12-25").is_err_and(|it| it.contains("24 months")));
        assert!(ends("expires=custom&start=2026-11-25&end=2026-11-25").is_err());
        assert!(ends("expires=custom&start=2024-01-01&end=2024-06-01").is_err());
        for unread in ["expires=custom&start=2026-11-25&end=soon", "expires=custom", "expires=9999", ""] {
            assert!(ends(unread).is_err(), "{unread}");
        }
    }
}
