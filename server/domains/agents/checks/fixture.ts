import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { START } from '../../../../test/app.ts'
import { fakeClock, seededRandom } from '../../../../test/clock.ts'
import { iso } from '../../../kernel/clock.ts'
import { openKernel } from '../../../kernel/kernel.ts'
import { openLog } from '../../../kernel/log.ts'
import { idleSyncer } from '../../../kernel/rig.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Capabilities, NetCapability, Stored } from '../../../skills/capabilities.ts'
import type { Checked, Skill } from '../../../skills/skill.ts'
import { openChanges } from '../../changes/index.ts'
import type { Step } from '../../changes/kinds.ts'
import { changeMigrations } from '../../changes/store.ts'
import { bindRecords } from '../../memory/capabilities.ts'
import { openMemory } from '../../memory/index.ts'
import { memoryMigrations } from '../../memory/store.ts'
import { notificationMigrations, openNotifications } from '../../notifications/index.ts'
import { openChecks } from '../checks.ts'
import { openBudgets } from '../run/budget.ts'
import { budgetMigrations } from '../run/store.ts'
import { openMeter } from '../run/meter.ts'
import { openUsage } from '../run/usage.ts'
import { openSkills } from '../skills.ts'
import type { Factories, Grant } from '../skills.ts'
import { agentMigrations, agentStore } from '../store.ts'
import { trafficMigrations } from '../traffic/store.ts'
import type { AgentRow, AgentTables } from '../store.ts'

const MINUTE = 60_000

type Look = (
  record: Stored<unknown>,
  state: unknown,
  signal: AbortSignal,
  can: Capabilities,
) => Promise<Checked> | Checked

interface Tables extends AgentTables {
  notifications: {
    user_id: string
    source_agent: number
    severity: string
    text: string
    notification_id: string
  }
  records: { id: string; collection: string; body: string }
}

/** A server with nothing in it but checks, and a skill whose looks a test decides on. */
export async function open(context: TestContext, look: Look) {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-checks-'))
  const clock = fakeClock(START)
  const logged: string[] = []
  const seen: string[] = []
  let now = look
  const skill: Skill = {
    name: 'clockwork',
    agent: { number: 7, name: 'Clockwork', description: '' },
    needs: ['records', 'checks', 'net'],
    actions: {},
    check: {
      collection: 'gear',
      group: 'turning',
      look: async (can, record, state, signal) => {
        seen.push(`${JSON.stringify(record.body)} ${JSON.stringify(state)} ${(clock.now() - START) / 1000}`)
        // A look reads and writes nothing itself.
        await assert.rejects(can.records.put('gear', { body: 'x' }))
        await assert.rejects(can.checks.set(record.id, 0))
        return now(record, state, signal, can)
      },
    },
  }
  const start = () => startOn({ data_dir, clock, logged, skill })
  let server = await start()
  const settle = async () => {
    for (let turn = 0; turn < 25; turn += 1) {
      await server.kernel.store.write(() => Promise.resolve())
      await nextTurn()
    }
    clock.advance(0)
  }
  const close = async () => {
    const stopped = server.kernel.jobs.stop(0)
    clock.advance(0)
    await nextTurn()
    clock.advance(1_000)
    await stopped
    await server.kernel.close()
  }
  context.after(async () => {
    await close()
    rmSync(data_dir, { recursive: true, force: true })
  })
  return {
    clock,
    logged,
    seen,
    settle,
    get server() {
      return server
    },
    lookWith: (other: Look) => (now = other),
    /** Lets time pass, and everything that is due then happen. */
    pass: async (ms: number) => {
      clock.advance(ms)
      await settle()
    },
    restart: async () => {
      await close()
      server = await start()
      await settle()
    },
  }
}

export type Opened = Awaited<ReturnType<typeof open>>

interface Ground {
  data_dir: string
  clock: ReturnType<typeof fakeClock>
  logged: string[]
  skill: Skill
}

let starts = 0

async function startOn({ data_dir, clock, logged, skill }: Ground) {
  starts += 1
  const settings = { data_dir, key_file: join(data_dir, 'root.key') } as Parameters<
    typeof openKernel
  >[0]['settings']
  const kernel = openKernel({
    settings,
    clock,
    random: seededRandom(starts),
    log: openLog('warn', clock, (line) => logged.push(line)),
    syncer: () => idleSyncer,
    onFatal: (error) => {
      throw error
    },
    refuseWrites: () => undefined,
    migrations: [
      ...changeMigrations,
      ...notificationMigrations,
      ...memoryMigrations,
      ...agentMigrations,
      ...trafficMigrations,
      ...budgetMigrations,
    ],
  })
  const changes = openChanges(kernel)
  const notifications = openNotifications(kernel, {
    egress: {
      request: () => Promise.reject(new Error('Nothing lies outside.')),
    },
    settingsOf: () => undefined,
  })
  const memory = openMemory(kernel, { changes })
  const skills = openSkills()
  const usage = openUsage(clock)
  const budgets = openBudgets(kernel, () => 'UTC')
  const checks = openChecks(kernel, { memory, notifications, skills, zoneOf: () => 'UTC', budgets, usage })
  skills.install([skill], { records: bindRecords, checks, net } as unknown as Factories)
  await kernel.jobs.start()
  const stop = kernel.close
  return {
    kernel: { ...kernel, jobs: kernel.jobs, close: async () => (memory.close(), stop()) },
    changes,
    skills,
    skill,
    usage,
  }
}

/** A network on which everybody answers at once. */
function net({ meter }: Grant): NetCapability {
  return {
    request: ({ url }) => {
      meter.call(`http:${new URL(url).host}`)
      return Promise.resolve({ status: 200, headers: {}, url, body: new Uint8Array() })
    },
    probe: () => Promise.reject(new Error('Nobody probes.')),
  }
}

/** Does something as an action of the agent of a user would, and answers what it was recorded under. */
export async function act(
  { server: { kernel, changes, skills, skill } }: Opened,
  work: (can: Capabilities) => Promise<void>,
  user_id = 'ann',
): Promise<string> {
  const execution_id = kernel.id()
  await kernel.store.write(async (tx) => {
    await employ(tx, user_id)
    const steps: Step[] = []
    const grant: Omit<Grant, 'skill'> = {
      owner: { user_id, agent_id: `agent of ${user_id}` },
      now: kernel.clock.now(),
      id: kernel.id,
      db: tx,
      note: (step) => steps.push(step),
      time_zone: 'UTC',
      agent_number: 7,
      signal: new AbortController().signal,
      meter: openMeter(),
    }
    await work(skills.grant(skill, grant))
    await changes.undo.note(tx, { execution_id, user_id, text: 'It.' }, steps)
  })
  return execution_id
}

export async function employ(tx: Tx, user_id: string, change: Partial<AgentRow> = {}): Promise<void> {
  const db = tx.tables<AgentTables>()
  const id = `agent of ${user_id}`
  if ((await agentStore.anyById(db, user_id, id)) === undefined) {
    const row = {
      id,
      user_id,
      agent_number: 7,
      name: 'Clockwork',
      name_key: 'clockwork',
      description: '',
      config: '{}',
    }
    const figures = { execution_count: 0, executing_count: 0, finished_count: 0, total_ms: 0, outcomes: '' }
    const never = { deleted_at: null, last_execution: null, last_error: null }
    const [created_at, skill] = [iso(START), 'clockwork']
    const on = { is_active: 1, voice_enabled: 1, created_at, updated_at: created_at, skill }
    await agentStore.insert(db, { ...row, ...figures, ...never, ...on })
  }
  if (Object.keys(change).length > 0) await agentStore.update(db, user_id, id, change)
}

/** Adds a document that is first looked at after a time; answers its id and what adding it was recorded under. */
export async function add(
  opened: Opened,
  body: unknown,
  after_ms: number,
  user_id = 'ann',
  group = 'turning',
) {
  let id = ''
  const execution_id = await act(
    opened,
    async ({ records, checks }) => {
      id = (await records.put('gear', { group, at: START, body })).id
      await checks.set(id, opened.clock.now() + after_ms)
    },
    user_id,
  )
  return { id, execution_id }
}

export const told = async ({ server: { kernel } }: Opened) => {
  const db = kernel.store.reader.tables<Tables>()
  const rows = await db.selectFrom('notifications').selectAll().orderBy('notification_id').execute()
  return rows.map(
    ({ user_id, source_agent, severity, text }) => `${user_id} ${source_agent} ${severity} ${text}`,
  )
}
export const states = async ({ server: { kernel } }: Opened) => {
  const db = kernel.store.reader.tables<Tables>()
  const rows = await db.selectFrom('records').selectAll().where('collection', '=', 'gear_state').execute()
  return rows.map(({ body }) => body)
}
export const jobs = ({ server: { kernel } }: Opened, user_id = 'ann') =>
  kernel.jobs.count('agents.check', user_id)

/** Counts its looks, tells of each, and looks again after a minute. */
const counting =
  (clock: () => number): Look =>
  (_record, state) => {
    const count = ((state as number | undefined) ?? 0) + 1
    return { state: count, text: `look ${count}`, next_due: clock() + MINUTE }
  }

export async function openCounting(context: TestContext): Promise<Opened> {
  const opened: Opened = await open(context, (...seen) => counting(opened.clock.now)(...seen))
  return opened
}
