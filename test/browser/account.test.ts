import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { absent } from './chromium.ts'
import { EMAIL, PASSWORD, claim, openCommandLine, openRig } from './rig.ts'
import type { Device } from './rig.ts'

const HOSTILE = '<img src=x onerror="document.title=\'owned\'"> & <b>bold</b>'
const options = { skip: absent }
const rig = absent === false ? openRig() : Promise.reject(new Error(absent))
rig.catch(() => {})
const opened: Device[] = []
after(async () => {
  if (absent === false) await (await rig).close()
})
let codes: string[] = []

const device = async (more?: Parameters<Awaited<typeof rig>['device']>[0]): Promise<Device> => {
  const made = await (await rig).device(more)
  opened.push(made)
  return made
}
/** The device of Ann, on which everything below happens in its order. */
let ann: Device

/** Everything that a script of the page could find a token in. */
function keptBy({ page }: Device): Promise<unknown> {
  return page.evaluate(`indexedDB.databases().then((databases) =>
    [document.cookie, localStorage.length, sessionStorage.length, databases.length, window.name])`)
}
const NOTHING = ['', 0, 0, 0, '']

test('a new server is claimed on its page: an owner, their passkey, ten backup codes', options, async () => {
  const { setup_code } = await rig
  ann = await device()
  assert.equal(await ann.page.getByRole('heading', { level: 1 }).textContent(), 'Claim this server')
  codes = await claim(ann, setup_code)
  assert.equal(new Set(codes).size, 10)
  for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
  const { credentials } = await ann.cdp.send('WebAuthn.getCredentials', {
    authenticatorId: ann.authenticator,
  })
  assert.deepEqual(
    credentials.map(({ rpId }) => rpId),
    ['localhost'],
  )
  await ann.page.getByText('Nothing is waiting.').waitFor()
})

test('a reload goes on by the cookie, and no script can read a token anywhere', options, async () => {
  await ann.page.reload()
  await ann.page.getByRole('heading', { name: 'Your account' }).waitFor()
  assert.deepEqual(await keptBy(ann), NOTHING)
  const cookies = await ann.page.context().cookies((await rig).url + '/api/auth/refresh')
  assert.deepEqual(
    cookies.map(({ httpOnly, sameSite, path }) => [httpOnly, sameSite, path]),
    [[true, 'Strict', '/api/auth/refresh']],
  )
})

test('signing out leaves no cookie and no token, and the next reload signs nobody in', options, async () => {
  const { page } = ann
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()
  assert.deepEqual(await page.context().cookies(), [])
  assert.deepEqual(await keptBy(ann), NOTHING)
  await page.reload()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('a wrong password is one plain sentence with the number of its request', options, async () => {
  const { page } = ann
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  const said = (await page.getByRole('alert').locator('.failure').textContent()) ?? ''
  assert.match(said, /^The e-mail address, or what .*, is wrong\.Request [0-9a-f-]{36}$/)
})

test('a passkey signs in without a password', options, async () => {
  const { page } = ann
  await page.getByLabel('Password', { exact: true }).fill('')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
  await page
    .locator('#passkeys')
    .getByText(/used just now/)
    .waitFor()
})

test(
  'a passkey is renamed with a proof of itself, and a hostile name is shown letter by letter',
  options,
  async () => {
    const { page } = ann
    const proven = page.waitForResponse(
      (response) =>
        response.request().method() === 'PUT' &&
        response.request().headers()['x-biometric-proof'] !== undefined,
    )
    await page.getByRole('button', { name: /^Rename/ }).click()
    await page.getByLabel('Name').fill(HOSTILE)
    await page.getByRole('button', { name: 'Save' }).click()
    assert.equal((await proven).status(), 200)
    await page.locator('#passkeys .name').getByText(HOSTILE, { exact: true }).waitFor()
    assert.equal(await page.locator('main img, main b').count(), 0)
    assert.equal(await page.title(), 'PAIOS')
  },
)

test('what waits for an approval comes by itself, and runs once approved', options, async () => {
  const { page } = ann
  const line = await openCommandLine((await rig).url)
  const before = (await line.ask('agents.list')).agents.length
  await line.ask('agents.create', { name: HOSTILE }, { approval: true })
  const card = page.locator('.card')
  await card.getByText(HOSTILE, { exact: true }).waitFor()
  assert.equal(await page.title(), '(1) PAIOS')
  assert.equal((await line.ask('agents.list')).agents.length, before)
  await card.getByRole('button', { name: /^Approve/ }).click()
  await page.getByText('Nothing is waiting.').waitFor()
  await page.getByText('Earlier').click()
  await page.locator('#approvals details').getByText('Done', { exact: true }).waitFor()
  const { agents } = await line.ask('agents.list')
  assert.deepEqual([agents.length, agents.at(-1)?.name], [before + 1, HOSTILE])
  assert.equal(await page.locator('main img, main b').count(), 0)
})

test('what is denied never runs, and what came first stays first', options, async () => {
  const { page } = ann
  const line = await openCommandLine((await rig).url)
  const before = (await line.ask('agents.list')).agents.length
  await line.ask('agents.create', { name: 'first' }, { approval: true })
  await page.locator('.card').getByText('first', { exact: true }).waitFor()
  await line.ask('agents.create', { name: 'second' }, { approval: true })
  await page.locator('.card').getByText('second', { exact: true }).waitFor()
  const names = await page.locator('.card dd').allTextContents()
  assert.deepEqual(names, ['first', 'second'])
  for (const name of names) {
    const card = page.locator('.card', { has: page.getByText(name, { exact: true }) })
    await card.getByRole('button', { name: /^Deny/ }).click()
    await card.waitFor({ state: 'detached' })
  }
  await page.getByText('Nothing is waiting.').waitFor()
  assert.equal((await line.ask('agents.list')).agents.length, before)
  assert.equal(
    await page.evaluate('document.activeElement.id'),
    'approvals-title',
    'the focus stays in its part',
  )
})

test(
  'a backup code signs in once, adds a passkey on another device, and ends the others',
  options,
  async () => {
    const { page } = await device()
    const [code = ''] = codes
    const useCode = async (): Promise<void> => {
      await page.getByLabel('E-mail').fill(EMAIL)
      await page.getByRole('button', { name: 'Use a backup code' }).click()
      await page.getByLabel('Backup code').fill(` ${code.toLowerCase()} `)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    }
    await useCode()
    await page.getByText(/You signed in with a backup code/).waitFor()
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.locator('#passkeys .rows > li').nth(1).waitFor()
    await ann.page.getByText('Your session has ended. Sign in again.').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await useCode()
    await page.getByText(/is wrong/).waitFor()
  },
)

test(
  'a changed password is void at once, and the page goes on in a session of its own',
  options,
  async () => {
    const { page } = ann
    await page.getByLabel('E-mail').fill(EMAIL)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    const next = 'another horse battery staple 9'
    const change = async (from: string, to: string): Promise<void> => {
      await page.getByLabel('Current password').fill(from)
      await page.getByLabel('New password').fill(to)
      await page.getByRole('button', { name: 'Change the password' }).click()
    }
    await change('not the password', next)
    await page
      .locator('#password .failure')
      .getByText(/is wrong/)
      .waitFor()
    await change(PASSWORD, next)
    await page.getByText('Changed. All other sessions have ended.').waitFor()
    await assert.rejects(openCommandLine((await rig).url), { code: 'AUTH_004' })
    // The page goes on in its new session, live events included.
    const told = page.locator('#notices').getByText(/Your password was changed/)
    await told.first().waitFor()
    await change(next, PASSWORD)
    await told.nth(1).waitFor()
  },
)

test('an address of this machine leads to its name', options, async () => {
  const { page } = await device()
  const { port } = await rig
  await page.goto(`http://127.0.0.1:${port}/?a=1#sessions`)
  assert.equal(page.url(), `http://localhost:${port}/?a=1#sessions`)
})

test('the policy of the page is never broken, and nothing in it fails', options, async () => {
  assert.ok(opened.length >= 3)
  for (const { complaints } of opened) assert.deepEqual(complaints, [])
  // That listener would have noticed.
  const breaches = {
    "document.body.innerHTML = '<b>'": 'require-trusted-types-for',
    "fetch('https://evil.test').catch(() => {})": 'connect-src',
    "new Image().src = 'https://evil.test/a.png'": 'img-src',
  }
  for (const [breach, directive] of Object.entries(breaches)) {
    const noticed = ann.page.evaluate(`new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), { once: true })
      try { ${breach} } catch {}
    })`)
    assert.equal(await noticed, directive)
  }
})

test('without its server the page says so', options, async () => {
  const { page } = ann
  await (await rig).kill()
  await page.getByText('Not connected. What you see may be out of date.').waitFor()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  // Each part of the page that asked meanwhile says the same.
  await page
    .locator('#passkeys')
    .getByText(/^PAIOS does not answer\./)
    .first()
    .waitFor()
})
