import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { execution } from '../../server/domains/agents/fixture.ts'
import { bindRecords } from '../../server/domains/memory/capabilities.ts'
import { START } from '../app.ts'
import { openWhole } from './rig.ts'

const COUNT = 5_000
const whole = await openWhole()
after(() => whole.remove())
const { ann, ask, app } = whole
const { connection } = app.kernel.store.reader

const count = (sql: string) => Number(connection.all(sql, [])[0]?.['n'])
const items = () => count(`SELECT count(*) AS n FROM records WHERE collection = 'item'`)
const memories = () => count('SELECT count(*) AS n FROM memories')
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A second client: another session of the same user, with a socket of its own. */
const socket = whole.open(ann.token)
await socket.next('authenticated')
interface Report {
  agent_executions: string[]
  undoable: string[]
  report: { done?: number; total?: number; undoable: boolean }[]
  text: string
}
const WAYS: Record<string, (id: string) => Promise<string>> = {
  rest: async (id) => {
    const url = `http://127.0.0.1:${whole.port}/api/agents/executions/${id}/stop`
    const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${ann.token}` } })
    const { data } = (await response.json()) as { data: { result: { error: string } } }
    return data.result.error
  },
  socket: async (id) => {
    const { data } = (await socket.ask('agent:stop', { execution_id: id })) as unknown as { data: Report }
    assert.deepEqual([data.agent_executions, data.undoable, data.report[0]?.undoable], [[id], [id], true])
    assert.equal(data.report[0]?.total, COUNT)
    return data.text
  },
  sentence: async () => (await ask(ann.token, 'voice.process', { text_fallback: 'stop' })).response.text,
}

test(`${COUNT} list items are removed one by one, and a stop by any way leaves all but those that were done`, async () => {
  const owner = { user_id: ann.user_id, agent_id: ann.agents.get(4) ?? '' }
  await app.kernel.store.write(async (tx) => {
    const { kernel } = app
    const records = bindRecords({ owner, now: START, id: kernel.id, db: tx, note: () => {} })
    for (let index = 0; index < COUNT; index += 1) {
      const body = { text: `thing number ${index}`, done: false, priority: 'normal' }
      await records.put('item', { group: 'big', at: index, body })
    }
  })
  await stopEach(4, 'remove', { list: 'big' }, items)
})

test(`${COUNT} memories are forgotten one by one, and a stop by any way leaves all but those that were done`, async () => {
  const lines = Array.from({ length: COUNT }, (_, index) => `Fact ${index} is that ${index * 7} follows.`)
  for (let from = 0; from < COUNT; from += 500) {
    const text = lines.slice(from, from + 500).join('\n\n')
    await ask(
      ann.token,
      'agents.execute',
      execution(ann, 2, 'import_text', { text }, { wait_for_completion: true }),
    )
  }
  await stopEach(2, 'forget', { everything: true }, memories)
})

async function stopEach(
  agent: number,
  action: string,
  parameters: object,
  left: () => number,
): Promise<void> {
  assert.equal(left(), COUNT)
  for (const [way, stop] of Object.entries(WAYS)) {
    const input = execution(ann, agent, action, { ...parameters })
    const { execution_id } = await ask(ann.token, 'agents.execute', input)
    while (left() > COUNT - 50) await turn()
    const said = await stop(execution_id)
    const remaining = left()
    assert.match(said, new RegExp(`${COUNT - remaining} of ${COUNT}`), way)
    assert.ok(remaining > 0 && remaining < COUNT, `${way}: ${remaining}`)
    for (let turns = 0; turns < 500; turns += 1) await turn()
    assert.equal(left(), remaining, `${way}: something went on`)
    const { result } = await app.agents.executions.finished(
      ann.user_id,
      { execution_id, status: 'queued' },
      new AbortController().signal,
    )
    assert.deepEqual(result?.data, { done: COUNT - remaining, total: COUNT }, way)
    await ask(ann.token, 'agents.undo', { id: execution_id })
    assert.equal(left(), COUNT, `${way}: undone`)
  }
}
