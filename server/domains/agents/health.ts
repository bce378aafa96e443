/** How an execution ended: success, failure, or time-out. */
export type Outcome = 's' | 'f' | 't'

/** `r`: refused, as what was asked made no sense or there was nothing to do it to. That is no failure of the agent. */
export type Ended = Outcome | 'r'

/** Executions that the health of an agent is computed from. */
const REMEMBERED = 20

/** Adds an outcome to the remembered ones, oldest first. */
export function remember(outcomes: string, outcome: Ended): string {
  return outcome === 'r' ? outcomes : (outcomes + outcome).slice(-REMEMBERED)
}

/**
 * Health of an agent, 0 to 100: the success rate of its last 20 executions that it did not refuse, weighted 1, 2, 3 ...
 * from the oldest to the newest, times a penalty of up to a half for the share of time-outs. 100 when nothing has run.
 */
export function healthScore(outcomes: string): number {
  if (outcomes === '') return 100
  const all = outcomes.split('')
  const weights = all.map((_, index) => index + 1)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const good = weights.reduce((sum, weight, index) => sum + (all[index] === 's' ? weight : 0), 0)
  const timeouts = all.filter((outcome) => outcome === 't').length / all.length
  return Math.round(100 * (good / total) * (1 - timeouts / 2))
}
