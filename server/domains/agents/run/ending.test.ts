import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { Type } from 'typebox'
import { openServer } from '../fixture.ts'
import type { Server } from '../fixture.ts'
import { FACTORIES, deed, openHeap, openProbe, skill } from '../probe/fixture.ts'
import { action, shape } from '../../../skills/skill.ts'
import type { Action } from '../../../skills/skill.ts'

const PROBE = 19
const no_wait = { wait_for_completion: false }
const MIB = 1_048_576

/** Names of what was told from the start of an execution on, the changes of state as from and to. */
async function toldOf({ told }: Server, execution_id: string): Promise<string[]> {
  const events = await told()
  const from = events.findIndex(({ data }) => JSON.stringify(data).includes(execution_id))
  return events.slice(from).map(({ name, data }) => {
    if (name !== 'agent:status_changed') return name.replace('agent:', '')
    const { old_status, new_status } = data as Record<string, { state: string }>
    return `${old_status?.state} > ${new_status?.state}`
  })
}

const GOOD = ['execution_started', 'idle > executing', 'execution_completed', 'executing > idle']
const BAD = ['execution_started', 'idle > executing', 'execution_completed', 'error', 'executing > error']

/** Every way in which an execution of the probe ends, by what is told of it and what its health is then. */
const ENDS: readonly (readonly [
  way: string,
  told: readonly string[],
  health: number,
  error: string | undefined,
])[] = [
  ['echo', GOOD, 100, undefined],
  ['keep', GOOD, 100, undefined],
  ['refuse', BAD, 100, 'AGENT_002: I would rather not.'],
  ['keep_and_fail', BAD, 100, 'AGENT_002: That was too much.'],
  ['crash', BAD, 0, 'AGENT_002: Something went wrong inside. The log has the details.'],
  ['late', BAD, 0, 'AGENT_003: It took longer than 100 ms.'],
  ['stopped', GOOD, 100, 'CANCELLED: It was stopped.'],
  ['restarted', GOOD, 100, undefined],
]

async function endAs(way: string, context: TestContext): Promise<[Server, string]> {
  const probe = openProbe()
  const server = await openServer(context, { prepare: probe.install })
  const waits = ['late', 'stopped', 'restarted'].includes(way)
  const more = { ...no_wait, timeout_ms: 100 }
  const { execution_id } = await server.act(PROBE, waits ? 'wait' : way, {}, more)
  if (waits) await probe.waiting(1)
  if (way === 'late') server.clock.advance(100)
  if (way === 'stopped') await server.ask(server.ann.token, 'agents.stop', { id: execution_id })
  if (way === 'restarted') {
    await server.restart()
    await probe.waiting(2)
  }
  probe.release()
  probe.release()
  return [server, execution_id]
}

for (const [way, told, health, error] of ENDS) {
  test(`an execution is told from its start to its end, each once and in order, when it ends so: ${way}`, async (context) => {
    const [server, execution_id] = await endAs(way, context)
    const { result } = await server.ended(execution_id)
    for (let turn = 0; turn < 10; turn += 1) await server.write(() => Promise.resolve())
    assert.deepEqual(await toldOf(server, execution_id), told)
    const { status, execution_count } = await server.ask(server.ann.token, 'agents.get', { id: '19' })
    assert.deepEqual([result?.error, status.health_score, execution_count], [error, health, 1])
    assert.equal(status.last_error, told === BAD ? error : null)
  })
}

const PIECEWISE: readonly (readonly [way: string, told: readonly string[]])[] = [
  ['done', GOOD],
  ['failed', BAD],
  ['late', BAD],
  ['stopped', GOOD],
]
for (const [way, told] of PIECEWISE) {
  test(`pieces are told as one execution when they end so: ${way}`, async (context) => {
    const heap = openHeap()
    const server = await openServer(context, { prepare: heap.install })
    await server.done(PROBE, 'pile', { count: 25 })
    const ended = Promise.withResolvers<unknown>()
    heap.onGrain = (gone) => {
      if (gone !== 10) return
      if (way === 'failed') throw new Error('stuck')
      if (way === 'late') server.clock.advance(30_001)
      if (way === 'stopped') ended.resolve(server.ask(server.ann.token, 'system.stop', {}))
    }
    const { execution_id } = await server.act(PROBE, 'clear')
    if (way === 'stopped') await ended.promise
    assert.deepEqual(await toldOf(server, execution_id), told)
  })
}

const net: typeof FACTORIES.net = ({ meter }) => ({
  request: ({ url }) => {
    meter.call(`http:${new URL(url).host}`)
    return Promise.resolve({ status: 200, headers: {}, url, body: new Uint8Array() })
  },
  probe: () => Promise.reject(new Error('Nobody probes.')),
})
const remote: typeof FACTORIES.remote = ({ meter, agent_number }) => ({
  perform: () => {
    meter.use(`agent:${agent_number}`)
    return Promise.resolve({ data: {}, text: '' })
  },
})

test('what was used is named: the memory, the hosts and nothing that was only offered', async (context) => {
  const names = {
    remembers: deed('write', async ({ memory }) => {
      await memory.store({ memory_type: 'note', content: 'x' })
      return { data: {}, text: '' }
    }),
    abstains: deed('read', () => ({ data: {}, text: '' })),
    calls: deed('network', async (can) => {
      for (const host of ['b.example', 'a.example:8443', 'b.example'])
        await can.net.request({ url: `https://${host}/?q=secret` })
      return { data: {}, text: '' }
    }),
  }
  const { act } = await openServer(context, {
    prepare: (app) => app.agents.skills.install([skill(names, ['memory', 'net'])], { ...FACTORIES, net }),
  })
  const used = async (name: string) => (await act(PROBE, name)).result?.metadata.resources_used
  assert.deepEqual(await used('remembers'), ['memory'])
  assert.deepEqual(await used('abstains'), [])
  assert.deepEqual(await used('calls'), ['http:a.example:8443', 'http:b.example'])
})

test('an execution that asks an agent from outside names it', async (context) => {
  const asks = deed('network', async (can) => ({
    data: await can.remote.perform('x', {}),
    text: '',
  }))
  const { act } = await openServer(context, {
    prepare: (app) => app.agents.skills.install([skill({ asks }, ['remote'])], { ...FACTORIES, remote }),
  })
  assert.deepEqual((await act(PROBE, 'asks')).result?.metadata.resources_used, ['agent:19'])
})

/** An action that answers as many bytes of JSON as it is told, and says as many characters. */
function answering(effect: Action['effect']): Action {
  return action({
    summary: 'Answers much.',
    parameters: shape({ bytes: Type.Integer(), said: Type.Optional(Type.Integer()) }),
    result: shape({ a: Type.String() }),
    effect,
    phrases: [],
    examples: [],
    perform: async ({ memory }, { bytes, said = 0 }) => {
      if (effect === 'write') await memory.store({ memory_type: 'note', content: bytes })
      return { data: { a: 'é'.repeat((bytes - 8) / 2) }, text: 'x'.repeat(said) }
    },
  })
}

test('an answer of 1 MiB is kept, and of more fails with nothing written', async (context) => {
  const actions = { read: answering('read'), write: answering('write'), network: answering('network') }
  const server = await openServer(context, {
    prepare: (app) => app.agents.skills.install([skill(actions)], FACTORIES),
  })
  for (const name of Object.keys(actions)) {
    assert.equal((await server.act(PROBE, name, { bytes: MIB })).status, 'completed', name)
    for (const larger of [{ bytes: MIB + 2 }, { bytes: 8, said: MIB + 1 }]) {
      const { status, result } = await server.act(PROBE, name, larger)
      assert.equal(status, 'failed', `${name} ${JSON.stringify(larger)}`)
      assert.match(
        result?.error ?? '',
        /^AGENT_002: The answer has \d+ bytes; 1048576 is the most that is kept\.$/,
      )
      assert.equal(result?.data, undefined)
    }
  }
  const { memories } = await server.ask(server.ann.token, 'agents.memory', { id: '19' })
  assert.deepEqual(
    memories.map(({ content }) => content),
    [MIB],
  )
  const undone = await server.write((tx) => server.app.changes.undo.undo(tx, server.ann.user_id))
  assert.equal(
    (await server.ask(server.ann.token, 'agents.memory', { id: '19' })).total_count,
    0,
    undone.text,
  )
})
