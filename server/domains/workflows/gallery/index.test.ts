import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openGallery } from './rig.ts'

test('every workflow of the gallery is right for a fresh user, who can have it as it is', async (t) => {
  const { ask } = await openGallery(t)
  const { workflows } = await ask('workflows.gallery', {})
  assert.equal(workflows.length, 10)
  assert.equal(new Set(workflows.map(({ name }) => name)).size, 10)
  for (const { name, title, description, definition } of workflows) {
    assert.match(name, /^[a-z]+(?:_[a-z]+)+$/)
    assert.match(title, /^[A-Z][^.]{3,40}$/)
    assert.match(description, /^[A-Z].{100,700}\.$/)
    const { errors, warnings } = await ask('workflows.validate', { definition })
    assert.deepEqual([errors, warnings], [[], []], name)
    const made = await ask('workflows.create', { name, description, definition })
    assert.deepEqual([made.definition, made.is_active], [definition, true])
  }
})

test('the gallery is not changed by what is made of it', async (t) => {
  const { ask, add } = await openGallery(t)
  const before = structuredClone(await ask('workflows.gallery', {}))
  const id = await add('habit_reminder', ({ steps: [habit] }) => {
    if (habit !== undefined) habit.parameters['value'] = { what: 'run', tag: 'run' }
  })
  const { definition } = await ask('workflows.get', { id })
  assert.deepEqual(definition.steps[0]?.parameters, { value: { what: 'run', tag: 'run' } })
  await ask('workflows.delete', { id })
  assert.deepEqual(await ask('workflows.gallery', {}), before)
})

test('what runs by itself leaves a free account half of its runs of the day', async (t) => {
  const { ask } = await openGallery(t)
  const { workflows } = await ask('workflows.gallery', {})
  const crons = workflows.flatMap(({ definition: { trigger } }) => trigger.conditions['cron'] ?? [])
  const hours = crons.map((cron) => (cron as string).split(' ')[1] ?? '')
  const runs = hours.map((hour) =>
    hour === '*' ? 24 : hour.startsWith('*/') ? 24 / Number(hour.slice(2)) : 1,
  )
  assert.ok(Math.max(...runs) <= 25 && runs.length === 9, String(runs))
})
