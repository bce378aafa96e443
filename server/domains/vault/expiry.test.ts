import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iso } from '../../kernel/clock.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { performAs } from '../changes/fixture.ts'
import { openStage } from '../workflows/rig.ts'
import { pass } from '../workflows/triggers/rig.ts'

const DAY_MS = 86_400_000
const FIRST = 'the-first-secret-0001'
const SECOND = 'the-second-secret-0002'

const store = (server: Server, service_name: string, days: number | undefined, value = FIRST) =>
  performAs(server, server.ann, 'credentials.store', {
    service_name,
    credential_type: 'api_key',
    credential_data: { value },
    ...(days === undefined ? {} : { metadata: { expires_at: iso(server.clock.now() + days * DAY_MS) } }),
  })
const warnings = async (server: Server) =>
  (await server.told())
    .filter(({ name }) => name === 'credential:expiring')
    .map(({ data }) => data as { service_name: string; expired: boolean })
const reveal = async (server: Server, id: string) =>
  (await performAs(server, server.ann, 'credentials.get', { id })).credential_data.value

test('the owner is warned once 30, 7 and 1 days before a credential ends and when it has, and of nothing else', async (context) => {
  const server = await openStage(context)
  await store(server, 'Far', 200)
  await store(server, 'Never', undefined)
  await store(server, 'Soon', 33)
  await server.app.vault.begin()
  const seen: [number, boolean][] = []
  for (let day = 1, before = 0; day <= 40; day += 1) {
    await pass(server, DAY_MS)
    const all = await warnings(server)
    for (const { service_name, expired } of all.slice(before)) {
      assert.equal(service_name, 'Soon')
      seen.push([33 - day, expired])
    }
    before = all.length
  }
  assert.deepEqual(seen, [
    [30, false],
    [7, false],
    [1, false],
    [0, true],
  ])
  const { notifications } = await server.ask(await server.signIn(), 'notifications.list', {})
  const texts = notifications.map(({ text }) => text).filter((text) => text.includes('Soon'))
  assert.ok(texts.includes('The credential for Soon expires in 7 days.'))
  assert.ok(texts.some((text) => text.startsWith('The credential for Soon has expired')))
})

test('a new end of a credential warns anew', async (context) => {
  const server = await openStage(context)
  await server.app.vault.begin()
  const { id } = await store(server, 'Maps', 5)
  await pass(server, DAY_MS)
  assert.equal((await warnings(server)).length, 1)
  await performAs(server, server.ann, 'credentials.update', {
    id,
    metadata: { expires_at: iso(server.clock.now() + 6 * DAY_MS) },
  })
  await pass(server, DAY_MS)
  assert.equal((await warnings(server)).length, 2)
})

test('an end is looked at in the moment in which it is set, told once for its stage, and not when something else changes', async (context) => {
  const server = await openServer(context)
  const update = (id: string, metadata: object) =>
    performAs(server, server.ann, 'credentials.update', { id, metadata })
  const { id } = await store(server, 'Maps', 31)
  assert.deepEqual(await warnings(server), [])
  const ends: [metadata: object, told: number][] = [
    [{ expires_at: iso(server.clock.now() + 30 * DAY_MS) }, 1],
    [{ description: 'Of the shop.' }, 1],
    [{ auto_rotate: false }, 1],
    [{ expires_at: iso(server.clock.now() + 2 * DAY_MS) }, 2],
    [{ expires_at: iso(server.clock.now() - 1) }, 3],
    [{ never_expires: false }, 3],
    [{ never_expires: true }, 3],
  ]
  for (const [metadata, told] of ends) {
    await update(id, metadata)
    assert.equal((await warnings(server)).length, told, JSON.stringify(metadata))
  }
  assert.deepEqual(
    (await warnings(server)).map(({ expired }) => expired),
    [false, false, true],
  )
  const [listed] = (await server.ask(await server.signIn(), 'credentials.list', {})).credentials
  assert.equal(listed?.metadata.expires_at, undefined)
  const both = { never_expires: true, expires_at: iso(server.clock.now()) }
  await assert.rejects(update(id, both), /never_expires cannot be said beside an end/)
  await store(server, 'Ends at once', 0)
  assert.deepEqual((await warnings(server)).at(-1)?.expired, true)
})

test('the secret before comes back for 30 days, and the present one is the former one then', async (context) => {
  const server = await openStage(context)
  await server.app.vault.begin()
  const { id } = await store(server, 'Maps', undefined)
  await assert.rejects(
    performAs(server, server.ann, 'credentials.restore', { credential_id: id }),
    /no former secret/,
  )
  await performAs(server, server.ann, 'credentials.update', { id, credential_data: { value: SECOND } })
  await performAs(server, server.ann, 'credentials.update', { id, metadata: { description: 'Of the shop.' } })
  const [listed] = (await server.ask(await server.signIn(), 'credentials.list', {})).credentials
  assert.equal(listed?.restorable_until, iso(server.clock.now() + 30 * DAY_MS))
  await performAs(server, server.ann, 'credentials.restore', { credential_id: id })
  assert.equal(await reveal(server, id), FIRST)
  await performAs(server, server.ann, 'credentials.restore', { credential_id: id })
  assert.equal(await reveal(server, id), SECOND)
  await pass(server, 32 * DAY_MS)
  await assert.rejects(
    performAs(server, server.ann, 'credentials.restore', { credential_id: id }),
    /no former secret/,
  )
  assert.equal(await reveal(server, id), SECOND)
})

test('a former secret that was moved to another credential or changed opens nothing', async (context) => {
  const server = await openServer(context)
  const [one, other] = [
    await store(server, 'One', undefined),
    await store(server, 'Other', undefined, 'xxxxxxxxxxxx'),
  ]
  for (const { id } of [one, other])
    await performAs(server, server.ann, 'credentials.update', { id, credential_data: { value: SECOND } })
  const run = (sql: string, values: string[]) =>
    server.write((tx) => Promise.resolve(tx.connection.run(sql, values)))
  const moved = 'UPDATE credentials SET former = (SELECT former FROM credentials WHERE id = ?) WHERE id = ?'
  await run(moved, [other.id, one.id])
  await assert.rejects(performAs(server, server.ann, 'credentials.restore', { credential_id: one.id }), {
    code: 'GENERAL_004',
  })
  await run(`UPDATE credentials SET former = 'A' || substr(former, 2) WHERE id = ?`, [other.id])
  await assert.rejects(performAs(server, server.ann, 'credentials.restore', { credential_id: other.id }), {
    code: 'GENERAL_004',
  })
  assert.equal(await reveal(server, one.id), SECOND)
})

test('a former secret goes over to the new key of its user and can be brought back, and a damaged one is let go of', async (context) => {
  const server = await openStage(context)
  const { connection } = server.app.kernel.store.reader
  const [one, other] = [await store(server, 'Maps', undefined), await store(server, 'Mail', undefined)]
  for (const { id } of [one, other])
    await performAs(server, server.ann, 'credentials.update', { id, credential_data: { value: SECOND } })
  await server.write((tx) =>
    Promise.resolve(tx.connection.run(`UPDATE credentials SET former = 'x' WHERE id = ?`, [other.id])),
  )
  const keys = () => new Set(connection.all('SELECT key_id FROM credentials', []).map(({ key_id }) => key_id))
  const [before] = keys()
  await performAs(server, server.ann, 'credentials.rotate', {})
  await pass(server, 60_000)
  assert.deepEqual([keys().size, keys().has(before ?? '')], [1, false])
  assert.equal(await reveal(server, one.id), SECOND)
  await performAs(server, server.ann, 'credentials.restore', { credential_id: one.id })
  assert.equal(await reveal(server, one.id), FIRST)
  await assert.rejects(
    performAs(server, server.ann, 'credentials.restore', { credential_id: other.id }),
    /no former secret/,
  )
})

test('an agent is asked and says which secrets have ended or will', async (context) => {
  const server = await openServer(context)
  await store(server, 'Maps', 5)
  await store(server, 'Far', 90)
  const asked = async (text: string) =>
    (await server.ask(await server.signIn(), 'voice.process', { text_input: text })).response.text
  assert.match(await asked('which of my credentials expire soon'), /^Maps expires on Friday at 11:00\.$/)
  assert.match(await asked('which secrets expire within 2 days'), /^No stored secret .* within 2 days\.$/)
  assert.match(await asked('which secrets expire within 100 days'), /^Maps expires .*, Far expires /)
  server.clock.advance(5 * DAY_MS)
  assert.match(await asked('have any of my credentials expired'), /^Maps expired at 11:00\.$/)
})
