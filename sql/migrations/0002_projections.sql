-- One row a figure, for comparing: a question about one code in some years
-- reads a stretch of the key. is_deleted hides what was revoked or is missing
-- in the newest revision. Projections are made from the log at any time, so
-- they are not synced. FINAL costs nothing over a single part, so parts that
-- have lain still for a while are merged into one.
CREATE TABLE IF NOT EXISTS figures_approved ${on_cluster}
(
    code       LowCardinality(String),
    year       UInt16,
    quarter    UInt8,
    unit       UInt32,
    scope      Enum8('' = 0, '本机关' = 1, '本级汇总' = 2, '全域' = 3),
    family     LowCardinality(String),
    kind       Enum8('number' = 1, 'blank' = 2, 'slash' = 3, 'unread' = 4, 'missing' = 5),
    value      Nullable(Decimal(18, 4)),
    seq        UInt64,
    is_deleted UInt8
)
ENGINE = ${replicated}ReplacingMergeTree(seq, is_deleted)
ORDER BY (code, year, quarter, unit, scope)
SETTINGS min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS figures_provisional ${on_cluster} AS figures_approved
ENGINE = ${replicated}ReplacingMergeTree(seq, is_deleted)
ORDER BY (code, year, quarter, unit, scope)
SETTINGS min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

-- One row a report, its figures as arrays: unit and report pages and checks
-- would read thousands of granules of the figures.
CREATE TABLE IF NOT EXISTS reports_approved ${on_cluster}
(
    unit       UInt32,
    year       UInt16,
    quarter    UInt8,
    family     LowCardinality(String),
    scope      Enum8('' = 0, '本机关' = 1, '本级汇总' = 2, '全域' = 3),
    seq        UInt64,
    is_deleted UInt8,
    time       DateTime64(3, 'UTC'),
    actor      LowCardinality(String),
    address    LowCardinality(String),
    form       LowCardinality(String),
    revision   UInt32,
    status     LowCardinality(String),
    historic   Bool,
    codes      Array(LowCardinality(String)) CODEC(ZSTD(3)),
    kinds      Array(Enum8('number' = 1, 'blank' = 2, 'slash' = 3, 'unread' = 4, 'missing' = 5)),
    values     Array(Nullable(Decimal(18, 4))) CODEC(ZSTD(3))
)
ENGINE = ${replicated}ReplacingMergeTree(seq, is_deleted)
ORDER BY (unit, year, quarter, family, scope)
SETTINGS index_granularity = 256, min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS reports_provisional ${on_cluster} AS reports_approved
ENGINE = ${replicated}ReplacingMergeTree(seq, is_deleted)
ORDER BY (unit, year, quarter, family, scope)
SETTINGS index_granularity = 256, min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS unit_states ${on_cluster}
(
    number UInt32,
    seq    UInt64,
    state  String CODEC(ZSTD(3))
)
ENGINE = ${replicated}ReplacingMergeTree(seq)
ORDER BY number;

-- The last seq of every entity, and of every act under the kind 'act'.
CREATE TABLE IF NOT EXISTS latest_seqs ${on_cluster}
(
    kind LowCardinality(String),
    id   String,
    seq  UInt64,
    time DateTime64(3, 'UTC')
)
ENGINE = ${replicated}ReplacingMergeTree(seq)
ORDER BY (kind, id)
SETTINGS index_granularity = 256;

-- Reports that comparisons or sums leave out: those of another scope than the
-- one that the unit names for the year, and those of units that do not count
-- into the district's sum. Kept by the writer; few rows.
CREATE TABLE IF NOT EXISTS exclusions ${on_cluster}
(
    basis         LowCardinality(String),
    unit          UInt32,
    year          UInt16,
    quarter       UInt8,
    family        LowCardinality(String),
    scope         Enum8('' = 0, '本机关' = 1, '本级汇总' = 2, '全域' = 3),
    not_compared  Bool,
    not_summed    Bool,
    version       UInt64,
    is_deleted    UInt8
)
ENGINE = ${replicated}ReplacingMergeTree(version, is_deleted)
ORDER BY (basis, unit, year, quarter, family, scope);

-- What the checks found in each checked revision. Made anew from the reports
-- at any time, so no part of the log.
CREATE TABLE IF NOT EXISTS checks ${on_cluster}
(
    unit       UInt32,
    year       UInt16,
    quarter    UInt8,
    family     LowCardinality(String),
    scope      Enum8('' = 0, '本机关' = 1, '本级汇总' = 2, '全域' = 3),
    seq        UInt64,
    last_seq   UInt64,
    rules      LowCardinality(String),
    errors     UInt32,
    explains   UInt32,
    notices    UInt32,
    untried    UInt32,
    findings   String CODEC(ZSTD(3)),
    checked_at DateTime64(3, 'UTC'),
    version    UInt64
)
ENGINE = ${replicated}ReplacingMergeTree(version)
ORDER BY (unit, year, quarter, family, scope, seq)
SETTINGS index_granularity = 1024;
