import type { App } from '../../server/app.ts'
import { report } from '../report.ts'
import { ask, createWorkflow } from './place.ts'
import type { Client } from './place.ts'
import { TEN_STEPS } from './scene.ts'

const RUNS = 1_000
const PAGE = 100
/** Runs that are made at the same time while the history is filled. */
const TOGETHER = 20
const ROUNDS = 21
const UNCOUNTED = 3

const RUN_ROWS = 'SELECT * FROM workflow_runs WHERE user_id = ? AND workflow_id = ? ORDER BY id DESC LIMIT ?'
const STEP_ROWS = `SELECT s.* FROM workflow_steps s JOIN (SELECT id FROM workflow_runs
  WHERE user_id = ? AND workflow_id = ? ORDER BY id DESC LIMIT ?) r ON r.id = s.run_id`

/** Milliseconds of listing past runs page by page, against reading the same rows at once and doing nothing with them. */
export async function measureHistory(app: App, client: Client): Promise<void> {
  const id = await createWorkflow(app, client, 'History', TEN_STEPS)
  for (let made = 0; made < RUNS; made += TOGETHER)
    await Promise.all(Array.from({ length: TOGETHER }, (_, at) => runOnce(app, client, id, made + at)))
  const { connection } = app.kernel.store.reader
  const pairs: [number, number][] = []
  for (let round = -UNCOUNTED; round < ROUNDS; round += 1) {
    const [base, rows] = await timed(() => {
      const values = [client.user_id, id, RUNS]
      return connection.all(RUN_ROWS, values).length + connection.all(STEP_ROWS, values).length
    })
    const [ours, listed] = await timed(() => listAll(app, client, id))
    if (rows !== listed || rows !== RUNS * (1 + TEN_STEPS.length))
      throw new Error(`Listed were ${listed} runs and steps, and read ${rows} rows.`)
    if (round >= 0) pairs.push([ours, base])
  }
  report(`ms to list ${RUNS} past runs of ten steps by ${PAGE}, against reading their rows`, pairs, {
    most: 3,
  })
}

async function runOnce(app: App, { token }: Client, id: string, n: number): Promise<void> {
  const input = { id, input_data: { n: 1_000_000 + n, code: n }, wait_for_completion: true }
  const { status } = await ask(app, token, 'workflows.execute', input)
  if (status !== 'completed') throw new Error(`The run was not completed: ${status}`)
}

/** Answers how many runs and steps were listed. */
async function listAll(app: App, { token }: Client, id: string): Promise<number> {
  let count = 0
  let cursor: string | undefined
  do {
    const page = await ask(app, token, 'workflows.history', {
      id,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { steps } of page.executions) count += 1 + steps.length
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return count
}

async function timed<T>(work: () => T | Promise<T>): Promise<[number, T]> {
  const started = performance.now()
  const result = await work()
  return [performance.now() - started, result]
}
