import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../../../test/damage.ts'
import { openServer } from '../agents/fixture.ts'
import { performAs } from '../changes/fixture.ts'
import { DEFAULTS } from './index.ts'

const JUNK = ['{bad', 'null', '5', '[]', '{"alerts":5}', new Uint8Array([0xff, 0x7b])]

test('damaged settings are as nobody has set them, the server starts, and they are set anew', async (t) => {
  const server = await openServer(t)
  await performAs(server, server.ann, 'system.config', { deleted_retention_days: 10 })
  for (const junk of JUNK) {
    await run(server, 'UPDATE settings SET config = ?', [junk])
    await server.restart()
    assert.deepEqual(await server.ask(await server.signIn(), 'system.settings', {}), DEFAULTS, String(junk))
  }
  const given = { deleted_retention_days: 20 }
  const set = await performAs(server, server.ann, 'system.config', given)
  assert.deepEqual(set, { ...DEFAULTS, ...given })
})

test('damaged settings of a voice are as nobody has set them', async (t) => {
  const server = await openServer(t)
  const usual = await server.ask(server.ann.token, 'voice.settings', {})
  await server.ask(server.ann.token, 'voice.settings', { language: 'de' })
  for (const junk of [...JUNK, '{"wake_words":5,"speech_rate":"fast"}']) {
    await run(server, 'UPDATE voice_settings SET settings = ?', [junk])
    const { settings } = await server.ask(server.ann.token, 'voice.capabilities', {})
    assert.deepEqual({ ...settings, alerts: undefined }, { ...usual, alerts: undefined }, String(junk))
  }
})

test('damaged preferences of one user keep nobody from starting the server or signing in', async (t) => {
  const server = await openServer(t)
  const usual = await server.ask(server.ann.token, 'auth.me', {})
  const bob = await server.bob()
  for (const junk of [...JUNK, '{"theme":"odd","timezone":5,"notification_settings":"x"}']) {
    await run(server, 'UPDATE users SET preferences = ? WHERE id = ?', [junk, bob.user_id])
    await server.restart()
    const { preferences } = await server.ask(bob.token, 'auth.me', {})
    assert.deepEqual(preferences, usual.preferences, String(junk))
    await server.ask(await server.signIn(), 'users.list', {})
  }
  await server.ask(bob.token, 'auth.preferences', { theme: 'dark' })
  assert.equal((await server.ask(bob.token, 'auth.me', {})).preferences.theme, 'dark')
})
