#!/usr/bin/env python3
"""house.py SET - write SET/units.yaml and SET/accounts.yaml from standard input, a person a line:

    PID UNIT ROLE[,ROLE...] TRAINED CONFIRMED [FOR ROLE FROM UNTIL]

Each unit gets whom it needs and nobody is named for: leader, liaison, administrator and one who
stands in, with pids that no approval policy knows."""
import sys

out = sys.argv[1]
people = [line.split() for line in sys.stdin if line.strip()]
units = sorted({p[1] for p in people})
day = people[0][3:5]
for unit in units:
    mine = [p for p in people if p[1] == unit]
    for role in ("unit-leader", "liaison", "unit-admin"):
        if not any(role in p[2].split(",") for p in mine):
            people.append(["x-%s-%s" % (unit, role), unit, role] + day)
    mine = [p for p in people if p[1] == unit]
    if not any(len(p) > 5 for p in mine):
        leader = next(p[0] for p in mine if "unit-leader" in p[2].split(","))
        people.append(["x-%s-second" % unit, unit, "column-owner"] + day +
                      [leader, "unit-leader", "2020-01-01", "2020-01-02"])
with open(out + "/units.yaml", "w") as f:
    f.write("units:\n")
    for unit in units:
        f.write("  - {id: %s, name: 单位%s, kind: 支队}\n" % (unit, unit[2:]))
with open(out + "/accounts.yaml", "w") as f:
    f.write("accounts:\n")
    for p in people:
        f.write("  - pid: %s\n    name: 某某\n    unit: %s\n    roles: [%s]\n" % (p[0], p[1], p[2].replace(",", ", ")))
        f.write('    trained_on: "%s"\n    confirmed_on: "%s"\n' % (p[3], p[4]))
        if len(p) > 5:
            f.write('    substitutes:\n      - {for: %s, role: %s, from: "%s", until: "%s"}\n' % tuple(p[5:9]))
