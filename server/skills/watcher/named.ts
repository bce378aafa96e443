import type { Capabilities, Stored } from '../capabilities.ts'
import { matching } from '../match.ts'
import { sayChoice } from '../say.ts'
import { ActionError } from '../skill.ts'
import { WATCHES, WATCHING, allWatches, asCandidate } from './record.ts'
import type { Watch } from './record.ts'

export interface Named {
  watch_id?: string
  label?: string
}
type Can = Pick<Capabilities, 'records'>

/** The watches that are meant: the one with an id, those that a label fits, or the only one there is. */
export async function named(can: Can, { watch_id, label }: Named): Promise<Stored<Watch>[]> {
  if (watch_id !== undefined) {
    const found = await can.records.get<Watch>(WATCHES, watch_id)
    if (found?.group !== WATCHING) throw new ActionError(`There is no watch ${watch_id}.`)
    return [found]
  }
  const known = await allWatches(can)
  if (known.length === 0) throw new ActionError('Nothing is watched.')
  if (label === undefined) {
    if (known.length > 1)
      throw new ActionError(`Which one: ${sayChoice(known.map(({ body }) => body.label))}?`)
    return known
  }
  const found = fitting(known, label)
  if (found.length === 0) throw new ActionError(`I do not watch anything like "${label}".`)
  return found
}

/** The watches that a label fits: by what they watch, else by their names. */
export function fitting(known: readonly Stored<Watch>[], label: string): Stored<Watch>[] {
  const exact = known.filter(({ body }) => body.target === label.trim())
  const bare = label.trim().replace(/^(?:https?:\/\/)?(?:www\.)?/i, '')
  return exact.length > 0 ? exact : matching(bare, known.map(asCandidate))
}

/** The one that is meant. @throws ActionError when several are. */
export async function oneNamed(can: Can, by: Named): Promise<Stored<Watch>> {
  const [first, ...others] = await named(can, by)
  if (first === undefined) throw new ActionError('Nothing is watched.')
  if (others.length > 0)
    throw new ActionError(`Which one: ${sayChoice([first, ...others].map(({ body }) => body.label))}?`)
  return first
}
