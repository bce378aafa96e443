import type { Clock } from '../clock.ts'
import { iso } from '../clock.ts'
import type { Connection } from '../store/connection.ts'
import type { Store, Tx } from '../store/store.ts'
import type { AuditRow } from './chain.ts'
import { sealSegment } from './segments.ts'

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
    const last = findEnd(store.reader.connection)
    if (last === undefined || last.time >= before) return sealed * SEGMENT_LINES
    await store.write((tx) => Promise.resolve(seal(tx, key, last, iso(clock.now()))))
  }
  return SEGMENTS_MAX * SEGMENT_LINES
}

/** The line that ends the oldest whole stretch, when there are lines after it. */
function findEnd(connection: Connection): AuditRow | undefined {
  const [edges] = connection.all('SELECT min(seq) AS first, max(seq) AS last FROM audit', [])
  const end = Number(edges?.['first'] ?? 0) + SEGMENT_LINES - 1
  if (edges?.['first'] === null || end >= Number(edges?.['last'] ?? 0)) return undefined
  return connection.all('SELECT * FROM audit WHERE seq = ?', [end])[0] as unknown as AuditRow | undefined
}

function seal({ connection }: Tx, key: Buffer, last: AuditRow, sealed_at: string): void {
  const [first] = connection.all('SELECT * FROM audit ORDER BY seq LIMIT 1', []) as unknown as AuditRow[]
  const [earlier] = connection.all('SELECT mac_after FROM audit_segments ORDER BY first_seq DESC LIMIT 1', [])
  if (first === undefined) return
  const segment = sealSegment(key, {
    first_seq: first.seq,
    last_seq: last.seq,
    mac_before: String(earlier?.['mac_after'] ?? ''),
    mac_after: last.mac,
    from_time: first.time,
    to_time: last.time,
    sealed_at,
  })
  const values = Object.values(segment)
  const names = Object.keys(segment).join(', ')
  connection.run(`INSERT INTO audit_segments (${names}) VALUES (${values.map(() => '?').join(', ')})`, values)
  connection.run('DELETE FROM audit WHERE seq <= ?', [last.seq])
}
