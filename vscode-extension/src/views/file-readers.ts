// The lines of a script that read a file of rows. Pure.
export interface Reader {
  readonly title: string;
  readonly code: string;
}

type Names = readonly [pandas: string, r: string];

const READERS: Readonly<Record<string, Names>> = {
  csv: ["read_csv", "read.csv"],
  parquet: ["read_parquet", "arrow::read_parquet"],
  xlsx: ["read_excel", "readxl::read_excel"],
  json: ["read_json", "jsonlite::fromJSON"],
};

/** Of the formats that the server writes, by the ending of the file's name; of another there is none. */
export function readersOf(path: string): readonly Reader[] {
  const names = READERS[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  if (names === undefined) return [];
  const [pandas, r] = names;
  // A string of JSON is one of Python and of R, too.
  const name = JSON.stringify(path);
  return [
    { title: "Copy for pandas", code: `import pandas\n\nrows = pandas.${pandas}(${name})\n` },
    { title: "Copy for R", code: `rows <- ${r}(${name})\n` },
  ];
}
