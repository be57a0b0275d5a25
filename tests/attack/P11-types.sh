#!/usr/bin/env bash
# P11: a good approval signed as another payloadType, _type or predicateType.
. "$(dirname "$0")/publication.sh"
everyone_refuses p11-payload-type "unknown payloadType"
everyone_refuses p11-statement-type "unknown _type or predicateType"
everyone_refuses p11-predicate-type "unknown _type or predicateType"
