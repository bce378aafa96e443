import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { START } from '../../test/app.ts'
import { openServer } from '../domains/agents/fixture.ts'
import { bindMemory, bindRecords } from '../domains/memory/capabilities.ts'
import type { MemoryCapability, RecordsCapability } from './capabilities.ts'
import { openInMemory } from './in-memory.ts'

interface Can {
  memory: MemoryCapability
  records: RecordsCapability
}

const texts = (entries: readonly { content: unknown }[]) => entries.map(({ content }) => content)

/** Does the same with the real capabilities and with those that skills are tested with. */
async function both<T>(context: TestContext, work: (can: Can) => Promise<T>): Promise<[T, T]> {
  const { app, ask, ann, write } = await openServer(context)
  const { id: agent_id } = await ask(ann.token, 'agents.get', { id: '2' })
  const owner = { user_id: ann.user_id, agent_id }
  const real = await write((db) => {
    const binding = { owner, now: START, id: app.kernel.id, db, note: () => {} }
    return work({ memory: bindMemory(binding), records: bindRecords(binding) })
  })
  return [real, await work(openInMemory(START, 'UTC'))]
}

test('what skills are tested with stores, finds, tags and forgets as the real memory does', async (context) => {
  const [real, double] = await both(context, async ({ memory }) => {
    const kept = []
    for (const [content, tags] of [
      ['red bicycle', ['x']],
      ['blue bicycle', ['x', 'y']],
      ['red kite', []],
    ] as const)
      kept.push(await memory.store({ memory_type: 'note', content, tags: [...tags] }))
    const [first, second] = kept.map(({ id }) => id)
    return [
      texts(await memory.list({})),
      texts(await memory.list({ tags: ['x', 'y'] })),
      texts(await memory.list({ limit: 1 })),
      texts(await memory.search('red bicycle')).slice(0, 1),
      texts(await memory.search('bicycle', { tags: ['y'] })),
      texts(await memory.search('boiler')),
      (await memory.retag(first ?? '', ['z']))?.tags,
      (await memory.retag('unknown', ['z']))?.tags,
      await memory.forget([second ?? '', 'unknown']),
      await memory.get(second ?? ''),
      texts(await memory.list({})),
    ]
  })
  assert.deepEqual(real, double)
  assert.deepEqual(real.slice(0, 3), [
    ['red kite', 'blue bicycle', 'red bicycle'],
    ['blue bicycle'],
    ['red kite'],
  ])
})

test('what skills are tested with keeps documents as the real store does', async (context) => {
  const [real, double] = await both(context, async ({ records }) => {
    for (const [group, at] of [
      ['a', 30],
      ['a', 10],
      ['b', 20],
    ] as const)
      await records.put('item', { group, at, body: at })
    const bodies = async (filter?: object) => (await records.list('item', filter)).map(({ body }) => body)
    const [lowest] = await records.list<number>('item')
    const id = lowest?.id ?? ''
    await records.put('item', { id, group: 'b', at: 40, body: 11 })
    const found = await records.get('item', id)
    return [
      await bodies(),
      await bodies({ group: 'a' }),
      await bodies({ from: 25 }),
      await bodies({ limit: 2 }),
      [found?.group, found?.at, found?.body],
      await records.get('other', id),
      await records.remove('item', id),
      await records.remove('item', id),
      await bodies(),
    ]
  })
  assert.deepEqual(real, double)
  assert.deepEqual(real[0], [20, 30, 11])
})
