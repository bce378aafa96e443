import type { Capabilities, Stored } from '../capabilities.ts'
import { ActionError } from '../skill.ts'
import type { Check, Checked } from '../skill.ts'
import { look } from './looks.ts'
import type { Seen } from './looks.ts'
import { WATCHES, WATCHING, iso } from './record.ts'
import type { Findings, Watch } from './record.ts'
import { nextDue } from './schedule.ts'

/** Checks in a row that may fail before the user is told: most troubles of a network are over by then. */
const FAILURES_UNTOLD = 2

/** Looks at one watch, and decides what to tell the user and when to look again. */
export const check: Check = {
  collection: WATCHES,
  group: WATCHING,
  look: async (can, record, state) => {
    const watch = record as Stored<Watch>
    const before = state as Findings | undefined
    try {
      return succeeded(can, watch, before, await look(can, watch.body, before?.seen))
    } catch (error) {
      if (error instanceof ActionError) return failed(can, watch, before, error.message)
      throw error
    }
  },
}

type Clock = Pick<Capabilities, 'clock'>

function succeeded(
  { clock: { now } }: Clock,
  { id, body: watch }: Stored<Watch>,
  before: Findings | undefined,
  { sight, change }: Seen,
): Checked {
  const next_due = nextDue(watch, { failures: 0 }, id, now)
  const { text = '', added = [], removed = [] } = change ?? {}
  const latest = change === undefined ? before?.change : { at: iso(now), text, added, removed }
  const findings: Findings = {
    checked_at: now,
    next_due,
    failures: 0,
    is_told: false,
    seen: sight,
    ...(latest === undefined ? {} : { change: latest }),
  }
  const told = [
    before?.is_told === true ? `${watch.label} can be reached again.` : '',
    before?.seen === undefined && sight.kind === 'absent'
      ? `There is nothing at ${watch.target} yet; I will tell you when there is.`
      : '',
    text,
  ].filter((part) => part !== '')
  return {
    state: findings,
    next_due,
    ...(told.length === 0 ? {} : { text: told.join(' ') }),
    ...(change?.is_warning === true ? { severity: 'warning' } : {}),
  }
}

/** A watch that has never seen anything tells of its first failure at once: it may be a mistake in what was asked. */
function failed(
  { clock: { now } }: Clock,
  { id, body: watch }: Stored<Watch>,
  before: Findings | undefined,
  reason: string,
): Checked {
  const failures = (before?.failures ?? 0) + 1
  const next_due = nextDue(watch, { failures }, id, now)
  const isNew = before?.seen === undefined
  const wasTold = before?.is_told ?? false
  const tell = !wasTold && (isNew || failures > FAILURES_UNTOLD)
  const error = reason.slice(0, 500)
  const { seen, change } = before ?? {}
  const findings: Findings = {
    checked_at: now,
    next_due,
    failures,
    is_told: tell || wasTold,
    error,
    ...(seen === undefined ? {} : { seen }),
    ...(change === undefined ? {} : { change }),
  }
  const text = isNew
    ? `I cannot look at ${watch.label}: ${error} I keep trying.`
    : `${watch.label} could not be reached for ${failures} checks: ${error}`
  return { state: findings, next_due, ...(tell ? { text, severity: 'warning' } : {}) }
}
