#!/bin/sh
# Previews a stack for a pull request: ci/preview.sh STACK COMMIT-BEFORE-THIS-CHANGE
. ci/steps.sh
confirm "$1" "$2"
preview "$1"
