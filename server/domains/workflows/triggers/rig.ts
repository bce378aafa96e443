import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import type { Workflow } from '../../../../contract/workflows.ts'
import { PASSWORD } from '../../../../test/app.ts'
import type { TestApp } from '../../../../test/app.ts'
import type { Stage } from '../rig.ts'
import type { ScheduleConditions } from './schedule.ts'
import { historyStore } from '../history-store.ts'
import type { RunRow, WorkflowTables } from '../store.ts'

export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 86_400_000

type Running = Pick<TestApp, 'app' | 'clock'> & Pick<Stage, 'ann'>

/** Lets time pass, with everything that falls due on the way. */
export async function pass(stage: Running, ms: number): Promise<void> {
  let left = ms
  for (;;) {
    await quiet(stage.app)
    const next = stage.clock.untilNext()
    if (next === undefined || next > left) break
    left -= next
    stage.clock.advance(next)
  }
  stage.clock.advance(left)
  await quiet(stage.app)
}

/** Waits until nothing more happens without time going by. */
async function quiet({ kernel }: TestApp['app']): Promise<void> {
  for (let calm = 0, seen = -1; calm < 6;) {
    await nextTurn()
    const { committed } = kernel.store.progress
    calm = committed === seen ? calm + 1 : 0
    seen = committed
  }
}

/** Sets the clock of the machine, which nothing notices at once. */
export function setClock({ clock }: Pick<Stage, 'clock'>, time: string): void {
  clock.jump(Date.parse(time) - clock.now())
}

/** A token that proves as much as a password does. */
export async function signIn({ ask }: Pick<Stage, 'ask'>): Promise<string> {
  const who = { email: 'ann@example.org', password: PASSWORD }
  return (await ask(undefined, 'auth.login', who)).access_token
}

/** Takes back the newest changes. */
export async function rollBack({ app, ann, write }: Stage, steps = 1): Promise<void> {
  await write((tx) => app.changes.rollBack(tx, ann.user_id, { steps }, ann.user_id))
}

/** Is off for a time. */
export async function sleep(stage: Stage, ms: number): Promise<void> {
  // The timers of the process that ends do not see the clock being set.
  stage.clock.jump(ms)
  await stage.restart()
  await pass(stage, 0)
}

/** A workflow on a schedule that does next to nothing. */
export function scheduled(stage: Stage, conditions: ScheduleConditions, name?: string): Promise<Workflow> {
  return triggered(stage, { type: 'schedule', conditions: { ...conditions } }, name)
}

export function triggered(stage: Stage, trigger: WorkflowTrigger, name?: string): Promise<Workflow> {
  return stage.create({ trigger, steps: [SET, REST] }, name)
}

/** What only works something out needs no place in the queue; this does. */
export const REST = { id: 'rest', agent_number: 0, action: 'wait', parameters: { seconds: 0 } }
/** A step without an agent. */
export const SET = { id: 'set', agent_number: 0, action: 'set', parameters: { value: '{{trigger}}' } }

/** The runs of a workflow, or of all, the oldest first. */
export async function runsOf({ app, ann }: Running, workflow_id?: string, user = ann.user_id) {
  const db = app.kernel.store.reader.tables<WorkflowTables>()
  const rows = await historyStore.runs(db, user, workflow_id, { limit: 5_000 })
  return rows.toReversed()
}

/** When the runs of a workflow were due, and how those ended that were not completed. */
export async function duesOf(stage: Running, workflow_id: string): Promise<string[]> {
  return (await runsOf(stage, workflow_id)).map((run) => {
    const { due } = dataOf(run)
    return run.status === 'completed' ? String(due) : `${String(due)} ${run.status}`
  })
}

/** What a run sees as `trigger`. */
export function dataOf({ trigger_data }: RunRow): Record<string, unknown> {
  return JSON.parse(trigger_data) as Record<string, unknown>
}

/** What the disk holds at this moment, as a process that is killed leaves it. */
export function snapshot(context: Pick<TestContext, 'after'>, { app }: Pick<Stage, 'app'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'paios-triggers-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(app.kernel.settings.data_dir, folder, { recursive: true, filter: isDurable })
  return folder
}

/** What is shared in memory between processes is not on the disk. */
function isDurable(path: string): boolean {
  return !path.endsWith('-shm')
}
