#!/bin/sh
# Says what was changed manually in Cockpit, without changing the state: ci/drift.sh STACK
# Ends with 0: nothing; 7: drift, which drift-STACK.txt shows; anything else: it could not be found out.
. ci/steps.sh
code=0
pulumi refresh --stack "$1" --preview-only --expect-no-changes --diff --color never --non-interactive >"drift-$1.txt" || code=$?
cat "drift-$1.txt"
exit "$code"
