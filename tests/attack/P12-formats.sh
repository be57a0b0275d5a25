#!/usr/bin/env bash
# P12: a key used in another format or for another use: a security key's bare signature, an
# ordinary key's SSHSIG, a key for another application, untouched, a service's, an author's.
. "$(dirname "$0")/publication.sh"
accepted p12-ssh-good
everyone_refuses p12-ssh-untouched "does not verify"
everyone_refuses p12-ssh-application "does not verify"
everyone_refuses p12-ssh-raw "does not verify"
everyone_refuses p12-plain-in-ssh "does not verify"
everyone_refuses p12-gateway-key "the approval rule is not met"
everyone_refuses p12-author-key "the approval rule is not met"
