import { existsSync } from 'node:fs'
import { openChallenges } from './domains/auth/passkeys/challenge.ts'
import { judgeEvidence } from './domains/auth/passkeys/evidence.ts'
import { headsOf, openChain, sealOf, signedChanges } from './domains/changes/signed.ts'
import { systemClock } from './kernel/clock.ts'
import { openRootKey } from './kernel/crypto.ts'
import { systemRandom } from './kernel/ids.ts'
import type { KeyPlace } from './kernel/ring.ts'
import type { Settings } from './kernel/settings.ts'
import { openConnection } from './kernel/store/connection.ts'
import { databasePath } from './kernel/store/open.ts'

/** What was found of the changes of a data folder. */
export interface ChangesReport {
  ok: boolean
  /** All changes, and those that a passkey signed. */
  changes: number
  signed: number
  /** Those of an earlier version, which sealed none: nobody can tell whether they are as they were made. */
  unproven: number
  problems: { id: string; description: string; why: string }[]
}

/**
 * Checks the seal of every change, the signatures of passkeys, and that no change is missing; or one change, whether a
 * server runs on the data or not.
 *
 * @throws KeyFileError when the root key is missing or cannot be read; Error when there is no data.
 */
export async function verifyChanges(
  place: Pick<Settings, 'data_dir'> & KeyPlace,
  only?: string,
): Promise<ChangesReport> {
  const { data_dir } = place
  const path = databasePath(data_dir)
  if (!existsSync(path)) throw new Error(`There is no data in ${data_dir}.`)
  const keys = openRootKey(place, systemRandom, false)
  const challenges = openChallenges({ keys, clock: systemClock, random: systemRandom })
  const connection = openConnection(path, { synchronous: 'NORMAL', read_only: true })
  const report: ChangesReport = { ok: true, changes: 0, signed: 0, unproven: 0, problems: [] }
  const chain = openChain(keys, headsOf(connection))
  try {
    for (const row of signedChanges(connection, only)) {
      const { id, user_id, description, evidence, signed_input, seal } = row
      report.changes += 1
      if (row.ordinal === null) report.unproven += 1
      else if (seal === null) report.problems.push({ id, description, why: 'it carries no seal' })
      else if (seal !== sealOf(keys, row))
        report.problems.push({ id, description, why: 'it is not as it was recorded' })
      chain.add(row)
      if (evidence === null) continue
      report.signed += 1
      const asked = { user_id, sealed: evidence, input: inputOf(signed_input, user_id) }
      const judged = await judgeEvidence(keys, challenges, asked)
      if (!judged.holds) report.problems.push({ id, description, why: judged.why })
    }
    if (only === undefined) report.problems.push(...chain.end())
  } finally {
    connection.close()
  }
  return { ...report, ok: report.problems.length === 0 }

  /** Nothing where it was too large to be kept: that a passkey signed it is all that can be said then. */
  function inputOf(sealed: string | null, user_id: string): unknown {
    try {
      return sealed === null
        ? undefined
        : JSON.parse(keys.unwrap('evidence', sealed, `input ${user_id}`).toString())
    } catch {
      // It is not what was signed, then.
      return null
    }
  }
}
