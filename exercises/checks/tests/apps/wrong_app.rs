//! Apps that do what no app should, one for each argument. Standard library only.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::exit,
};

fn main() {
    let kind = std::env::args().nth(1).unwrap_or_default();
    match kind.as_str() {
        "never-listens" => {
            println!("thinking");
            std::thread::park();
        }
        "crashes" => {
            eprintln!("the secret is {}", std::env::var("CLIENT_SECRET").unwrap_or_default());
            panic!("index out of bounds");
        }
        "hangs" => serve(|_, stream| {
            // The connection stays open and silent.
            let _silent = stream.try_clone();
            std::thread::park();
        }),
        "floods" => {
            let line = "x".repeat(999);
            for _ in 0..2000 {
                println!("{line}");
            }
            serve(|_, stream| answer(stream, "200 OK", "", "fine"));
        }
        "dies-at-boom" => serve(|path, stream| {
            if path == "/boom" {
                eprintln!("boom it is");
                exit(7);
            }
            answer(stream, "200 OK", "", "fine");
        }),
        "sends-too-much" => serve(|_, stream| answer(stream, "200 OK", "", &"y".repeat(2 * 1024 * 1024))),
        "sends-away" => serve(|_, stream| answer(stream, "302 Found", "Location: http://evil.example/\r\n", "")),
        "sends-in-circles" => serve(|path, stream| answer(stream, "302 Found", &format!("Location: {path}x\r\n"), "")),
        _ => serve(|_, stream| answer(stream, "200 OK", "", "fine")),
    }
}

fn serve(handle: fn(&str, &mut TcpStream)) {
    let port: u16 = std::env::var("PORT").expect("PORT is set").parse().expect("PORT is a number");
    let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
    for stream in listener.incoming().flatten() {
        std::thread::spawn(move || {
            let mut stream = stream;
            let mut buffer = [0; 4096];
            // The head of a small request comes in one piece; a connection without one only asked whether we listen.
            let Ok(length @ 1..) = stream.read(&mut buffer) else { return };
            let request = String::from_utf8_lossy(&buffer[..length]).into_owned();
            handle(request.split(' ').nth(1).unwrap_or("/"), &mut stream);
        });
    }
}

fn answer(stream: &mut TcpStream, status: &str, headers: &str, body: &str) {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    // The other side may have gone.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}
