// Reads the events of a Parquet file by a library that shares no code with the one that wrote it.
// usage: node parquet.mjs FILE. Prints a JSON array with an object for each row's kind: kind, events and bytes.
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";

const file = await asyncBufferFromFile(process.argv[2]);
const kinds = new Map();
for (const { kind, size } of await parquetReadObjects({ file, compressors, columns: ["kind", "size"] })) {
  const sum = kinds.get(kind) ?? { kind, events: 0, bytes: 0 };
  sum.events += 1;
  sum.bytes += Number(size);
  kinds.set(kind, sum);
}
console.log(JSON.stringify([...kinds.values()]));
