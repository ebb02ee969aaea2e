import { isIcure, isLoopback } from "./settings";

test.each(["localhost", "cockpit.localhost", "127.0.0.1", "127.1.2.3", "[::1]"])(
  "%s is this machine",
  (host) => {
    expect(isLoopback(host)).toBe(true);
  },
);

test.each(["localhost.example", "127.0.0.1.example", "notlocalhost", "0.0.0.0", "10.0.0.1"])(
  "%s is another machine",
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

test("iCure's own hosts are those below its domain", () => {
  const hosts = [
    "api.icure.cloud",
    "icure.cloud",
    "nightly.icure.cloud",
    "not-icure.cloud",
    "icure.cloud.example",
  ];
  expect(hosts.filter(isIcure)).toEqual(["api.icure.cloud", "icure.cloud", "nightly.icure.cloud"]);
});
