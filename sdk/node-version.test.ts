import * as pulumi from "@pulumi/pulumi";
import { refuseOldNode } from "./node-version";

test.each(["18.20.8", "20.9.0", "20.18.0"])("Node.js %s is refused in a sentence", (version) => {
  const attempt = () => refuseOldNode(version);
  expect(attempt).toThrow(
    new RegExp(
      `^pulumi-cockpit needs Node\\.js 20\\.18\\.1 or newer, and this program runs on ${version}\\.`,
    ),
  );
  expect(attempt).toThrow(pulumi.RunError);
});

test.each(["20.18.1", "20.19.0", "22.0.0", "25.0.0-nightly"])("Node.js %s is good enough", (version) => {
  expect(() => refuseOldNode(version)).not.toThrow();
});
