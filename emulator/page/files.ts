import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Router } from "../server/http";

/** As they are in this folder, and beside the built code: nothing is compiled for them. */
const files = {
  "index.html": "text/html;charset=UTF-8",
  "page.css": "text/css;charset=UTF-8",
  "main.js": "text/javascript;charset=UTF-8",
  "dom.js": "text/javascript;charset=UTF-8",
  "tree.js": "text/javascript;charset=UTF-8",
  "facts.js": "text/javascript;charset=UTF-8",
  "outbox.js": "text/javascript;charset=UTF-8",
  "requests.js": "text/javascript;charset=UTF-8",
  "faults.js": "text/javascript;charset=UTF-8",
} as const;

/**
 * Nothing from elsewhere is loaded, no other page may frame this one and have its buttons pressed, and a mail, which inherits all
 * this, brings its own styles and pictures within itself.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** What a person sees who opens the address; a tool that waits for the emulator gets 200. It holds no data, so it needs no login. */
export function addPage(router: Router): void {
  for (const [name, type] of Object.entries(files)) {
    router.on("GET", name === "index.html" ? "/" : `/emulator/page/${name}`, () => ({
      status: 200,
      headers: {
        "Content-Type": type,
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
      },
      body: readFileSync(join(__dirname, "browser", name), "utf8"),
    }));
  }
}
