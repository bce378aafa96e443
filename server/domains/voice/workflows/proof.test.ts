import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, test } from 'node:test'
import type { VoiceProcessed } from '../../../../contract/voice.ts'
import { openTestApp } from '../../../../test/app.ts'
import type { TestApp } from '../../../../test/app.ts'
import { enrol, prove } from '../../../../test/passkeys.ts'
import { defined } from '../../workflows/rig.ts'
import { SET } from './rig.ts'

const TIDY = 'make a workflow called tidy that lists my tasks'
const context = { conversation_id: 'proof' }

async function open() {
  const server = await openTestApp()
  after(() => server.remove())
  const claimed = await server.claim()
  const say = (text_fallback: string, token = claimed.token, key?: string) =>
    said(server, token, text_fallback, key)
  const names = async () => (await server.app.workflows.shown(claimed.user_id)).map(({ name }) => name)
  return { ...server, ...claimed, say, names }
}

async function said(
  server: Pick<TestApp, 'call'>,
  token: string,
  text_fallback: string,
  key?: string,
): Promise<VoiceProcessed> {
  const reply = await server.call(token, 'voice.process', { text_fallback, context }, key)
  assert.ok(reply.ok, JSON.stringify(reply))
  return reply.data as VoiceProcessed
}

test('with a passkey the yes becomes an approval, and the workflow is there once it is approved', async () => {
  const server = await open()
  const { say, token, names } = server
  const { key } = await enrol(server, token)
  await say(TIDY)
  const waits = await say('yes')
  assert.match(
    waits.response.text,
    /^That waits for your passkey: approve it \(on the account page, or with: paios approvals\) within 10 minutes\.$/,
  )
  assert.equal(waits.response.requires_followup, true)
  assert.deepEqual([waits.workflow_id, await names()], [undefined, []])
  const { approval_id: id = '' } = waits.details ?? {}
  const { approvals } = await server.ask(token, 'approvals.list', {})
  assert.deepEqual(
    approvals.map((one) => [one.id, one.operation, one.status, one.input['name']]),
    [[id, 'workflows.create', 'pending', 'Tidy']],
  )
  assert.ok((await prove(server, token, key, 'approvals.approve', { id })).ok)
  await until(async () => (await server.ask(token, 'approvals.get', { id })).status === 'done')
  assert.deepEqual(await names(), ['Tidy'])
})

test('an approval that is denied makes nothing, and asking twice makes one approval', async () => {
  const server = await open()
  const { say, token, names } = server
  await enrol(server, token)
  await say(TIDY)
  const first = await say('yes')
  await say(TIDY)
  const second = await say('yes')
  assert.equal(second.details?.approval_id, first.details?.approval_id)
  await server.ask(token, 'approvals.deny', { id: first.details?.approval_id ?? '' })
  assert.deepEqual(await names(), [])
})

test('switching a workflow off and on needs the same proof as making one', async () => {
  const server = await open()
  const { say, token, user_id, app } = server
  const definition = defined({ steps: [SET] })
  await app.kernel.store.write((tx) => app.workflows.create(tx, user_id, { name: 'Tidy', definition }))
  assert.equal((await say('turn off tidy')).response.text, '“Tidy” is switched off.')
  await enrol(server, token)
  const waits = await say('turn tidy on')
  assert.match(waits.response.text, /^That waits for your passkey/)
  const state = async () => (await app.workflows.shown(user_id)).map(({ is_active }) => is_active)
  assert.deepEqual(await state(), [false])
  const { approvals } = await server.ask(token, 'approvals.list', {})
  assert.deepEqual(approvals[0]?.input['is_active'], true)
  assert.equal((await say('run tidy')).response.text, 'Started “Tidy”.')
})

test('a yes that is sent twice under one key makes one workflow, and switches it once', async () => {
  const server = await open()
  const { say, names, token, app, user_id } = server
  await say(TIDY)
  const first = await say('yes', token, 'key-1')
  const second = await say('yes', token, 'key-1')
  assert.deepEqual(
    [second.response, second.workflow_id, await names()],
    [first.response, first.workflow_id, ['Tidy']],
  )
  await say('turn off tidy', token, 'key-2')
  await say('turn on tidy')
  await say('turn off tidy', token, 'key-2')
  assert.equal((await app.workflows.shown(user_id))[0]?.is_active, true)
})

test('what a sentence came to is in the history and told as its answer', async () => {
  const server = await open()
  const { say, token, app, user_id } = server
  await say(TIDY)
  await say('yes')
  const { commands } = await server.ask(token, 'voice.commands', { limit: 1 })
  assert.deepEqual([commands[0]?.response, commands[0]?.action], ['I have made “Tidy”.', 'create_workflow'])
  const { events } = await app.kernel.events.since(user_id, 0)
  const told = events.filter(({ name }) => name === 'voice:response_ready').map(({ data }) => data)
  assert.deepEqual(told.at(-1), { text: 'I have made “Tidy”.' })
  assert.equal(told.length, 2)
})

test('after a restart between the proposal and the yes, the yes makes nothing and is told why', async () => {
  const first = await openTestApp()
  const { token, user_id } = await first.claim()
  assert.notEqual((await said(first, token, TIDY)).proposal, undefined)
  await first.close()
  const second = await openTestApp({ data_dir: first.data_dir })
  const yes = await said(second, token, 'yes')
  assert.equal(yes.response.text, 'I have asked you nothing, or too long ago: please say it again.')
  assert.deepEqual([yes.command_understood, yes.response.requires_followup], [false, true])
  assert.deepEqual(await second.app.workflows.shown(user_id), [])
  await second.close()
  rmSync(first.data_dir, { recursive: true, force: true })
})

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 1_000; turns += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('It does not come to that.')
}
