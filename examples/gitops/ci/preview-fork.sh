#!/bin/sh
# Previews a pull request that gets no credentials: ci/preview-fork.sh STACK FOLDER-OF-THE-TARGET-BRANCH
# What the target branch declares is brought up on an emulator, with a state of its own, and the change is previewed against that.
# For a pipeline: it rewrites the configuration in the other folder.
. ci/steps.sh
stack=$1
base=$2
if [ -z "${COCKPIT_EMULATED:-}" ]; then
  export COCKPIT_EMULATED=yes
  exec cockpit-emulator exec -- sh ci/preview-fork.sh "$stack" "$base"
fi

# Without the key of the real stack, so that each of its secrets is another text.
without_secrets() {
  sed -e '/^encryptionsalt:/d' -e '/^encryptedkey:/d' -e '/^secretsprovider:/d' -e 's/secure: .*/value: a-secret-of-no-fork/' "$1"
}

state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
export PULUMI_BACKEND_URL="file://$state" PULUMI_CONFIG_PASSPHRASE=of-no-secret
without_secrets "Pulumi.$stack.yaml" >"$state/change.yaml"
without_secrets "$base/Pulumi.$stack.yaml" >"$state/base.yaml"
cp "$state/base.yaml" "$base/Pulumi.$stack.yaml"
pulumi stack init "$stack" --non-interactive --cwd "$base"
grep '^encryptionsalt:' "$base/Pulumi.$stack.yaml" >>"$state/change.yaml" || true
pulumi up --stack "$stack" --yes --skip-preview --non-interactive --cwd "$base"
confirmations=
code=0
preview "$stack" --config-file "$state/change.yaml" || code=$?
printf '\n_Previewed without credentials, on an emulator that had what the target branch declares: ids and users are not the real ones._\n' \
  >>"summary-$stack.md"
exit "$code"
