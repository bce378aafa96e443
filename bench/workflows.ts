import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBenchApp } from './http/app.ts'
import { finish } from './report.ts'
import { openFull } from './workflows/full.ts'
import { measureHistory } from './workflows/history.ts'
import { signIn } from './workflows/place.ts'
import { measureSteps } from './workflows/steps.ts'
import { fillWaiting, measureWaiting } from './workflows/waiting.ts'
import type { Filled } from './workflows/waiting.ts'

/**
 * Workflows: steps a second with all that the product does besides, listing past runs, and what many waiting runs cost.
 * The rest of the machine disturbs these figures more than others, so its load is told with them.
 */
const PARTS = ['steps', 'history', 'waiting'] as const
const CLIENTS = { steps: 64, history: 1, waiting: 10 }

const { values: flags } = parseArgs({ options: { only: { type: 'string' } } })
const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
try {
  for (const part of PARTS) {
    if ((flags.only ?? part) !== part) continue
    tellLoad(part)
    await measure(part)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
tellLoad('the end')
finish()

async function measure(part: (typeof PARTS)[number]): Promise<void> {
  const place = { folder: join(folder, part), visitors: [] }
  const app = await openBenchApp(place.folder)
  const clients = await signIn(app, CLIENTS[part])
  const [first] = clients
  let filled: Filled | undefined
  if (part === 'steps') await measureSteps(app, clients, openFull(join(folder, 'full.sqlite')))
  else if (part === 'history' && first !== undefined) await measureHistory(app, first)
  else filled = await fillWaiting(app, clients)
  await app.close(0)
  if (filled === undefined) return
  const empty = { folder: join(folder, 'empty'), visitors: [] }
  await (await openBenchApp(empty.folder)).close(0)
  await filled.areDue()
  await measureWaiting(place, empty, filled)
}

function tellLoad(at: string): void {
  const load = loadavg().map((value) => value.toFixed(1))
  console.log(`${at}: load ${load.join(' ')} on ${cpus().length} processors`)
}
