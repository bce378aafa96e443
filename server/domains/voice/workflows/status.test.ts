import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spokenStore } from '../../workflows/spoken/store.ts'
import type { WorkflowTables } from '../../workflows/store.ts'
import { QUESTION, WAITS, openPlanner } from './rig.ts'

const ann = await openPlanner()
const { text, say, make, look, clock } = ann

/** What the same question is answered, however it is put. */
async function all(answer: string): Promise<void> {
  for (const sentence of [
    'what is running',
    'is anything running',
    'what are you doing right now',
    "what's still running",
    'which workflows are running right now',
    'status',
  ])
    assert.equal(await text(sentence), answer, sentence)
}

test('what runs is named with since when, also while it only waits, and no more once it has ended', async () => {
  await make('Long', { steps: [WAITS] })
  await make('Shopping', { steps: [QUESTION] })
  await all('Nothing is running. 9 of 9 agents are active.')
  await look((await say('run long')).workflow_execution_id)
  await all('One thing is running: “Long” since 11:00. 9 of 9 agents are active.')
  clock.advance(120_000)
  await look((await say('run shopping')).workflow_execution_id)
  await all(
    '2 things are running: “Long” since 11:00 and “Shopping” since 11:02, which waits for your approval. 9 of 9 agents are active.',
  )
  await say('stop')
  await all('Nothing is running. 9 of 9 agents are active.')
})

test('what an agent does as a step is told with its run alone, and only while that runs', async () => {
  const { store } = ann.app.kernel
  const performing = () => spokenStore.performing(store.reader.tables<WorkflowTables>(), ann.user_id)
  const run = (await say('run long')).workflow_execution_id ?? ''
  await look(run)
  assert.deepEqual(await performing(), [])
  await store.write((tx) => {
    tx.connection.run('UPDATE workflow_steps SET execution_id = ? WHERE run_id = ?', ['one', run])
    return Promise.resolve()
  })
  assert.deepEqual(await performing(), ['one'])
  await say('stop')
  assert.deepEqual(await performing(), [])
})

test('several runs of one workflow are counted', async () => {
  for (let run = 0; run < 2; run += 1) await look((await say('run shopping')).workflow_execution_id)
  clock.advance(1_800_000)
  assert.match(
    await text('is anything running'),
    /^One thing is running: “Shopping” 2 times, the first since 11:02, which waits for your approval\. /,
  )
})
