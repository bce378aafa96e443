import type { KeyObject } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection } from '../store/connection.ts'
import { GENESIS, macOf } from './chain.ts'
import type { AuditRow, ChainHead } from './chain.ts'
import { readCheckpoints } from './checkpoints.ts'
import type { Checkpoint } from './checkpoints.ts'
import { isSealed } from './segments.ts'
import type { Segment } from './segments.ts'

/** What is wrong with the audit, at which line. */
export interface AuditProblem {
  seq: number
  what: string
}

export interface AuditReport {
  /** Nothing is wrong with what can be verified. */
  ok: boolean
  /** Lines that are there, and those that are sealed and gone. */
  rows: number
  sealed_rows: number
  checkpoints: number
  problems: AuditProblem[]
  /** Number of the last line that a checkpoint covers: whether lines after it were cut off cannot be told. */
  verified_to: number
  last_seq: number
}

export interface VerifyOptions {
  connection: Connection
  key: Buffer
  signing_key: KeyObject
  checkpoints_path: string
}

const PAGE = 1_000
/** More problems than anybody reads; counting goes on. */
const PROBLEMS_MAX = 100

/** Reads the whole chain and holds it against its checkpoints. Lets others work between pages. */
export async function verifyAudit(options: VerifyOptions): Promise<AuditReport> {
  const { connection, key, signing_key, checkpoints_path } = options
  const { checkpoints, bad } = readCheckpoints(checkpoints_path, signing_key)
  const problems: AuditProblem[] = bad.map(({ line, why }) => ({
    seq: 0,
    what: `line ${line} of the checkpoints ${why}`,
  }))
  const expected = new Map(checkpoints.map((checkpoint) => [checkpoint.seq, checkpoint]))
  const sealed = followSegments(connection, key, problems)
  const [before] = connection.all('SELECT count(*) AS lines FROM audit WHERE seq <= ?', [sealed.head.seq])
  if (Number(before?.['lines']) > 0)
    problems.push({ seq: sealed.head.seq, what: `${Number(before?.['lines'])} lines stand before the first` })
  let head = sealed.head
  let rows = 0
  for (;;) {
    const page = connection.all('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?', [head.seq, PAGE])
    for (const row of page as unknown as AuditRow[]) {
      const what = judge(key, head, row, expected.get(row.seq))
      if (what !== undefined) problems.push({ seq: row.seq, what })
      head = { seq: row.seq, mac: row.mac }
    }
    rows += page.length
    if (page.length < PAGE) break
    await nextTurn()
  }
  const newest = checkpoints.reduce((most, { seq }) => Math.max(most, seq), 0)
  if (newest > head.seq) {
    problems.push({ seq: head.seq + 1, what: `lines ${head.seq + 1} to ${newest} are missing at the end` })
  }
  return {
    ok: problems.length === 0,
    rows,
    sealed_rows: sealed.rows,
    checkpoints: checkpoints.length,
    problems: problems.slice(0, PROBLEMS_MAX),
    verified_to: Math.min(newest, head.seq),
    last_seq: head.seq,
  }
}

function judge(
  key: Buffer,
  head: ChainHead,
  row: AuditRow,
  checkpoint: Checkpoint | undefined,
): string | undefined {
  if (row.seq !== head.seq + 1) return `lines ${head.seq + 1} to ${row.seq - 1} are missing`
  if (macOf(key, head.mac, row) !== row.mac) return `line ${row.seq} was changed, or is not from this server`
  if (checkpoint !== undefined && checkpoint.mac !== row.mac)
    return `line ${row.seq} is not the one of its checkpoint`
  return undefined
}

/** Goes over the stretches that are gone, up to where lines begin. */
function followSegments(
  connection: Connection,
  key: Buffer,
  problems: AuditProblem[],
): { head: ChainHead; rows: number } {
  let head = GENESIS
  const segments = connection.all('SELECT * FROM audit_segments ORDER BY first_seq', [])
  for (const segment of segments as unknown as Segment[]) {
    const { first_seq, last_seq, mac_before, mac_after } = segment
    if (!isSealed(key, segment) || first_seq !== head.seq + 1 || mac_before !== head.mac)
      problems.push({ seq: first_seq, what: `the seal of lines ${first_seq} to ${last_seq} does not hold` })
    head = { seq: last_seq, mac: mac_after }
  }
  return { head, rows: head.seq }
}
