"""The same of a CSV file, by python3's own reader.

usage: python3 events.py FILE. Prints a JSON array with an object for each kind of event: kind, events and bytes.
"""
import csv
import json
import sys

kinds = {}
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    for row in csv.DictReader(file, strict=True):
        kind = kinds.setdefault(row["kind"], {"kind": row["kind"], "events": 0, "bytes": 0})
        kind["events"] += 1
        kind["bytes"] += int(row["size"])
print(json.dumps(list(kinds.values())))
