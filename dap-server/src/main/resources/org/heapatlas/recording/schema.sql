-- The tables and macros that a query can name. The heap_… functions are the readers behind them.
CREATE VIEW processes AS FROM heap_processes();
CREATE VIEW nodes AS
  SELECT CASE WHEN node = '' THEN 'local' ELSE node END AS node, processes, live_bytes, live_allocations,
         clock_offset, clock_error
  FROM (SELECT node, count(*) AS processes, CAST(sum(live_bytes) AS BIGINT) AS live_bytes,
               CAST(sum(live_allocations) AS BIGINT) AS live_allocations
        FROM heap_processes() GROUP BY ALL)
  LEFT JOIN heap_clocks() USING (node);
CREATE VIEW sites AS FROM heap_sites();
CREATE VIEW frames AS FROM heap_frames();
CREATE VIEW threads AS FROM heap_threads();
CREATE VIEW regions AS FROM heap_regions();
CREATE VIEW labels AS FROM heap_labels();
CREATE VIEW metrics AS FROM heap_metrics();
CREATE VIEW gaps AS FROM heap_gaps();
CREATE VIEW findings AS FROM heap_findings();
CREATE VIEW capabilities AS FROM heap_capabilities();

CREATE MACRO events_between(from_time, to_time) AS TABLE
  SELECT * REPLACE (kind_name(kind) AS kind)
  FROM heap_events(CAST(from_time AS BIGINT), CAST(to_time AS BIGINT), 0, 0, 0);
CREATE VIEW events AS SELECT * REPLACE (kind_name(kind) AS kind) FROM heap_events(0, 0, 0, 0, 0);
CREATE VIEW all_events AS SELECT * REPLACE (kind_name(kind) AS kind) FROM heap_events(0, 0, 0, 0, 1);

CREATE VIEW allocations AS
  SELECT * EXCLUDE (kind), end_time - begin_time AS lifetime, kind_name(kind) AS kind
  FROM heap_allocations(0, 0, NULL, 0, 0);
CREATE MACRO allocations_between(from_time, to_time) AS TABLE
  SELECT * EXCLUDE (kind), end_time - begin_time AS lifetime, kind_name(kind) AS kind
  FROM heap_allocations(CAST(from_time AS BIGINT), CAST(to_time AS BIGINT), NULL, 0, 0);
CREATE MACRO live_at(at_time) AS TABLE
  SELECT * EXCLUDE (kind), end_time - begin_time AS lifetime, kind_name(kind) AS kind
  FROM heap_allocations(0, 0, CAST(at_time AS BIGINT), 0, 0);

CREATE MACRO stack(of_site) AS TABLE FROM heap_stack(CAST(of_site AS BIGINT));
CREATE MACRO history(of_address) AS TABLE
  SELECT process, position, time, kind_name(kind) AS kind, address, size, thread, site,
         owner(process, site) AS function, place(process, site) AS place
  FROM heap_events(0, 0, CAST(of_address AS BIGINT), CAST(of_address AS BIGINT) + 1, 1);

CREATE MACRO growth(from_time, to_time) AS TABLE
  WITH a AS (SELECT process, site, CAST(sum(size) AS BIGINT) AS bytes, count(*) AS blocks
             FROM heap_allocations(0, 0, CAST(from_time AS BIGINT), 0, 0) GROUP BY ALL),
       b AS (SELECT process, site, CAST(sum(size) AS BIGINT) AS bytes, count(*) AS blocks
             FROM heap_allocations(0, 0, CAST(to_time AS BIGINT), 0, 0) GROUP BY ALL)
  SELECT process, site, owner(process, site) AS function, place(process, site) AS place,
         coalesce(b.bytes, 0) - coalesce(a.bytes, 0) AS grown_bytes,
         coalesce(b.blocks, 0) - coalesce(a.blocks, 0) AS grown_allocations,
         coalesce(a.bytes, 0) AS bytes_before, coalesce(b.bytes, 0) AS bytes_after
  FROM a FULL JOIN b USING (process, site)
  ORDER BY grown_bytes DESC;

CREATE MACRO leaks() AS TABLE
  SELECT process, site, owner(process, site) AS function, place(process, site) AS place, live_bytes,
         live_allocations, released_allocations, oldest, youngest
  FROM (SELECT process, site, CAST(coalesce(sum(size) FILTER (end_time IS NULL), 0) AS BIGINT) AS live_bytes,
               count(*) FILTER (end_time IS NULL) AS live_allocations,
               count(end_time) AS released_allocations,
               min(begin_time) FILTER (end_time IS NULL) AS oldest,
               max(begin_time) FILTER (end_time IS NULL) AS youngest
        FROM heap_allocations(0, 0, NULL, 0, 0) GROUP BY ALL)
  WHERE live_allocations > 0
  ORDER BY live_bytes DESC;
