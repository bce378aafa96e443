import type { SecurityFacts } from '../capabilities.ts'
import { sayCount } from '../say.ts'

/** Something about an account that could be safer, and what to do about it. */
export interface Finding {
  severity: 'info' | 'warning' | 'critical'
  text: string
  advice: string
}

/** What a finding takes from the 100 points of an account that could not be safer. */
const POINTS: Readonly<Record<Finding['severity'], number>> = { info: 5, warning: 15, critical: 40 }

/** Backup codes below which new ones should be made. */
const CODES_FEW = 3
/** Places of one person; more are worth a look. */
const SESSIONS_MANY = 5
/** Failures in a week that a working account makes by itself: each call without its proof is one, for instance. */
const FAILURES_MANY = 50
const PROOFS_MANY = 20

/** What a security report says, the worst first, and the points from 0 to 100 that are left. */
export function report(facts: SecurityFacts): { findings: Finding[]; score: number } {
  const found = [...ofPasskeys(facts), ...ofRecovery(facts), ...ofAccess(facts), ...ofCalls(facts)]
  const findings = found.toSorted((a, b) => POINTS[b.severity] - POINTS[a.severity])
  const lost = findings.reduce((points, { severity }) => points + POINTS[severity], 0)
  return { findings, score: Math.max(0, 100 - lost) }
}

function* ofPasskeys({
  passkeys,
  software_passkeys,
  wants_passkey,
  exposed,
}: SecurityFacts): Generator<Finding> {
  if (passkeys === 0) {
    yield {
      severity: exposed ? 'critical' : 'warning',
      text: `You have no passkey: whoever learns your password has your account${exposed ? ', from anywhere' : ''}.`,
      advice: 'Enrol a passkey on the page of this server.',
    }
    if (wants_passkey)
      yield {
        severity: 'warning',
        text: 'You ask for a passkey and have none, so nothing that needs one can be done.',
        advice: 'Enrol a passkey, or switch it off in your preferences.',
      }
    return
  }
  if (!wants_passkey)
    yield {
      severity: 'warning',
      text: 'You have a passkey, but your password alone still proves that you are you.',
      advice: 'Switch biometric proof on in your preferences.',
    }
  if (software_passkeys > 0)
    yield {
      severity: software_passkeys < passkeys ? 'info' : 'warning',
      text: `${inFiles(software_passkeys, passkeys)} kept in a file, which can be copied.`,
      advice: 'Use a passkey of a device, and remove those in files that you do not need.',
    }
}

function inFiles(count: number, passkeys: number): string {
  if (passkeys === 1) return 'Your one passkey is'
  if (count >= passkeys) return `All of your ${passkeys} passkeys are`
  return `${count} of your ${passkeys} passkeys ${count === 1 ? 'is' : 'are'}`
}

function* ofRecovery({ passkeys, backup_codes_left }: SecurityFacts): Generator<Finding> {
  if (passkeys === 0 || backup_codes_left >= CODES_FEW) return
  if (passkeys === 1 && backup_codes_left === 0) {
    yield {
      severity: 'critical',
      text: 'You have one passkey and no backup code: if it is lost, you are locked out.',
      advice: 'Enrol a second passkey, and make new backup codes.',
    }
    return
  }
  const few = `Only ${sayCount(backup_codes_left, 'backup code')} ${backup_codes_left === 1 ? 'is' : 'are'} left.`
  yield {
    severity: backup_codes_left === 0 ? 'warning' : 'info',
    text: backup_codes_left === 0 ? 'No backup code is left.' : few,
    advice: 'Make new backup codes.',
  }
}

function* ofAccess({ sessions, agents_remote, exposed }: SecurityFacts): Generator<Finding> {
  if (sessions > SESSIONS_MANY)
    yield {
      severity: 'info',
      text: `You are signed in at ${sessions} places.`,
      advice: 'End the sessions that you do not know or do not need.',
    }
  if (agents_remote > 0)
    yield {
      severity: 'info',
      text: `${sayCount(agents_remote, 'agent')} of yours ${agents_remote === 1 ? 'is a program' : 'are programs'} on another machine.`,
      advice: 'Remove those that you no longer use: each holds a token.',
    }
  if (exposed)
    yield {
      severity: 'info',
      text: 'This server can be reached from other machines.',
      advice: 'Let it listen on this machine alone, unless you need it elsewhere.',
    }
}

function* ofCalls(facts: SecurityFacts): Generator<Finding> {
  const { failed_calls, refused_proofs, limited_calls, calls_complete } = facts
  if (!calls_complete)
    yield {
      severity: 'info',
      text: 'There were too many calls this week to look at all of them: only the newest are in this report.',
      advice: 'Ask what failed on a day of this week: a program may be calling without end.',
    }
  if (refused_proofs >= PROOFS_MANY)
    yield {
      severity: 'warning',
      text: `${refused_proofs} calls were refused this week because they did not prove that it was you.`,
      advice: 'Ask who used your account, and end the sessions that you do not know.',
    }
  if (failed_calls >= FAILURES_MANY)
    yield {
      severity: 'info',
      text: `${failed_calls} calls failed this week.`,
      advice: 'Ask what failed: a program may be going wrong, or trying things out.',
    }
  if (limited_calls > 0)
    yield {
      severity: 'info',
      text: `${sayCount(limited_calls, 'call')} ${limited_calls === 1 ? 'was' : 'were'} refused this week because there were too many.`,
      advice: 'Ask what failed: a program may be calling without end.',
    }
}
