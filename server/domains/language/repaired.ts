import type { Action, SlotType } from '../../skills/skill.ts'
import { slotType } from './slots/kinds.ts'

/** Whatever is in these is the user's own: it is kept as it was written. */
const FREE: ReadonlySet<SlotType> = new Set<SlotType>([
  'text',
  'items',
  'passage',
  'data',
  'expression',
  'address',
  'name',
  'title',
])

/** Parameters with the words of free text as they were said, before their spelling was repaired. */
export function asSaid(
  action: Action,
  parameters: Readonly<Record<string, unknown>>,
  repairs: readonly { said: string; read: string }[],
): Record<string, unknown> {
  const back = new Map(repairs.map(({ said, read }) => [read.toLowerCase(), said]))
  const restore = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(restore)
    if (typeof value !== 'string') return value
    return value.replaceAll(/[\p{L}\p{N}']+/gu, (word) => back.get(word.toLowerCase()) ?? word)
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      FREE.has(slotType(action, name)) ? restore(value) : value,
    ]),
  )
}
