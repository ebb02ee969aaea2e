import { networkInterfaces } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { startEmulator, type Emulator, type Seed } from "..";
import { gatewayWire } from "../../tests/clients/gateway";
import { wire } from "../../tests/clients/wire";
import { markSkipped } from "../../tests/support/mark-skipped";
import { openBrowser, type OpenBrowser } from "../../tests/support/browser";
import { companies, seedOfCompanies, transferManually } from "../../tests/support/environments";

/** The emulator's page in a real browser; each test ends without a word where none can be had, which is printed once. */
let chromium: OpenBrowser | undefined;
let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];
let page: Page;
/** What the page asked of anybody, and what went wrong in it. */
let asked: string[];
let wrong: string[];

/** Two companies, between which a solution is transferred. */
const seed: Seed = { environments: (seedOfCompanies.environments ?? []).slice(0, 2) };

beforeAll(async () => {
  chromium = await openBrowser();
});
afterAll(() => chromium?.close());

beforeEach(async () => {
  emulator = await startEmulator({ seed });
  ({ call } = wire(emulator));
  await call("POST", "/group/ic-petra/application?name=Petra");
  await call("POST", "/group/ic-france/database?name=Petra%20France&superGroup=ic-petra");
});
afterEach(() => emulator.close());

function inBrowser(name: string, work: () => Promise<void>, size = { width: 1280, height: 900 }): void {
  test(name, async () => {
    if (chromium === undefined) {
      markSkipped("no browser runs here");
      return;
    }
    page = await chromium.browser.newPage({ viewport: size });
    page.setDefaultTimeout(15_000);
    [asked, wrong] = [[], []];
    page.on("requestfinished", (request) => asked.push(request.url()));
    page.on("requestfailed", (request) => {
      // What the page's own policy forbids never leaves it.
      if (request.failure()?.errorText !== "csp") {
        asked.push(request.url());
      }
    });
    page.on("pageerror", ({ message }) => wrong.push(message));
    try {
      await page.goto(emulator.url);
      await work();
      expect(wrong).toEqual([]);
      expect(asked.filter((url) => !/^(http:\/\/[\d.]+:\d+\/|data:|about:)/.test(url))).toEqual([]);
    } finally {
      await page.close();
    }
  });
}

const column = (name: string) => page.locator(".environment").filter({ hasText: name });
const item = (id: string) => page.locator(`[data-id="${id}"]`);

inBrowser("environments, solutions and databases are a tree that follows what happens", async () => {
  await column("Petra Corp").getByText("Petra France").waitFor();
  expect(await page.locator(".environment > details > summary .name").allTextContents()).toEqual([
    companies.source.name,
    companies.target.name,
  ]);
  await call("POST", "/hcparty/inGroup/ic-france", {
    body: { id: "clinic", name: "Clinic", email: "clinic@petra.example" },
  });
  await call("POST", "/user/inGroup/ic-france", {
    body: { name: "Nora", login: "nora@petra.example", passwordHash: "canary-password" },
  });
  const summary = item("ic-france").locator("summary");
  await summary.getByText("1 user").waitFor();
  await summary.focus();
  await page.keyboard.press("Enter");
  const facts = item("ic-france").locator("dl");
  await facts.getByText("Nora").waitFor();
  expect(await facts.textContent()).toMatch(/Id.*ic-france.*Clusters.*europe-west-02.*Users.*Nora/s);

  await call("PUT", "/group/ic-france/name/%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
  await page.getByText("<img src=x onerror=alert(1)> now").waitFor();
  expect(await page.locator("#columns img").count()).toBe(0);

  await call("DELETE", "/group/ic-france");
  await summary.waitFor({ state: "hidden" });
  await page.getByLabel("show what is deleted").check();
  await summary.getByText("deleted").waitFor();
  expect(await page.content()).not.toContain("canary-password");
});

inBrowser("a transfer moves the solution from one environment to the other, as it is open", async () => {
  const petra = item("ic-petra");
  await petra.locator("> details > summary").click();
  await petra.getByText("Petra France").waitFor({ state: "hidden" });
  await transferManually({ emulator }, "ic-petra", "source", "target");
  await column("Clinic Group").locator('[data-id="ic-petra"]').waitFor();
  expect(await column("Petra Corp").locator('[data-id="ic-petra"]').count()).toBe(0);
  expect(await page.locator("#news").textContent()).toMatch("Petra moved from Petra Corp to Clinic Group");
  expect(await petra.locator("> details").getAttribute("open")).toBeNull();
});

/** Somebody registers, and gets a code by a mail of that body. */
async function sendCode(body: string): Promise<void> {
  const { gateway, createProcess, start } = gatewayWire({
    ...emulator,
    environmentId: companies.source.id,
    username: companies.source.login,
    password: companies.source.password,
  });
  await gateway("POST", "/spec", { body: { demo: true, label: "demo" } });
  await call("POST", "/hcparty/inGroup/ic-france", { body: { id: "clinic", name: "Clinic" } });
  const created = await createProcess("patient", "ic-france", { subject: "Your code for Petra", body });
  await start(String(created.body.id), { firstName: "Anaïs", lastName: "Petit", email: "anais@example.com" });
}

inBrowser(
  "mails look as their readers see them, with their code beside them, and can do nothing",
  async () => {
    await sendCode(
      `<style>b { color: #123456; background: rgb(1, 2, 3) }</style><script>top.document.title = "taken"</script>
      <img src="https://elsewhere.example/pixel"><p>It is <b>{{it.validationCode}}</b></p>`,
    );
    const message = page.locator("#outbox-list > li");
    await message.getByText("anais@example.com").waitFor();
    const [, code] = /<b>(\d{6})<\/b>/.exec(emulator.outbox()[0]?.html ?? "") ?? [];
    expect(await message.locator(".code").textContent()).toBe(code);
    await message.locator("summary").focus();
    await page.keyboard.press("Space");
    const mail = message.frameLocator("iframe").locator("b");
    expect(await mail.textContent()).toBe(code);
    expect(await message.locator("iframe").getAttribute("sandbox")).toBe("");
    expect(await page.title()).toBe("Cockpit emulator");
    await page.getByRole("button", { name: "Clear" }).first().click();
    await message.waitFor({ state: "detached" });
  },
);

inBrowser(
  "the README's picture is of a transfer, with a mail, a fault and the requests beside it",
  async () => {
    await call("POST", "/group/ic-invoicing/application?name=Petra%20Invoicing");
    await call("POST", "/group/ic-belgium/database?name=Petra%20Belgium&superGroup=ic-petra");
    await sendCode(
      `<div style="font-family: sans-serif; padding: 1em"><h2 style="color: #7048e8">Petra</h2>
     <p>Hello {{it.firstName}},</p><p>your code is <b>{{it.validationCode}}</b>.</p></div>`,
    );
    await page.locator("#outbox-list summary").click();
    emulator.addFault({ method: "POST", path: "/rest/*/group/*/database", times: 1, action: { drop: true } });
    await item("ic-france").locator("summary").click();
    await transferManually({ emulator }, "ic-petra", "source", "target");
    await page.getByText("moved from").waitFor();
    await page.locator("#faults-list").getByText("the connection breaks").waitFor();
    if (process.env["COCKPIT_WRITE_DOCS"] !== undefined) {
      await page.screenshot({ path: path.join(__dirname, "../../docs/images/emulator-page.png") });
    }
  },
);

inBrowser("requests appear as they come, without a secret, and stop while they are read", async () => {
  const lines = page.locator("#requests-list > li");
  await call("GET", "/group?password=canary-password");
  await lines.filter({ hasText: "password=*****" }).waitFor();
  expect(await lines.first().textContent()).toMatch(/200GET\/rest\/v2\/group/);
  await page.getByRole("button", { name: "Pause" }).click();
  await call("GET", "/group/ic-none");
  emulator.addFault({ id: "seen", action: { drop: true }, path: "/none" });
  // What is told after the request has come, the request would have been told too.
  await page.locator("#faults-list").getByText("/none").waitFor();
  expect(await lines.filter({ hasText: "ic-none" }).count()).toBe(0);
  await page.getByRole("button", { name: "Pause" }).click();
  await lines.filter({ hasText: "404" }).waitFor();
  emulator.clearRequests();
  await lines.first().waitFor({ state: "detached" });
});

inBrowser("a fault is switched on, seen to hit, and switched off, by keyboard alone", async () => {
  await page.getByRole("combobox", { name: "Requests" }).focus();
  await page.keyboard.type("all that delete");
  await page.keyboard.press("Tab");
  await page.keyboard.type("503");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const fault = page.locator("#faults-list > li");
  await fault.getByText("503, not available on DELETE **, once: 0 requests of 0 hit").waitFor();
  expect((await call("DELETE", "/group/ic-france")).status).toBe(503);
  await fault.getByText("1 request of 1 hit").waitFor();
  await fault.getByRole("button").focus();
  await page.keyboard.press("Enter");
  await fault.waitFor({ state: "detached" });
  expect(emulator.faults()).toEqual([]);
});

inBrowser(
  "a phone shows all of it without scrolling sideways, and Tab begins with the way past the head",
  async () => {
    await item("ic-france").waitFor();
    const widths = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
    expect(widths).toEqual([360, 360]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("environments");
  },
  { width: 360, height: 700 },
);

inBrowser("the page goes on by itself after a restart, from what there is then", async () => {
  await item("ic-france").waitFor();
  const { port } = emulator;
  await emulator.close();
  await page.getByText("The emulator does not answer").waitFor();
  emulator = await startEmulator({ seed, port });
  await page.getByText("this page is live").waitFor();
  await item("ic-france").waitFor({ state: "detached" });
});

inBrowser("from another machine it asks for an administrator's login", async () => {
  const elsewhere = Object.values(networkInterfaces())
    .flat()
    .find((one) => one !== undefined && !one.internal && one.family === "IPv4");
  if (elsewhere === undefined) {
    return console.warn("not tried from elsewhere: this machine has no other address");
  }
  const open = await startEmulator({ seed, host: "0.0.0.0", log: () => undefined });
  try {
    await page.goto(`http://${elsewhere.address}:${open.port}/`);
    await page.getByLabel("User").fill(companies.source.login);
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("These are no administrator's").waitFor();
    expect(await page.locator(".environment").count()).toBe(0);
    await page.getByLabel("Password").fill(companies.source.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await column("Petra Corp").waitFor();
  } finally {
    await open.close();
  }
});
