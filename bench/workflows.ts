import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBenchApp } from './http/app.ts'
import { finish } from './report.ts'
import { openFull } from './workflows/full.ts'
import { signIn } from './workflows/place.ts'
import { measureSteps } from './workflows/steps.ts'

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const CLIENTS_MAX = 64
console.log(`load ${loadavg().map((load) => load.toFixed(1)).join(' ')} on ${cpus().length} processors`)
try {
  const app = await openBenchApp(join(folder, 'steps'))
  const clients = await signIn(app, CLIENTS_MAX)
  await measureSteps(app, clients, openFull(join(folder, 'full.sqlite')))
  await app.close(0)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
finish()
