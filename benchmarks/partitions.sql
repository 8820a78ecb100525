-- Is a table of messages better cut into months? Measured on plain SQL with the application's columns, indexes and
-- statements, in a schema of its own that is dropped at the end:
--   psql "$DATABASE_URL" -v rows=3000000 -f benchmarks/partitions.sql
-- Figures and what follows from them: docs/partitions.md.
\set ON_ERROR_STOP on
\pset pager off
\if :{?rows}
\else
  \set rows 3000000
\endif
SET maintenance_work_mem = '256MB';
SET jit = off;
CREATE SCHEMA partitions_bench;
SET search_path = partitions_bench;
CREATE TABLE sizes (rows bigint NOT NULL);
INSERT INTO sizes VALUES (:rows);

-- A year of 2,000 chats of 60 schools, the lively ones with a hundred times the messages of the quiet ones.
CREATE TABLE plain (
    id bigint NOT NULL, organization_id bigint NOT NULL, chat_id bigint NOT NULL, number bigint NOT NULL,
    event bigint NOT NULL, ordinal bigint NOT NULL, kind varchar(8) NOT NULL, author_id bigint, text text NOT NULL,
    html text NOT NULL, search_text text NOT NULL, fingerprint bigint NOT NULL, reply_to_id bigint, poll_id bigint,
    client_key uuid, created_at timestamptz NOT NULL, pinned_at timestamptz, deleted_at timestamptz
);
CREATE TABLE months (LIKE plain) PARTITION BY RANGE (created_at);
DO $$
BEGIN
    FOR m IN 0..12 LOOP
        EXECUTE format(
            'CREATE TABLE months_%s PARTITION OF months FOR VALUES FROM (%L) TO (%L)', m,
            timestamptz '2025-11-01 00:00+00' + make_interval(months => m),
            timestamptz '2025-11-01 00:00+00' + make_interval(months => m + 1));
    END LOOP;
END $$;
\timing on
\echo == fill
INSERT INTO plain
SELECT i, c % 60 + 1, c, i, i, i, 'text', c * 10 + i % 10, t, '<p>' || t || '</p>', t, i, NULL, NULL,
       md5(i::text)::uuid, timestamptz '2025-11-01 00:00+00' + (interval '365 days' * (i::float / :rows)), NULL, NULL
FROM (
    SELECT i, 1 + (2000 * power((hashint8(i) & 65535) / 65536.0::float8, 2.5))::bigint AS c,
           'завтра уроков не будет номер ' || (hashint8(i) & 4095) || ' принесите тетради и форму для занятий' AS t
    FROM generate_series(1, :rows) AS i
) rows;
INSERT INTO months SELECT * FROM plain;
\echo == indexes: plain, then months (unique ones cannot be made across months without the month in them)
DO $$
DECLARE name text; part text; tail text[];
BEGIN
    FOREACH name IN ARRAY ARRAY['plain', 'months'] LOOP
        part := CASE name WHEN 'months' THEN ', created_at' ELSE '' END;
        EXECUTE format('CREATE UNIQUE INDEX ON %s (id%s)', name, part);
        EXECUTE format('CREATE UNIQUE INDEX ON %s (chat_id, number%s)', name, part);
        EXECUTE format('CREATE UNIQUE INDEX ON %s (chat_id, id%s)', name, part);
        EXECUTE format('CREATE UNIQUE INDEX ON %s (organization_id, id%s)', name, part);
        EXECUTE format('CREATE UNIQUE INDEX ON %s (author_id, client_key%s) WHERE client_key IS NOT NULL', name, part);
        EXECUTE format('CREATE INDEX ON %s (chat_id, event)', name);
        EXECUTE format('CREATE INDEX ON %s (chat_id, created_at)', name);
        EXECUTE format('CREATE INDEX ON %s (organization_id, created_at)', name);
        EXECUTE format('CREATE INDEX ON %s (author_id)', name);
        EXECUTE format('CREATE INDEX ON %s (reply_to_id)', name);
        EXECUTE format('CREATE INDEX ON %s USING gin (to_tsvector(''russian'', search_text))', name);
    END LOOP;
END $$;
VACUUM ANALYZE plain;
VACUUM ANALYZE months;
\timing off

CREATE TABLE found (what text, tab text, ms numeric);
-- Runs `statement` (%1$s table, %2$s number of the run) so often and notes the median.
CREATE FUNCTION measure(what text, runs int, statement text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text; started timestamptz; times numeric[];
BEGIN
    FOREACH name IN ARRAY ARRAY['plain', 'months'] LOOP
        times := '{}';
        FOR n IN 1..runs LOOP
            started := clock_timestamp();
            EXECUTE format(statement, name, n);
            times := times || (extract(epoch FROM clock_timestamp() - started) * 1000)::numeric;
        END LOOP;
        INSERT INTO found SELECT what, name, percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(times) AS t;
    END LOOP;
END $$;
SELECT measure('newest 50 of a chat', 300, 'SELECT * FROM %1$s WHERE chat_id = %2$s ORDER BY number DESC LIMIT 50');
SELECT measure('older 50 of a chat', 300,
    'SELECT * FROM %1$s WHERE chat_id = %2$s AND number < (SELECT rows / 2 FROM sizes) ORDER BY number DESC LIMIT 50');
SELECT measure('changes after an event', 300,
    'SELECT * FROM %1$s WHERE chat_id = %2$s AND event > (SELECT rows - rows / 100 FROM sizes) ORDER BY event LIMIT 200');
SELECT measure('a message by its id', 300, 'SELECT * FROM %1$s WHERE chat_id = %2$s AND id = %2$s * 1000');
SELECT measure('a day of a school for the statistics', 30,
    'SELECT author_id, count(*) FROM %1$s WHERE organization_id = %2$s AND created_at >= ''2026-05-12'' AND '
    'created_at < ''2026-05-13'' GROUP BY 1');
SELECT measure('search in a chat', 30,
    'SELECT * FROM %1$s WHERE chat_id = %2$s AND to_tsvector(''russian'', search_text) @@ '
    'plainto_tsquery(''russian'', ''номер 77'') ORDER BY number DESC LIMIT 50');
SELECT measure('send one message', 1000,
    'INSERT INTO %1$s SELECT rows + %2$s, 1, 7, rows + %2$s, rows + %2$s, 1, ''text'', 70, ''привет'', ''привет'', '
    '''привет'', 1, NULL, NULL, gen_random_uuid(), ''2026-11-05 10:00+00'', NULL, NULL FROM sizes');
SELECT measure('remove 1,000 old messages of a chat', 40,
    'DELETE FROM %1$s WHERE id IN (SELECT id FROM %1$s WHERE chat_id = %2$s ORDER BY number LIMIT 1000) AND chat_id = %2$s');
SELECT tab, what, round(ms, 3) AS ms FROM found ORDER BY what, tab DESC;
\echo == a whole month: removed row by row, or dropped; then the vacuum
\timing on
DELETE FROM plain WHERE created_at < '2025-12-01';
DROP TABLE months_0;
VACUUM plain;
\timing off
SELECT 'plain' AS tab, pg_size_pretty(pg_table_size('plain')) AS rows, pg_size_pretty(pg_indexes_size('plain')) AS indexes
UNION ALL
SELECT 'months', pg_size_pretty(sum(pg_table_size(c))), pg_size_pretty(sum(pg_indexes_size(c)))
FROM (SELECT inhrelid AS c FROM pg_inherits WHERE inhparent = 'months'::regclass) parts;
DROP SCHEMA partitions_bench CASCADE;
