-- title: Waste by size class
-- description: What is lost to rounding at an instant, by the size classes of the GNU C library: 16 bytes apart, 8 of each block its own.
-- set at = end: the instant
-- set rows = 20: how many classes
SELECT class_bytes, allocations, bytes, allocations * class_bytes - bytes AS wasted_bytes,
       round(1 - bytes / (allocations * class_bytes), 3) AS wasted_share
FROM (SELECT greatest(32, (size + 23) // 16 * 16) AS class_bytes, count(*) AS allocations,
             CAST(sum(size) AS BIGINT) AS bytes
      FROM live_at(${at})
      GROUP BY ALL)
ORDER BY wasted_bytes DESC
LIMIT ${rows}
