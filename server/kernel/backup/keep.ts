import { makeBackup, makeBackupAtRest, requireRoom, sizeOfData } from './make.ts'
import type { Facts, Made, MakeOptions } from './make.ts'
import { BackupError } from './manifest.ts'
import { markVerified, prune } from './place.ts'
import { findDamageIn, verifyBackup } from './verify.ts'
import type { Verdict, VerifyOptions } from './verify.ts'

export interface Keeping {
  /** How many of its kind are kept, this one among them. */
  keep: number
}

/**
 * Makes a backup and looks at all of it. Older ones of its kind go only once this one holds; those that do not hold are
 * kept apart, as many, since the newest of them may still be the best there is of the newest data.
 *
 * @throws BackupError when none can be made, or it does not hold: every backup that did is then still there.
 */
export async function makeAndVerify(options: MakeOptions & VerifyOptions & Keeping): Promise<Made> {
  const { data_dir, reason, keep } = options
  // For the backup, and for the copy of it that is looked at.
  requireRoom(data_dir, 2 * sizeOfData(data_dir), options.spare_bytes)
  const made = await makeBackup(options)
  const { ok, problems } = await look(made, options)
  if (ok) markVerified(made.folder)
  prune(data_dir, reason, keep, ok)
  if (ok) return made
  throw notHolding(made, problems)
}

/** The same at a start that is about to change the database. @throws BackupError as it does. */
export function makeAtRest(options: MakeOptions & Keeping, facts: Facts, copy: (to: string) => void): Made {
  const made = makeBackupAtRest(options, facts, copy)
  const problems = findDamageIn(made.folder)
  const ok = problems.length === 0
  if (ok) markVerified(made.folder)
  prune(options.data_dir, options.reason, options.keep, ok)
  if (ok) return made
  throw notHolding(made, problems)
}

function notHolding({ name }: Made, problems: readonly string[]): BackupError {
  const more = problems.length === 1 ? '' : `, and ${problems.length - 1} more`
  return new BackupError(
    `The backup ${name} does not hold, so do not count on it; all older ones are kept (${problems[0]}${more}).`,
  )
}

async function look({ folder, name }: Made, options: MakeOptions & VerifyOptions) {
  try {
    return await verifyBackup(folder, options.data_dir, name, options)
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { ok: false, problems: [problem] } satisfies Pick<Verdict, 'ok' | 'problems'>
  }
}
