import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Agent } from '../../../../contract/agents.ts'
import type { OperationName, Operations } from '../../../../contract/index.ts'
import type { Input } from '../../../../contract/operation.ts'
import { PASSWORD, openTestApp } from '../../../../test/app.ts'
import { dataOf, enrol, prove } from '../../../../test/passkeys.ts'
import { openSpeaker, refusal } from '../rig.ts'
import { change, gist, sample, train, trained } from './rig.ts'

const opened = await openSpeaker()
const { app, ask, call, token, user_id, clock, data_dir } = opened
const { key } = await enrol(opened, token)
const proven = <N extends OperationName>(name: N, input: Input<Operations[N]>) =>
  prove(opened, token, key, name, input)
const lessons = (of = user_id) => app.language.learnt.lessons.of(of)
const folder = (of: string) => join(data_dir, 'language', 'own', of)
const ONE = [sample('wind the music box', 4, 'add')]
const OTHER = [sample('wind the music box', 2, 'remember'), sample('dust the harp', 2, 'remember')]

test('a rollback removes what was learnt, and that alone, and can itself be taken back', async () => {
  const first = await trained(opened, ONE)
  clock.advance(1)
  const second = await trained(opened, OTHER)
  assert.equal(await gist(opened, 'wind the music box'), 'learnt 2 remember')
  const back = await proven('system.rollback', { modification_id: second.modification_id })
  assert.ok(back.ok, JSON.stringify(back))
  assert.equal(await gist(opened, 'wind the music box'), 'learnt 4 add')
  assert.doesNotMatch(await gist(opened, 'dust the harp'), /learnt/)
  const [newest, taken] = (await ask(token, 'system.modifications', {})).modifications
  const words = 'made the meaning of “wind the music box” and 1 more'
  assert.deepEqual([newest?.summary, taken?.summary], [`undid: ${words}`, words])
  const again = await proven('system.rollback', { modification_id: newest?.id ?? '' })
  assert.ok(again.ok)
  assert.equal(await gist(opened, 'wind the music box'), 'learnt 2 remember')
  assert.equal((await change(opened, first.modification_id))?.rollback_available, true)
})

test('a modification takes one sentence out of a lesson; a dry run says what that would come to', async () => {
  const [dusted] = (await lessons()).filter(({ text }) => text === 'dust the harp')
  const target = { kind: 'model' as const, id: dusted?.lesson_id ?? '' }
  const after_state = { count: 1, examples: { [dusted?.id ?? '']: null } }
  const wanted = { type: 'agent_config' as const, description: 'No harp.', target, after_state }
  const tried = await proven('system.modify', { ...wanted, dry_run: true })
  assert.ok(tried.ok, JSON.stringify(tried))
  assert.equal(await gist(opened, 'dust the harp'), 'learnt 2 remember')
  const made = await proven('system.modify', wanted)
  assert.ok(made.ok)
  assert.doesNotMatch(await gist(opened, 'dust the harp'), /learnt/)
  const wrong = await proven('system.modify', { ...wanted, after_state: { count: 7 } })
  assert.equal(refusal(wrong)?.code, 'GENERAL_001')
})

test('what is for an agent that goes rests, and counts again when it is back', async () => {
  clock.advance(1)
  const config = { preferences: { skill: 'tasks' } }
  const { id, agent_number } = dataOf<Agent>(await proven('agents.create', { name: 'Larder', config }))
  await trained(opened, [sample('stock the larder', agent_number, 'add')])
  assert.equal(await gist(opened, 'stock the larder'), `learnt ${agent_number} add`)
  clock.advance(1)
  const gone = await proven('agents.delete', { id })
  assert.ok(gone.ok, JSON.stringify(gone))
  assert.doesNotMatch(await gist(opened, 'stock the larder'), /learnt/)
  clock.advance(1)
  await proven('agents.restore', { id })
  assert.equal(await gist(opened, 'stock the larder'), `learnt ${agent_number} add`)
})

test('two trainings at once are both learnt, and an agent that goes meanwhile refuses its own', async () => {
  const before = (await lessons()).length
  const [one, two] = await Promise.all([
    train(opened, [sample('feed the newt', 4, 'add')]),
    train(opened, [sample('feed the toad', 4, 'add')]),
  ])
  assert.deepEqual([one.ok, two.ok, (await lessons()).length], [true, true, before + 2])
  const config = { preferences: { skill: 'tasks' } }
  const { id, agent_number } = dataOf<Agent>(await proven('agents.create', { name: 'Short', config }))
  const learning = train(opened, [sample('short one', agent_number, 'add')])
  await proven('agents.delete', { id })
  assert.deepEqual(refusal(await learning)?.code, 'GENERAL_001')
  assert.equal((await lessons()).length, before + 2)
})

test('at most three models of a user are kept, and none of a user who is removed', async () => {
  assert.equal(readdirSync(folder(user_id)).length, 3)
  const bob = { email: 'bob@example.org', password: PASSWORD }
  await app.auth.addUser(bob.email, bob.password)
  const signed = await ask(undefined, 'auth.login', bob)
  await trained({ call, token: signed.access_token }, ONE)
  assert.equal(readdirSync(folder(signed.user_id)).length, 1)
  const removed = await proven('users.delete', { id: signed.user_id })
  assert.ok(removed.ok, JSON.stringify(removed))
  assert.equal(existsSync(folder(signed.user_id)), false)
  assert.deepEqual(await lessons(signed.user_id), [])
})

test('after a restart what was taught counts, with its model read from the folder', async (context) => {
  const first = await openTestApp()
  const { token: own, user_id: ann } = await first.claim()
  await trained({ call: first.call, token: own }, ONE)
  await first.close()
  const second = await openTestApp({ data_dir: first.data_dir })
  context.after(() => second.remove())
  await second.app.language.learnt.settled(ann)
  assert.equal(await gist({ ...opened, app: second.app }, 'wind the music box', ann), 'learnt 4 add')
  assert.equal(readdirSync(join(first.data_dir, 'language', 'own', ann)).length, 1)
})
