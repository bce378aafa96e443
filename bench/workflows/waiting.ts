import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { App } from '../../server/app.ts'
import { startChild } from '../http/child.ts'
import type { Child } from '../http/child.ts'
import type { Counts } from '../http/rows.ts'
import type { Place } from '../http/scene.ts'
import { median, report } from '../report.ts'
import { ask, createWorkflow } from './place.ts'
import type { Client } from './place.ts'
import { step } from './scene.ts'

/** Runs of each user: 10,000 that wait. Those that come due while no server runs are taken up when one is started. */
const USERS = 10
const EACH = { timer: 500, approval: 500, due: 120 } as const
const WAITING = USERS * (EACH.timer + EACH.approval)
const DUE = USERS * EACH.due
/** Runs that are begun at the same time. */
const TOGETHER = 25
/** What beginning those that come due may take: if it takes longer, some are over before the server stops. */
const DUE_IN_MS = 60_000
const STARTS = 4
const IDLE_MS = 20_000
const CALM_MS_MAX = 120_000
const CALM_CPU_MS = 10
const AIMS = { start_s: 2, idle_percent: 0.1 }

const OURS = new URL('../http/ours.ts', import.meta.url)
const BARE = new URL('./bare.ts', import.meta.url)

export interface Filled {
  /** Jobs that are none of these runs. */
  others: number
  /** Resolves when the last of those that come due is. */
  areDue(): Promise<void>
}

/** Begins runs that wait for a time and for an answer. */
export async function fillWaiting(app: App, clients: readonly Client[]): Promise<Filled> {
  const users = clients.slice(0, USERS)
  const begin = async (name: string, steps: Parameters<typeof createWorkflow>[3], count: number) => {
    for (const client of users) {
      const id = await createWorkflow(app, client, name, steps)
      for (let made = 0; made < count; made += TOGETHER)
        await Promise.all(
          Array.from({ length: TOGETHER }, () => ask(app, client.token, 'workflows.execute', { id })),
        )
    }
  }
  const value = step('after', 0, 'set', { value: '{{steps.rest.status}}' })
  await begin('Timer', [step('rest', 0, 'wait', { seconds: 80_000 }), value], EACH.timer)
  await begin('Approval', [step('rest', 0, 'wait_for_approval', { text: 'On?' }), value], EACH.approval)
  const until = new Date(Date.now() + DUE_IN_MS).toISOString()
  await begin('Due', [step('rest', 0, 'wait', { until }), value], EACH.due)
  const { connection } = app.kernel.store.reader
  const [row] = connection.all(`SELECT count(*) AS jobs FROM jobs WHERE kind <> 'workflows.run'`, [])
  return {
    others: Number(row?.['jobs']),
    areDue: () => pause(Math.max(0, Date.parse(until) - Date.now())),
  }
}

/**
 * What a server with many runs that wait costs: CPU until it listens, against one without any, and CPU while nothing
 * happens, against a bare server.
 */
export async function measureWaiting(
  full: Place,
  empty: Place,
  { others }: Pick<Filled, 'others'>,
): Promise<void> {
  // What was compiled is kept, as the command of the product keeps it.
  process.env['NODE_COMPILE_CACHE'] = join(full.folder, 'cache')
  const pairs: [number, number][] = []
  for (let round = 0; round < STARTS; round += 1) {
    const [ours, ours_ms] = await open(full)
    if (round === 0) await watchResumed(ours, others)
    await ours.stop()
    const [other, other_ms] = await open(empty)
    await other.stop()
    // The first has runs to take up, and writes while it is being measured.
    if (round > 0) pairs.push([ours_ms, other_ms])
  }
  report(`ms CPU of a start with ${WAITING} waiting runs, against none`, pairs)
  const starts = pairs.map(([ours]) => ours / 1000)
  tell('start, in the middle', median(starts), 's CPU', AIMS.start_s)
  tell('start, at worst', Math.max(...starts), 's CPU', AIMS.start_s)
  await measureIdle(full)
}

/** Answers the process, and the milliseconds of CPU that it used until it listened. */
async function open(place: Place): Promise<[Child, number]> {
  const child = startChild(OURS)
  await child.ask('open', place)
  return [child, await cpuMs(child)]
}

/** The server listens first and takes up what is due then. */
async function watchResumed(child: Child, others: number): Promise<void> {
  const left = async () => ((await child.ask<Counts>('count')).tables['jobs'] ?? 0) - others
  const first = await left()
  const started = performance.now()
  let now = first
  while (now > WAITING && performance.now() - started < CALM_MS_MAX) {
    await pause(50)
    now = await left()
  }
  const took = ((performance.now() - started) / 1000).toFixed(1)
  console.log(
    `when it listened, ${WAITING + DUE - first} of ${DUE} that had come due were over; all ${took} s later`,
  )
  if (now !== WAITING) throw new Error(`${now} runs wait in place of ${WAITING}.`)
}

async function measureIdle(full: Place): Promise<void> {
  const [ours] = await open(full)
  const bare = startChild(BARE)
  await bare.ask('open')
  await Promise.all([calm(ours), calm(bare)])
  const before = [await cpuMs(ours), await cpuMs(bare)] as const
  await pause(IDLE_MS)
  const used = (await cpuMs(ours)) - before[0]
  const used_bare = (await cpuMs(bare)) - before[1]
  report(`ms CPU of ${IDLE_MS / 1000} idle seconds, against a bare server`, [[used, used_bare]])
  tell('idle CPU', (used / IDLE_MS) * 100, '%', AIMS.idle_percent)
  await Promise.all([ours.stop(), bare.stop()])
}

async function cpuMs(child: Child): Promise<number> {
  const { user, system } = await child.ask<NodeJS.CpuUsage>('cpu')
  return (user + system) / 1000
}

/** Waits until a server has done what it does after its start. */
async function calm(child: Child): Promise<void> {
  for (let waited = 0; waited < CALM_MS_MAX; waited += 1_000) {
    const before = await cpuMs(child)
    await pause(1_000)
    if ((await cpuMs(child)) - before <= CALM_CPU_MS) return
  }
}

function tell(what: string, value: number, unit: string, aim: number): void {
  console.log(`  ${what}: ${value.toFixed(3)} ${unit} (aim: at most ${aim}${value <= aim ? '' : ', MISSED'})`)
}
