import { readDefinition } from '../definition.ts'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const HOUR_MS = 3_600_000
/** Versions whose words are kept. */
export const VERSIONS_MAX = 20_000

/** The words for each version of a definition, which never changes: it is read once, however often something else does. */
export function openWhen(
  read: (version: number) => string | undefined,
): (version: number) => readonly string[] {
  const known = new Map<number, readonly string[]>()
  return (version) => {
    const kept = known.get(version)
    if (kept !== undefined) return kept
    const text = read(version)
    const words = text === undefined ? [] : whenWords(readDefinition(text).trigger)
    const [oldest] = known.size >= VERSIONS_MAX ? known.keys() : []
    if (oldest !== undefined) known.delete(oldest)
    known.set(version, words)
    return words
  }
}

/** Words by which one speaks of a workflow that runs at such times: "the morning workflow". */
export function whenWords({ type, conditions }: WorkflowTrigger): string[] {
  if (type !== 'schedule') return []
  const { cron, every_ms } = conditions
  if (every_ms === HOUR_MS) return ['hourly']
  if (every_ms === 24 * HOUR_MS) return ['daily']
  if (typeof cron !== 'string') return []
  const [, short] = /^@(hourly|daily|weekly|monthly)$/iu.exec(cron.trim()) ?? []
  if (short !== undefined) return [short.toLowerCase()]
  const fields = cron.trim().split(/\s+/u)
  if (fields.length < 5) return []
  const [, hours = '', date = '', , weekdays = ''] = fields.length === 6 ? fields.slice(1) : fields
  return [...hourWords(hours), ...dayWords(date, weekdays)]
}

function hourWords(hours: string): string[] {
  if (!/^\d{1,2}(?:,\d{1,2})*$/u.test(hours)) return hours === '*' ? ['hourly'] : []
  return hours.split(',').flatMap((hour) => partOf(Number(hour)))
}

function partOf(hour: number): string[] {
  if (hour >= 4 && hour < 12) return ['morning']
  if (hour >= 12 && hour < 18) return hour === 12 ? ['afternoon', 'noon', 'midday'] : ['afternoon']
  return hour >= 18 && hour < 22 ? ['evening'] : ['night', 'nightly']
}

function dayWords(date: string, weekdays: string): string[] {
  if (date !== '*' && date !== '?') return ['monthly']
  if (weekdays === '*' || weekdays === '?') return ['daily']
  if (weekdays === '1-5') return ['weekday', 'weekdays']
  const named = /^[0-7](?:,[0-7])*$/u.test(weekdays) ? weekdays.split(',') : []
  return ['weekly', ...named.flatMap((one) => DAYS[Number(one)] ?? [])]
}
