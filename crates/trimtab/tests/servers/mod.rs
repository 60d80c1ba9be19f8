//! Database servers of a test's own: on loopback, on a free port, gone when the test ends.
//!
//! Debian's programs are started directly. No service of the system is touched.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(40);

/// A server, its directory and its clients.
pub struct Server {
    dir: tempfile::TempDir,
    child: Option<Child>,
    clients: Vec<Child>,
    kind: Kind,
    /// The port on 127.0.0.1.
    pub port: u16,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Mariadb,
    Postgres,
}

impl Server {
    /// Starts MariaDB, unless it is not installed.
    pub fn mariadb() -> Option<Self> {
        Self::with_mariadb(mariadb_data()?, &["--performance-schema=ON"])
    }

    /// Starts MariaDB with a certificate for `localhost`, and returns the authority that signed it.
    pub fn mariadb_over_tls() -> (Self, PathBuf) {
        let dir = mariadb_data().expect("MariaDB is here: ./setup installs it");
        let path = |name: &str| dir.path().join(name);
        let openssl = |arguments: &str| {
            let made = Command::new("openssl")
                .args(arguments.split(' '))
                .current_dir(dir.path())
                .output()
                .expect("openssl is here: ./setup installs it");
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        };
        let names = "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n";
        std::fs::write(path("names"), names).expect("a file of our own");
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        openssl(&format!(
            "req -x509 {key} -keyout authority.key -out authority.pem -days 2 -subj /CN=authority \
             -addext keyUsage=critical,keyCertSign"
        ));
        openssl(&format!("req {key} -keyout server.key -out server.csr -subj /CN=localhost"));
        openssl(
            "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial \
             -out server.pem -days 2 -extfile names",
        );
        let authority = path("authority.pem");
        let of = |option: &str, name: &str| format!("--{option}={}", path(name).display());
        let options = [
            of("ssl-ca", "authority.pem"),
            of("ssl-cert", "server.pem"),
            of("ssl-key", "server.key"),
        ];
        let server = Self::with_mariadb(dir, &options.each_ref().map(String::as_str));
        (server.expect("MariaDB is here: ./setup installs it"), authority)
    }

    fn with_mariadb(dir: tempfile::TempDir, more: &[&str]) -> Option<Self> {
        let port = free_port();
        let path = dir.path().display();
        let child = Command::new(program("mariadbd")?)
            .arg("--no-defaults")
            .arg(format!("--datadir={path}/data"))
            .arg(format!("--socket={path}/my.sock"))
            .arg(format!("--pid-file={path}/my.pid"))
            .arg(format!("--general-log-file={path}/statements.log"))
            .arg(format!("--port={port}"))
            .args(["--bind-address=127.0.0.1", "--skip-log-bin", "--skip-name-resolve"])
            .args(["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"])
            .args(is_root().then_some("--user=root"))
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("mariadbd starts");
        let server =
            Self { dir, child: Some(child), clients: Vec::new(), kind: Kind::Mariadb, port };
        server.wait();
        Some(server)
    }

    /// Stops MariaDB and starts it on the same data without `performance_schema`.
    pub fn without_statistics(mut self) -> Option<Self> {
        self.stop();
        let empty = tempfile::tempdir().expect("a temporary directory");
        let dir = std::mem::replace(&mut self.dir, empty);
        Self::with_mariadb(dir, &["--performance-schema=OFF"])
    }

    /// Starts PostgreSQL, unless it is not installed.
    pub fn postgres() -> Option<Self> {
        let bin = postgres_programs()?;
        let dir = tempfile::tempdir().expect("a temporary directory");
        let data = dir.path().join("data");
        std::fs::create_dir(&data).expect("a directory of our own");
        if is_root() {
            // PostgreSQL refuses root.
            for path in [dir.path(), &data] {
                let given = Command::new("chown").arg("postgres").arg(path).status();
                assert!(given.expect("chown runs").success());
            }
        }
        let made = as_postgres(&bin.join("initdb"))
            .args(["--no-sync", "--username=postgres", "--encoding=UTF8", "--locale=C"])
            .args(["--auth-local=trust", "--auth-host=scram-sha-256"])
            .arg("--pgdata")
            .arg(&data)
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let port = free_port();
        let log = std::fs::File::create(dir.path().join("statements.log")).expect("a file");
        let child = as_postgres(&bin.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "autovacuum=off"])
            .args(["-c", "shared_preload_libraries=pg_stat_statements"])
            .args(["-c", &format!("unix_socket_directories={}", dir.path().display())])
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("postgres starts");
        let server =
            Self { dir, child: Some(child), clients: Vec::new(), kind: Kind::Postgres, port };
        server.wait();
        Some(server)
    }

    /// Runs statements as the owner, and returns what came, values separated by tabs.
    pub fn run(&self, database: &str, statements: &str) -> String {
        let mut client = self.client(database);
        let mut child = client
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the client runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        let text = statements.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
        let output = child.wait_with_output().expect("the client ends");
        writer.join().expect("no panic").expect("the client reads");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Opens connections that send nothing.
    pub fn hold(&mut self, database: &str, count: usize) {
        for _ in 0..count {
            let held = self
                .client(database)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the client runs");
            self.clients.push(held);
        }
        let question = match self.kind {
            Kind::Mariadb => {
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Sleep';"
            }
            Kind::Postgres => "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle';",
        };
        let wanted = count as u64;
        let patient = Instant::now() + PATIENCE;
        while self.run(database, question).trim().parse::<u64>().unwrap_or(0) < wanted {
            assert!(Instant::now() < patient, "the connections do not come about");
        }
    }

    /// Returns the statements that the server wrote down.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("statements.log")).unwrap_or_default()
    }

    fn client(&self, database: &str) -> Command {
        let place = self.dir.path().display();
        match self.kind {
            Kind::Mariadb => {
                let mut client = Command::new("mariadb");
                client.args(["--no-defaults", "--batch", "--skip-column-names", "--user=root"]);
                client.arg("--default-character-set=utf8mb4");
                client
                    .arg(format!("--socket={place}/my.sock"))
                    .args((!database.is_empty()).then_some(database));
                client
            }
            Kind::Postgres => {
                let mut client = Command::new("psql");
                client.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
                client.args(["--set", "ON_ERROR_STOP=1", "--username=postgres"]);
                client.arg(format!("--host={place}")).arg(format!("--port={}", self.port));
                client.arg(if database.is_empty() { "postgres" } else { database });
                client
            }
        }
    }

    fn wait(&self) {
        let patient = Instant::now() + PATIENCE;
        loop {
            let asked = self
                .client("")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            if asked.expect("the client runs").success() {
                return;
            }
            assert!(Instant::now() < patient, "the server does not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn stop(&mut self) {
        for client in &mut self.clients {
            drop(client.kill());
            drop(client.wait());
        }
        self.clients.clear();
        // PostgreSQL ends its own children on QUIT; MariaDB is to leave whole files on TERM.
        let signal = match self.kind {
            Kind::Mariadb => "-TERM",
            Kind::Postgres => "-QUIT",
        };
        if let Some(mut child) = self.child.take() {
            drop(Command::new("kill").args([signal, &child.id().to_string()]).status());
            drop(child.wait());
        }
    }
}

impl Drop for Server {
    /// Stops the server, when the test fails too.
    fn drop(&mut self) {
        self.stop();
    }
}

/// Makes the files of a MariaDB, unless it is not installed.
fn mariadb_data() -> Option<tempfile::TempDir> {
    let install = program("mariadb-install-db")?;
    program("mariadb")?;
    let dir = tempfile::tempdir().expect("a temporary directory");
    let data = dir.path().join("data");
    let made = Command::new(install)
        .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
        .arg(format!("--datadir={}", data.display()))
        .args(is_root().then_some("--user=root"))
        .stdout(Stdio::null())
        .output()
        .expect("mariadb-install-db runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(dir)
}

fn is_root() -> bool {
    let asked = Command::new("id").arg("-u").output().expect("id runs");
    asked.stdout.starts_with(b"0\n")
}

/// Finds a program where Debian has it.
fn program(name: &str) -> Option<PathBuf> {
    let places = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
    places.iter().map(|place| Path::new(place).join(name)).find(|path| path.is_file())
}

/// Finds the programs of the newest PostgreSQL.
fn postgres_programs() -> Option<PathBuf> {
    program("psql")?;
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let found = versions.filter_map(|entry| {
        let bin = entry.ok()?.path().join("bin");
        bin.join("initdb").is_file().then_some(bin)
    });
    found.max()
}

/// Returns a command that runs as the user `postgres` where we are root; it replaces itself, so
/// that its process is the server's.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    listener.local_addr().expect("an address").port()
}
