# What the scripts beside this one share. Run from the project's folder.
set -eu
PATH="$PWD/node_modules/.bin:$PATH"
project=$(sed -n 's/^name: *//p' Pulumi.yaml)

# What this change confirms may be lost, and still is as it was reviewed. confirm STACK COMMIT-BEFORE-THIS-CHANGE
confirm() {
  # A commit that is not there would make an old confirmation look like one of this change.
  git cat-file -e "$2^{commit}" || {
    echo "the commit before this change, $2, is not here: fetch the whole history" >&2
    return 1
  }
  if git cat-file -e "$2:./cockpit.confirm.json" 2>/dev/null; then
    git show "$2:./cockpit.confirm.json" >before.json
  else
    : >before.json
  fi
  COCKPIT_CONFIRM_DELETE=$(pulumi-cockpit confirm --stack "$project/$1" --before before.json)
  export COCKPIT_CONFIRM_DELETE
}

# What the summary compares with; a preview on an emulator loses nothing that could be confirmed.
confirmations="--confirmations cockpit.confirm.json"

# Writes summary-STACK.md, and ends as the summary does. preview STACK [OPTION …]
preview() {
  stack=$1
  shift
  code=0
  pulumi preview --stack "$stack" --json --non-interactive "$@" >"preview-$stack.json" || code=$?
  # shellcheck disable=SC2086
  pulumi-cockpit summary "preview-$stack.json" --exit-code "$code" --max-characters 20000 $confirmations \
    >"summary-$stack.md"
}
