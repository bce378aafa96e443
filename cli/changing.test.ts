import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Workflow, WorkflowDefinition } from '../contract/workflows.ts'
import { data, openOffice } from './rig.ts'

const DEFINITION: WorkflowDefinition = {
  trigger: { type: 'schedule', conditions: { cron: '0 8 * * 1-5' } },
  steps: [{ id: 'say', agent_number: 0, action: 'notify', parameters: { text: 'Hello.' } }],
  error_handling: { strategy: 'fail_fast', notification_on_error: true },
  timeout_ms: 60_000,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
}
const NOBODY = '01890000-0000-7000-8000-000000000001'
const NONE = 'The names of yours: paios workflows list\n'

async function open(t: TestContext) {
  const { sit, server } = await openOffice(t)
  const desk = await sit()
  const file = (name: string, content: unknown): string => {
    const path = join(desk.folder, name)
    writeFileSync(path, JSON.stringify(content))
    return path
  }
  const say = async (...argv: string[]) => {
    const { exit, stdout, stderr } = await desk.paios(['workflows', ...argv])
    return [exit, stdout + stderr]
  }
  await say('create', file('greeting.json', DEFINITION))
  const show = (name: string) => data<Workflow>(desk, ['workflows', 'show', name])
  return { server, desk, file, say, show }
}

test('a workflow is switched off and on by its name or id, and twice changes nothing', async (t) => {
  const { desk, say, show } = await open(t)
  const { id } = await show('greeting')
  assert.deepEqual(await say('off', 'Greeting'), [0, 'greeting is off. What runs of it goes on.\n'])
  assert.equal((await show('greeting')).is_active, false)
  assert.deepEqual(await say('off', 'greeting'), [0, 'greeting is off already.\n'])
  assert.deepEqual(await say('on', id), [0, 'greeting is on. It starts weekdays at 08:00.\n'])
  const changed = await data<Workflow>(desk, ['workflows', 'off', id])
  assert.deepEqual([changed.id, changed.is_active], [id, false])
  const { modifications } = await data<{ modifications: unknown[] }>(desk, ['changes'])
  assert.equal(modifications.length, 4)
})

test('a file changes the workflow that it names, or that is named, and stays off what is off', async (t) => {
  const { file, say, show } = await open(t)
  const { id } = await show('greeting')
  await say('off', 'greeting')
  const trigger = { type: 'manual', conditions: {} } as const
  assert.deepEqual(await say('update', file('greeting.json', { ...DEFINITION, trigger })), [
    0,
    'Changed greeting. It starts by hand. It is off.\n',
  ])
  const renamed = { name: 'Hello', description: 'Says hello.', definition: DEFINITION }
  const path = file('x.json', renamed)
  assert.deepEqual(await say('update', path), [1, `paios: There is no workflow "Hello". ${NONE}`])
  assert.deepEqual(await say('update', path, '--name', 'greeting'), [
    0,
    'Changed Hello. It starts weekdays at 08:00. It is off.\n',
  ])
  assert.equal((await say('update', path))[0], 0)
  const { id: same, name, description, definition } = await show('hello')
  assert.deepEqual({ id: same, name, description, definition }, { id, ...renamed })
})

test('a file with a wrong definition changes nothing, and one that is none is wrong usage', async (t) => {
  const { file, say, show } = await open(t)
  const before = await show('greeting')
  const [exit, text] = await say('update', file('greeting.json', { ...DEFINITION, timeout_ms: 0 }))
  assert.equal(exit, 1)
  assert.match(String(text), /timeout_ms/)
  assert.deepEqual(await show('greeting'), before)
  assert.deepEqual(await say('update', '/nowhere.json'), [2, 'paios: /nowhere.json cannot be read.\n'])
})

test('a deleted workflow is gone, and its deletion says how it comes back', async (t) => {
  const { desk, say, show } = await open(t)
  const { id } = await show('greeting')
  const [exit, text] = await say('delete', 'greeting')
  const undo = /^Deleted greeting\. Bring it back with: paios (undo)\n$/.exec(String(text))?.[1]
  assert.deepEqual([exit, undo === undefined], [0, false])
  for (const name of ['greeting', id])
    assert.deepEqual(await say('delete', name), [1, `paios: There is no workflow "${name}". ${NONE}`])
  await desk.paios(['passkey', 'add'])
  assert.equal((await desk.paios([...(undo?.split(' ') ?? []), '--yes'])).exit, 0)
  assert.equal((await show('greeting')).id, id)
})

test('nobody’s workflow is neither switched nor deleted, and nobody may without a sign-in that is new enough', async (t) => {
  const { server, desk, say, show } = await open(t)
  for (const command of ['on', 'off', 'delete']) {
    assert.deepEqual(await say(command, NOBODY), [1, `paios: There is no workflow "${NOBODY}". ${NONE}`])
    assert.equal((await say(command))[0], 2)
  }
  server.clock.advance(301_000)
  for (const command of ['off', 'delete']) {
    const [exit, text] = await say(command, 'greeting')
    assert.equal(exit, 1)
    assert.match(String(text), / The command is: paios login\n$/)
  }
  assert.equal((await show('greeting')).is_active, true)
  await desk.paios(['logout'])
  for (const argv of [
    ['on', 'x'],
    ['off', 'x'],
    ['delete', 'x'],
  ])
    assert.equal((await say(...argv))[0], 4)
})
