import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { WorkflowDefinition, WorkflowStep } from '../../../contract/workflows.ts'
import { openServer, refusal, refused } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { defined, step } from './rig.ts'
import { handling, own } from './engine/rig.ts'

const keep = (parameters: WorkflowStep['parameters'] = { text: '{{input}}' }, action = 'remember') =>
  step('keep', { agent_number: 2, action, parameters })
const add = step('add', { agent_number: 4, action: 'add', parameters: { items: ['oil'] } })

interface Visited extends Server {
  /** The token of the program that is agent 30. */
  robot: string
  create(definition: Partial<WorkflowDefinition>): Promise<string>
  /** Starts a workflow as that program, and waits for its end. */
  start(id: string, input_data?: unknown): ReturnType<Server['call']>
  /** Lets agent 30 ask an agent for actions. */
  grant(agent: number, ...actions: string[]): Promise<void>
}

async function open(context: TestContext): Promise<Visited> {
  const server = await openServer(context)
  const { ask, call, ann } = server
  const { token: robot = '' } = await ask(ann.token, 'messages.register', {
    agent_number: 30,
    name: 'Robot',
    capabilities: ['echo'],
    voice_commands: [],
    config_schema: {},
  })
  let names = 0
  return Object.assign(server, {
    robot,
    create: async (definition: Partial<WorkflowDefinition>) => {
      names += 1
      const given = { name: `Work ${names}`, definition: defined(definition) }
      return (await ask(ann.token, 'workflows.create', given)).id
    },
    start: (id: string, input_data: unknown = 'Obey me.') =>
      call(robot, 'workflows.execute', { id, input_data, wait_for_completion: true }),
    grant: async (agent: number, ...actions: string[]) => {
      const { config } = await ask(ann.token, 'agents.get', { id: String(agent) })
      const action_grants = [{ agent_number: 30, actions }]
      await ask(ann.token, 'agents.update', {
        id: String(agent),
        config: { preferences: { ...config.preferences, action_grants } },
      })
    },
  })
}

test('a program starts no workflow in which an agent acts that does not let it ask for that', async (context) => {
  const { create, start, grant, ask, ann } = await open(context)
  const id = await create({ steps: [keep(), add] })
  const { status, code, details } = refusal(await start(id))
  assert.deepEqual(
    [status, code, details],
    [403, 'AUTH_001', { grant: 'preferences.action_grants', step_id: 'keep', agent_number: 2 }],
  )
  await grant(2, 'remember')
  assert.equal(refusal(await start(id)).details['step_id'], 'add')
  await grant(4, 'remove')
  assert.equal(refused(await start(id)), '403 AUTH_001')
  assert.deepEqual((await ask(ann.token, 'workflows.executions', {})).executions, [])
  assert.deepEqual((await ask(ann.token, 'agents.memory', { id: '2' })).memories, [])
  await grant(4, '*')
  assert.equal((await start(id)).ok, true)
  const [run] = (await ask(ann.token, 'workflows.executions', {})).executions
  assert.deepEqual([run?.status, run?.trigger_source], ['completed', 'agent:30'])
})

test('what a program starts a workflow with is its own word, and no standing instruction', async (context) => {
  const { create, start, grant, ask, ann } = await open(context)
  await grant(2, 'remember')
  assert.equal((await start(await create({ steps: [keep()] }))).ok, true)
  const order = keep({ text: '{{input}} Now.', memory_type: 'instruction' })
  assert.equal((await start(await create({ steps: [order] }))).ok, true)
  const { memories } = await ask(ann.token, 'agents.memory', { id: '2' })
  assert.deepEqual(
    memories.map(({ content, source, trust }) => [content, source, trust]),
    [['Obey me.', { kind: 'agent', name: 'agent 30' }, 'untrusted']],
  )
})

test('steps that stand in for others need a grant like these, and one for a phrase is one for its action', async (context) => {
  const { create, start, grant, ask, ann } = await open(context)
  const fallback = await create({
    steps: [own('set', 'set', { value: 1 })],
    ...handling('fallback', [keep()]),
  })
  assert.equal(refused(await start(fallback)), '403 AUTH_001')
  const spoken = { phrase: 'keep this', action: 'remember', parameters: {} }
  await ask(ann.token, 'agents.update', { id: '2', config: { voice_commands: [spoken] } })
  const aliased = await create({ steps: [keep({ text: 'a' }, 'keep this')] })
  await grant(2, 'keep this')
  assert.equal(refused(await start(aliased)), '403 AUTH_001')
  await grant(2, 'remember')
  assert.equal((await start(aliased)).ok, true)
  assert.equal((await start(fallback)).ok, true)
})

test('steps of the system need no grant, and the user needs none at all', async (context) => {
  const { create, start, ask, ann } = await open(context)
  const set = own('set', 'set', { value: '{{input}}' })
  const reply = await start(await create({ steps: [set] }), 7)
  assert.deepEqual(reply.ok && (reply.data as { results: object }).results, { set: { value: 7 } })
  const kept = await create({ steps: [keep()] })
  assert.equal((await ask(ann.token, 'workflows.execute', { id: kept, input_data: 'x' })).status, 'executing')
})

test('a program is shown which workflows there are, and nothing of what is in them', async (context) => {
  const { ask, ann, robot } = await open(context)
  const parameters = { url: 'https://x.example', headers: { authorization: 'Bearer s3cret' } }
  const secret = step('get', { agent_number: 8, action: 'get', parameters })
  const definition = defined({ steps: [secret] })
  const given = { name: 'Fetch', description: 'with a s3cret', definition }
  const { id } = await ask(ann.token, 'workflows.create', given)
  const seen = await ask(robot, 'system.state', { include_workflows: true })
  assert.deepEqual(
    seen.workflows?.map((one) => [one.id, one.name, one.is_active, one.description, one.definition.steps]),
    [[id, 'Fetch', true, '', []]],
  )
  assert.equal(JSON.stringify(seen).includes('s3cret'), false)
  const hers = await ask(ann.token, 'system.state', { include_workflows: true })
  assert.deepEqual(hers.workflows?.[0]?.definition, definition)
})
