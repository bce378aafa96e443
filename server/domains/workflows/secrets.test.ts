import assert from 'node:assert/strict'
import { test } from 'node:test'
import { own, stepOf } from './engine/rig.ts'
import { defined, openStage, step } from './rig.ts'

const SECRET = 'hunter2-and-more'

test('what stands under the name of a secret is in no answer and no event, and steps have it all the same', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ result: { access_token: SECRET, n: 1 } })
  const { id } = await stage.create({
    steps: [
      step('a', { parameters: { step: 'a', value: { password: '{{input.password}}', api_key: SECRET } } }),
      own('b', 'set', { value: { token: '{{steps.a.result.access_token}}' } }),
      own('same', 'set', {
        value: `{{steps.b.result.value.token === '${SECRET.slice(0, 7)}' + '${SECRET.slice(7)}'}}`,
      }),
    ],
  })
  const receipt = await stage.ask(stage.ann.token, 'workflows.execute', {
    id,
    input_data: { password: SECRET, list: [{ secret: SECRET }] },
  })
  await stage.settle()
  const { execution_id } = receipt
  const run = await stage.look(execution_id)
  assert.equal(run.status, 'completed', run.error ?? '')
  assert.deepEqual(stepOf(run, 'same').result, { value: true })
  assert.deepEqual(run.input, { password: '[redacted]', list: [{ secret: '[redacted]' }] })
  assert.deepEqual(stepOf(run, 'a').result, { access_token: '[redacted]', n: 1 })
  assert.deepEqual(stepOf(run, 'b').parameters, { value: { token: '[redacted]' } })
  const { executions } = await stage.ask(stage.ann.token, 'workflows.history', { id })
  const compared = await stage.ask(stage.ann.token, 'workflows.compare', {
    id: execution_id,
    other_id: execution_id,
  })
  const events = (await stage.told()).filter(({ name }) => name.startsWith('workflow:'))
  assert.equal(events.length, 5)
  for (const seen of [run, executions, compared, events, stage.logged])
    assert.equal(JSON.stringify(seen).includes(SECRET), false, JSON.stringify(seen))
})

test('who waits for the end is given results without secrets', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ result: { access_token: SECRET, n: 1 } })
  const { id } = await stage.create(defined({ steps: [step('a')] }))
  const { results } = await stage.ask(stage.ann.token, 'workflows.execute', { id, wait_for_completion: true })
  assert.deepEqual(results, { a: { access_token: '[redacted]', n: 1 } })
})

test('a question and a notification say what their author wrote, and no more', async (t) => {
  const stage = await openStage(t)
  const { execution_id } = await stage.run(
    {
      steps: [own('n', 'notify', { text: 'The key is {{input.name}}.' })],
    },
    { name: 'under the mat', password: SECRET },
  )
  const { notifications } = await stage.ask(stage.ann.token, 'notifications.list', {})
  assert.deepEqual(
    notifications.map(({ text }) => text),
    ['The key is under the mat.'],
  )
  assert.equal(JSON.stringify(await stage.look(execution_id)).includes(SECRET), false)
})
