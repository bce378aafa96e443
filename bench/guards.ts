import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operations } from '../contract/index.ts'
import type { Operation } from '../contract/operation.ts'
import { Limits } from '../server/kernel/limits.ts'
import type { Standing } from '../server/kernel/limits.ts'
import { openDispatch } from '../server/transports/dispatch.ts'
import type { Dispatch } from '../server/transports/dispatch.ts'
import { openBenchApp, prepare } from './http/app.ts'
import { finish, report } from './report.ts'

/**
 * What stands between a caller and an operation costs: a warm authentication, and the audit, the limits and the rule of
 * proof together, against the same app and the same work without them. Rounds alternate.
 */
const ROUNDS = 9
const CALLS = 400
const AT_ONCE = 16
const AUTHENTICATIONS = 200_000

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const { ours } = await prepare(folder)
const app = await openBenchApp(ours.folder)
const { kernel, auth } = app
const [visitor] = ours.visitors
const token = visitor?.token ?? ''
const user_id = visitor?.user_id ?? ''

/** A standing that is made once: no window is looked at. */
const standing: Standing = new Limits(kernel.clock).standing({ user_id: 'nobody', tier: 'free' })
class NoLimits extends Limits {
  override admitAddress = (): Standing => standing
  override admitStranger = (): Standing => standing
  override admit = (): Standing => standing
  override standing = (): Standing => standing
}
const audit = Object.assign(Object.create(kernel.audit) as typeof kernel.audit, {
  admit: () => {},
  note: () => {},
  write: () => {},
})
const bare = openDispatch({
  kernel: { ...kernel, audit },
  answers: app.answers,
  authenticate: auth.authenticate,
  proofs: auth.proofs,
  limits: new NoLimits(kernel.clock),
  approvals: { request: () => Promise.reject(new Error('Nobody approves here.')) },
})

let number = 0
async function execute(dispatch: Dispatch): Promise<void> {
  const operation: Operation = operations['agents.execute']
  number += 1
  const exchange = dispatch.begin({
    operation,
    transport: 'http',
    token,
    ip: '127.0.0.1',
    user_agent: 'bench',
    request_id: undefined,
  })
  const command = {
    action: 'remember',
    parameters: { text: `the boiler is number ${number}` },
    user_id,
    request_id: `guards-${number}`,
    priority: 'normal',
  }
  const input = { id: '2', command, wait_for_completion: true }
  const reply = await exchange.answer({ input, signal: new AbortController().signal })
  if (!reply.ok) throw new Error(JSON.stringify(reply.error))
}

/** Executions a second. */
async function round(dispatch: Dispatch): Promise<number> {
  const started = performance.now()
  let left = CALLS
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await execute(dispatch)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, caller))
  return (CALLS / (performance.now() - started)) * 1000
}

function cpuMicroseconds(work: () => void): number {
  const before = process.cpuUsage()
  for (let call = 0; call < AUTHENTICATIONS; call += 1) work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / AUTHENTICATIONS
}

await round(app.dispatch)
await round(bare)
const pairs: [number, number][] = []
for (let one = 0; one < ROUNDS; one += 1) pairs.push([await round(app.dispatch), await round(bare)])
report('executions/s with audit, limits and proof rule', pairs, { least: 0.75 })

const known = new Map([[token, auth.authenticate(token)]])
const costs = Array.from({ length: 5 }, (): [number, number] => [
  cpuMicroseconds(() => auth.authenticate(token)),
  cpuMicroseconds(() => known.get(token)),
])
report('warm authentication, us of CPU (aim: at most 15)', costs)
await app.close(0)
rmSync(folder, { recursive: true })
finish()
