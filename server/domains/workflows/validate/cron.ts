import { readCron } from '../triggers/schedule-cron.ts'

/** What is wrong with a cron expression, in words that go on after its place. */
export function findCronProblem(cron: string): string | undefined {
  const read = readCron(cron)
  return 'problem' in read ? read.problem : undefined
}
