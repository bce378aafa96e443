import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import type { Challenge, Passkey } from '../../contract/auth.ts'
import { makeKey, signChallenge } from '../../sdk/authenticator.ts'
import { absent } from './chromium.ts'
import { EMAIL, addAuthenticator, claim, openRig, takeAll } from './rig.ts'
import type { Credential, Device, Rig } from './rig.ts'

const options = { skip: absent }
let rig: Rig
let ann: Device
let first: Passkey
/** The authenticator of the device, and two passkeys that it held at different times. */
let holder: string
let held: Record<'own' | 'made', Credential> | undefined
after(() => (absent === false ? rig.close() : undefined))

interface Answered {
  status: number
  data: Record<string, unknown>
  error?: { code: string; details?: Challenge & { reason: string } }
}

/** Asks the API as Ann does, from the page or from wherever else somebody got her token. */
async function ask(path: string, method: string, body?: object, proof?: string): Promise<Answered> {
  const headers = new Headers({ Authorization: `Bearer ${ann.token()}` })
  if (body !== undefined) headers.set('Content-Type', 'application/json')
  if (proof !== undefined) headers.set('X-Biometric-Proof', proof)
  const sent = body === undefined ? null : JSON.stringify(body)
  const response = await fetch(`${rig.url}/api${path}`, { method, headers, body: sent })
  return { status: response.status, ...((await response.json()) as Omit<Answered, 'status'>) }
}
const rename = (name: string, proof?: string) => ask(`/auth/passkeys/${first.id}`, 'PUT', { name }, proof)
const darken = (proof?: string) => ask('/auth/preferences', 'PUT', { theme: 'dark' }, proof)
/** As a proof travels in a header. */
const toHeader = (assertion: object) => Buffer.from(JSON.stringify(assertion)).toString('base64url')
const outcome = ({ status, error }: Answered) =>
  error === undefined ? status : `${status} ${error.code} ${error.details?.reason}`
const challengeOf = ({ error }: Answered): Challenge => {
  assert.ok(error?.details, 'a refusal brings a challenge')
  return error.details
}
async function passkeys(): Promise<Passkey[]> {
  const { data } = await ask('/auth/passkeys', 'GET')
  return data['passkeys'] as Passkey[]
}

/** Has the browser sign a challenge on the page that is open, with one of these passkeys; base64url JSON. */
function sign({ challenge, rp_id }: Challenge, allowed: readonly string[]): Promise<string> {
  return ann.page.evaluate(`(async () => {
    const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    const { id, response } = await navigator.credentials.get({ publicKey: {
      challenge: bytes('${challenge}'), rpId: '${rp_id}', userVerification: 'required',
      allowCredentials: ${JSON.stringify(allowed)}.map((id) => ({ type: 'public-key', id: bytes(id) })),
    } })
    const assertion = { credential_id: id, challenge_response: text(response.signature),
      authenticator_data: text(response.authenticatorData), client_data_json: text(response.clientDataJSON) }
    return text(new TextEncoder().encode(JSON.stringify(assertion)))
  })()`)
}

/** Puts these passkeys into the place of all that the device holds, and answers those. */
async function swap(credentials: readonly Credential[]): Promise<Credential[]> {
  const before = await takeAll(ann.cdp, holder)
  holder = await addAuthenticator(ann.cdp)
  for (const credential of credentials)
    await ann.cdp.send('WebAuthn.addCredential', { authenticatorId: holder, credential })
  return before
}

test('a proof that was sent once is refused the next time, to whoever sends it', options, async () => {
  rig = await openRig()
  ann = await rig.device()
  holder = ann.authenticator
  await claim(ann, rig.setup_code)
  const sent = ann.page.waitForRequest((request) => request.headers()['x-biometric-proof'] !== undefined)
  await ann.page.getByRole('button', { name: /^Rename/ }).click()
  await ann.page.getByLabel('Name').fill('Captured')
  await ann.page.getByRole('button', { name: 'Save' }).click()
  const request = await sent
  await ann.page.locator('#passkeys').getByText('Captured', { exact: true }).waitFor()
  const [only] = await passkeys()
  assert.ok(only)
  first = only
  const proof = request.headers()['x-biometric-proof']
  assert.equal(outcome(await rename('Captured', proof)), '403 AUTH_002 proof_used')
  assert.equal(outcome(await rename('Something else', proof)), '403 AUTH_002 proof_mismatch')
})

test('a proof is good for the request that it was made for and for no other', options, async () => {
  const others = [
    () => rename('B', proof),
    () => ask(`/auth/passkeys/${first.id}`, 'DELETE', undefined, proof),
    () => ask('/credentials/backup', 'POST', {}, proof),
    () => ask('/auth/preferences', 'PUT', { theme: 'dark' }, proof),
  ]
  let proof = ''
  for (const other of others) {
    proof = await sign(challengeOf(await rename('A')), [first.credential_id])
    assert.equal(outcome(await other()), '403 AUTH_002 proof_mismatch')
  }
  proof = await sign(challengeOf(await rename('A')), [first.credential_id])
  assert.equal(outcome(await rename('A', proof)), 200)
  assert.deepEqual(
    (await passkeys()).map(({ name }) => name),
    ['A'],
  )
})

test(
  'a page at another port gets a signature from the same passkey, and it is worth nothing',
  options,
  async () => {
    const stranger = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html')
      response.end('<!doctype html><title>A prize for you</title>')
    })
    stranger.listen(0, '127.0.0.1')
    await once(stranger, 'listening')
    const challenge = challengeOf(await rename('Stolen'))
    const { pathname, href } = new URL(ann.page.url())
    await ann.page.goto(`http://localhost:${(stranger.address() as AddressInfo).port}${pathname}`)
    const proof = await sign(challenge, [first.credential_id])
    stranger.close()
    stranger.closeAllConnections()
    const { client_data_json } = JSON.parse(Buffer.from(proof, 'base64url').toString()) as Record<
      string,
      string
    >
    const signed = JSON.parse(Buffer.from(client_data_json ?? '', 'base64url').toString()) as Record<
      string,
      string
    >
    assert.equal(signed['challenge'], challenge.challenge)
    assert.notEqual(signed['origin'], rig.url)
    assert.equal(outcome(await rename('Stolen', proof)), '403 AUTH_002 proof_invalid')
    await ann.page.goto(href)
    await ann.page.getByRole('heading', { name: 'Your account' }).waitFor()
  },
)

test('what the page says that it signed cannot be put in its place', options, async () => {
  const proof = await sign(challengeOf(await rename('A')), [first.credential_id])
  const real = JSON.parse(Buffer.from(proof, 'base64url').toString()) as Record<string, string>
  const challenge = challengeOf(await rename('Forged'))
  const forged = { type: 'webauthn.get', challenge: challenge.challenge, origin: rig.url, crossOrigin: false }
  const client_data_json = Buffer.from(JSON.stringify(forged)).toString('base64url')
  assert.equal(
    outcome(await rename('Forged', toHeader({ ...real, client_data_json }))),
    '403 AUTH_002 proof_invalid',
  )
  const { key } = makeKey(rig.url, challenge)
  const own = signChallenge(
    { ...key, credential_id: first.credential_id },
    challengeOf(await rename('Forged')),
  )
  assert.equal(outcome(await rename('Forged', toHeader(own))), '403 AUTH_002 proof_invalid')
  const unknown = signChallenge({ ...key, credential_id: 'AAAA' }, challengeOf(await rename('Forged')))
  assert.equal(outcome(await rename('Forged', toHeader(unknown))), '403 AUTH_002 proof_invalid')
})

test('a second passkey is added with a proof by the first', options, async () => {
  const { page, cdp } = ann
  const [own] = await swap([])
  assert.ok(own)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('dialog', { name: 'One more step' }).waitFor()
  const [made] = await swap([own])
  assert.ok(made)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.locator('#passkeys .rows > li').nth(1).waitFor()
  held = { own, made }
  assert.equal(challengeOf(await rename('Late')).allow_credentials.length, 2)
  assert.equal((await cdp.send('WebAuthn.getCredentials', { authenticatorId: holder })).credentials.length, 1)
})

test('a removed passkey proves nothing any more', options, async () => {
  const { page } = ann
  assert.ok(held)
  await swap([held.made])
  await page.getByRole('button', { name: 'Remove A' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  // It is new: the password would do as well, had it been typed a moment ago.
  await page.getByRole('dialog').getByRole('button', { name: 'Use a passkey' }).click()
  await page.locator('#passkeys .rows > li').nth(1).waitFor({ state: 'detached' })
  const [left] = await passkeys()
  assert.notEqual(left?.credential_id, first.credential_id)
  const challenge = challengeOf(await darken())
  assert.deepEqual(challenge.allow_credentials, [left?.credential_id])
  await swap([held.own])
  assert.equal(
    outcome(await darken(await sign(challenge, [first.credential_id]))),
    '403 AUTH_002 proof_invalid',
  )
})

test('a removed passkey signs nobody in', options, async () => {
  const strangers = await fetch(`${rig.url}/api/auth/biometric/challenge`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'login' }),
  })
  const { data } = (await strangers.json()) as { data: Challenge }
  assert.deepEqual(data.allow_credentials, [], 'strangers are told of no passkey')
  const proof = await sign(data, [first.credential_id])
  const biometric_credential = JSON.parse(Buffer.from(proof, 'base64url').toString()) as object
  assert.equal(
    (await ask('/auth/login', 'POST', { email: EMAIL, biometric_credential })).error?.code,
    'AUTH_004',
  )
})

test('a passkey whose user stays unknown changes nothing, and the page says so', options, async () => {
  const { page, cdp } = ann
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: holder, isUserVerified: false })
  const before = await passkeys()
  await page.getByRole('button', { name: /^Remove/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByText(/^The passkey was not used: it was cancelled/).waitFor()
  assert.deepEqual(await passkeys(), before)
})
