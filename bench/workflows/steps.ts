import type { App } from '../../server/app.ts'
import { report } from '../report.ts'
import { ask, createWorkflow } from './place.ts'
import type { Client } from './place.ts'
import { MIX, TEN_STEPS } from './scene.ts'

const ROUNDS = 15
/** Pairs that only warm both up. */
const UNCOUNTED = 3
const CONTROL_MS = 200
/** Clients, the runs of each in a round, and the least ratio. Rounds are short, so that noise spoils few of them. */
const SIZES = [
  { count: 1, runs: 25, least: 0.3 },
  { count: 16, runs: 4, least: 0.7 },
  { count: 64, runs: 1, least: 0.9 },
] as const

interface Figures {
  per_s: number
  cpu_us: number
}
interface Runner extends Client {
  workflow_id: string
}

/** Steps a second in runs that somebody waits for, against commits a second of a database that syncs each. */
export async function measureSteps(
  app: App,
  clients: readonly Client[],
  control: (round_ms: number) => number,
): Promise<void> {
  const runners: Runner[] = []
  for (const client of clients)
    runners.push({ ...client, workflow_id: await createWorkflow(app, client, 'Ten steps', TEN_STEPS) })
  // Somebody listens, as sockets do: events are delivered and not only kept.
  let heard = 0
  const stop = app.kernel.events.hear(() => (heard += 1))
  let number = 0
  const next = (): number => (number += 1)
  console.log(`ten steps: ${MIX}; events, audit and history as in the product`)
  for (const { count, runs, least } of SIZES) {
    const some = runners.slice(0, count)
    const pairs: [Figures, Figures][] = []
    const before = heard
    for (let round = -UNCOUNTED; round < ROUNDS; round += 1) {
      const base = await figures(() => Promise.resolve(control(CONTROL_MS)))
      const ours = await figures(() => performSteps(app, some, runs, next))
      if (round >= 0) pairs.push([ours, base])
    }
    const events = (heard - before) / ((ROUNDS + UNCOUNTED) * count * runs)
    const clients_said = `${count} client${count === 1 ? '' : 's'}`
    report(
      `steps/s, ${clients_said}, against commits/s`,
      pairs.map(([ours, base]) => [ours.per_s, base.per_s]),
      { least },
    )
    report(
      `  CPU in us a step, against a commit`,
      pairs.map(([ours, base]) => [ours.cpu_us, base.cpu_us]),
    )
    console.log(`  ${events.toFixed(1)} events a run`)
  }
  stop()
}

/** Answers how often something was done in a second, and the CPU that each time took: a busy disk hides the latter. */
async function figures(work: () => Promise<number>): Promise<Figures> {
  const [started, before] = [performance.now(), process.cpuUsage()]
  const count = await work()
  const { user, system } = process.cpuUsage(before)
  return { per_s: count / ((performance.now() - started) / 1000), cpu_us: (user + system) / count }
}

/** Answers how many steps were performed. */
async function performSteps(
  app: App,
  runners: readonly Runner[],
  runs: number,
  next: () => number,
): Promise<number> {
  await Promise.all(
    runners.map(async ({ token, workflow_id }) => {
      for (let run = 0; run < runs; run += 1) await runOnce(app, token, workflow_id, next())
    }),
  )
  return runners.length * runs * TEN_STEPS.length
}

async function runOnce(app: App, token: string, id: string, n: number): Promise<void> {
  const { status, results } = await ask(app, token, 'workflows.execute', {
    id,
    input_data: { n, code: 1000 + n },
    wait_for_completion: true,
  })
  if (status !== 'completed' || Object.keys(results ?? {}).length !== TEN_STEPS.length)
    throw new Error(`The run did not do its ten steps: ${status} ${JSON.stringify(results)}`)
}
