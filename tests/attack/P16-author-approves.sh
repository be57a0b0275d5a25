#!/usr/bin/env bash
# P16: author or submitter approves, with the own key, with a second one, or by handing in
# through somebody who then approves.
. "$(dirname "$0")/publication.sh"
everyone_refuses p16-author "is the author"
everyone_refuses p16-second-key "is the author"
everyone_refuses p16-submitter "is the submitter"
