use mock_idp::MockIdp;
use reqwest::{Client, Method, header};
use serde_json::json;

use crate::{
    graph_client::{Reply, app_only, delegated, get, send, signed_in},
    visitor::{ADA, OLGA, mock_with_app},
};

/// A PNG of one pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

async fn put(idp: &MockIdp, path: &str, token: &str, content_type: &str, image: Vec<u8>) -> Reply {
    let request = Client::new().put(format!("{}/graph{path}", idp.origin())).bearer_auth(token);
    Reply::of(request.header(header::CONTENT_TYPE, content_type).body(image).send().await.expect("an answer")).await
}

#[tokio::test]
async fn a_photo_that_was_put_is_answered_byte_for_byte() {
    let (idp, _, token) = signed_in(ADA, &["User.Read", "User.ReadWrite"]).await;
    let none = get(&idp, "/v1.0/me/photo/$value", &token).await;
    assert_eq!((none.refusal().0, none.refusal().1), (404, "ImageNotFound"));
    let reply = put(&idp, "/v1.0/me/photo/$value", &token, "image/jpeg", PIXEL.to_vec()).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (200, &json!("")));
    for path in ["/v1.0/me/photo/$value", "/beta/me/photo/$value", "/v1.0/me/photos/240x240/$value"] {
        let url = format!("{}/graph{path}", idp.origin());
        let response = Client::new().get(url).bearer_auth(&token).send().await.expect("an answer");
        assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &"image/png".parse().expect("a header")));
        assert!(response.headers().contains_key("etag"), "{path}");
        assert_eq!(response.bytes().await.expect("a body"), PIXEL, "{path}");
    }
    let metadata = get(&idp, "/v1.0/me/photo", &token).await.body;
    assert_eq!(
        (&metadata["id"], &metadata["width"], &metadata["@odata.mediaContentType"]),
        (&json!("1x1"), &json!(1), &json!("image/png"))
    );
    let sizes = get(&idp, "/v1.0/me/photos", &token).await.body;
    assert_eq!(sizes["value"].as_array().map(Vec::len), Some(9));
    assert_eq!(sizes["value"][0]["@odata.mediaEtag"], metadata["@odata.mediaEtag"]);
    assert_eq!(get(&idp, "/v1.0/me/photos/48x48", &token).await.body["id"], "48x48");
    assert_eq!(get(&idp, "/v1.0/me/photos/49x49/$value", &token).await.refusal().1, "ImageNotFound");

    assert_eq!(send(&idp, Method::DELETE, "/v1.0/me/photo/$value", &token, &json!(null)).await.status, 204);
    assert_eq!(get(&idp, "/v1.0/me/photo", &token).await.status, 404);
}

#[tokio::test]
async fn what_is_no_photo_is_refused() {
    let (idp, _, token) = signed_in(ADA, &["User.Read", "User.ReadWrite"]).await;
    let path = "/v1.0/me/photo/$value";
    let svg = put(&idp, path, &token, "image/png", b"<svg onload='alert(1)'/>".to_vec()).await;
    assert_eq!(svg.refusal(), (400, "BadRequest", "The image is not a valid JPEG or PNG file."));
    let named = put(&idp, path, &token, "text/html", PIXEL.to_vec()).await;
    assert_eq!(named.refusal(), (400, "BadRequest", "The content type of a photo is image/jpeg or image/png, not 'text/html'."));
    let mut large = PIXEL.to_vec();
    large.resize(4 * 1024 * 1024 + 1, 0);
    assert_eq!(put(&idp, path, &token, "image/png", large.clone()).await.refusal().0, 413);
    large.pop();
    assert_eq!(put(&idp, path, &token, "image/png", large.clone()).await.status, 200);
    large.resize(7 * 1024 * 1024, 0);
    let huge = put(&idp, path, &token, "image/png", large).await;
    assert_eq!((huge.refusal().0, huge.refusal().1), (413, "RequestEntityTooLarge"));
}

#[tokio::test]
async fn each_operation_needs_its_permission() {
    let (idp, app) = mock_with_app().await;
    let reads = delegated(&idp, &app, ADA, &["User.Read"]).await;
    let refused = (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    assert_eq!(put(&idp, "/v1.0/me/photo/$value", &reads, "image/png", PIXEL.to_vec()).await.refusal(), refused);
    assert_eq!(send(&idp, Method::DELETE, "/v1.0/me/photo/$value", &reads, &json!(null)).await.refusal(), refused);
    let olgas = format!("/v1.0/users/{OLGA}/photo");
    assert_eq!(get(&idp, &olgas, &reads).await.refusal(), refused);
    // The own photo, by the own name.
    assert_eq!(get(&idp, &format!("/v1.0/users/{ADA}/photo"), &reads).await.refusal().0, 404);
    let writes = delegated(&idp, &app, ADA, &["User.Read", "User.ReadWrite"]).await;
    assert_eq!(put(&idp, &format!("{olgas}/$value"), &writes, "image/png", PIXEL.to_vec()).await.refusal(), refused);
    let itself = app_only(&idp, &app, &["User.ReadWrite.All"]).await;
    assert_eq!(put(&idp, &format!("{olgas}/$value"), &itself, "image/png", PIXEL.to_vec()).await.status, 200);
    assert_eq!(get(&idp, &olgas, &itself).await.body["id"], "1x1");
    assert_eq!(get(&idp, "/v1.0/me/photo", &itself).await.refusal().0, 400);
}

#[tokio::test]
async fn a_photo_comes_and_goes_in_a_batch_in_base64() {
    let (idp, _, token) = signed_in(ADA, &["User.Read", "User.ReadWrite"]).await;
    let image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";
    let requests = json!({ "requests": [
        { "id": "get", "method": "GET", "url": "/me/photo/$value", "dependsOn": ["put"] },
        { "id": "put", "method": "PUT", "url": "/me/photo/$value", "headers": { "Content-Type": "image/png" }, "body": image },
    ]});
    let reply = send(&idp, Method::POST, "/v1.0/$batch", &token, &requests).await;
    let [put, got] = reply.body["responses"].as_array().expect("a list").as_slice() else { panic!("two replies: {}", reply.body) };
    assert_eq!((&put["status"], put.get("body")), (&json!(200), None));
    assert_eq!((&got["body"], &got["headers"]["Content-Type"]), (&json!(image), &json!("image/png")));
}
