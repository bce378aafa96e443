import type { Clock } from '../clock.ts'
import { iso } from '../clock.ts'
import type { Connection } from '../store/connection.ts'
import type { Store, Tx } from '../store/store.ts'
import { macOf } from './chain.ts'
import type { AuditRow, ChainHead } from './chain.ts'
import { sealSegment } from './segments.ts'
import { auditStore } from './store.ts'

/** Lines that go together: a stretch is sealed once all of it is old. */
const SEGMENT_LINES = 4_096
/** Stretches that are sealed at once; the rest follows at the next time. */
const SEGMENTS_MAX = 64

interface Parts {
  store: Store
  clock: Pick<Clock, 'now'>
  key: Buffer
}

/** Removes lines that are older than `retain_ms` in sealed stretches, so that the chain still holds. Answers how many. */
export async function sealOld({ store, clock, key }: Parts, retain_ms: number): Promise<number> {
  const before = iso(clock.now() - retain_ms)
  for (let sealed = 0; sealed < SEGMENTS_MAX; sealed += 1) {
    const stretch = readStretch(store.reader.connection)
    const last = stretch?.lines.at(-1)
    if (stretch === undefined || last === undefined || last.time >= before) return sealed * SEGMENT_LINES
    const broken = findBreak(key, stretch)
    // What does not hold must stay to be found: a seal would make it good.
    if (broken !== undefined)
      throw new Error(`Line ${broken} of the audit does not hold, so nothing was sealed.`)
    await store.write((tx) => Promise.resolve(seal(tx, key, stretch, iso(clock.now()))))
  }
  return SEGMENTS_MAX * SEGMENT_LINES
}

/** The oldest lines, and where the chain stood before them. */
interface Stretch {
  head: ChainHead
  lines: readonly AuditRow[]
}

/** The oldest stretch that is whole, when there are lines after it. */
function readStretch(connection: Connection): Stretch | undefined {
  const head = auditStore.sealedHead(connection)
  const found = auditStore.after(connection, head.seq, SEGMENT_LINES + 1)
  return found.length > SEGMENT_LINES ? { head, lines: found.slice(0, SEGMENT_LINES) } : undefined
}

/** Number of the first line that is not the one that belongs there. */
function findBreak(key: Buffer, { head, lines }: Stretch): number | undefined {
  let before = head
  for (const row of lines) {
    if (row.seq !== before.seq + 1 || macOf(key, before.mac, row) !== row.mac) return before.seq + 1
    before = row
  }
  return undefined
}

function seal({ connection }: Tx, key: Buffer, { head, lines }: Stretch, sealed_at: string): void {
  const [first, last] = [lines[0], lines.at(-1)]
  if (first === undefined || last === undefined) return
  const segment = sealSegment(key, {
    first_seq: first.seq,
    last_seq: last.seq,
    mac_before: head.mac,
    mac_after: last.mac,
    from_time: first.time,
    to_time: last.time,
    sealed_at,
  })
  auditStore.replace(connection, segment)
}
