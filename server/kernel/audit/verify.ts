import type { KeyObject } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { rollBack } from '../store/connection.ts'
import type { Connection } from '../store/connection.ts'
import { GENESIS, macOf } from './chain.ts'
import type { AuditRow, ChainHead } from './chain.ts'
import { readCheckpoints } from './checkpoints.ts'
import type { Checkpoint } from './checkpoints.ts'
import { isSealed } from './segments.ts'
import { auditStore } from './store.ts'

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
  /** At most 100; what is beyond is counted in one more. */
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
/** More problems than anybody reads; of the others only the number is kept. */
const PROBLEMS_MAX = 100

/** Reads the whole chain and holds it against its checkpoints. Lets others work between pages. */
export async function verifyAudit(options: VerifyOptions): Promise<AuditReport> {
  const { connection, key, signing_key, checkpoints_path } = options
  const { checkpoints, bad } = readCheckpoints(checkpoints_path, signing_key)
  const problems = openProblems()
  for (const { line, why } of bad) problems.add(0, `line ${line} of the checkpoints ${why}`)
  const expected = new Map(checkpoints.map((checkpoint) => [checkpoint.seq, checkpoint]))
  // What the very first servers kept is no chain: a backup of theirs has nothing to follow, and no checkpoints.
  const isChain = auditStore.isChain(connection)
  const sealed = isChain ? followSegments(connection, key, problems) : NOTHING
  const { head, rows } = isChain ? await followLines(options, sealed.head, expected, problems) : NOTHING
  const newest = checkpoints.reduce((most, { seq }) => Math.max(most, seq), 0)
  if (newest > head.seq) {
    problems.add(head.seq + 1, `lines ${head.seq + 1} to ${newest} are missing at the end`)
  }
  return {
    ok: problems.count() === 0,
    rows,
    sealed_rows: sealed.rows,
    checkpoints: checkpoints.length,
    problems: problems.told(),
    verified_to: Math.min(newest, head.seq),
    last_seq: head.seq,
  }
}

/**
 * The same on a connection of one's own, as it is at one moment: beside a server that runs, old lines may be sealed
 * between two pages, which would look like missing ones.
 */
export async function verifySnapshot(options: VerifyOptions): Promise<AuditReport> {
  const { connection } = options
  connection.exec('BEGIN')
  try {
    return await verifyAudit(options)
  } finally {
    rollBack(connection)
  }
}

interface Problems {
  add(seq: number, what: string): void
  count(): number
  told(): AuditProblem[]
}

/** Keeps the first problems and counts the others: somebody who spoils every line must not fill the memory. */
function openProblems(): Problems {
  const first: AuditProblem[] = []
  let count = 0
  return {
    add: (seq, what) => {
      if (first.length < PROBLEMS_MAX) first.push({ seq, what })
      count += 1
    },
    count: () => count,
    told: () => {
      const more = count - first.length
      return more === 0 ? first : [...first, { seq: 0, what: `and ${more} more` }]
    },
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

/** How far the chain was followed, over how many lines. */
interface Followed {
  head: ChainHead
  rows: number
}
const NOTHING: Followed = { head: GENESIS, rows: 0 }

/** Goes over the lines that are there. */
async function followLines(
  { connection, key }: VerifyOptions,
  from: ChainHead,
  expected: ReadonlyMap<number, Checkpoint>,
  problems: Problems,
): Promise<Followed> {
  const before = auditStore.countUpTo(connection, from.seq)
  if (before > 0) problems.add(from.seq, `${before} lines stand before the first`)
  let head = from
  let rows = 0
  for (;;) {
    const page = auditStore.after(connection, head.seq, PAGE)
    for (const row of page) {
      const what = judge(key, head, row, expected.get(row.seq))
      if (what !== undefined) problems.add(row.seq, what)
      head = { seq: row.seq, mac: row.mac }
    }
    rows += page.length
    if (page.length < PAGE) return { head, rows }
    await nextTurn()
  }
}

/** Goes over the stretches that are gone, up to where lines begin. */
function followSegments(connection: Connection, key: Buffer, problems: Problems): Followed {
  let head = GENESIS
  for (const segment of auditStore.segments(connection)) {
    const { first_seq, last_seq, mac_before, mac_after } = segment
    if (!isSealed(key, segment) || first_seq !== head.seq + 1 || mac_before !== head.mac)
      problems.add(first_seq, `the seal of lines ${first_seq} to ${last_seq} does not hold`)
    head = { seq: last_seq, mac: mac_after }
  }
  return { head, rows: head.seq }
}
