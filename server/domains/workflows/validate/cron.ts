import { Cron, CronPattern } from 'croner'

const CRON_MAX = 256
/** An expression that fits any time at all fits one within 400 years of any other. */
const SOME_TIME = Date.UTC(2024, 0, 1)

/** What is wrong with a cron expression, in words that follow its name. */
export function findCronProblem(cron: string, zone: string): string | undefined {
  if (cron.length > CRON_MAX) return `is longer than ${CRON_MAX} characters`
  const options = { mode: '5-or-6-parts', timezone: zone, paused: true } as const
  try {
    // The library would also take a single date for a schedule.
    const { pattern } = new CronPattern(cron, zone, options)
    return new Cron(pattern, options).nextRun(new Date(SOME_TIME)) === null ? 'never happens' : undefined
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^Cron\w*: /, '').replace(/\.$/, '') : ''
    return `cannot be read: ${said}`
  }
}
