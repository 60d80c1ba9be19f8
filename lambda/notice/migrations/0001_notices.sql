-- Every statement can be run again: MySQL commits each by itself, so a process that dies in between leaves a part.

-- One row for each object that was ever seen, with the newest change that was applied and the newest that was refused.
CREATE TABLE IF NOT EXISTS files (
    file_id           CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    bucket            VARCHAR(255) NOT NULL,
    object_key        VARCHAR(1024) NOT NULL,
    state             VARCHAR(16) CHARACTER SET ascii NOT NULL,
    applied_sequencer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    refused_sequencer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version_id        VARCHAR(255) NULL,
    etag              VARCHAR(255) NULL,
    changed_at        DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4;

-- What a game shows: rows in state `published` whose hours (UTC) include now.
CREATE TABLE IF NOT EXISTS notices (
    notice_key    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    file_id       CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    id            VARCHAR(64) CHARACTER SET ascii NOT NULL,
    state         VARCHAR(16) CHARACTER SET ascii NOT NULL,
    title         VARCHAR(200) NOT NULL,
    body          MEDIUMTEXT NOT NULL,
    language      VARCHAR(35) CHARACTER SET ascii NOT NULL,
    publish_from  DATETIME(6) NOT NULL,
    publish_until DATETIME(6) NULL,
    audience      VARCHAR(1000) CHARACTER SET ascii NOT NULL,
    channels      VARCHAR(100) CHARACTER SET ascii NOT NULL,
    revision      INT NOT NULL,
    changed_at    DATETIME(6) NOT NULL,
    KEY by_file (file_id),
    KEY by_hours (state, publish_from, publish_until)
) CHARACTER SET utf8mb4;

-- What is to be sent, written in the transaction that writes the notice. `due_at` is when the row may be taken: its
-- hour while it is pending, the end of the lease while somebody sends it. `tried_at` is the oldest attempt that may
-- have arrived.
CREATE TABLE IF NOT EXISTS outbox (
    message_key CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    notice_key  CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    channel     VARCHAR(16) CHARACTER SET ascii NOT NULL,
    payload     MEDIUMTEXT NULL,
    state       VARCHAR(16) CHARACTER SET ascii NOT NULL,
    due_at      DATETIME(6) NOT NULL,
    tried_at    DATETIME(6) NULL,
    attempts    INT NOT NULL DEFAULT 0,
    receipt     VARCHAR(255) NULL,
    reason      VARCHAR(1000) NULL,
    changed_at  DATETIME(6) NOT NULL,
    KEY by_due (state, due_at),
    KEY by_notice (notice_key)
) CHARACTER SET utf8mb4;

-- Files that were refused: where and why, as JSON.
CREATE TABLE IF NOT EXISTS refusals (
    file_id    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sequencer  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version_id VARCHAR(255) NULL,
    etag       VARCHAR(255) NULL,
    problems   MEDIUMTEXT NOT NULL,
    refused_at DATETIME(6) NOT NULL,
    PRIMARY KEY (file_id, sequencer)
) CHARACTER SET utf8mb4;
