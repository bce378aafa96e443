import type { Kernel } from '../../kernel/kernel.ts'
import type { Job } from '../../kernel/job.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { BackupParts, Backups } from './index.ts'

const JOB = 'backup.daily'
/** There is one such job, and it is nobody's. */
const KEY = 'daily'
const NOBODY = ''
const DAY_MS = 86_400_000
/** A server that was off when its backup was due makes it so long after it starts, once it has settled. */
const LATE_MS = 600_000
/** A backup, and looking at all of it, takes minutes even of large data. */
const LEASE_MS = 2 * 3_600_000

type Parts = Pick<BackupParts, 'settings' | 'onSettings' | 'server_zone' | 'tell'> &
  Pick<Backups, 'make' | 'verify' | 'list'>

/** When the hour next comes round on a clock of a zone. Epoch ms; an hour that a change of the clock skips comes after it. */
export function nextAt(hour: number, zone: string, now: number): number {
  const there = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const today = there.withPlainTime({ hour })
  const next = Temporal.ZonedDateTime.compare(today, there) > 0 ? today : nextDay(there, hour)
  return next.epochMilliseconds
}

function nextDay(there: Temporal.ZonedDateTime, hour: number): Temporal.ZonedDateTime {
  return there
    .toPlainDate()
    .add({ days: 1 })
    .toZonedDateTime({ timeZone: there.timeZoneId, plainTime: { hour } })
}

/** Makes a backup each night and looks at it. Its owners hear of it only when something is wrong. */
export function openDaily(kernel: Kernel, parts: Parts): { start(): Promise<void> } {
  const next = (): number => {
    const due = nextAt(parts.settings().hour, parts.server_zone, kernel.clock.now())
    const newest = parts.list().find(({ reason }) => reason === 'daily')
    const since = newest?.created_at ?? began(kernel)
    return due - Date.parse(since) > 2 * DAY_MS ? Math.min(due, kernel.clock.now() + LATE_MS) : due
  }
  const schedule = (tx: Tx, run_at: number): void => {
    kernel.jobs.enqueue(tx, { kind: JOB, key: KEY, user_id: NOBODY, payload: {}, run_at, priority: 'low' })
  }
  const end = (job: Job, problem: string | undefined): Promise<void> =>
    kernel.store.write(async (tx) => {
      job.finish(tx)
      // Also after a failure: a full disk is not helped by trying all night.
      schedule(tx, nextAt(parts.settings().hour, parts.server_zone, kernel.clock.now()))
      if (problem !== undefined) await parts.tell(tx, problem)
    })
  kernel.jobs.handle(JOB, {
    concurrency_max: 1,
    per_user_max: 4,
    total_max: 4,
    lease_ms: LEASE_MS,
    attempts_max: 2,
    run: async (job) => {
      if (!parts.settings().daily) return end(job, undefined)
      return end(job, await makeAndLook(parts))
    },
    giveUp: (job, error) => {
      kernel.log.error('the daily backup was given up', { error })
      return end(job, 'The daily backup was not made: the server was stopped in the middle of it, twice.')
    },
  })
  const set = (): Promise<void> =>
    kernel.store.write((tx) => {
      schedule(tx, next())
      return Promise.resolve()
    })
  parts.onSettings(() => {
    set().catch((error: unknown) => kernel.log.error('the time of the daily backup was not set', { error }))
  })
  return { start: set }
}

/** When there was data first: a server that never had a night for its backup is late one day after. */
function began({ store, now }: Kernel): string {
  const [row] = store.reader.connection.all('SELECT min(applied_at) AS began FROM migrations', [])
  return typeof row?.['began'] === 'string' ? row['began'] : now()
}

/** What went wrong, for people; nothing when all is well. */
async function makeAndLook(parts: Parts): Promise<string | undefined> {
  try {
    const { name } = await parts.make('daily')
    const { ok, problems } = await parts.verify(name)
    if (ok) return undefined
    return `The backup of this night does not hold, so do not count on it (${problems.length} problems, the first: ${problems[0]}).`
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return `The daily backup was not made. ${why}`
  }
}
