#!/usr/bin/env bash
# P15: an approval of an older revision, of another policy or report, expired, or a "no".
. "$(dirname "$0")/publication.sh"
everyone_refuses p15-revision "another draft or revision"
platform_refuses p15-policy "another policy version"
package_refused "another policy version"
platform_refuses p15-policy-version "another policy version"
package_refused "another policy version"
platform_refuses p15-report "another inspection report"
package_refused "another inspection report"
everyone_refuses p15-expired "has expired"
platform_refuses p15-no 'decided .*return'
package_refused "decided"
