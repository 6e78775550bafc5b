-- How every report stands by its newest row, whatever its status: who is
-- writing, who reviews, what came back. Slim, for lists of all units.
CREATE TABLE IF NOT EXISTS report_standings ${on_cluster}
(
    unit     UInt32,
    year     UInt16,
    quarter  UInt8,
    family   LowCardinality(String),
    scope    Enum8('' = 0, '本机关' = 1, '本级汇总' = 2, '全域' = 3),
    seq      UInt64,
    time     DateTime64(3, 'UTC'),
    actor    LowCardinality(String),
    address  LowCardinality(String),
    verb     LowCardinality(String),
    form     LowCardinality(String),
    revision UInt32,
    status   LowCardinality(String),
    historic Bool
)
ENGINE = ${replicated}ReplacingMergeTree(seq)
ORDER BY (unit, year, quarter, family, scope)
SETTINGS index_granularity = 1024, min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

-- The latest state of every entity that is no report or unit.
CREATE TABLE IF NOT EXISTS entity_states ${on_cluster}
(
    kind    LowCardinality(String),
    id      String,
    seq     UInt64,
    act     String,
    time    DateTime64(3, 'UTC'),
    actor   LowCardinality(String),
    address LowCardinality(String),
    seen    UInt64,
    verb    LowCardinality(String),
    unit    UInt32,
    year    UInt16,
    state   String CODEC(ZSTD(3))
)
ENGINE = ${replicated}ReplacingMergeTree(seq)
ORDER BY (kind, id)
SETTINGS index_granularity = 256, min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

-- What people are still writing: the newest row of a unit and period is the
-- draft, the others are its earlier versions. A version takes the place of an
-- older one in its slot, so that a bounded number stays. A removed draft is kept
-- whole in a slot of its own. Not of the log; tables named secret_ are closed
-- to people's own queries.
CREATE TABLE IF NOT EXISTS secret_drafts ${on_cluster}
(
    unit    UInt32,
    year    UInt16,
    quarter UInt8,
    removed Bool,
    slot    UInt64,
    version UInt64,
    person  String,
    name    String,
    time    DateTime64(3, 'UTC'),
    state   String CODEC(ZSTD(3))
)
ENGINE = ${replicated}ReplacingMergeTree(version)
ORDER BY (unit, year, quarter, removed, slot)
SETTINGS index_granularity = 64,
         fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

-- Password hashes and sealed one-time-password keys.
CREATE TABLE IF NOT EXISTS secret_credentials ${on_cluster}
(
    person  String,
    version UInt64,
    changed DateTime64(3, 'UTC'),
    hash    String,
    totp    String
)
ENGINE = ${replicated}ReplacingMergeTree(version)
ORDER BY person
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

-- Sessions under the hash of their token. The version of one that ended is
-- above every other, so that nothing written late brings it back.
CREATE TABLE IF NOT EXISTS secret_sessions ${on_cluster}
(
    hash    String,
    version UInt64,
    person  String,
    data    String,
    expiry  DateTime64(3, 'UTC'),
    ended   Bool
)
ENGINE = ${replicated}ReplacingMergeTree(version)
ORDER BY hash
SETTINGS index_granularity = 256,
         fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;
