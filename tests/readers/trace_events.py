"""Reads a JSON trace as the Trace Event Format describes it, which Perfetto opens: no reader of Perfetto's own can be had.

usage: python3 trace_events.py FILE. Prints a JSON array: for each process its pid, its name, and the last value of each
counter, with when that was, in microseconds. Fails at an event that the format does not allow, or that goes back in time.
"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    trace = json.load(file)
assert trace["displayTimeUnit"] in ("ms", "ns"), trace["displayTimeUnit"]
processes = {}
for event in trace["traceEvents"]:
    assert isinstance(event["name"], str) and type(event["pid"]) is int, event
    process = processes.setdefault(event["pid"], {"pid": event["pid"], "last": {}})
    if event["ph"] == "M":
        assert event["name"] == "process_name" and "name" not in process, event
        process["name"] = event["args"]["name"]
    else:
        assert event["ph"] == "C" and event["ts"] >= 0, event
        assert all(type(value) in (int, float) for value in event["args"].values()), event
        assert event["ts"] >= process.get("end", 0), event
        process["end"] = event["ts"]
        process["last"][event["name"]] = event["args"]["value"]
print(json.dumps(list(processes.values())))
