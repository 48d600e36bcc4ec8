//! Which server is meant, and what is said to it first.

use std::path::PathBuf;

use hookproof::ConfigError;
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, cmd};

/// A server, and the credentials for it. It is never printed.
pub(super) struct Server {
    pub(super) address: Address,
    /// The first commands of a connection, packed, ...
    pub(super) greeting: Vec<u8>,
    /// ... and how many of them come before the two `INFO`.
    pub(super) steps: usize,
    /// The first command gives the password.
    pub(super) has_password: bool,
}

pub(super) enum Address {
    Tcp(String, u16),
    Unix(PathBuf),
    #[cfg(feature = "redis-tls")]
    Tls {
        host: String,
        port: u16,
        name: rustls::pki_types::ServerName<'static>,
        config: std::sync::Arc<rustls::ClientConfig>,
    },
}

impl Server {
    /// The server of a URL.
    pub(super) fn parse(url: &str) -> Result<Server, ConfigError> {
        let wrong = || ConfigError::new("url", "must be redis://[user:password@]host[:port][/database]");
        if url.contains('#') {
            return Err(ConfigError::new("url", "must have no fragment: every certificate is checked"));
        }
        let (plain, tls) = match url.split_once("://") {
            Some(("rediss" | "valkeys", rest)) => (format!("redis://{rest}"), true),
            _ => (url.to_owned(), false),
        };
        if tls && !cfg!(feature = "redis-tls") {
            return Err(ConfigError::new("url", "asks for TLS: the library was built without the feature redis-tls"));
        }
        let info = plain.as_str().into_connection_info().map_err(|_| wrong())?;
        let address = match info.addr() {
            ConnectionAddr::Tcp(host, port) if tls => Address::tls(host, *port)?,
            ConnectionAddr::Tcp(host, port) => Address::Tcp(host.clone(), *port),
            ConnectionAddr::Unix(path) => Address::Unix(path.clone()),
            _ => return Err(wrong()),
        };
        let (greeting, steps) = greeting(&info);
        let has_password = info.redis_settings().password().is_some();
        Ok(Server { address, greeting, steps, has_password })
    }
}

/// The password, the database, whether the server is ready, and what kind it is: one journey for all.
fn greeting(info: &ConnectionInfo) -> (Vec<u8>, usize) {
    let settings = info.redis_settings();
    let mut commands = Vec::new();
    if let Some(password) = settings.password() {
        let mut auth = cmd("AUTH");
        if let Some(user) = settings.username() {
            auth.arg(user);
        }
        auth.arg(password);
        commands.push(auth);
    }
    if settings.db() != 0 {
        commands.push(cmd("SELECT").arg(settings.db()).to_owned());
    }
    commands.push(cmd("PING"));
    let steps = commands.len();
    for section in ["memory", "replication"] {
        commands.push(cmd("INFO").arg(section).to_owned());
    }
    (commands.iter().flat_map(redis::Cmd::get_packed_command).collect(), steps)
}

impl Address {
    #[cfg(feature = "redis-tls")]
    fn tls(host: &str, port: u16) -> Result<Address, ConfigError> {
        use std::sync::Arc;

        let wrong = |rule: &'static str| ConfigError::new("url", rule);
        let name = rustls::pki_types::ServerName::try_from(host.to_owned())
            .map_err(|_| wrong("has a host that no certificate can name"))?;
        let mut roots = rustls::RootCertStore::empty();
        // The system's, or those that SSL_CERT_FILE and SSL_CERT_DIR name.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err(wrong("asks for TLS: this system has no list of trusted certificates"));
        }
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| wrong("asks for TLS, which cannot be set up"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Address::Tls { host: host.to_owned(), port, name, config: Arc::new(config) })
    }

    #[cfg(not(feature = "redis-tls"))]
    fn tls(_host: &str, _port: u16) -> Result<Address, ConfigError> {
        Err(ConfigError::new("url", "asks for TLS: the library was built without the feature redis-tls"))
    }
}
