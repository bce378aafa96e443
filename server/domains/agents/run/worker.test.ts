import assert from 'node:assert/strict'
import { test } from 'node:test'
import { execution, openServer } from '../fixture.ts'
import type { Server } from '../fixture.ts'

const DATA = 5
const TEXT = 6
const no_wait = { wait_for_completion: false }

/** Prose of about as many characters, no two sentences of it alike. */
function prose(characters: number): string {
  let text = ''
  for (let at = 0; text.length < characters; at += 1)
    text += `The heron number ${at} stood in the reeds of pond ${at % 97} and waited. `
  return text
}
const table = (rows: number) =>
  `name,note\n${Array.from({ length: rows }, (_, at) => `row ${at},${'x'.repeat(24)}`).join('\n')}`

/** What a promise answers, and how often the event loop turned until then. */
async function turning<T>(work: Promise<T>): Promise<[T, number]> {
  const waiting = { turns: 0, ended: false }
  const ended = work.finally(() => (waiting.ended = true))
  while (!waiting.ended) {
    await new Promise((resolve) => setImmediate(resolve))
    waiting.turns += 1
  }
  return [await ended, waiting.turns]
}

async function usage({ ask, ann }: Server, agent: number) {
  return (await ask(ann.token, 'agents.get', { id: String(agent) })).status.resource_usage
}

test('large parameters are worked on beside the event loop, which turns meanwhile, and the figures show it', async (context) => {
  const server = await openServer(context)
  const { skills } = server.app.agents
  const cases = [
    [TEXT, 'text', 'summarise', { text: prose(300_000), sentences: 3 }],
    [DATA, 'data', 'read', { text: table(9_000) }],
  ] as const
  for (const [agent, skill, name, parameters] of cases) {
    assert.equal((await usage(server, agent)).memory_usage, 0, name)
    const [{ result }, turns] = await turning(server.act(agent, name, parameters))
    assert.ok(turns > 100, `${turns} turns`)
    const { cpu_usage, memory_usage } = await usage(server, agent)
    assert.ok(memory_usage > 1_000_000 && cpu_usage > 0, `${memory_usage} bytes, ${cpu_usage} %`)
    const action = skills.get(skill)?.actions[name]
    const time = { now: server.clock.now(), time_zone: 'Europe/Berlin' }
    const inline = await action?.perform({ clock: time } as Parameters<typeof action.perform>[0], parameters)
    assert.deepEqual(result?.data, inline?.data)
  }
})

test('small parameters start no worker', async (context) => {
  const server = await openServer(context)
  await server.done(TEXT, 'count', { text: 'x'.repeat(4_000) })
  assert.equal((await usage(server, TEXT)).memory_usage, 0)
  await server.done(TEXT, 'count', { text: 'x'.repeat(4_096) })
  assert.ok((await usage(server, TEXT)).memory_usage > 1_000_000)
})

test('many small parts are large together', async (context) => {
  const server = await openServer(context)
  const rows = Array.from({ length: 200 }, (_, at) => ({ name: `n${at}`, amount: at }))
  await server.done(DATA, 'filter', { rows, where: 'amount > 190' })
  assert.ok((await usage(server, DATA)).memory_usage > 1_000_000)
})

test('a time-out ends the work of a worker, and the next one is done by another', async (context) => {
  const server = await openServer(context)
  const more = { ...no_wait, timeout_ms: 100 }
  const { execution_id } = await server.act(TEXT, 'summarise', { text: prose(900_000) }, more)
  server.clock.advance(100)
  const { result } = await server.ended(execution_id)
  assert.equal(result?.error, 'AGENT_003: It took longer than 100 ms.')
  assert.equal((await usage(server, TEXT)).memory_usage, 0)
  const { words } = await server.done(TEXT, 'count', { text: 'word '.repeat(2_000) })
  assert.equal(words, 2_000)
})

test('a stop ends the work of a worker, and what waits behind it is done', async (context) => {
  const server = await openServer(context)
  const { execution_id } = await server.act(TEXT, 'summarise', { text: prose(900_000) }, no_wait)
  const behind = server.act(TEXT, 'count', { text: 'word '.repeat(2_000) })
  const { result } = await server.ask(server.ann.token, 'agents.stop', { id: execution_id })
  assert.equal(result?.error, 'CANCELLED: It was stopped.')
  assert.deepEqual((await behind).result?.data, { words: 2_000, characters: 10_000, sentences: 1 })
})

test('what a worker refuses is told as the action says it', async (context) => {
  const server = await openServer(context)
  const { result } = await server.act(DATA, 'read', { text: table(10_001) })
  assert.equal(result?.error, 'AGENT_002: A table has at most 10,000 rows.')
  assert.deepEqual(server.logged, [])
})

test('closing the server ends work that is under way, which the next process does', async (context) => {
  const server = await openServer(context)
  const asked = execution(server.ann, TEXT, 'count', { text: 'word '.repeat(50_000) })
  const { execution_id } = await server.ask(server.ann.token, 'agents.execute', asked)
  await server.restart()
  const { result } = await server.ended(execution_id)
  assert.deepEqual(result?.data, { words: 50_000, characters: 250_000, sentences: 1 })
})
