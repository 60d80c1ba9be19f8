"""A MariaDB of the test's own: on loopback, over TLS, gone when the test ends."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .ports import answers, free_port, until


def program(name):
    """Finds a program where Debian puts it."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if not found:
        raise SystemExit(f"{name} is not here; ./setup in the root of the repository installs it")
    return found


class Database:
    """A server with the schema `notice` and a user who may use it only over TLS."""

    def __init__(self):
        self.dir = Path(tempfile.mkdtemp(prefix="notice-database-"))
        self.port = free_port()
        self.password = "first-password"
        self.process = None
        self._certificates()
        as_root = ["--user=root"] if os.getuid() == 0 else []
        subprocess.run(
            [program("mariadb-install-db"), "--no-defaults", "--auth-root-authentication-method=normal",
             "--skip-test-db", f"--datadir={self.dir}/data", *as_root],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.start()
        self.run(
            "CREATE DATABASE notice CHARACTER SET utf8mb4;"
            f"CREATE USER notice@'%' IDENTIFIED BY '{self.password}' REQUIRE SSL;"
            "GRANT ALL ON notice.* TO notice@'%';",
            schema="",
        )

    def _certificates(self):
        """Makes an authority and a certificate for `localhost` that it signs."""
        self.certificates = self.dir / "authority.pem"
        (self.dir / "names").write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")

        def openssl(*arguments):
            subprocess.run([program("openssl"), *arguments], check=True, cwd=self.dir, capture_output=True)

        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        openssl("req", "-x509", *key, "-keyout", "authority.key", "-out", "authority.pem", "-days", "2",
                "-subj", "/CN=test authority", "-addext", "keyUsage=critical,keyCertSign")
        openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key",
                "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "names")

    def start(self):
        """Starts the server on the data that is there."""
        as_root = ["--user=root"] if os.getuid() == 0 else []
        self.process = subprocess.Popen(
            [program("mariadbd"), "--no-defaults", f"--datadir={self.dir}/data", f"--socket={self.dir}/my.sock",
             f"--pid-file={self.dir}/my.pid", f"--port={self.port}", "--bind-address=127.0.0.1", "--skip-log-bin",
             "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M",
             "--max-connections=100", f"--ssl-cert={self.dir}/server.pem", f"--ssl-key={self.dir}/server.key",
             f"--ssl-ca={self.dir}/authority.pem", *as_root],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        until(lambda: answers(self.port), "MariaDB answers", 60)

    def stop(self):
        """Stops the server and keeps its data."""
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def close(self):
        """Stops the server and removes its data."""
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def run(self, statements, schema="notice"):
        """Runs statements as root and returns the rows, each a tuple of texts."""
        client = subprocess.run(
            [program("mariadb"), "--no-defaults", "--batch", "--skip-column-names", "--default-character-set=utf8mb4",
             "--user=root", f"--socket={self.dir}/my.sock", *([schema] if schema else [])],
            input=statements.encode(), capture_output=True, check=False,
        )
        if client.returncode:
            raise AssertionError(client.stderr.decode())
        return [tuple(line.split("\t")) for line in client.stdout.decode().splitlines()]

    def value(self, question):
        """Returns the first value of the first row."""
        rows = self.run(question)
        return rows[0][0] if rows else None

    def clear(self):
        """Removes what a test wrote, and keeps the tables."""
        tables = [name for (name,) in self.run("SHOW TABLES") if not name.startswith("_")]
        self.run("".join(f"DELETE FROM {name};" for name in tables))

    def change_password(self, password):
        """Gives the user another password and cuts the connections that used the old one."""
        self.run(f"ALTER USER notice@'%' IDENTIFIED BY '{password}';")
        self.password = password
        self.cut()

    def cut(self):
        """Ends every connection of the user."""
        ids = self.run("SELECT id FROM information_schema.processlist WHERE user = 'notice'")
        for (number,) in ids:
            try:
                self.run(f"KILL {number}")
            except AssertionError:
                pass  # It has gone by itself.

    def address(self):
        """Returns what the parameter with the database's address says."""
        return {"host": "localhost", "port": self.port, "user": "notice", "password": self.password,
                "database": "notice"}
