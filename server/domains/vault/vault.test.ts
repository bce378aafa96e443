import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Input, Output } from '../../../contract/operation.ts'
import type { RevealedCredential, credentials } from '../../../contract/credentials.ts'
import { PASSWORD, openTestApp } from '../../../test/app.ts'
import { dataOf, enrol, outcomeOf, prove } from '../../../test/passkeys.ts'
import type { Fault } from '../../kernel/fault.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { callOf, performAs } from '../changes/fixture.ts'
import { keyslotsPath } from './keyslots.ts'

const NEEDLE = 'needle-Zq7+/v8RtY2mX4pL9wK3bN6"\\ü-end'

const given = (more: Partial<Input<typeof credentials.store>> = {}): Input<typeof credentials.store> => ({
  service_name: 'Example',
  credential_type: 'api_key',
  credential_data: { value: NEEDLE, additional_fields: { user: 'ann' } },
  ...more,
})

const store = (server: Server, more: Partial<Input<typeof credentials.store>> = {}) =>
  performAs(server, server.ann, 'credentials.store', given(more))
const reveal = (server: Server, id: string, who = server.ann) =>
  performAs(server, who, 'credentials.get', { id })
/** What a row answers that somebody has changed. */
const tampered = ({ code, details }: Fault): boolean =>
  code === 'GENERAL_004' && details?.['reason'] === 'tampered'
const run = (server: Server, sql: string, values: string[] = []) =>
  server.write((tx) => Promise.resolve(tx.connection.run(sql, values)))

test('what is stored is shown without its secret, and its secret for a passkey, counted as a use', async (context) => {
  const server = await openServer(context)
  const metadata = { description: 'The one for tests', expires_at: '2027-01-01T00:00:00Z', auto_rotate: true }
  const stored = await store(server, { metadata })
  const listed = await server.ask(server.ann.token, 'credentials.list', {})
  const [first] = listed.credentials
  assert.deepEqual([listed.total_count, first?.id, first?.service_name], [1, stored.id, 'Example'])
  assert.deepEqual(first?.metadata, {
    description: 'The one for tests',
    expires_at: '2027-01-01T00:00:00.000Z',
    usage_count: 0,
    auto_rotate: true,
  })
  assert.match(first?.encrypted_data ?? '', /^sha256:[0-9a-f]{32}$/)
  assert.match(stored.encrypted_data, /^v1\.kek_[\w-]{16}\.[\w-]{16}\.[\w-]+\.[\w-]+$/)
  const shown = await reveal(server, stored.id)
  assert.deepEqual(shown.credential_data, { value: NEEDLE, additional_fields: { user: 'ann' } })
  assert.deepEqual(
    [shown.metadata.usage_count, shown.metadata.last_used],
    [1, shown.metadata.last_used ?? ''],
  )
})

test('a passkey is asked for over the wire, a sign-in is never enough, and a stranger finds nothing', async (context) => {
  const app = await openTestApp()
  context.after(() => app.remove())
  const { token } = await app.claim()
  const refused = await app.call(token, 'credentials.store', given())
  assert.match(JSON.stringify(refused), /AUTH_002.*not_enrolled/)
  const { key } = await enrol(app, token)
  const { id } = dataOf<{ id: string }>(await prove(app, token, key, 'credentials.store', given()))
  assert.equal(outcomeOf(await app.call(token, 'credentials.get', { id })).startsWith('AUTH_002'), true)
  const shown = dataOf<RevealedCredential>(await prove(app, token, key, 'credentials.get', { id }))
  assert.equal(shown.credential_data.value, NEEDLE)
  const email = 'bob@example.org'
  await app.app.auth.addUser(email, PASSWORD)
  const bob = await app.ask(undefined, 'auth.login', { email, password: PASSWORD })
  assert.equal((await app.ask(bob.access_token, 'credentials.list', {})).total_count, 0)
  const { key: other } = await enrol(app, bob.access_token)
  const stolen = await prove(app, bob.access_token, other, 'credentials.get', { id })
  assert.match(JSON.stringify(stolen), /"status":404/)
})

test('the same secret is never the same envelope, and a filter finds names and types exactly', async (context) => {
  const server = await openServer(context)
  const [a, b] = [
    await store(server),
    await store(server, { service_name: 'Other', credential_type: 'password' }),
  ]
  assert.notEqual(a.encrypted_data.split('.')[3], b.encrypted_data.split('.')[3])
  const list = async (filter: Input<typeof credentials.list>) =>
    (await server.ask(server.ann.token, 'credentials.list', filter)).credentials.map(({ id }) => id)
  assert.deepEqual(await list({ service_name: 'Other' }), [b.id])
  assert.deepEqual(await list({ service_name: 'other' }), [])
  assert.deepEqual(await list({ credential_type: 'api_key' }), [a.id])
  const first = await server.ask(server.ann.token, 'credentials.list', { limit: 1 })
  assert.deepEqual([first.credentials[0]?.id, first.total_count], [b.id, 2])
  assert.deepEqual(await list({ limit: 1, cursor: first.next_cursor ?? '' }), [a.id])
})

test('a change keeps the id and what is not said, and a new secret takes the place of the old one', async (context) => {
  const server = await openServer(context)
  const { id, created_at } = await store(server, { metadata: { description: 'Old' } })
  const renamed = await performAs(server, server.ann, 'credentials.update', { id, service_name: 'New' })
  assert.deepEqual([renamed.id, renamed.created_at, renamed.metadata.description], [id, created_at, 'Old'])
  assert.equal((await reveal(server, id)).credential_data.value, NEEDLE)
  await performAs(server, server.ann, 'credentials.update', { id, credential_data: { value: 'second' } })
  const { credential_data, service_name, metadata } = await reveal(server, id)
  assert.deepEqual([credential_data, service_name, metadata.usage_count], [{ value: 'second' }, 'New', 2])
})

test('a leap second is no time at which anything ends', async (context) => {
  const server = await openServer(context)
  await assert.rejects(store(server, { metadata: { expires_at: '2026-12-31T23:59:60Z' } }), {
    code: 'GENERAL_001',
  })
})

const ENCODINGS = (text: string): Buffer[] => {
  const bytes = Buffer.from(text)
  return [
    bytes,
    Buffer.from(bytes.toString('base64').replace(/=+$/, '')),
    Buffer.from(bytes.toString('base64url')),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(JSON.stringify(text).slice(1, -1)),
    Buffer.from(Array.from(text).toReversed().join('')),
  ]
}

function* filesIn(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) yield* filesIn(join(folder, entry.name))
    else yield join(folder, entry.name)
}

test('nothing of a secret is in any file, event, notification or line of the audit, in whatever writing', async (context) => {
  const server = await openServer(context)
  const { id } = await store(server)
  await reveal(server, id)
  await performAs(server, server.ann, 'credentials.update', { id, service_name: 'Moved' })
  assert.equal((await verify(server, id)).accessible, true)
  await server.app.kernel.store.settled()
  const seen = [JSON.stringify(await server.told()), server.logged.join('\n')].map((text) =>
    Buffer.from(text),
  )
  const files = Array.from(filesIn(server.data_dir()), (path) => readFileSync(path))
  for (const [index, needle] of ENCODINGS(NEEDLE).entries())
    for (const where of [...seen, ...files]) assert.equal(where.includes(needle), false, `encoding ${index}`)
})

test('the keys lie beside the root key, for their owner alone, and not in the database', async (context) => {
  const server = await openServer(context)
  const { encryption_key_id } = await store(server)
  const path = keyslotsPath(server.app.kernel.settings.key_file)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.match(readFileSync(path, 'utf8'), new RegExp(encryption_key_id))
  const [row] = server.app.kernel.store.reader.connection.all('SELECT * FROM credentials', [])
  assert.equal(JSON.stringify(row).includes('Example'), false)
})

const verify = (server: Server, credential_id: string) => {
  const answer = server.app.answers['credentials.verify']
  assert.ok(answer !== undefined && 'read' in answer)
  return answer.read(callOf(server, server.ann), { credential_id }) as Promise<
    Output<typeof credentials.verify>
  >
}

const TAMPERED: readonly [
  what: string,
  tamper: (server: Server, a: string, b: string) => Promise<unknown>,
][] = [
  [
    'the envelopes of two rows are swapped',
    (server, a, b) =>
      run(
        server,
        `UPDATE credentials SET envelope = (SELECT o.envelope FROM credentials o WHERE o.id = ?) WHERE id = ?`,
        [b, a],
      ),
  ],
  [
    'all but the id is that of another row',
    (server, a, b) =>
      run(
        server,
        `UPDATE credentials SET (number, key_id, envelope, about) =
          (SELECT o.number, o.key_id, o.envelope, o.about FROM credentials o WHERE o.id = ?) WHERE id = ?`,
        [b, a],
      ),
  ],
  [
    'the type',
    (server, a) => run(server, `UPDATE credentials SET credential_type = 'password' WHERE id = ?`, [a]),
  ],
  ['the expiry', (server, a) => run(server, `UPDATE credentials SET expires_at = '2099' WHERE id = ?`, [a])],
  ['the number', (server, a) => run(server, 'UPDATE credentials SET number = 2 WHERE id = ?', [a])],
  [
    'the tag is cut',
    (server, a) =>
      run(
        server,
        `UPDATE credentials SET envelope = substr(envelope, 1, length(envelope) - 8) WHERE id = ?`,
        [a],
      ),
  ],
  ['the pins', (server) => run(server, `UPDATE credential_pins SET pins = '{}'`)],
]

for (const [what, tamper] of TAMPERED)
  test(`what was changed in the database does not open: ${what}`, async (context) => {
    const server = await openServer(context)
    const [a, b] = [await store(server), await store(server, { credential_data: { value: 'other' } })]
    await tamper(server, a.id, b.id)
    await assert.rejects(reveal(server, a.id), tampered)
    const verified = await verify(server, a.id)
    assert.deepEqual([verified.decryptable, verified.accessible], [false, false])
    const listed = await server.ask(server.ann.token, 'credentials.list', {})
    assert.deepEqual(
      listed.credentials.map(({ id }) => id),
      [b.id, a.id],
    )
    if (what !== 'the pins') assert.equal((await reveal(server, b.id)).credential_data.value, 'other')
  })

test('who opens what was changed from outside leaves that in the audit and in the log', async (context) => {
  const app = await openTestApp()
  context.after(() => app.remove())
  const { token } = await app.claim()
  const { key } = await enrol(app, token)
  const { id } = dataOf<{ id: string }>(await prove(app, token, key, 'credentials.store', given()))
  await app.app.kernel.store.write((tx) =>
    Promise.resolve(
      tx.connection.run(`UPDATE credentials SET envelope = substr(envelope, 1, length(envelope) - 8)`, []),
    ),
  )
  await prove(app, token, key, 'credentials.get', { id })
  await app.app.kernel.audit.flush()
  const [last] = app.app.kernel.audit.lines(undefined, 1)
  assert.equal(last?.outcome, 'GENERAL_004 tampered')
})

test('a row that is put back as it was before a change does not open', async (context) => {
  const server = await openServer(context)
  const { id } = await store(server)
  await run(server, 'CREATE TABLE kept AS SELECT * FROM credentials')
  await performAs(server, server.ann, 'credentials.update', { id, credential_data: { value: 'second' } })
  await run(server, 'DELETE FROM credentials')
  await run(server, 'INSERT INTO credentials SELECT * FROM kept')
  await assert.rejects(reveal(server, id), tampered)
})

test('whichever byte of an envelope is changed, it never opens as something else', async (context) => {
  const server = await openServer(context)
  const { id, encrypted_data } = await store(server, { credential_data: { value: 'short' } })
  for (let at = 0; at < encrypted_data.length; at += 7) {
    const other = encrypted_data[at] === 'A' ? 'B' : 'A'
    const flipped = encrypted_data.slice(0, at) + other + encrypted_data.slice(at + 1)
    await run(server, 'UPDATE credentials SET envelope = ? WHERE id = ?', [flipped, id])
    await assert.rejects(reveal(server, id), { code: 'GENERAL_004' })
  }
  await run(server, 'UPDATE credentials SET envelope = ? WHERE id = ?', [encrypted_data, id])
  assert.equal((await reveal(server, id)).credential_data.value, 'short')
})

test('without its key a credential says so, and the rest of the server goes on', async (context) => {
  const server = await openServer(context)
  const { id } = await store(server)
  const path = keyslotsPath(server.app.kernel.settings.key_file)
  const whole = readFileSync(path, 'utf8')
  writeFileSync(path, JSON.stringify({ format: 1, slots: [] }), { mode: 0o600 })
  await server.restart()
  await assert.rejects(reveal(server, id), { details: { reason: 'key_missing', credential_id: id } })
  assert.equal((await server.ask(server.ann.token, 'credentials.list', {})).total_count, 1)
  // A new key would stand where the right one is to be put back.
  await assert.rejects(store(server), { details: { reason: 'key_missing' } })
  writeFileSync(path, whole, { mode: 0o600 })
  await server.restart()
  assert.equal((await reveal(server, id)).credential_data.value, NEEDLE)
  writeFileSync(path, JSON.stringify({ format: 1, slots: [] }), { mode: 0o600 })
  await server.restart()
  await performAs(server, server.ann, 'credentials.delete', { id })
  const fresh = await store(server)
  assert.equal((await reveal(server, fresh.id)).credential_data.value, NEEDLE)
})

test('a deleted credential is gone, in the database as in its list', async (context) => {
  const server = await openServer(context)
  const { id, encrypted_data } = await store(server)
  await performAs(server, server.ann, 'credentials.delete', { id })
  await assert.rejects(reveal(server, id), { status: 404 })
  assert.equal((await server.ask(server.ann.token, 'credentials.list', {})).total_count, 0)
  const data = encrypted_data.split('.')[3] ?? ''
  const rows = server.app.kernel.store.reader.connection.all(`SELECT count(*) AS n FROM credentials`, [])
  assert.equal(rows[0]?.['n'], 0)
  const named = server.app.kernel.store.reader.connection.all('SELECT pins FROM credential_pins', [])
  assert.equal(JSON.stringify(named).includes(id) || JSON.stringify(named).includes(data), false)
})

test('a time of the former secret that somebody has damaged keeps nothing from being listed, shown or changed', async (context) => {
  const server = await openServer(context)
  const { ann, ask } = server
  const { id } = await performAs(server, ann, 'credentials.store', {
    service_name: 'Maps',
    credential_type: 'api_key',
    credential_data: { value: 'the-first-secret' },
  })
  await performAs(server, ann, 'credentials.update', { id, credential_data: { value: 'the-second-secret' } })
  await server.write((tx) =>
    Promise.resolve(tx.connection.run(`UPDATE credentials SET former_at = 'garbage' WHERE id = ?`, [id])),
  )
  const [listed] = (await ask(ann.token, 'credentials.list', {})).credentials
  assert.deepEqual([listed?.id, listed?.restorable_until], [id, undefined])
  assert.equal(
    (await performAs(server, ann, 'credentials.get', { id })).credential_data.value,
    'the-second-secret',
  )
  await performAs(server, ann, 'credentials.update', { id, service_name: 'Cards' })
})
