-- The one log. It is append-only, never partitioned (a block must stay one part
-- to be all or nothing) and synced to disk before an insert returns.
-- The columns from unit on are filled for reports (unit also for units) so that
-- materialized views can project them without reading the state. approved and
-- provisional say what the row does to each projection of its report.
CREATE TABLE IF NOT EXISTS log ${on_cluster}
(
    seq         UInt64 CODEC(Delta, ZSTD),
    act         String,
    time        DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    actor       LowCardinality(String),
    address     LowCardinality(String),
    kind        LowCardinality(String),
    id          String,
    seen        UInt64,
    verb        LowCardinality(String),
    state       String CODEC(ZSTD(3)),
    unit        UInt32,
    year        UInt16,
    quarter     UInt8,
    family      LowCardinality(String),
    scope       Enum8('' = 0, '本机关' = 1, '本级汇总' = 2, '全域' = 3),
    form        LowCardinality(String),
    revision    UInt32,
    status      LowCardinality(String),
    historic    Bool,
    approved    Enum8('keep' = 0, 'put' = 1, 'drop' = 2),
    provisional Enum8('keep' = 0, 'put' = 1, 'drop' = 2),
    codes       Array(LowCardinality(String)) CODEC(ZSTD(3)),
    kinds       Array(Enum8('number' = 1, 'blank' = 2, 'slash' = 3, 'unread' = 4, 'missing' = 5)),
    values      Array(Nullable(Decimal(18, 4))) CODEC(ZSTD(3)),
    INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_act act TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ${replicated}MergeTree
ORDER BY seq
SETTINGS index_granularity = 1024, index_granularity_bytes = 1048576,
         fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

-- One row for every writer that took the lease of a server's store: its epoch
-- stands in the high 16 bits of its seqs, and after is the last seq of the log
-- when it took over. Rows of an older epoch beyond that come from a deposed writer.
CREATE TABLE IF NOT EXISTS guard ${on_cluster}
(
    epoch  UInt32,
    after  UInt64,
    holder String,
    time   DateTime64(3, 'UTC')
)
ENGINE = ${replicated}MergeTree
ORDER BY epoch
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What the store remembers of itself: how far the projections are known to
-- hold the log, and whether a restore is under way.
CREATE TABLE IF NOT EXISTS meta ${on_cluster}
(
    key     String,
    value   String,
    version UInt64
)
ENGINE = ${replicated}ReplacingMergeTree(version)
ORDER BY key;
