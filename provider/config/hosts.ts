/** Whether a host is this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Whether a host is iCure's own, whose Cockpit and message gateway belong together. */
export function isIcure(hostname: string): boolean {
  return /(^|\.)icure\.cloud$/.test(hostname);
}
