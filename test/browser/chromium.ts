import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']
/** Nothing but the page under test may go out to a network, or wait for one. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where Chromium is on this machine, or nothing. */
const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((file) => existsSync(file))

/** Why the tests of the page cannot run here, or false: what `skip` of a test takes. */
export const absent: string | false =
  path === undefined && 'Chromium is not installed: scripts/system-packages.sh installs it.'

export function openChromium(): Promise<Browser> {
  if (path === undefined) throw new Error(String(absent))
  return chromium.launch({ executablePath: path, headless: true, args: FLAGS })
}
