#!/usr/bin/env bash
# P9: two (and three) keys of one person, one person in two slots: still one person.
. "$(dirname "$0")/publication.sh"
accepted control
everyone_refuses p09-three-keys "the approval rule is not met"
everyone_refuses p09-two-slots "the approval rule is not met"
