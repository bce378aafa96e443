import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core'
import { openClient } from '../../sdk/client.ts'
import type { Client } from '../../sdk/client.ts'
import { PASSWORD } from '../app.ts'
import { openMachine } from '../journeys/process.ts'
import type { Machine } from '../journeys/process.ts'
import { openChromium } from './chromium.ts'

export { PASSWORD }
export const EMAIL = 'ann@example.org'

/** A server in a process of its own, and a browser beside it. */
export interface Rig {
  url: string
  port: number
  setup_code: string
  machine: Machine
  browser: Browser
  /** Opens the page as on a device of its own, with an authenticator that its user verifies at once. */
  device(options?: BrowserContextOptions): Promise<Device>
  /** Ends the server as a crash does. */
  kill(): Promise<unknown>
  close(): Promise<void>
}

export interface Device {
  page: Page
  /** The access token that the page sent last. */
  token(): string
  cdp: CDPSession
  authenticator: string
  /** What the page was refused by its own policy, and what it threw: nothing, if all is well. */
  complaints: string[]
}

export async function openRig(): Promise<Rig> {
  const machine = openMachine()
  const [served, browser] = await Promise.all([machine.serve(), openChromium()])
  const { url, port } = served
  return {
    url,
    port,
    machine,
    browser,
    setup_code: readFileSync(join(machine.home, 'data/setup-code'), 'utf8').trim(),
    device: (options) => openDevice(browser, url, options),
    kill: () => served.stop('SIGKILL'),
    close: async () => {
      await browser.close()
      await machine.remove()
    },
  }
}

async function openDevice(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Device> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  let token = ''
  page.on('request', (request) => {
    token = /^Bearer (.+)$/.exec(request.headers()['authorization'] ?? '')?.[1] ?? token
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.exposeFunction('complain', (text: string) => complaints.push(text))
  await page.addInitScript(`document.addEventListener('securitypolicyviolation',
    ({ violatedDirective, blockedURI }) => complain(violatedDirective + ' ' + blockedURI))`)
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable', { enableUI: false })
  const authenticator = await addAuthenticator(cdp)
  await page.goto(url)
  return { page, cdp, authenticator, complaints, token: () => token }
}

/** Something that holds passkeys, and whose user is always there and verified. */
export async function addAuthenticator(cdp: CDPSession): Promise<string> {
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return authenticatorId
}

/** Takes the passkeys out of an authenticator, which is then gone. */
export async function takeAll(cdp: CDPSession, authenticatorId: string) {
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
  await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  return credentials
}
export type Credential = Awaited<ReturnType<typeof takeAll>>[number]

/** Claims the server on its page, up to the account; answers the backup codes. */
export async function claim({ page }: Device, setup_code: string): Promise<string[]> {
  await page.getByLabel('Setup code').fill(setup_code)
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const codes = page.getByRole('list', { name: 'Backup codes' }).getByRole('listitem')
  await codes.first().waitFor()
  const texts = await codes.allTextContents()
  await page.getByLabel('I have kept them').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
  return texts
}

/** Somebody at a command line, who can give no proof. */
export async function openCommandLine(url: string, email = EMAIL): Promise<Client> {
  const client = openClient({ url })
  await client.ask('auth.login', { email, password: PASSWORD })
  return client
}
