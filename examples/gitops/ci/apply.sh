#!/bin/sh
# Applies what was merged, unless it would lose what it does not confirm: ci/apply.sh STACK COMMIT-BEFORE-THIS-CHANGE
. ci/steps.sh
confirm "$1" "$2"
preview "$1"
pulumi up --stack "$1" --yes --skip-preview --non-interactive
