import type { WorkflowDefinition } from '../contract/workflows.ts'
import { iso, systemClock } from '../server/kernel/clock.ts'
import type { Tx } from '../server/kernel/store/store.ts'
import { openTestApp } from '../test/app.ts'
import { finish, report } from './report.ts'
import { defined, step } from './workflows/scene.ts'

/**
 * What drawing the architecture costs: 200 agents, 100 workflows of five steps, and 10,000 executions in the last 24
 * hours, half of them by 1,000 runs of the workflows. The control reads the rows that it is drawn from, and does nothing
 * with them. Rounds alternate.
 */
const AGENTS = 200
const WORKFLOWS = 100
const STEPS = 5
const RUNS = 1_000
const EXECUTIONS = 10_000
const ROUNDS = 25
const WARM_UP = 5
const DAY_MS = 86_400_000
const BUILT_IN = 9

const { app, claim, remove } = await openTestApp({ clock: systemClock })
const { user_id } = await claim()
const { kernel } = app
const { connection } = kernel.store.reader
const since = systemClock.now() - DAY_MS

/** An id of a time in the last 24 hours. */
let made = 0
function idAt(share: number): string {
  made += 1
  const time = Math.floor(since + 60_000 + share * (DAY_MS - 120_000))
  const digits = time.toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-${made.toString(16).padStart(12, '0')}`
}

function definitionOf(index: number): WorkflowDefinition {
  const steps = Array.from({ length: STEPS }, (_, at) =>
    step(`s${at + 1}`, BUILT_IN + 11 + ((index * 7 + at * 13) % (AGENTS - BUILT_IN)), 'list', { n: index }),
  )
  const trigger = { type: 'schedule', conditions: { every_ms: 3_600_000 } } as const
  return { ...defined(steps), ...(index % 2 === 0 ? { trigger } : {}) }
}

const SKILLS = ['notes', 'tasks', 'reminders', 'data', 'fetcher', 'text']
const INSERT = {
  agent: `INSERT INTO agents (id, user_id, agent_number, name, name_key, description, config, skill, is_active,
    voice_enabled, created_at, updated_at, execution_count, executing_count, finished_count, total_ms, outcomes)
    VALUES (?, ?, ?, ?, ?, '', ?, ?, 1, 1, ?, ?, 50, 0, 50, 900, 'ssssfsssssssssssssss')`,
  workflow: `INSERT INTO workflows VALUES (?, ?, ?, ?, '', ?, 1, ?, ?, ?, NULL, ?, 10, 10, 9)`,
  version: 'INSERT INTO workflow_versions (user_id, workflow_id, definition) VALUES (?, ?, ?)',
  run: `INSERT INTO workflow_runs VALUES (?, ?, ?, ?, 'completed', 'normal', 'schedule', '{"type":"schedule"}', 'null', 0,
    NULL, NULL, ?, NULL, ?, ?, ?)`,
  step: `INSERT INTO workflow_steps VALUES (?, ?, ?, 'completed', 1, ?, ?, ?, NULL, ?, NULL, NULL,
    NULL, NULL, NULL, NULL)`,
  execution: `INSERT INTO executions (id, user_id, agent_id, agent_number, action, command, status, timeout_ms, result,
    created_at, started_at, ended_at) VALUES (?, ?, ?, ?, 'list', ?, 'completed', 30000, ?, ?, ?, ?)`,
}
const RESULT = JSON.stringify({
  success: true,
  data: { items: Array.from({ length: 8 }, (_, index) => ({ index, text: `item number ${index}` })) },
  text: 'Eight items are on the list.',
  metadata: { execution_time: 1.5, resources_used: ['memory'] },
})

await kernel.store.write(async (tx) => {
  const agents = addAgents(tx)
  const workflows = Array.from({ length: WORKFLOWS }, (_, index) => addWorkflow(tx, index))
  for (let index = 0; index < RUNS; index += 1) addRun(tx, workflows[index % WORKFLOWS], index / RUNS)
  for (let index = 0; index < EXECUTIONS; index += 1) {
    const [id, number] = agents[index % agents.length] ?? ['', 0]
    const command = {
      action: 'list',
      parameters: { n: index },
      user_id,
      request_id: `r${index}`,
      priority: 'normal',
    }
    const execution = idAt(index / EXECUTIONS)
    const at = iso(since)
    tx.connection.run(INSERT.execution, [
      execution,
      user_id,
      id,
      number,
      JSON.stringify(command),
      RESULT,
      at,
      at,
      at,
    ])
  }
  await Promise.resolve()
})

function addAgents({ connection: db }: Tx): [string, number][] {
  const now = iso(since)
  return Array.from({ length: AGENTS - BUILT_IN }, (_, index) => {
    const number = BUILT_IN + 11 + index
    const id = idAt(0)
    const name = `Agent ${number}`
    const skill = SKILLS[index % SKILLS.length] ?? ''
    const grants = index % 5 === 0 ? [{ agent_number: number + 1, memory: 'read' }] : []
    const config = JSON.stringify({ preferences: { skill, grants } })
    db.run(INSERT.agent, [id, user_id, number, name, name.toLowerCase(), config, skill, now, now])
    return [id, number]
  })
}

function addWorkflow({ connection: db }: Tx, index: number): [string, number] {
  const [id, now] = [idAt(0), iso(since)]
  db.run(INSERT.version, [user_id, id, JSON.stringify(definitionOf(index))])
  const version = Number(db.all('SELECT max(version) AS version FROM workflow_versions', [])[0]?.['version'])
  db.run(INSERT.workflow, [
    id,
    user_id,
    `Workflow ${index}`,
    `workflow ${index}`,
    version,
    now,
    now,
    now,
    now,
  ])
  return [id, version]
}

function addRun({ connection: db }: Tx, workflow: [string, number] | undefined, share: number): void {
  const [id, version] = workflow ?? ['', 0]
  const run = idAt(share)
  const at = iso(since)
  db.run(INSERT.run, [run, user_id, id, version, `${id} ${run}`, at, at, at])
  for (let index = 1; index <= STEPS; index += 1)
    db.run(INSERT.step, [run, `s${index}`, user_id, index, at, at, RESULT])
}

/** Reads every row that the picture is drawn from. */
function readRows(): number {
  const rows = [
    'SELECT * FROM agents WHERE user_id = ?',
    'SELECT w.*, v.definition FROM workflows w JOIN workflow_versions v ON v.version = w.version WHERE w.user_id = ?',
    'SELECT * FROM node_positions WHERE user_id = ?',
    'SELECT * FROM agent_traffic WHERE user_id = ?',
    'SELECT * FROM executions WHERE user_id = ?',
    'SELECT * FROM workflow_runs WHERE user_id = ?',
    'SELECT s.* FROM workflow_runs r JOIN workflow_steps s ON s.run_id = r.id WHERE r.user_id = ?',
  ].map((query) => connection.all(query, [user_id]).length)
  return rows.reduce((sum, count) => sum + count, 0)
}

async function taken(work: () => unknown): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const drawn = await app.architecture.draw(user_id)
const used = drawn.connections.filter(({ metadata }) => (metadata.frequency ?? 0) > 0).length
console.log(
  `     ${readRows()} rows; ${drawn.agents.length} nodes, ${drawn.connections.length} connections, ${used} of them used, ${drawn.mermaid_diagram.length} characters of diagram`,
)
const pairs: [number, number][] = []
for (let round = 0; round < ROUNDS; round += 1) {
  const control = await taken(readRows)
  const ours = await taken(() => app.architecture.draw(user_id))
  if (round >= WARM_UP) pairs.push([ours, control])
}
report('drawing the architecture against reading its rows, ms', pairs, { most: 5 })
finish()
await remove()
