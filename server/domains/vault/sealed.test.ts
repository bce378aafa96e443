import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CredentialData } from '../../../contract/credentials.ts'
import { makeKey } from '../../../sdk/authenticator.ts'
import {
  SealedItemError,
  makeRecoveryKey,
  openItem,
  passkeyOpener,
  recoveryOpener,
  sealItem,
} from '../../../sdk/sealed.ts'
import type { Opener } from '../../../sdk/sealed.ts'
import { openTestApp } from '../../../test/app.ts'
import { ORIGIN, dataOf, enrol, prove } from '../../../test/passkeys.ts'
import { openServer } from '../agents/fixture.ts'
import { performAs } from '../changes/fixture.ts'

const PLAIN = { value: 'the-Plain-Secret "ü"', additional_fields: { user: 'ann-the-user' } }
const keyFor = () => makeKey(ORIGIN, { challenge: 'x', rp_id: 'localhost' }).key
const two = (): Opener[] => [passkeyOpener(keyFor()), recoveryOpener(makeRecoveryKey())]
const turned = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`
const given = (credential_data: CredentialData) =>
  ({ service_name: 'Diary', credential_type: 'password', credential_data }) as const

test('a sealed item goes through the server to each of its openers, and what the server keeps opens to nobody else', async (t) => {
  const server = await openTestApp()
  t.after(() => server.remove())
  const { token } = await server.claim()
  const { key } = await enrol(server, token)
  const openers = [passkeyOpener(key), recoveryOpener(makeRecoveryKey())]
  const item = await sealItem(PLAIN, openers)
  assert.equal(JSON.stringify(item).includes('Plain'), false)
  const made = dataOf<{ id: string; sealed: boolean }>(
    await prove(server, token, key, 'credentials.store', given(item)),
  )
  const shown = dataOf<{ credential_data: CredentialData; sealed: boolean }>(
    await prove(server, token, key, 'credentials.get', { id: made.id }),
  )
  assert.deepEqual([made.sealed, shown.sealed, shown.credential_data], [true, true, item])
  for (const opener of openers) assert.deepEqual(await openItem(shown.credential_data, opener), PLAIN)
  for (const other of two()) await assert.rejects(openItem(shown.credential_data, other), SealedItemError)
})

test('no agent is given a sealed item, nor can one be given it that had the credential before', async (t) => {
  const server = await openServer(t)
  const { ann, app } = server
  const destinations = [{ origin: 'https://api.example.com', in: 'header' as const, name: 'authorization' }]
  const { id } = await performAs(server, ann, 'credentials.store', given({ value: 'plain-at-first' }))
  const agent = await server.own({ name: 'Caller' })
  const grant = { credential_id: id, agent_number: agent.agent_number, destinations }
  await performAs(server, ann, 'credentials.grant', grant)
  const use = () =>
    app.vault.lend({
      user_id: ann.user_id,
      agent_id: agent.id,
      credential_id: id,
      origin: 'https://api.example.com',
    })
  assert.equal((await use())[0]?.secret, 'plain-at-first')
  const credential_data = await sealItem(PLAIN, two())
  assert.equal((await performAs(server, ann, 'credentials.update', { id, credential_data })).sealed, true)
  await assert.rejects(use(), /Only a passkey of its user opens the credential\./)
  await assert.rejects(performAs(server, ann, 'credentials.grant', grant), /no agent can use it/)
  await performAs(server, ann, 'credentials.update', { id, service_name: 'Other' })
  const [listed] = (await server.ask(ann.token, 'credentials.list', {})).credentials
  assert.deepEqual([listed?.sealed, listed?.service_name], [true, 'Other'])
  assert.equal((await performAs(server, ann, 'credentials.restore', { credential_id: id })).sealed, undefined)
  assert.equal((await use())[0]?.secret, 'plain-at-first')
  assert.equal((await performAs(server, ann, 'credentials.restore', { credential_id: id })).sealed, true)
  await assert.rejects(use(), /Only a passkey/)
})

test('an item has two different openers, nothing plain beside it, and does not open once it was touched', async (t) => {
  const [one, other] = two()
  assert.ok(one !== undefined && other !== undefined)
  await assert.rejects(sealItem(PLAIN, [one]), SealedItemError)
  await assert.rejects(sealItem(PLAIN, [one, one]), SealedItemError)
  const item = await sealItem(PLAIN, [one, other])
  const { sealed } = item
  assert.ok(sealed !== undefined)
  const [first, second] = sealed.wraps
  assert.ok(first !== undefined && second !== undefined)
  for (const wrong of [
    { ...item, value: turned(item.value) },
    { ...item, sealed: { ...sealed, nonce: turned(sealed.nonce) } },
    { ...item, sealed: { ...sealed, wraps: [{ ...first, salt: turned(first.salt) }, second] } },
    { ...item, sealed: { ...sealed, wraps: [{ ...second, credential_id: first.credential_id }, second] } },
    { value: item.value },
  ])
    await assert.rejects(openItem(wrong, one), SealedItemError)
  const server = await openServer(t)
  const store = (data: CredentialData) => server.call(server.ann.token, 'credentials.store', given(data))
  await assert.rejects(
    performAs(server, server.ann, 'credentials.store', given({ ...item, additional_fields: { pin: '1' } })),
    /belong into what is sealed/,
  )
  const reply = await store({ ...item, sealed: { ...sealed, wraps: [first] } })
  assert.match(JSON.stringify(reply), /\/credential_data\/sealed\/wraps/)
})
