import * as fc from 'fast-check'
import { operations } from '../../contract/index.ts'
import type { OperationName } from '../../contract/index.ts'
import { APIError } from '../../contract/errors.ts'
import { PendingApproval } from '../../contract/approvals.ts'
import type { Operation } from '../../contract/operation.ts'
import { findIssues } from '../../server/kernel/validate.ts'
import type { Reply } from '../../server/transports/dispatch.ts'
import { openTestApp } from '../app.ts'
import type { TestApp } from '../app.ts'
import { mutantsOf, valuesOf } from './arbitrary.ts'
import type { Shape } from './arbitrary.ts'

export interface FuzzFigures {
  requests: number
  /** How often each status was answered. */
  statuses: Map<number, number>
  /** What broke a promise: the operation, what was wrong, and the input that shows it. */
  violations: string[]
}

/** Refusals with 503 that are as they should be: of what is not built, and of engines that are not there. */
const REASONS = new Set([
  'not_built',
  'no_stt_engine',
  'no_tts_engine',
  'disabled_by_user',
  'disabled',
  'voice_disabled',
])
/** Each try costs a password hash, a text that is spoken, or a model that is trained. */
const COSTLY = new Set<string>([
  'auth.login',
  'auth.setup',
  'auth.password',
  'users.create',
  'voice.synthesize',
  'voice.train',
])
const COSTLY_MAX = 20
/** Ends the session that asks. */
const ENDING = new Set<string>(['auth.logout', 'auth.password'])

/** Sends every operation `runs` valid and as many mutated inputs, as a signed-in user. */
export async function fuzzContract({ runs, seed }: { runs: number; seed: number }): Promise<FuzzFigures> {
  const figures: FuzzFigures = { requests: 0, statuses: new Map(), violations: [] }
  const server = await openTestApp()
  const { token } = await server.claim()
  try {
    for (const [name, operation] of Object.entries<Operation>(operations)) {
      const shape = operation.input as Shape
      const numRuns = COSTLY.has(name) ? Math.min(runs, COSTLY_MAX) : runs
      // What ends its own session is asked by nobody: the guards answer.
      const asker = ENDING.has(name) ? undefined : token
      for (const [kind, inputs] of [
        ['valid', valuesOf(shape)],
        ['mutated', mutantsOf(shape)],
      ] as const)
        for (const input of fc.sample(inputs, { numRuns, seed })) {
          const problem = await judge(server, asker, { name: name as OperationName, input }, figures)
          if (problem !== undefined)
            figures.violations.push(
              `${name} (${kind}): ${problem} for ${JSON.stringify(input).slice(0, 400)}`,
            )
        }
    }
    figures.violations.push(...(await judgeAudit(server, figures)))
  } finally {
    await server.remove()
  }
  return figures
}

interface Try {
  name: OperationName
  input: unknown
}

async function judge(
  server: TestApp,
  token: string | undefined,
  { name, input }: Try,
  figures: FuzzFigures,
): Promise<string | undefined> {
  const given = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : { input }
  const reply = await server.call(token, name, given)
  figures.requests += 1
  // The clock stands still, so that nothing else writes what waits.
  if (figures.requests % 1_000 === 0) await server.app.kernel.audit.flush()
  figures.statuses.set(reply.status, (figures.statuses.get(reply.status) ?? 0) + 1)
  if (!reply.ok) return judgeRefusal(reply)
  if (findIssues(operations[name].input, given).length > 0) return 'an invalid input was taken'
  const expected = reply.pending ? PendingApproval : operations[name].output
  // As a client reads it: what is undefined is not there.
  const [issue] = findIssues(expected, JSON.parse(JSON.stringify(reply.data)))
  return issue === undefined ? undefined : `the answer breaks the contract at ${issue.path}: ${issue.message}`
}

function judgeRefusal(reply: Reply & { ok: false }): string | undefined {
  const [issue] = findIssues(APIError, JSON.parse(JSON.stringify(reply.error)))
  if (issue !== undefined) return `the refusal breaks its shape at ${issue.path}: ${issue.message}`
  const { code, details, message } = reply.error.error
  const isExpected = reply.status === 503 && REASONS.has(String(details?.['reason']))
  if (reply.status >= 500 && !isExpected) return `${reply.status} ${code} ${message}`
  return undefined
}

/** One line for each request, and none that was not asked. */
async function judgeAudit(server: TestApp, { requests }: FuzzFigures): Promise<string[]> {
  const { audit } = server.app.kernel
  await audit.flush()
  const { ok, rows } = await audit.verify()
  const problems = ok ? [] : ['the chain of the audit does not hold']
  // One more for the claim of the server.
  if (rows !== requests + 1) problems.push(`${requests} requests have ${rows - 1} lines in the audit`)
  return problems
}
