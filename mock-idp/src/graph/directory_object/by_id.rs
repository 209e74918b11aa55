//! GET /directoryObjects/{id}; POST /directoryObjects/getByIds
//!
//! Objects of which only the id is known (Microsoft Graph v1.0: "Get directoryObject", "directoryObject: getByIds").

use std::collections::BTreeSet;

use axum::{
    Router,
    extract::{Path, RawQuery},
    response::Response,
    routing::{get, post},
};
use serde_json::{Map, Value};

use super::{DirectoryObject, DirectoryObjects};
use crate::{
    directory::directory_role::Action,
    graph::{
        GraphState,
        body::{self, Body},
        call::{Answer, Call, Reply},
        entity_types::DIRECTORY_OBJECT,
        error::GraphError,
        odata::list::View,
        permissions::Operation,
        query::Understood,
        unanswered,
    },
    random::is_guid,
};

/// "directoryObject: getByIds": "You can specify up to 1000 IDs".
const MOST_IDS: usize = 1000;

/// Types of directory objects that Graph has and the mock holds none of. "directoryObject resource type", section "Derived types".
const WITHOUT_OBJECTS: [&str; 5] = ["administrativeUnit", "contract", "device", "orgContact", "organization"];

/// The routes of objects by their ids; `at` gives a path its version.
pub(in crate::graph) fn routes(at: impl Fn(&str) -> String) -> Router<GraphState> {
    Router::new()
        .route(&at("/directoryObjects/getByIds"), post(by_ids).fallback(unanswered))
        .route(&at("/directoryObjects/{object}"), get(one).fallback(unanswered))
}

async fn one(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadDirectoryObjects, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let object = DirectoryObject::find(&caller.directory, &id).ok_or(GraphError::ResourceNotFound(id))?;
        let selection = DIRECTORY_OBJECT.selection(&call.options(query.as_deref(), Understood::One)?)?;
        let context = format!("directoryObjects{}/$entity", selection.context());
        Ok(Answer::one(context, call.directory_objects().show(&object, &selection)))
    });
    call.reply(answer)
}

async fn by_ids(call: Call, RawQuery(query): RawQuery, body: Body) -> Response {
    let answer = call.permitted(Operation::ReadDirectoryObjects, |_| {
        call.allowed(Action::ReadDirectory, None)?;
        let wanted = Wanted::read(&body::object(body)?)?;
        let selection = DIRECTORY_OBJECT.selection(&call.options(query.as_deref(), Understood::One)?)?;
        let objects = call.directory_objects();
        let found = wanted.found(&objects).iter().map(|object| objects.show(object, &selection)).collect();
        let context = format!("directoryObjects{}", selection.context());
        Ok(Answer { context, count: None, next: None, reply: Reply::List(found) })
    });
    call.reply(answer)
}

/// What the body of `getByIds` says.
struct Wanted {
    ids: Vec<String>,
    /// Short names of types in lower case; `None` for all types.
    types: Option<Vec<String>>,
}

impl Wanted {
    fn read(members: &Map<String, Value>) -> Result<Self, GraphError> {
        body::only(members, &["ids", "types"])?;
        let ids = body::texts(members, "ids")?.ok_or_else(|| body::invalid("ids", "is missing"))?;
        if ids.len() > MOST_IDS {
            return Err(body::invalid("ids", &format!("must hold at most {MOST_IDS} ids")));
        }
        if !ids.iter().all(|id| is_guid(id)) {
            return Err(body::invalid("ids", "must be a list of GUIDs"));
        }
        let mut types = body::texts(members, "types")?.filter(|types| !types.is_empty());
        for name in types.iter_mut().flatten() {
            *name = known_type(name).ok_or_else(|| body::invalid("types", &format!("must not hold '{name}'")))?;
        }
        let is_any = |types: &Vec<String>| types.contains(&short_name(DIRECTORY_OBJECT.name));
        Ok(Self { ids, types: types.filter(|types| !is_any(types)) })
    }

    /// The objects in the order of the ids, each once; an id that nothing has is passed over.
    fn found<'c>(&self, objects: &DirectoryObjects<'c>) -> Vec<DirectoryObject<'c>> {
        let is_wanted =
            |object: &DirectoryObject<'_>| self.types.as_ref().is_none_or(|types| types.contains(&short_name(object.entity_type().name)));
        let mut seen = BTreeSet::new();
        objects.found(&self.ids).into_iter().filter(is_wanted).filter(|object| seen.insert(object.id().to_owned())).collect()
    }
}

/// The short name of a type of directory objects, however it is written: `user`, `User` and `microsoft.graph.user` are one.
fn known_type(name: &str) -> Option<String> {
    let name = short_name(name);
    let of_the_mock = DIRECTORY_OBJECT.derived.iter().copied().chain([&DIRECTORY_OBJECT]).map(|of| short_name(of.name));
    let known = of_the_mock.chain(WITHOUT_OBJECTS.map(str::to_lowercase)).any(|known| known == name);
    known.then_some(name)
}

fn short_name(name: &str) -> String {
    name.to_lowercase().trim_start_matches("microsoft.graph.").to_owned()
}
