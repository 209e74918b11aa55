//! Tenants and faults of a mock that runs: asked and changed through its `/mock` API.

use std::path::Path;

use anyhow::Context;
use mock_idp::{
    Directory,
    directory::seed::StartState,
    faults::Injection,
    server::data_dir::{DataDir, DataDirError, RunningProcess},
    snapshots::SnapshotName,
};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use super::UsageError;

/// A mock that answered.
#[derive(Debug)]
pub struct Running {
    origin: String,
    client: Client,
}

impl Running {
    /// The mock that uses this data directory; `None` if nobody does.
    pub async fn in_data_dir(data_dir: &Path) -> anyhow::Result<Option<Self>> {
        match DataDir::open(data_dir) {
            Ok(_) => Ok(None),
            Err(DataDirError::InUse { by: Some(process), .. }) => Self::reach(process).await.map(Some),
            Err(error) => Err(error.into()),
        }
    }

    /// Looks whether the mock that uses the data directory answers.
    pub async fn reach(process: RunningProcess) -> anyhow::Result<Self> {
        // A proxy of the network knows nothing of this machine's ports.
        let client = Client::builder().no_proxy().build().context("cannot make an HTTP client")?;
        let running = Self { origin: process.http, client };
        let unreachable = || format!("process {} uses the data directory, but {} does not answer", process.pid, running.origin);
        running.call(Method::GET, "/mock/health", None).await.with_context(unreachable)?;
        Ok(running)
    }

    pub async fn all(&self) -> anyhow::Result<Vec<Directory>> {
        let health: Value = self.call(Method::GET, "/mock/health", None).await?.json().await?;
        let ids = health["tenants"].as_array().into_iter().flatten().filter_map(|tenant| tenant["id"].as_str());
        let mut all = Vec::new();
        for id in ids {
            let path = format!("/mock/directory?tenant={id}&privateKeys=true");
            let json = self.call(Method::GET, &path, None).await?.text().await?;
            all.push(Directory::from_json(&json).with_context(|| format!("{} sent what is not a directory file", self.origin))?);
        }
        Ok(all)
    }

    pub async fn replace(&self, directory: &Directory) -> anyhow::Result<()> {
        self.call(Method::PUT, "/mock/directory", Some(directory.to_json_with_private_keys())).await.map(drop)
    }

    pub async fn go_to_unit(&self, unit: StartState) -> anyhow::Result<()> {
        self.call(Method::POST, "/mock/reset", Some(json!({ "unit": unit.number() }).to_string())).await.map(drop)
    }

    pub async fn go_to_snapshot(&self, name: &SnapshotName) -> anyhow::Result<()> {
        self.call(Method::POST, "/mock/reset", Some(json!({ "snapshot": name }).to_string())).await.map(drop)
    }

    pub async fn save(&self, name: &SnapshotName) -> anyhow::Result<()> {
        self.call(Method::POST, "/mock/snapshots", Some(json!({ "name": name }).to_string())).await.map(drop)
    }

    pub async fn delete(&self, name: &SnapshotName) -> anyhow::Result<()> {
        self.call(Method::DELETE, &format!("/mock/snapshots/{name}"), None).await.map(drop)
    }

    pub async fn inject(&self, injection: &Injection) -> anyhow::Result<()> {
        self.call(Method::POST, "/mock/faults", Some(serde_json::to_string(injection)?)).await.map(drop)
    }

    pub async fn faults(&self) -> anyhow::Result<Vec<Value>> {
        let answer: Value = self.call(Method::GET, "/mock/faults", None).await?.json().await?;
        Ok(answer["faults"].as_array().cloned().unwrap_or_default())
    }

    pub async fn clear_faults(&self) -> anyhow::Result<()> {
        self.call(Method::DELETE, "/mock/faults", None).await.map(drop)
    }

    /// One request to the `/mock` API. What it refuses is told in its own words.
    async fn call(&self, method: Method, path: &str, body: Option<String>) -> anyhow::Result<Response> {
        let request = self.client.request(method, format!("{}{path}", self.origin)).header("Mock-Control", "1");
        let response = request.body(body.unwrap_or_default()).send().await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let refusal: Value = response.json().await.unwrap_or_default();
        let message = refusal["error"]["message"].as_str().map_or_else(|| format!("it answered {status}"), str::to_owned);
        let message = format!("the mock at {} refused: {message}", self.origin);
        Err(if status.is_client_error() { UsageError(message).into() } else { anyhow::anyhow!(message) })
    }
}
