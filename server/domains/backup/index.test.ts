import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { execution, openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'

const reason = 'asked'

test('the Guardian of the owner makes a backup and looks at it', async (context) => {
  const { app, done } = await openServer(context)
  const made = await done(9, 'backup')
  const [kept] = app.backup.list()
  assert.deepEqual(made, { backup: kept?.name, created_at: kept?.created_at, bytes: kept?.bytes })
  assert.equal(kept?.reason, reason)
  const { ok, backup, problems } = await done(9, 'verify_backup')
  assert.deepEqual([ok, backup, problems], [true, kept?.name, []])
})

test('somebody else makes none and learns nothing of those that are there', async (context) => {
  const server = await openServer(context)
  const { name } = await server.app.backup.make(reason)
  const bob = await server.bob()
  const act = (action: string, parameters = {}) =>
    server.ask(
      bob.token,
      'agents.execute',
      execution(bob, 9, action, parameters, { wait_for_completion: true }),
    )
  for (const [action, parameters] of [
    ['backup', {}],
    ['verify_backup', {}],
    ['verify_backup', { backup: name }],
    ['list_backups', {}],
    ['restore_backup', {}],
  ] as const) {
    const { result } = await act(action, parameters)
    assert.equal(result?.success, false)
    assert.match(result?.error ?? '', /^AGENT_002: .*only the owner of this server makes one\.$/)
    assert.ok(!JSON.stringify(result).includes(name))
  }
  assert.equal(server.app.backup.list().length, 1)
})

test('a backup that is not there, or lies elsewhere, is refused in a sentence', async (context) => {
  const { act, app, data } = await open(context)
  const fails = async (parameters: object) => (await act(9, 'verify_backup', { ...parameters })).result?.error
  assert.equal(await fails({}), 'AGENT_002: There is no backup yet.')
  const { name } = await app.backup.make(reason)
  for (const backup of ['nothing', '..', `../backups/${name}`, `${name}/`])
    assert.equal(await fails({ backup }), `AGENT_002: There is no backup ${backup}.`)
  rmSync(join(data, 'backups', name, 'manifest.json'))
  assert.equal(await fails({ backup: name }), `AGENT_002: There is no backup ${name}.`)
})

test('sentences make and check backups', async (context) => {
  const { ask, ann, app } = await openServer(context)
  const say = (text: string) => ask(ann.token, 'voice.process', { text_input: text })
  for (const text of ['make a backup', 'back up everything']) {
    const { agent_routing, intent } = await say(text)
    assert.deepEqual([agent_routing.target_agent, intent.action], [9, 'backup'], text)
  }
  const { intent, response } = await say('check the last backup')
  assert.equal(intent.action, 'verify_backup')
  assert.match(response.text, /can be restored/)
  assert.ok(app.backup.list().length >= 1)
})

async function open(context: Parameters<typeof openServer>[0]): Promise<Server & { data: string }> {
  const server = await openServer(context)
  return { ...server, data: server.app.kernel.settings.data_dir }
}
