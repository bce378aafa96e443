import { openDaily } from '../../kernel/daily.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { BackupParts, Backups } from './index.ts'

const DAY_MS = 86_400_000
/** A server that was off when its backup was due makes it so long after it starts, once it has settled. */
const LATE_MS = 600_000
/** A backup, and looking at all of it, takes minutes even of large data. */
const LEASE_MS = 2 * 3_600_000

type Parts = Pick<BackupParts, 'settings' | 'onSettings' | 'server_zone' | 'tell'> &
  Pick<Backups, 'make' | 'list'>

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
export function openNightly(kernel: Kernel, parts: Parts): { start(): Promise<void> } {
  const due = (): number => nextAt(parts.settings().hour, parts.server_zone, kernel.clock.now())
  const telling = (problem: string) => (tx: Tx) => parts.tell(tx, problem)
  const daily = openDaily(kernel, {
    kind: 'backup.daily',
    lease_ms: LEASE_MS,
    attempts_max: 2,
    next: due,
    run: async () => {
      if (!parts.settings().daily) return undefined
      try {
        await parts.make('daily')
        return undefined
      } catch (error) {
        kernel.log.error('the daily backup failed', { error })
        const why = error instanceof Error ? error.message : String(error)
        return telling(`The daily backup failed. ${why}`)
      }
    },
    giveUp: (error) => {
      kernel.log.error('the daily backup was given up', { error })
      return telling('The daily backup was not made: the server was stopped in the middle of it, twice.')
    },
  })
  const next = (): number => {
    const newest = parts.list().find(({ reason }) => reason === 'daily')
    const since = newest?.created_at ?? began(kernel)
    const isLate = due() - Date.parse(since) > 2 * DAY_MS
    return isLate ? Math.min(due(), kernel.clock.now() + LATE_MS) : due()
  }
  const move = async (): Promise<void> => daily.move(next())
  parts.onSettings(() => {
    move().catch((error: unknown) => kernel.log.error('the time of the daily backup was not set', { error }))
  })
  return { start: async () => daily.set(next()) }
}

/** When there was data first: a server that never had a night for its backup is late one day after. */
function began({ store, now }: Kernel): string {
  const [row] = store.reader.connection.all('SELECT min(applied_at) AS began FROM migrations', [])
  return typeof row?.['began'] === 'string' ? row['began'] : now()
}
