"""Runs each program given under mocks: a wrong name, argument or type of the SDK ends it."""

import asyncio
import runpy
import sys

import pulumi
from pulumi.runtime import Mocks, set_all_config, set_mocks
from pulumi.runtime.stack import run_pulumi_func


class Echo(Mocks):
    def new_resource(self, args):
        return [f"{args.name}-id", args.inputs]

    def call(self, args):
        return args.args


asyncio.set_event_loop(asyncio.new_event_loop())
failed = False
for program in sys.argv[1:]:
    set_mocks(Echo(), project="petra", stack="test", preview=False)
    set_all_config({f"petra:{name}": "text" for name in ["captchaKey", "smtpPassword"]})
    try:
        asyncio.get_event_loop().run_until_complete(
            run_pulumi_func(lambda: runpy.run_path(program))
        )
    except Exception as error:
        failed = True
        print(f"{program}: {error!r}")
sys.exit(failed)
