import type { Answer, Call } from '../../kernel/answers.ts'
import type { Approved } from '../../kernel/approval.ts'
import { Fault, asFault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { attachProof } from '../../kernel/proof.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { filterTo } from '../filter.ts'
import { authorise, notBuilt, statusOf, targetOf, validate } from './guards.ts'
import { lineOf } from './line.ts'

/** Takes back what was only to be looked at. */
class Simulated extends Error {}

/**
 * Performs a call that was approved: as if its caller had proven it, but for the limits, which have counted it.
 *
 * @throws Fault `SERVICE_UNAVAILABLE` alone: then it may be tried again. Every other end is noted.
 */
export async function performApproved(
  kernel: Kernel,
  answer: Answer | undefined,
  { call, operation, input, proven, finish }: Approved,
): Promise<void> {
  const started = kernel.clock.elapsed()
  const line = (status: number, outcome: string) =>
    lineOf(call, operation, {
      status,
      outcome,
      target: targetOf(input),
      ms: kernel.clock.elapsed() - started,
    })
  const { output } = operation
  try {
    validate(operation, input)
    authorise(operation, call)
    if (answer === undefined) throw notBuilt(operation)
    const read = 'read' in answer ? await answer.read(call, input) : undefined
    const prepared = 'read' in answer ? undefined : await answer.prepare?.(call, input)
    await kernel.store.write(async (tx) => {
      attachProof(tx, proven, input)
      const made = 'read' in answer ? read : await answer.commit(tx, call, input, prepared)
      if (made instanceof Fault) {
        kernel.audit.write(tx, line(made.status, made.code))
        return finish(tx, { fault: made })
      }
      kernel.audit.write(tx, line(statusOf(operation), 'ok'))
      await finish(tx, { result: filterTo(output, made) })
    })
  } catch (error) {
    const fault = asFault(error)
    if (fault.status === 503) throw fault
    if (fault.status === 500)
      kernel.log.error('an approved call failed', { operation: operation.name, error })
    await kernel.store.write(async (tx) => {
      kernel.audit.write(tx, line(fault.status, fault.code))
      await finish(tx, { fault })
    })
  }
}

/** Does what a call asks, lets somebody look at it, and takes everything back. */
export async function simulate<T>(
  kernel: Kernel,
  answer: Answer,
  { call, input }: { call: Call; input: Record<string, unknown> },
  look: (tx: Tx) => Promise<T>,
): Promise<T | undefined> {
  if ('read' in answer) return undefined
  const prepared = await answer.prepare?.(call, input)
  let seen: T | undefined
  try {
    await kernel.store.write(async (tx) => {
      await answer.commit(tx, call, input, prepared)
      seen = await look(tx)
      throw new Simulated()
    })
  } catch (error) {
    if (!(error instanceof Simulated)) throw error
  }
  return seen
}
