import type { TestContext } from 'node:test'
import type { Agent } from '../../contract/agents.ts'
import type { WorkflowTrigger } from '../../contract/triggers.ts'
import type { Workflow, WorkflowDefinition, WorkflowStep } from '../../contract/workflows.ts'
import { execution } from '../../server/domains/agents/fixture.ts'
import { defined, openStage, step } from '../../server/domains/workflows/rig.ts'
import type { Stage } from '../../server/domains/workflows/rig.ts'
import { pass } from '../../server/domains/workflows/triggers/rig.ts'

/** Everything that a change may touch: agents and workflows by name, sentences that were said, and what runs. */
export interface World {
  stage: Stage
  agents: ReadonlyMap<string, string>
  workflows: ReadonlyMap<string, string>
  /** What runs when the change is made, by a name of its own. */
  running: ReadonlyMap<string, string>
}

export const SENTENCES = [
  'add milk to my list',
  'what is on my to do list',
  'pantry gets rice',
  'larder, add milk to my list',
  'agent 21, what is on my to do list',
  'calculate 2 + 3',
  'scholar, calculate 7 * 6',
  'agent 22, calculate 1 + 1',
  'agent 5, calculate 2 + 2',
  'convert 3 km to miles',
  'list my notes',
  'agent 2, list my notes',
  'remember that the boiler was serviced in March',
  'what do I know about the boiler',
  'remind me tomorrow at nine to call home',
  'set a timer for 10 minutes',
  'list my reminders',
  'agent 3, list my reminders',
  'lights out now',
  'run sum',
  'list my workflows',
  'list my agents',
  'count the words in hello big world',
  'agent 6, count the words in hello',
  'agent 23, what is on my to do list',
  'spare, what is on my to do list',
  'when does hourly run next',
  'help',
  'how is the system',
  'what is on my pantry list',
] as const

const HOUR = 3_600_000
const SET: WorkflowStep = { id: 'set', agent_number: 0, action: 'set', parameters: { value: 1 } }
/** Longer than all that runs here. */
const timeout_ms = HOUR

function by(agent_number: number, action: string, parameters: Record<string, unknown> = {}): WorkflowStep {
  return { id: 'do', agent_number, action, parameters, timeout_ms }
}

const AGENTS: readonly (Pick<Agent, 'name'> & { config: Partial<Agent['config']> })[] = [
  {
    name: 'Larder',
    config: {
      preferences: { skill: 'tasks' },
      voice_commands: [{ phrase: 'pantry gets {items}', action: 'add', parameters: { list: 'pantry' } }],
    },
  },
  { name: 'Scholar', config: { preferences: { skill: 'data' } } },
  { name: 'Spare', config: {} },
]

const schedule = (conditions: Record<string, unknown>): WorkflowTrigger => ({ type: 'schedule', conditions })

export const WORKFLOWS: Readonly<Record<string, Partial<WorkflowDefinition>>> = {
  Hourly: {
    trigger: schedule({ cron: '0 * * * *', timezone: 'UTC' }),
    steps: [step('hourly', { timeout_ms })],
  },
  Noon: {
    trigger: schedule({ cron: '30 13 * * *', timezone: 'Europe/Berlin' }),
    steps: [by(4, 'list', { list: 'to do' })],
  },
  Pulse: { trigger: schedule({ every_ms: 3_000_000 }), steps: [SET] },
  Once: { trigger: schedule({ at: '2026-11-22T11:20:00Z' }), steps: [SET] },
  Sleepy: { trigger: schedule({ cron: '15 * * * *', timezone: 'UTC' }), steps: [SET] },
  Lamp: { trigger: { type: 'voice_command', conditions: { phrase: 'lights out now' } }, steps: [SET] },
  Follow: { trigger: { type: 'agent_completion', conditions: {}, source_agent: 20 }, steps: [SET] },
  Hook: { trigger: { type: 'webhook', conditions: {} }, steps: [SET] },
  Sum: { steps: [by(22, 'calculate', { expression: '1 + 1' })] },
  Ledger: { steps: [by(21, 'list', { list: 'to do' })] },
  Long: {
    steps: [
      { id: 'wait', agent_number: 0, action: 'wait', parameters: { seconds: 900 } },
      step('late', { timeout_ms }),
    ],
  },
  Slow: { steps: [step('slow', { timeout_ms })] },
}

export async function openWorld(context: Pick<TestContext, 'after'>): Promise<World> {
  const stage = await openStage(context)
  const { ask, ann } = stage
  stage.script = (name) => ({ ms: name === 'slow' || name === 'direct' ? 300_000 : 0 })
  for (const agent of AGENTS) await stage.own(agent)
  for (const [name, definition] of Object.entries(WORKFLOWS)) {
    await ask(ann.token, 'workflows.create', {
      name,
      definition: defined(definition),
      is_active: name !== 'Sleepy',
    })
  }
  for (const [index, text_fallback] of SENTENCES.entries()) {
    const conversation_id = `before ${index}`
    await ask(ann.token, 'voice.process', { text_fallback, context: { conversation_id } })
  }
  await pass(stage, 0)
  const { agents } = await ask(ann.token, 'agents.list', {})
  const workflows = await workflowIds(stage)
  const long = await stage.start(workflows.get('Long') ?? '')
  const slow = await stage.start(workflows.get('Slow') ?? '')
  const command = execution(ann, 20, 'act', { step: 'direct' }, { timeout_ms: 600_000 })
  const direct = await ask(ann.token, 'agents.execute', command)
  await pass(stage, 0)
  return {
    stage,
    agents: new Map(agents.map(({ name, id }) => [name, id])),
    workflows,
    running: new Map([
      ['Long', long.execution_id],
      ['Slow', slow.execution_id],
      ['direct', direct.execution_id],
    ]),
  }
}

async function workflowIds({ ask, signIn }: Stage): Promise<Map<string, string>> {
  const { workflows } = await ask(await signIn(), 'workflows.list', {})
  return new Map(workflows.map(({ name, id }: Workflow) => [name, id]))
}

/** Where a sentence goes: `agent action`, or nothing when nobody understands it. */
export async function routesOf({ stage }: World): Promise<Map<string, string>> {
  const routes = new Map<string, string>()
  for (const [index, text_fallback] of SENTENCES.entries()) {
    const { agent_routing, intent, command_understood } = await stage.ask(
      await stage.signIn(),
      'voice.process',
      {
        text_fallback,
        dry_run: true,
        context: { conversation_id: `${stage.clock.now()} ${index} ${routes.size}` },
      },
    )
    routes.set(
      text_fallback,
      command_understood ? `${agent_routing.target_agent} ${intent.action}` : 'nobody',
    )
  }
  return routes
}

/** What is wrong with each workflow, and what is worth knowing: `errors` and `warnings` as text. */
export async function problemsOf({
  stage,
}: World): Promise<Map<string, { errors: string; warnings: string }>> {
  const token = await stage.signIn()
  const { workflows } = await stage.ask(token, 'workflows.list', {})
  const found = new Map<string, { errors: string; warnings: string }>()
  for (const { id, definition } of workflows) {
    const { errors, warnings } = await stage.ask(token, 'workflows.validate', { definition })
    found.set(id, { errors: JSON.stringify(errors), warnings: JSON.stringify(warnings) })
  }
  return found
}

/** What the next hours bring: when each workflow starts by its schedule first, and how ends what runs now. */
export async function futureOf(
  world: World,
): Promise<{ starts: Map<string, string>; ends: Map<string, string> }> {
  const { stage, running } = world
  await pass(stage, WINDOW_MS)
  const token = await stage.signIn()
  const { executions } = await stage.ask(token, 'workflows.executions', { limit: 500 })
  const starts = new Map<string, string>()
  for (const { workflow_id, trigger_source, execution_id } of executions) {
    if (!trigger_source.startsWith('schedule')) continue
    const { trigger } = await stage.ask(token, 'workflows.execution', { id: execution_id })
    // The newest comes first, so the first start is what is left.
    starts.set(workflow_id, String(trigger['due']))
  }
  const ends = new Map<string, string>()
  for (const [name, id] of running) {
    const seen =
      name === 'direct'
        ? await stage.call(token, 'agents.status', { id: '20', execution_id: id })
        : await stage.call(token, 'workflows.execution', { id })
    ends.set(name, seen.ok ? (seen.data as { status: string }).status : 'gone')
  }
  return { starts, ends }
}

export const WINDOW_MS = 3.5 * HOUR

/** Which of the workflows that wait for something else than the time still start by it. */
export async function wakesOf(world: World): Promise<Map<string, boolean>> {
  const { stage } = world
  const count = async (name: string) => {
    const { executions } = await stage.ask(await stage.signIn(), 'workflows.executions', { limit: 500 })
    return executions.filter(({ workflow_id }) => workflow_id === world.workflows.get(name)).length
  }
  const wakes = new Map<string, boolean>()
  const woken = async (name: string, wake: () => Promise<unknown>) => {
    const before = await count(name)
    await wake()
    await pass(stage, 0)
    wakes.set(name, (await count(name)) > before)
  }
  await woken('Lamp', async () =>
    stage.ask(await stage.signIn(), 'voice.process', {
      text_fallback: 'lights out now',
      context: { conversation_id: 'wake' },
    }),
  )
  await woken('Follow', async () =>
    stage.call(await stage.signIn(), 'agents.execute', execution(stage.ann, 20, 'act', { step: 'ping' })),
  )
  const id = world.workflows.get('Hook') ?? ''
  const seen = await stage.call(await stage.signIn(), 'workflows.get', { id })
  const path = seen.ok ? (seen.data as Workflow).webhook_path : undefined
  wakes.set('Hook', stage.app.workflows.hooks.find(path?.split('/').at(-1) ?? '') !== undefined)
  return wakes
}
