"""Reads the machine formats of one run with Python's readers; they must tell the same findings."""

import json
import pathlib
import sys
import xml.etree.ElementTree as xml

import jsonschema

directory = pathlib.Path(sys.argv[1])


def text(name):
    return (directory / f"report.{name}").read_text("utf-8")


report = json.loads(text("json"))
places = [(f["path"], f["span"]["start"]["line"], f["rule"]) for f in report["findings"]]

lines = [json.loads(line) for line in text("jsonl").splitlines()]
assert lines == report["findings"], "jsonl"

log = json.loads(text("sarif"))
schema = json.loads(pathlib.Path("testdata/schemas/sarif-2.1.0.json").read_text("utf-8"))
violations = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(log)]
assert not violations, violations[:5]
results = log["runs"][0]["results"]
regions = [r["locations"][0]["physicalLocation"]["region"] for r in results]
assert [(g["startLine"], r["ruleId"]) for g, r in zip(regions, results)] == [p[1:] for p in places], "sarif"
hashes = [r["partialFingerprints"]["primaryLocationLineHash"] for r in results]
assert len(set(hashes)) == len(hashes), "sarif fingerprints"

issues = json.loads(text("gitlab"))
assert [(i["location"]["lines"]["begin"], i["check_name"]) for i in issues] == [p[1:] for p in places], "gitlab"
assert len({i["fingerprint"] for i in issues}) == len(issues), "gitlab fingerprints"

diagnostics = json.loads(text("rdjson"))["diagnostics"]
assert [(d["location"]["path"], d["location"]["range"]["start"]["line"], d["code"]["value"]) for d in diagnostics] == places

errors = [
    (file.get("name"), int(error.get("line")), error.get("source").removeprefix("plimsoll."))
    for file in xml.fromstring(text("checkstyle"))
    for error in file
]
assert errors == places, "checkstyle"

suites = xml.fromstring(text("junit"))
failures = [case.get("classname") for case in suites.iter("testcase") if case.find("failure") is not None]
assert failures == [place[0] for place in places], "junit"
assert int(suites.get("failures")) == len(places), "junit"

print(f"{len(places)} findings, the same in seven formats")
