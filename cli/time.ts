import { EXIT, Stop } from './exit.ts'

/** Not all that the runtime takes: to it 1 is a month. */
const WRITTEN = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/i

/** A time or a day (UTC), as the server takes it. @throws Stop for what is none. */
export function readTime(text: string): string {
  const at = Date.parse(text)
  if (WRITTEN.test(text) && !Number.isNaN(at)) return new Date(at).toISOString()
  throw new Stop(
    EXIT.usage,
    `${JSON.stringify(text)} is no time, such as 2027-01-31 or 2027-01-31T18:00:00Z.`,
  )
}
