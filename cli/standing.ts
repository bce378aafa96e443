import type { SystemModification } from '../contract/system.ts'

/** Whether a change was taken back, and that was not taken back in turn. */
export function isUndone(
  { rolled_back_by }: SystemModification,
  changes: readonly SystemModification[],
): boolean {
  const by = changes.find(({ id }) => id === rolled_back_by)
  return rolled_back_by !== null && (by === undefined || !isUndone(by, changes))
}

/**
 * The newest change that depends on another: one of the same thing, at the same place in it, that still stands.
 *
 * @param changes - newest first, with all that are newer than that one.
 */
export function dependsOn(
  change: SystemModification,
  changes: readonly SystemModification[],
): SystemModification | undefined {
  const later = changes.slice(
    0,
    changes.findIndex(({ id }) => id === change.id),
  )
  return later.find(
    (one) =>
      one.target.kind === change.target.kind &&
      one.target.id === change.target.id &&
      one.rolls_back === null &&
      !isUndone(one, changes) &&
      one.patch.some(({ path }) => change.patch.some((own) => meets(path, own.path))),
  )
}

/** Whether one JSON pointer is, or lies within, the other. */
function meets(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`)
}
