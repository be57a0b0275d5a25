#!/usr/bin/env python3
"""bureau.py POLICY ACCOUNTS KEYS OUT - an approval policy for the accounts of a bureau.

POLICY: the one in force, whose classes and service stay. ACCOUNTS: what `sluice-policy accounts
--json` says. KEYS: lines PID KEYID PUBLIC. Everybody gets the roles of the own account and those
in which the accounts let them stand in; a unit's deputies also that of a liaison, so that one
can be delegated to them. Who only has a key, AUTHOR-UNIT, is an author of that unit."""
import datetime
import json
import sys

with open(sys.argv[1]) as f:
    policy = json.load(f)
with open(sys.argv[2]) as f:
    accounts = json.load(f)["accounts"]
with open(sys.argv[3]) as f:
    keys = {pid: (keyid, public) for pid, keyid, public in (line.split() for line in f)}
now = datetime.datetime.now(datetime.timezone.utc)
stamp = [(now + datetime.timedelta(days=d)).strftime("%Y-%m-%dT%H:%M:%SZ") for d in (-1, 364)]


def person(pid, unit, roles, use):
    keyid, public = keys[pid]
    return {"pid": pid, "unit": unit, "roles": roles,
            "keys": [{"from": stamp[0], "until": stamp[1], "keyid": keyid, "public": public, "use": use}]}


persons = [p for p in policy["persons"] if p["pid"] == "p-gateway"]
for a in accounts:
    if "system-admin" in a["roles"]:  # who runs the machines signs nothing
        continue
    roles = list(a["roles"])
    for s in a["substitutes"]:
        roles += [r for r in (s["role"], "liaison") if r not in roles]
    persons.append(person(a["pid"], a["unit"], roles, "dsse-reviewer"))
for pid in keys:
    if pid.startswith("author-"):
        persons.append(person(pid, pid[7:], ["author"], "dsse-author"))
policy["persons"] = persons
policy["version"] += 1
with open(sys.argv[4], "w") as f:
    f.write(json.dumps(policy, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
