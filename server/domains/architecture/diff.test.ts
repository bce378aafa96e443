import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../../contract/operation.ts'
import type { ArchitectureDiff, system } from '../../../contract/system.ts'
import { openServer, refused } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { performAs } from '../changes/fixture.ts'
import { defined, step } from '../workflows/rig.ts'

/** Short enough for the sign-in to count as fresh all the time. */
const STEP_MS = 15_000

async function compare({ ask, signIn }: Server, asked: Input<typeof system.architecture_diff>) {
  return ask(await signIn(), 'system.architecture_diff', asked)
}
const said = (sign: string, all: readonly { name?: string; type?: string }[]) =>
  all.map(({ name, type }) => `${sign} ${name ?? type}`)

/** What is different, by name, of connections by type. */
function shown({ nodes, connections, workflows }: ArchitectureDiff): string[] {
  return [nodes, connections, workflows].flatMap(({ added, removed, changed }) => [
    ...said('+', added),
    ...said('-', removed),
    ...changed.map(({ before, after }) => `${JSON.stringify(before)} > ${JSON.stringify(after)}`),
  ])
}

/** Ids of the changes so far, oldest first. */
async function changesOf({ ask, signIn }: Server): Promise<string[]> {
  const { modifications } = await ask(await signIn(), 'system.modifications', {})
  return modifications.map(({ id }) => id).toReversed()
}

const create = (server: Server, name: string, numbers: number[]) =>
  server.write((tx) =>
    server.app.workflows.create(tx, server.ann.user_id, {
      name,
      definition: defined({
        steps: numbers.map((agent_number, index) => step(`s${index}`, memoriesOf(agent_number))),
      }),
    }),
  )
const memoriesOf = (agent_number: number) => ({ agent_number, action: 'list', parameters: {} })

test('what a change did to the architecture is told of that change alone, however much came after', async (context) => {
  const server = await openServer(context)
  const { ask, signIn } = server
  const { id } = await server.own({ name: 'Mine', config: { preferences: { skill: 'notes' } } })
  await create(server, 'Both', [2, 4])
  await ask(await signIn(), 'agents.update', { id, name: 'Renamed' })
  await ask(await signIn(), 'agents.update', { id: '4', is_active: false })
  await ask(await signIn(), 'agents.delete', { id })
  const [made = '', workflow = '', renamed = '', off = '', gone = ''] = await changesOf(server)
  assert.deepEqual(shown(await compare(server, { to: made })), ['+ Mine', '+ dependency'])
  assert.deepEqual(shown(await compare(server, { to: workflow })), ['+ data_flow', '+ Both'])
  const { nodes } = await compare(server, { to: renamed })
  assert.deepEqual(
    nodes.changed.map(({ before, after }) => [before.name, after.name]),
    [['Mine', 'Renamed']],
  )
  const { nodes: switched, connections } = await compare(server, { to: off })
  assert.deepEqual(
    switched.changed.map(({ before, after }) => [before.name, before.status, after.status]),
    [['Tasks & Lists', 'active', 'inactive']],
  )
  assert.deepEqual(
    connections.changed.map(({ before, after }) => [before.type, before.status, after.status]),
    [
      ['data_flow', 'active', 'inactive'],
      ['dependency', 'active', 'inactive'],
    ],
  )
  assert.deepEqual(shown(await compare(server, { to: gone })), ['- Renamed', '- dependency'])
})

test('from a time to now everything is told that is different, and nothing that was made and undone in between', async (context) => {
  const server = await openServer(context)
  const { clock, app, ann, write } = server
  const start = new Date(clock.now()).toISOString()
  assert.equal((await compare(server, { from: start })).same, true)
  clock.advance(STEP_MS)
  await server.own({ name: 'Stays' })
  await server.own({ name: 'Goes' })
  await write((tx) => app.changes.rollBack(tx, ann.user_id, {}, ann.user_id))
  clock.advance(STEP_MS)
  const diff = await compare(server, { from: start })
  assert.deepEqual([diff.from, diff.to, diff.same], [start, new Date(clock.now()).toISOString(), false])
  assert.deepEqual(shown(diff), ['+ Stays'])
  const back = await compare(server, { from: diff.to, to: start })
  assert.deepEqual(shown(back), ['- Stays'])
})

test('the architecture at a time is the one that was drawn then, without what only happens', async (context) => {
  const server = await openServer(context)
  const { ask, signIn, clock } = server
  const at = async (moment: string) => ask(await signIn(), 'system.architecture', { at: moment })
  const seen: [string, unknown][] = []
  const note = async () => {
    clock.advance(STEP_MS)
    const now = new Date(clock.now()).toISOString()
    seen.push([now, await at(now)])
    clock.advance(STEP_MS)
  }
  await note()
  const { id } = await server.own({ name: 'First', config: { preferences: { skill: 'notes' } } })
  await note()
  const workflow = await create(server, 'Both', [2, 4])
  await note()
  await ask(await signIn(), 'workflows.execute', { id: workflow.id })
  const target = { kind: 'architecture', id } as const
  const moved = { type: 'architecture_change', description: 'Moved.', target } as const
  await performAs(server, server.ann, 'system.modify', { ...moved, after_state: { x: 900, y: -50 } })
  await note()
  await performAs(server, server.ann, 'system.modify', { ...moved, after_state: { x: 1, y: 2 } })
  await ask(await signIn(), 'agents.update', { id: '2', is_active: false, name: 'Diary' })
  await note()
  await ask(await signIn(), 'agents.delete', { id })
  await server.act(4, 'add', { items: ['milk'] })
  await note()
  for (const [moment, drawn] of seen) assert.deepEqual(await at(moment), drawn, moment)
  assert.equal(new Set(seen.map(([, drawn]) => JSON.stringify(drawn))).size, seen.length)
})

test('before there was anything there is nothing, and what is to come is as it is', async (context) => {
  const server = await openServer(context)
  const token = await server.signIn()
  const before = await server.ask(token, 'system.architecture', { at: '1999-12-31T23:59:59Z' })
  assert.deepEqual(before, { agents: [], connections: [], workflows: [], mermaid_diagram: 'flowchart LR' })
  const later = await server.ask(token, 'system.architecture', { at: '2999-01-01T00:00:00.000+02:00' })
  assert.equal(later.agents.filter(({ type }) => type === 'agent').length, 9)
})

test('a change that is not the user’s own is not found, and what is neither a time nor a change is refused', async (context) => {
  const server = await openServer(context)
  await server.own()
  const [made = ''] = await changesOf(server)
  const bob = await server.bob()
  const status = async (token: string, asked: object) =>
    refused(await server.call(token, 'system.architecture_diff', asked))
  assert.equal(await status(bob.token, { to: made }), '404 GENERAL_001')
  assert.equal(refused(await server.call(bob.token, 'system.architecture', { at: made })), '404 GENERAL_001')
  for (const asked of [
    {},
    { to: '2026-11-22T10:00:00Z' },
    { from: 'yesterday' },
    { from: '2026-13-45T00:00:00Z' },
    { from: '' },
  ])
    assert.equal(await status(server.ann.token, asked), '400 GENERAL_001', JSON.stringify(asked))
})
