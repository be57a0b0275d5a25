#!/usr/bin/env bash
# P10: good attestations of another release beside this manifest. (Another artefact's log
# entry is refused by what the release log adds.)
. "$(dirname "$0")/publication.sh"
platform_refuses p10-other-release "of another serial"
package_refused "about another manifest"
outlet_refuses "about another manifest"
