import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SecurityFacts } from '../capabilities.ts'
import { report } from './findings.ts'

/** An account that could not be safer. */
const SAFE: SecurityFacts = {
  passkeys: 2,
  software_passkeys: 0,
  backup_codes_left: 10,
  sessions: 2,
  wants_passkey: true,
  failed_calls: 3,
  refused_proofs: 4,
  limited_calls: 0,
  calls_complete: true,
  agents_remote: 0,
  exposed: false,
}
/** Severities and points, in the order in which they are told. */
const told = (changed: Partial<SecurityFacts>) => {
  const { findings, score } = report({ ...SAFE, ...changed })
  return [...findings.map(({ severity }) => severity), score]
}
const first = (changed: Partial<SecurityFacts>) => report({ ...SAFE, ...changed }).findings[0]?.text

test('an account that could not be safer has all points and nothing to do', () => {
  assert.deepEqual(report(SAFE), { findings: [], score: 100 })
})

test('every fact changes the report from its bound on, and not before', () => {
  const cases: readonly [Partial<SecurityFacts>, (string | number)[]][] = [
    [{ passkeys: 0 }, ['warning', 'warning', 70]],
    [{ passkeys: 0, wants_passkey: false }, ['warning', 85]],
    [{ passkeys: 0, wants_passkey: false, exposed: true }, ['critical', 'info', 55]],
    [{ passkeys: 0, wants_passkey: false, backup_codes_left: 0 }, ['warning', 85]],
    [{ passkeys: 1 }, [100]],
    [{ wants_passkey: false }, ['warning', 85]],
    [{ software_passkeys: 1 }, ['info', 95]],
    [{ software_passkeys: 2 }, ['warning', 85]],
    [{ passkeys: 1, software_passkeys: 1 }, ['warning', 85]],
    [{ backup_codes_left: 3 }, [100]],
    [{ backup_codes_left: 2 }, ['info', 95]],
    [{ backup_codes_left: 0 }, ['warning', 85]],
    [{ backup_codes_left: 0, passkeys: 1 }, ['critical', 60]],
    [{ sessions: 5 }, [100]],
    [{ sessions: 6 }, ['info', 95]],
    [{ refused_proofs: 19 }, [100]],
    [{ refused_proofs: 20 }, ['warning', 85]],
    [{ failed_calls: 49 }, [100]],
    [{ failed_calls: 50 }, ['info', 95]],
    [{ limited_calls: 1 }, ['info', 95]],
    [{ calls_complete: false }, ['info', 95]],
    [{ agents_remote: 1 }, ['info', 95]],
    [{ exposed: true }, ['info', 95]],
  ]
  for (const [changed, expected] of cases) assert.deepEqual(told(changed), expected, JSON.stringify(changed))
})

test('a finding names its number in the singular and the plural', () => {
  const cases: readonly [Partial<SecurityFacts>, string][] = [
    [{ software_passkeys: 1 }, '1 of your 2 passkeys is kept in a file, which can be copied.'],
    [{ software_passkeys: 2, passkeys: 3 }, '2 of your 3 passkeys are kept in a file, which can be copied.'],
    [{ software_passkeys: 2 }, 'All of your 2 passkeys are kept in a file, which can be copied.'],
    [{ software_passkeys: 1, passkeys: 1 }, 'Your one passkey is kept in a file, which can be copied.'],
    [{ backup_codes_left: 1 }, 'Only 1 backup code is left.'],
    [{ backup_codes_left: 2 }, 'Only 2 backup codes are left.'],
    [{ backup_codes_left: 0 }, 'No backup code is left.'],
    [{ agents_remote: 1 }, '1 agent of yours is a program on another machine.'],
    [{ agents_remote: 2 }, '2 agents of yours are programs on another machine.'],
    [{ limited_calls: 1 }, '1 call was refused this week because there were too many.'],
    [{ limited_calls: 9 }, '9 calls were refused this week because there were too many.'],
  ]
  for (const [changed, text] of cases) assert.equal(first(changed), text)
})

test('the worst comes first, every finding has its own words and advice, and no account has less than no points', () => {
  const worst = {
    passkeys: 1,
    software_passkeys: 1,
    backup_codes_left: 0,
    sessions: 90,
    wants_passkey: false,
    failed_calls: 1_000,
    refused_proofs: 1_000,
    limited_calls: 1_000,
    calls_complete: false,
    agents_remote: 9,
    exposed: true,
  }
  const { findings, score } = report(worst)
  const ranks = findings.map(({ severity }) => ['critical', 'warning', 'info'].indexOf(severity))
  assert.deepEqual(
    ranks,
    ranks.toSorted((a, b) => a - b),
  )
  assert.deepEqual([findings.length, score], [10, 0])
  assert.equal(new Set(findings.map(({ text }) => text)).size, 10)
  assert.ok(findings.every(({ advice }) => /^[A-Z].*\.$/.test(advice)))
})
