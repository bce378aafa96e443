import type { Clock } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { WorkerError } from '../../kernel/workers.ts'
import type { Workers } from '../../kernel/workers.ts'
import type { ImportParts } from './import.ts'
import type { Compiled } from './openapi/compile.ts'

/** Reading the largest document takes a second or two. */
const COMPILING_MS = 30_000

/** Makes actions of a document in a worker. @throws Fault `VALIDATION_ERROR` for what is more than one can take. */
export function compileWith(clock: Clock, workers: Pick<Workers, 'run'>): ImportParts['compile'] {
  return async (task, user_id) => {
    const ending = new AbortController()
    const cancel = clock.after(COMPILING_MS, () => ending.abort(unreadable('It takes too long.')))
    try {
      return (await workers.run({ compile: task }, user_id, ending.signal)).value as Compiled
    } catch (error) {
      throw error instanceof WorkerError ? unreadable(error.message) : error
    } finally {
      cancel()
    }
  }
}

function unreadable(why: string): Fault {
  const issues = [{ path: '/document', message: `cannot be read: ${why}` }]
  return new Fault('VALIDATION_ERROR', `The document cannot be read: ${why}`, { issues })
}
