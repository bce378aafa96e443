import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { performAs } from '../changes/fixture.ts'
import { DEFAULTS } from './index.ts'

const read = (server: Server) => server.ask(server.ann.token, 'system.settings', {})
const set = (server: Server, given: object) => performAs(server, server.ann, 'system.config', given)

test('settings have defaults, are changed in part, and are kept', async (context) => {
  const server = await openServer(context)
  assert.deepEqual(await read(server), DEFAULTS)
  const alerts = { cpu_percent: { warning: 50, critical: 60 } }
  const expected = { ...DEFAULTS, alerts: { ...DEFAULTS.alerts, ...alerts }, deleted_retention_days: 10 }
  assert.deepEqual(await set(server, { alerts, deleted_retention_days: 10 }), expected)
  assert.deepEqual(await read(server), expected)
  await server.restart()
  assert.deepEqual(await read(server), expected)
})

test('a change of settings is one modification, taken back beside later ones of other settings', async (context) => {
  const server = await openServer(context)
  await set(server, { deleted_retention_days: 10 })
  await set(server, { deleted_retention_days: 10 })
  await set(server, { backups: { keep: 3 } })
  const { modifications } = await server.ask(server.ann.token, 'system.modifications', {})
  assert.deepEqual(
    modifications.map(({ type, description, patch }) => [type, description, patch.map(({ path }) => path)]),
    [
      ['system_setting', 'Changed settings: backups.', ['/backups/keep']],
      ['system_setting', 'Changed settings: deleted_retention_days.', ['/deleted_retention_days']],
    ],
  )
  const [, first] = modifications
  await performAs(server, server.ann, 'system.rollback', { modification_id: first?.id ?? '' })
  assert.deepEqual(await read(server), { ...DEFAULTS, backups: { ...DEFAULTS.backups, keep: 3 } })
})

test('thresholds that contradict each other are refused, and strangers change nothing', async (context) => {
  const server = await openServer(context)
  const alerts = { memory_percent: { warning: 95, critical: 95 } }
  await assert.rejects(set(server, { alerts }), {
    status: 400,
    details: { issues: [{ path: '/alerts/memory_percent/warning', message: 'must be below critical' }] },
  })
  const bob = await server.bob()
  for (const [name, input] of [
    ['system.settings', {}],
    ['system.config', { deleted_retention_days: 10 }],
  ] as const) {
    const reply = await server.call(bob.token, name, input)
    assert.equal(reply.ok || reply.status, 403, name)
  }
  const unknown = await server.call(server.ann.token, 'system.config', { color: 'red' } as object)
  assert.equal(unknown.ok || unknown.status, 400)
  assert.deepEqual(await read(server), DEFAULTS)
})

test('an engine of speech needs no more than its own kind does, and what is wrong is told of that kind alone', async (context) => {
  const server = await openServer(context)
  const whisper = { type: 'whisper', role: 'stt', name: 'own', url: 'http://127.0.0.1:8089' }
  const expected = { ...DEFAULTS, speech: { engines: [{ ...whisper, allow_remote: false, order: 0 }] } }
  assert.deepEqual(await set(server, { speech: { engines: [whisper] } }), expected)
  assert.deepEqual(await read(server), expected)
  await set(server, { speech: { engines: [whisper] } })
  const { modifications } = await server.ask(server.ann.token, 'system.modifications', {})
  assert.equal(modifications.length, 1)
  for (const [engine, issues] of [
    [{ ...whisper, type: 'gibberish' }, [['type', 'must be one of openai, whisper, wyoming, sherpa']]],
    [{ name: 'own' }, [['type', 'is required']]],
    [
      { type: 'whisper', role: 'both', name: 'own' },
      [
        ['url', 'is required'],
        ['role', 'must be "stt"'],
      ],
    ],
  ] as const) {
    const given = { speech: { engines: [engine] } } as object
    const reply = await server.call(server.ann.token, 'system.config', given)
    const found = issues.map(([field, message]) => ({ path: `/speech/engines/0/${field}`, message }))
    assert.deepEqual(reply.ok || reply.error.error.details, { issues: found })
  }
})
