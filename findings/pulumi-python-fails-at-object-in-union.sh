#!/bin/sh
# A property that a schema gives as "an array or an object" (oneOf) gets the output type Union[Sequence, Mapping] from Pulumi's
# generator of Python SDKs. The Python SDK reads a list into it and fails at an object, though the provider answers exactly what
# the program gave: "Unexpected type; expected a value of type `Sequence` but got a value of type `dict`".
#
# pulumi 3.272.0 of PyPI. Seen: Thing with triggers=["a"] is made; with triggers={"release": "1"} the program fails after the
# resource was made (translate_output_properties in pulumi/runtime/rpc.py).
# pulumi/pulumi#17181 is open about lists in such unions.
# What a schema has to do: give such outputs the type pulumi.json#/Any; unions of objects need a discriminator.
#
# Needs Python 3.9 or newer with pip.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip install --quiet --disable-pip-version-check --target packages pulumi==3.272.0 2>/dev/null
cat >observe.py <<'EOF'
import asyncio
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

import pulumi
from pulumi.runtime import Mocks, set_mocks
from pulumi.runtime.stack import run_pulumi_func


class Echo(Mocks):
    def new_resource(self, args):
        return ["id", args.inputs]

    def call(self, args):
        return {}


# As the generator writes it, without what does not matter here.
class Thing(pulumi.CustomResource):
    def __init__(self, name, triggers):
        super().__init__("shop:index:Thing", name, {"triggers": triggers})

    @property
    @pulumi.getter
    def triggers(
        self,
    ) -> pulumi.Output[Optional[Union[Sequence[Any], Mapping[str, Any]]]]:
        return pulumi.get(self, "triggers")


def outcome(triggers):
    asyncio.set_event_loop(asyncio.new_event_loop())
    set_mocks(Echo())
    try:
        asyncio.get_event_loop().run_until_complete(
            run_pulumi_func(lambda: Thing("thing", triggers))
        )
    except AssertionError as error:
        return str(error).split(";")[0]
    return "made"


seen = [outcome(["a"]), outcome({"release": "1"})]
print(seen)
sys.exit(seen != ["made", "Unexpected type"])
EOF
PYTHONPATH=packages python3 observe.py 2>/dev/null || {
	echo "this has changed" >&2
	exit 1
}
