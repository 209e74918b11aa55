//! Browser and operating system, as the header `User-Agent` tells them (RFC 9110 §10.1.5).

/// What the sign-in log says of a browser: `Edge 80.0.361`, `Windows 10`. Empty where the header tells nothing of the kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserAgent {
    /// Name and version.
    pub browser: String,
    /// Name, with a version where it is known.
    pub operating_system: String,
}

/// Product tokens, in the order in which they decide: Edge also calls itself Chrome, and Chrome also Safari.
const BROWSERS: [(&str, &str); 5] =
    [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("Version/", "Safari")];

/// Parts of the comment, in the order in which they decide: Android also calls itself Linux, an iPhone also Mac OS X.
const SYSTEMS: [(&str, &str); 7] = [
    ("Windows NT 10.0", "Windows 10"),
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "Ios"),
    ("iPad", "Ios"),
    ("Mac OS X", "MacOs"),
    ("Linux", "Linux"),
];

impl UserAgent {
    /// Reads the header.
    pub fn read(header: &str) -> Self {
        let version = |token: &str| header.split_once(token).map(|(_, rest)| rest.split([' ', ';', ')']).next().unwrap_or_default());
        let browser = BROWSERS.iter().find_map(|(token, name)| version(token).map(|version| format!("{name} {version}")));
        let system = SYSTEMS.iter().find(|(part, _)| header.contains(part)).map(|(_, name)| (*name).to_owned());
        Self { browser: browser.unwrap_or_default(), operating_system: system.unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_its_own_token_and_not_by_those_it_borrows() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51";
        let safari =
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
        for (header, browser, system) in [
            (edge, "Edge 131.0.2903.51", "Windows 10"),
            (safari, "Safari 18.1", "MacOs"),
            (firefox, "Firefox 132.0", "Linux"),
            ("", "", ""),
        ] {
            let read = UserAgent::read(header);
            assert_eq!((read.browser.as_str(), read.operating_system.as_str()), (browser, system), "{header}");
        }
    }
}
