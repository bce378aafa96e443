import { EXIT, Stop } from './exit.ts'

/** A time or a day (UTC), as the server takes it. @throws Stop for what is none. */
export function readTime(text: string): string {
  const at = Date.parse(text)
  if (!Number.isNaN(at)) return new Date(at).toISOString()
  throw new Stop(
    EXIT.usage,
    `${JSON.stringify(text)} is no time, such as 2027-01-31 or 2027-01-31T18:00:00Z.`,
  )
}
