"""Runs a Python program as a Pulumi program: run-program.py SETTINGS PROGRAM [ARGUMENT...]."""

import asyncio
import json
import os
import runpy
import sys
import traceback

import pulumi
import pulumi.runtime

# What tells the language host that the person has been told already.
BAIL = 32

settings = json.loads(sys.argv[1])
sys.argv = sys.argv[2:]
pulumi.runtime.set_all_config(
    pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env()
)
pulumi.runtime.configure(
    pulumi.runtime.Settings(
        monitor=settings["monitor"],
        engine=settings["engine"],
        project=settings["project"],
        stack=settings["stack"],
        parallel=int(settings.get("parallel", "0")) or None,
        dry_run=settings["dry-run"],
        organization=settings.get("organization"),
        root_directory=settings.get("root-directory"),
    )
)
program = os.path.abspath(sys.argv[0])
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
code = BAIL
try:
    loop.run_until_complete(
        pulumi.runtime.run_in_stack(
            lambda: runpy.run_path(program, run_name="__main__")
        )
    )
    code = 0
except pulumi.RunError as error:
    pulumi.log.error(str(error))
except Exception:
    pulumi.log.error(traceback.format_exc())
# What is still waiting after a failure is left behind, as asyncio does not like it.
sys.stdout.flush()
sys.stderr.flush()
os._exit(code)
