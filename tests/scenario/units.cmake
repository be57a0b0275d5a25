# A unit's people: delegations from day to day, and a bureau of 31 units in force.
sl_scenario(68-units TIMEOUT 600)
sl_scenario(69-bureau TIMEOUT 600)
