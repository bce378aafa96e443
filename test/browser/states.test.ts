import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { absent } from './chromium.ts'
import { EMAIL, PASSWORD, openCommandLine, openRig } from './rig.ts'
import type { Device, Rig } from './rig.ts'

const options = { skip: absent }
let rig: Rig
let ann: Device
after(() => (absent === false ? rig.close() : undefined))

/** What is wrong with the page as it is: fields and buttons without a name, text too faint, more than fits. */
const PROBLEMS = `(() => {
  const problems = []
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true })
  for (const input of document.querySelectorAll('input'))
    if (isShown(input) && !input.labels.length) problems.push('a field without a label: ' + input.outerHTML)
  for (const button of document.querySelectorAll('button, a'))
    if (isShown(button) && !(button.getAttribute('aria-label') ?? button.textContent).trim()) problems.push('no name: ' + button.outerHTML)
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  if (new Set(ids).size !== ids.length) problems.push('an id twice: ' + ids)
  if (document.querySelectorAll('h1').length !== 1) problems.push('not one h1')
  const over = document.documentElement.scrollWidth - innerWidth
  if (over > 0) problems.push('wider than the screen by ' + over)
  const parse = (text) => text.match(/[\\d.]+/g).map(Number)
  const light = (color) => color.slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0)
  const ground = (element) => {
    const color = parse(getComputedStyle(element).backgroundColor)
    return color[3] === 0 ? ground(element.parentElement) : color
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const { parentElement: element, data } = walker.currentNode
    if (data.trim() === '' || !isShown(element)) continue
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x)
    const ratio = (a + 0.05) / (b + 0.05)
    if (ratio < 4.5) problems.push(ratio.toFixed(2) + ' to 1: ' + data)
  }
  return problems
})()`

/** Looks at the page as a phone and a desk show it, by day and by night. */
async function check(state: string): Promise<void> {
  const { page } = ann
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 1280]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 740 })
      assert.deepEqual(await page.evaluate(PROBLEMS), [], `${state}, ${colorScheme}, ${width} px`)
    }
  }
}

test('the claim page can be read, and a wrong code is counted in plain words', options, async () => {
  rig = await openRig()
  ann = await rig.device()
  const { page } = ann
  await page.getByRole('heading', { name: 'Claim this server' }).waitFor()
  await check('claim')
  await page.getByLabel('Setup code').fill('0000')
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('This is not the setup code. 4 tries are left.').waitFor()
  await check('a wrong code')
})

test('a code that came with the address is filled in, and leaves the address at once', options, async () => {
  const { page } = ann
  await page.goto('about:blank')
  await page.goto(`${rig.url}/#setup=${rig.setup_code}`)
  assert.equal(await page.getByLabel('Setup code').inputValue(), rig.setup_code)
  assert.equal(page.url(), `${rig.url}/`)
})

test('by keyboard alone one gets from the first field to the next step', options, async () => {
  const { page } = ann
  await page.getByLabel('Setup code').focus()
  await page.keyboard.press('Tab')
  await page.keyboard.type(EMAIL)
  await page.keyboard.press('Tab')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Add a passkey' }).waitFor()
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Add a passkey')
  await check('the passkey step')
})

test('without a passkey the page says what is missing, and nothing can be approved', options, async () => {
  const { page } = ann
  await page.getByRole('button', { name: 'Later' }).click()
  await page.getByText(/^None yet\. Without one nothing can be approved/).waitFor()
  await check('an account without a passkey')
  await page.getByRole('button', { name: 'Make new codes' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click()
  await page.getByText(/^This needs a passkey, and you have none yet/).waitFor()
  await check('a refusal')
})

test(
  'when the password was typed too long ago it is asked for again, and the passkey is made anew',
  options,
  async () => {
    const { page } = ann
    // A session that was renewed does not remember that a password opened it.
    await page.reload()
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
    await dialog.waitFor()
    await check('the password again')
    await dialog.getByLabel('Password', { exact: true }).fill('not the password')
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await dialog.getByText(/is wrong/).waitFor()
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Continue' }).click()
    const codes = page.getByRole('dialog', { name: 'Your backup codes' })
    await codes.waitFor()
    assert.equal(await codes.getByRole('listitem').count(), 10)
    await check('backup codes')
    await codes.getByRole('button', { name: 'Done' }).click()
    assert.equal(await codes.isVisible(), true, 'not before they are kept')
    await codes.getByLabel('I have kept them').check()
    await codes.getByRole('button', { name: 'Done' }).click()
    await page.locator('#sessions .rows > li').first().waitFor()
    assert.equal(await page.locator('#sessions .rows > li').count(), 1, 'the session before is gone')
  },
)

test('approvals, earlier ones and dialogs can be read', options, async () => {
  const { page } = ann
  const line = await openCommandLine(rig.url)
  const name = `${'W'.repeat(60)} Ⓤ מימין לשמאל`
  await line.ask('agents.create', { name, description: 'one\n'.repeat(40) }, { approval: true })
  await page.locator('.card').waitFor()
  await check('an approval')
  await page.getByRole('button', { name: /^Deny/ }).click()
  await page.getByText('Earlier').click()
  await page.locator('#approvals details').getByText('Denied').waitFor()
  await page.getByRole('button', { name: /^Rename/ }).click()
  await check('a decided one, and a name that is changed')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: /^Remove/ }).click()
  await page.getByText(/It is the last one: your backup codes go with it/).waitFor()
  await check('a dialog')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test(
  'a session that is ended elsewhere leaves the page within a second, with a sentence',
  options,
  async () => {
    const { page } = ann
    const ended = await fetch(`${rig.url}/api/auth/logout`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ann.token()}` },
    })
    assert.equal(ended.status, 200)
    await page.getByText('Your session has ended. Sign in again.').waitFor()
    assert.deepEqual(await page.context().cookies(), [])
    await page.getByText('Trouble signing in?').click()
    await check('sign-in')
    await page.getByRole('button', { name: 'Use a backup code' }).click()
    await check('sign-in by code')
  },
)

test('a server that has an owner cannot be claimed, whatever the address says', options, async () => {
  const { page } = ann
  await page.goto('about:blank')
  await page.goto(`${rig.url}/#setup=AAAA`)
  await page.getByLabel('E-mail').fill('eve@example.org')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('This server is already set up.').waitFor()
  assert.deepEqual(ann.complaints, [])
})
