import { system } from '../../../contract/system.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { LogFiles } from '../../kernel/logs/files.ts'
import { isLineId, readLog } from '../../kernel/logs/read.ts'
import { LIMIT_DEFAULT, fromCursor, toCursor } from '../../kernel/paging.ts'

/** The log of the server, for its owner. */
export function showLogs(folder: string, files: Pick<LogFiles, 'flush'> | undefined): Answers {
  return {
    [system.logs.name]: reads(system.logs, async (_call, asked) => {
      const { since, cursor, limit = LIMIT_DEFAULT, level, source, request_id } = asked
      await files?.flush()
      const { lines, has_more } = await readLog(folder, {
        level,
        source,
        request_id,
        since: since === undefined ? undefined : milliseconds(since),
        before: cursor === undefined ? undefined : lineOf(cursor),
        limit,
      })
      const last = lines.at(-1)
      return { logs: lines, ...(has_more && last !== undefined ? { next_cursor: toCursor(last.id) } : {}) }
    }),
  }
}

/** A time between two milliseconds is later than the first. */
function milliseconds(time: string): number {
  return Temporal.Instant.from(time).round({ smallestUnit: 'millisecond', roundingMode: 'ceil' })
    .epochMilliseconds
}

/** @throws Fault `VALIDATION_ERROR` for the cursor of another list. */
function lineOf(cursor: string): string {
  const key = fromCursor(cursor)
  if (typeof key === 'string' && isLineId(key)) return key
  throw new Fault('VALIDATION_ERROR', 'The cursor is one of another list.', {
    issues: [{ path: '/cursor', message: 'is not a cursor of this list' }],
  })
}
