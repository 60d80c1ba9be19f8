-- What the function writes. Times are UTC. Run it once, with a user who may create tables:
--   mysql --host HOST --user ADMIN --password SCHEMA < schema.sql

create table if not exists notice (
    id varchar(64) character set ascii collate ascii_bin not null primary key,
    title varchar(200) not null,
    -- 20000 characters of four bytes each are more than a text holds.
    body mediumtext not null,
    expires_at datetime null,
    -- What it came from and where it stands in its order, by which an older one that comes late is told:
    -- the sequencer orders what has one source, the time all others. Where no function wrote it they say
    -- nothing, and whatever comes is newer.
    source char(64) character set ascii collate ascii_bin not null default '',
    sequencer varchar(64) character set ascii collate ascii_bin not null default '',
    sent_ms bigint unsigned not null default 0,
    updated_at timestamp not null default current_timestamp on update current_timestamp,
    key notice_expires_at (expires_at)
) character set utf8mb4;

-- One row for everything that was handled: what arrives again finds its row and changes nothing. The function
-- removes rows after 30 days, a hundred at most for each that it adds.
create table if not exists handled (
    idempotency_key char(64) character set ascii collate ascii_bin not null primary key,
    -- SHA-256 of what was sent, where the sender chose the key: another body under it is refused.
    body_sha256 char(64) character set ascii collate ascii_bin null,
    handled_at timestamp not null default current_timestamp,
    announced_at datetime null,
    key handled_at (handled_at)
) character set utf8mb4;

-- One row for every run of a job: whoever inserts it, or takes it over when its lease is over, runs it. The function
-- removes rows after 30 days, finished or not, a hundred at most when a run ends.
create table if not exists job_run (
    job varchar(64) character set ascii collate ascii_bin not null,
    scheduled_for datetime not null,
    lease_until datetime not null,
    finished_at datetime null,
    removed int unsigned null,
    primary key (job, scheduled_for)
) character set utf8mb4;

-- The user of the function needs no more than this:
--   grant select, insert, update, delete on SCHEMA.notice to 'USER'@'%';
--   grant select, insert, update, delete on SCHEMA.handled to 'USER'@'%';
--   grant select, insert, update, delete on SCHEMA.job_run to 'USER'@'%';
